"""A module imports only from the floors below its own, and the ground floor is light."""

import ast
import subprocess
import sys

import pytest

from .notebook_files import ROOT

PACKAGE = ROOT / "lesson_utils"
FLOORS = {"drawing": 2, "stage": 3, "explorers": 4}  # everything else is the mathematics, floor 1
HEAVY = {"matplotlib", "ipywidgets", "anywidget", "IPython", "PIL"}
FILES = sorted(PACKAGE.rglob("*.py"))


def home_of(parts):
    """Return the part of the package that a dotted path within it belongs to."""
    return parts[0] if parts else ""


def imports(path):
    """Return (names of our own parts, names of other packages) that a file imports anywhere."""
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    ours, others = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = list(inside[: len(inside) - node.level])
            module = node.module.split(".") if node.module else []
            names = [["lesson_utils", *base, *module, alias.name] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [[*node.module.split("."), alias.name] for alias in node.names]
        else:
            continue
        for name in names:
            if name[0] == "lesson_utils":
                ours.add(home_of(name[1:]))
            else:
                others.add(name[0])
    return ours, others


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_come_from_below(path):
    home = home_of(path.relative_to(PACKAGE).with_suffix("").parts)
    floor = FLOORS.get(home, 1)
    ours, others = imports(path)
    for other in ours - {home}:
        assert FLOORS.get(other, 1) < floor or (floor == 1 and FLOORS.get(other, 1) == 1), (
            f"{home} imports {other}"
        )
    if floor == 1:
        assert not others & HEAVY
    if floor == 2:
        assert not others & {"ipywidgets", "anywidget", "IPython"}, "drawing knows no widget"
    assert "pyplot" not in path.read_text(encoding="utf-8").replace("pyplot's", ""), "no global figures"


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, lesson_utils; from lesson_utils import ewa, momentum, theory; "
        f"print(sorted(set({sorted(HEAVY)!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_name_the_package_offers_is_there():
    import lesson_utils

    for name in lesson_utils.__all__:
        assert getattr(lesson_utils, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'momentun'"):
        _ = lesson_utils.momentun
