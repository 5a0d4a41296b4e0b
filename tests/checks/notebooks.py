"""A student's notebook for the tests: what its cells would leave behind."""

import textwrap

from lesson_utils.checks import examine

SEEDS = range(10)


def notebook(*sources, **names):
    """Return the names after these cells have run; a cell with an error leaves behind what Jupyter would."""
    world = {"__name__": "__main__", "In": [""], **names}
    for source in sources:
        source = textwrap.dedent(source)
        world["In"].append(source)
        try:
            exec(compile(source, "<cell>", "exec"), world)
        except Exception:
            continue
    return world


def verdict(name, *sources, seed=0, **names):
    """Return the verdict on an exercise after these cells."""
    return examine(name, notebook(*sources, **names), seed)


def causes(name, *sources, seeds=SEEDS):
    """Return the causes that are named over many random inputs."""
    return {verdict(name, *sources, seed=seed).cause for seed in seeds}
