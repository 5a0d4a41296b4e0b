"""A module imports only from the floors below its own, and the ground floor is light."""

import ast
import subprocess
import sys

import pytest

from workshop.files import ROOT

PACKAGE = ROOT / "lesson_utils"
FLOORS = {"drawing": 2, "stage": 3, "explorers": 4}  # everything else is the mathematics, floor 1
WIDGETS = {"ipywidgets", "anywidget", "IPython"}
HEAVY = {"matplotlib", "PIL", *WIDGETS}
FILES = sorted(PACKAGE.rglob("*.py"))


def imports(path):
    """Return the dotted names that a file imports anywhere, each as a list."""
    inside = path.relative_to(PACKAGE.parent).with_suffix("").parts
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = inside[: len(inside) - node.level] if node.level else ()
            module = node.module.split(".") if node.module else []
            found += [[*start, *module, alias.name] for alias in node.names]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_come_from_below(path):
    home = path.relative_to(PACKAGE).with_suffix("").parts[0]
    floor, names = FLOORS.get(home, 1), imports(path)
    for other in {name[1] for name in names if name[0] == PACKAGE.name and name[1:]} - {home}:
        assert FLOORS.get(other, 1) < max(floor, 2), f"{home} imports {other}"
    refused = {1: HEAVY, 2: WIDGETS}.get(floor, set())
    assert {name[0] for name in names} & refused == set()
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
