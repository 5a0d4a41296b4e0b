"""Run every explorer, a check and a lesson as Pyodide does: no thread starts, and there are no signals.

`python -m tests.site.alone LESSON` prints what worked, a line for each.
"""

import json
import signal
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def refuse(*_, **__):
    """Stand in for what Pyodide cannot do."""
    raise RuntimeError("can't start new thread")


def forbid():
    """Take threads and signals away."""
    threading.Thread.start = refuse
    for name in ("signal", "setitimer", "alarm", "pthread_kill"):
        if hasattr(signal, name):
            setattr(signal, name, refuse)


def draw_all():
    """Make each explorer, move its first slider with stops, but κ, to the left, and draw it."""
    from lesson_utils import explorers

    for name in explorers.__all__:
        explorer = getattr(explorers, name)()
        before = explorer.twin
        slider = next(
            one for key, one in explorer.controls.items() if hasattr(one, "stops") and key != "kappa"
        )
        slider.value = slider.stops[len(slider.stops) // 3]
        explorer.figure().canvas.draw()
        print("drew", name, "moved" if explorer.twin != before else "stands still")
        explorer.close()


def check_an_endless_loop():
    """Let a check meet a function that never ends."""
    from lesson_utils import guard

    def for_ever():
        while True:
            pass

    try:
        guard.call(for_ever, seconds=0.3)
    except guard.TimeLimit as limit:
        print("stopped:", limit.sentence)


def run_lesson(start):
    """Run the code of a lesson, cell by cell."""
    path = next((ROOT / "notebooks").glob(f"{start}*.ipynb"))
    names = {"__name__": "__main__"}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    print("ran", path.stem)


if __name__ == "__main__":
    import matplotlib.font_manager  # looks for fonts with a timer; Pyodide's own build does without
    import numpy

    forbid()
    print("numpy", numpy.__version__, "matplotlib", matplotlib.__version__)
    draw_all()
    check_an_endless_loop()
    run_lesson(sys.argv[1])
