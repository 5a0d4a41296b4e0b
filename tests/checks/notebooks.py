"""A student's notebook for the tests: what its cells leave behind, and what a check says of it."""

import re
import string
import textwrap

import pytest

from lesson_utils.checks import examine
from lesson_utils.checks.verdict import sentences

# The guard's stop may meet a callback of the garbage collector, and is swallowed there; it is then asked again.
STOPPED = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
SEEDS = range(2)
"""What a check draws by chance; test_every_mistake_has_one_name_at_every_seed tries more."""
ELSEWHERE = {"only_w": "only_one", "only_v": "only_one", "only_b": "only_one"}
"""Causes that have their words under another name."""


def notebook(*cells, **names):
    """Return the names after these cells have run; a cell with an error leaves behind what Jupyter would."""
    world = {"__name__": "__main__", "In": [""], **names}
    exec("import math\nimport numpy as np", world)
    for cell in map(textwrap.dedent, cells):
        world["In"].append(cell)
        try:
            exec(compile(cell, "<cell>", "exec"), world)
        except Exception:
            continue
    return world


def patterns(cause):
    """Return what a check may say of a mistake, as patterns: its sentences, with anything where they are filled in."""
    name = ELSEWHERE.get(cause, "ignored" if cause.endswith("_ignored") else cause)
    texts = [text for key, (text, _) in sentences().items() if key.split("/")[0] in (name, cause) and text]
    for text in texts or ["stopped with"]:
        yield "".join(
            re.escape(fixed) + (".*" if field is not None else "")
            for fixed, field, _, _ in string.Formatter().parse(text)
        )


def examined(exercise, names, seed=0):
    """Return the verdict on an exercise, which says each mistake in its own words."""
    found = examine(exercise, names, seed)
    for mistake in filter(None, found.cause.split("+")):
        assert any(re.search(pattern, found.sentence) for pattern in patterns(mistake)), found
    return found


def verdict(exercise, *cells, seed=0, **names):
    """Return the verdict on an exercise after these cells."""
    return examined(exercise, notebook(*cells, **names), seed)


def named(found):
    """Return the name of a mistake; of a right answer it is "right"."""
    return found.cause or found.status


def cause(exercise, *cells, seed=0, **names):
    """Return the mistake that a check names."""
    return named(verdict(exercise, *cells, seed=seed, **names))
