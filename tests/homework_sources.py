"""A homework's source as the tests of its numbers need it: with the answers, or as a student gets it."""

import ast
import json
import re

from teacher.make_homework import MARKER
from workshop.files import ROOT

SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.DOTALL | re.MULTILINE)
HIDDEN = re.compile(r"\n?### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.DOTALL)


def source(name):
    """Return the path of a homework's source, such as "hw1_averages"."""
    return ROOT / "teacher" / "homework" / "source" / name / f"{name}.ipynb"


def cells(name):
    """Return the cells of a homework's source."""
    return json.loads(source(name).read_text(encoding="utf-8"))["cells"]


def words(name):
    """Return the texts of a homework's Markdown cells."""
    return ["".join(cell["source"]) for cell in cells(name) if cell["cell_type"] == "markdown"]


def code(name, *, solved=True):
    """Return a homework's code by the ids of its cells, without hidden tests; `solved`: with the answers."""
    found = {
        cell["id"]: HIDDEN.sub("", "".join(cell["source"]))
        for cell in cells(name)
        if cell["cell_type"] == "code"
    }
    if solved:
        return {one: MARKER.sub("", text).rstrip("\n") for one, text in found.items()}
    return {one: SOLUTION.sub(r"\1pass  # your code here", text) for one, text in found.items()}


def run(code, **given):
    """Run cells one after the other; return the names and what each cell shows.

    given: names to set after the cell of that id has run.
    """
    names, shown = {"__name__": "__main__"}, {}
    for cell, text in code.items():
        tree = ast.parse(text)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell, "exec"), names)
        names.update(given.get(cell, {}))
        if last is not None:
            shown[cell] = eval(compile(ast.Expression(last.value), cell, "eval"), names)
    return names, shown


def points(name):
    """Return the marks of a homework's graded cells, by id."""
    labels = {cell["id"]: cell["metadata"].get("nbgrader", {}) for cell in cells(name)}
    assert all(label.get("grade_id", one) == one for one, label in labels.items()), (
        "nbgrader knows cells by it"
    )
    return {one: label["points"] for one, label in labels.items() if label.get("grade")}
