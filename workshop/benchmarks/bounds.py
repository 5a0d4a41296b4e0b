"""Try the course with the oldest versions that requirements.txt allows, and with the newest.

    python -m workshop.benchmarks.bounds           both ends: draws.py, and the tests of the mathematics and the figures
    python -m workshop.benchmarks.bounds --short   the oldest end, and draws.py alone

The oldest end has the oldest Python of PYTHONS that is on this machine, the newest end the newest.
"""

import argparse
import subprocess
import sys

from packaging.requirements import Requirement

from workshop.environments import interpreter, python_in
from workshop.files import ROOT

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
# The mathematics has a module for each.
TESTS = ("stage", "drawing", "explorers", "checks", "test_refusals.py")
ENDS = ("oldest", "newest")


def floors():
    """Return what requirements.txt allows at the lowest, as pip takes it."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    lowest = {one.name: part.version for one in wanted for part in one.specifier if part.operator == ">="}
    return [f"{name}=={number}" for name, number in lowest.items()]


def python_at(end, wanted=PYTHONS):
    """Return the path of the oldest or the newest Python of `wanted` on this machine."""
    found = [path for path in map(interpreter, wanted) if path]
    if not found:
        raise RuntimeError(f"none of the Pythons {', '.join(wanted)} is on this machine")
    return found[0 if end == "oldest" else -1]


def environment(end, extra):
    """Return the Python of an environment at one end, with the package and one of its extras."""
    pins = floors() if end == "oldest" else ()
    return python_in(f".venv-{end}-{extra}", "-e", f".[{extra}]", *pins, python=python_at(end))


def tests():
    """Return the tests that need neither a browser nor what a teacher installs."""
    modules = [f"tests/test_{path.stem}.py" for path in sorted((ROOT / "lesson_utils").glob("[a-z]*"))]
    return [*(f"tests/{name}" for name in TESTS), *(name for name in modules if (ROOT / name).exists())]


def run(*command):
    """Run a command in the project's folder; return whether it went well."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def main():
    """Try one end or both; 1 when something goes wrong."""
    parser = argparse.ArgumentParser(description="Try the oldest and the newest versions that are allowed.")
    parser.add_argument("--short", action="store_true", help="the oldest end, without the tests")
    short, went_well = parser.parse_args().short, True
    for end in ENDS[: 1 if short else 2]:
        python = environment(end, "lab" if short else "dev")
        print(f"the {end} end", flush=True)
        went_well &= run(python, "-m", "workshop.benchmarks.draws")
        if not short:
            went_well &= run(
                python, "-m", "pytest", "--line", "quick", "-n", "2", "-p", "no:cacheprovider", *tests()
            )
    return int(not went_well)


if __name__ == "__main__":
    sys.exit(main())
