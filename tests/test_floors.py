"""The plan of the house: a folder or a room imports only from those below its own, and nothing goes in a circle."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from tests.readme import README
from workshop.files import ROOT, git

HOUSE = ("lesson_utils", "workshop", "teacher", "tests")
"""The folders with code: each imports from those before it, so nothing imports from the tests but the tests."""
BESIDE_CODE = {
    "notebooks",
    "binder",
    "README.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "LICENSE-TEXT.md",
    "requirements.txt",
}
PACKAGE = ROOT / "lesson_utils"
PLAN = {
    5: {"explorers"},
    4: {"stage", "checks"},
    3: {"drawing"},
    2: {"guard"},
    1: {
        "averages": set(), "bias": {"averages", "theory"}, "conventions": {"optimizers", "theory"},
        "hidden": {"losses", "maps", "temperatures"}, "losses": set(), "maps": {"theory"},
        "methods": {"optimizers", "theory"}, "network": {"temperatures"}, "optimizers": {"theory"},
        "oscillator": {"theory"}, "personal": {"theory"}, "tables": set(), "temperatures": {"tables"}, "theory": set(),
        "training": {"optimizers", "theory"},
    },
    0: {"_validate"},
}  # fmt: skip
"""Floor of lesson_utils -> its rooms; on floor 1 with the rooms of that floor which each may import."""
BESIDE = {"server"}
"""Rooms that import nothing from here and are imported by nothing: an extension of Jupyter's server."""
FLOOR_OF = {room: floor for floor, rooms in PLAN.items() for room in rooms}
WIDGETS = {"ipywidgets", "anywidget", "IPython"}
HEAVY = {"matplotlib", "PIL", *WIDGETS}
FILES = [path for folder in HOUSE for path in (ROOT / folder).rglob("*.py")]
EVERY = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES
}
MODULES = {name: path for name, path in EVERY.items() if name.split(".")[0] == PACKAGE.name}


def imports(name):
    """Return what a module imports anywhere, also inside of functions, as dotted names of modules."""
    path = EVERY[name]
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found, by_name = set(), False
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                found.add(inner if inner in EVERY else module)
        by_name |= isinstance(node, ast.Name) and node.id in ("import_module", "__import__")
    if by_name:  # then it may be any of the folder's
        found |= {other for other in MODULES if other.rpartition(".")[0] == name}
    return found - {name}


IMPORTS = {name: imports(name) for name in EVERY}


def room_of(name):
    """Return the room that a module is in: a package, or a module of the ground floor."""
    return name.split(".")[1]


ROOMS = sorted({room_of(name) for name in MODULES if "." in name})


def test_every_room_is_on_one_floor_of_the_plan():
    assert sorted([*(room for rooms in PLAN.values() for room in rooms), *BESIDE]) == ROOMS
    assert IMPORTS["lesson_utils"] == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_from_below_and_where_the_plan_has_an_arrow(room):
    names = set().union(*(IMPORTS[name] for name in MODULES if name.split(".")[1:2] == [room]))
    ours = {room_of(name) for name in names if name.startswith("lesson_utils.")} - {room}
    assert "lesson_utils" not in names, "a name that no module has"
    if room in BESIDE:
        assert ours == set()
        return
    floor = FLOOR_OF[room]
    drawn = PLAN[1][room] if floor == 1 else set()
    assert {other for other in ours if FLOOR_OF.get(other, 9) >= floor} == drawn
    refused = HEAVY if floor < 3 else WIDGETS if floor == 3 else set()
    assert {name.split(".")[0] for name in names} & refused == set()


@pytest.mark.parametrize("folder", HOUSE)
def test_a_folder_imports_from_those_before_it(folder):
    names = set().union(*(found for name, found in IMPORTS.items() if name.split(".")[0] == folder))
    used = {name.split(".")[0] for name in names} & {*HOUSE}
    assert used - {folder} <= {*HOUSE[: HOUSE.index(folder)]}


def test_what_stands_at_the_top_is_what_the_readme_names():
    """Twelve entries: each costs a newcomer a look."""
    listed = git("ls-files")
    if listed is None:
        pytest.skip("no git checkout")
    top = {name.split("/")[0] for name in listed.decode().splitlines()}
    assert {name for name in top if name[0] != "."} == {*HOUSE, *BESIDE_CODE, "pyproject.toml"}
    assert [name for name in (*HOUSE, "notebooks", "binder") if f"| [{name}/]({name}) |" not in README] == []


def test_nothing_goes_in_a_circle():
    TopologicalSorter(IMPORTS).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("path", MODULES.values(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_figure_is_global(path):
    assert "pyplot" not in path.read_text(encoding="utf-8").replace("pyplot's", "")


def test_the_floors_below_the_drawing_load_nothing_heavy():
    rooms = ", ".join(room for floor in (0, 1, 2) for room in PLAN[floor])
    code = f"import sys; from lesson_utils import {rooms}; print(sorted(set({sorted(HEAVY)!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_readme_has_the_same_plan():
    table = dict(re.findall(r"^\| `lesson_utils/(\w+|\*)(?:/|\.py)` \| floor (\d):", README, re.M))
    packages = {room: floor for room, floor in FLOOR_OF.items() if (PACKAGE / room).is_dir()}
    assert {room: int(floor) for room, floor in table.items()} == {**packages, "*": 1}
    for floor, rooms in PLAN.items():
        assert floor < 2 or all((PACKAGE / room).is_dir() for room in rooms)


def test_contributing_names_three_of_these_floors():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"\(floor (\d)\).*?\[lesson_utils/(\w*)/?\]", page)
    assert named == [("1", ""), ("3", "drawing"), ("5", "explorers")]
    assert all(FLOOR_OF.get(room, 1) == int(floor) for floor, room in named)
