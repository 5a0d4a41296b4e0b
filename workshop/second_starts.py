"""What is started here and could not be had at once: a browser, a server, a kernel's connection. It is noted.

Only what is started is started again, once. An assertion about the product is never tried twice.
"""

import os

NOTED = "ROLLING_SECOND_STARTS"  # in the environment: the file that all processes of a run write to


def second_start(what, why):
    """Note that something is started a second time."""
    line = f"{what}: {' '.join(str(why).split())[-300:]}"
    print(f"second start of {line}")
    if path := os.environ.get(NOTED):
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")


def twice(what, start, *problems):
    """Return what `start` returns; when one of these exceptions comes of it, start it again, once."""
    try:
        return start()
    except problems as problem:
        second_start(what, problem)
        return start()
