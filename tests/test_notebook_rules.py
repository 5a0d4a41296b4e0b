"""What a notebook must look like before it is handed to a learner (DESIGN, section 4, and the README)."""

import json
import re
import subprocess
import sys
from statistics import median

import nbformat
import pytest

from tests.notebook_files import LESSONS, NOTEBOOKS, ROOT, as_committed, git

NAME = re.compile(r"0[1-9](_[a-z0-9]+)+\.ipynb")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
CELL_METADATA = {
    "tags",
    "nbgrader",
    "jupyter",
    "deletable",
    "editable",
}  # the last two: a homework's check cells
MACHINE_PATH = re.compile(r"/(home|Users|root|work|tmp)/|[A-Z]:\\\\")
LESSON_LINK = re.compile(r"\]\((?:\./)?(\d\d_[^)#\s]+\.ipynb)[^)]*\)")
HOMEWORK_LINK = re.compile(r"\*\*Homework:\*\* \[[^\]]+\]\((homework/hw\d_\w+\.ipynb)\)")
LOCAL_LINK = re.compile(r"\]\((?!https?:|mailto:|#|attachment:)([^)#\s]+)[^)]*\)")
# A thing that is "easy" leaves the reader who finds it hard alone. "Just below the limit" is a place.
PATRONISING = re.compile(
    r"\b(easy|easily|simply|obvious|obviously|trivial|trivially|of course"
    r"|just(?! (?:above|after|before|behind|below|inside|outside|over|under)))\b",
    re.IGNORECASE,
)

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def raw(path):
    """Return the notebook as JSON: nbformat would add the ids that are missing."""
    return json.loads(as_committed(path))


def cells(path, kind):
    """Return the sources of all cells of a kind."""
    return ["".join(cell["source"]) for cell in raw(path)["cells"] if cell["cell_type"] == kind]


def prose(path):
    """Return all the words of a notebook."""
    return "\n\n".join(cells(path, "markdown"))


def test_there_are_lessons():
    assert LESSONS, "no notebook in notebooks/"


@each_notebook
def test_nothing_of_a_run_is_kept(path):
    for cell in raw(path)["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], (
                f"cell {cell['id']} has outputs: run nbstripout --keep-id {path.name}"
            )
            assert cell["execution_count"] is None, f"cell {cell['id']} has a count: run nbstripout --keep-id"


@each_notebook
def test_cells_keep_their_names(path):
    ids = [cell.get("id", "") for cell in raw(path)["cells"]]
    assert [name for name in ids if not CELL_ID.fullmatch(name)] == []
    assert len(ids) == len(set(ids)), "two cells have the same id"
    assert not all(name.isdigit() for name in ids), "ids are numbered: nbstripout ran without --keep-id"


@each_notebook
def test_format(path):
    notebook = raw(path)
    nbformat.validate(nbformat.from_dict(notebook))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert set(notebook["metadata"]) == {"kernelspec"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= CELL_METADATA, f"cell {cell['id']}"


@each_notebook
def test_nothing_of_one_machine(path):
    assert MACHINE_PATH.findall(as_committed(path).decode()) == []


@each_notebook
def test_code_cells_are_short(path):
    lengths = [len(source.splitlines()) for source in cells(path, "code")]
    assert max(lengths) <= 15, lengths
    assert median(lengths) <= 3, lengths
    assert min(lengths) > 0, "an empty code cell"


@each_notebook
def test_words(path):
    assert [found.group() for found in PATRONISING.finditer(prose(path))] == []


@each_notebook
def test_links_lead_somewhere(path):
    missing = [link for link in LOCAL_LINK.findall(prose(path)) if not (path.parent / link).exists()]
    assert missing == []


@each_notebook
def test_folds_are_closed(path):
    for text in cells(path, "markdown"):
        tags = re.findall(r"</?(?:details|summary)>", text)
        assert tags == ["<details>", "<summary>", "</summary>", "</details>"] * (len(tags) // 4), text


@each_lesson
def test_name(path):
    assert NAME.fullmatch(path.name)


def test_each_number_once():
    numbers = [path.name[:2] for path in LESSONS]
    assert len(numbers) == len(set(numbers))


@each_lesson
def test_parts_stand_in_order(path):
    headings = re.findall(r"^(#+) +(.+?) *$", prose(path), re.MULTILINE)
    words = [text for _, text in headings]
    assert headings[0][0] == "#" and [level for level, _ in headings].count("#") == 1
    assert words[1] == "The question"
    assert words[-2:] == ["Check yourself", "In one line"]
    assert int(re.search(r"\d+", words[0]).group()) == int(path.name[:2]), "the title says another number"


@each_lesson
def test_predict_prompts_and_answers_are_folded(path):
    before, check = prose(path).split("## Check yourself")
    assert len(re.findall(r"\*\*Predict", before)) >= 2
    assert before.count("<details>") >= len(re.findall(r"\*\*Predict", before))
    assert 3 <= check.count("<details>") <= 4
    assert check.count("<details>") == len(re.findall(r"^\*\*\d\.\*\*", check, re.MULTILINE))


@each_lesson
def test_formula_box_then_one_link_to_the_next_lesson(path):
    end = prose(path).split("## In one line")[1]
    assert r"\boxed" in end
    later = [other.name for other in LESSONS if other.name > path.name]
    # While the next lesson is not written yet, there is nothing to lead to.
    assert LESSON_LINK.findall(end) == later[:1]
    assert len(HOMEWORK_LINK.findall(end)) == 1


def the_readmes_filter():
    """Return the command that the README gives git for cleaning a notebook, with this Python in it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"filter\.nbstripout\.clean ['\"](.+?)['\"]", text).group(1).split()
    assert command[0] == ".venv/bin/python"
    return [sys.executable, *command[1:]]


def clean(content):
    """Return a notebook's bytes as the README's git filter would hand them on."""
    done = subprocess.run(the_readmes_filter(), input=content, capture_output=True, cwd=ROOT, check=True)
    return done.stdout.replace(b"\r\n", b"\n")


@each_notebook
def test_filter_changes_nothing(path):
    """Turning the filter on must not make a notebook look changed."""
    assert clean(as_committed(path)) == as_committed(path), f"run nbstripout --keep-id {path.name}"


def test_filter_takes_a_run_out_and_keeps_the_ids():
    notebook = raw(LESSONS[0])
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "8.9\n"}]
    assert json.loads(clean(json.dumps(notebook).encode())) == raw(LESSONS[0])


def test_git_filters_notebooks_but_works_without_the_filter(tmp_path):
    """A fresh clone has no nbstripout yet: it must check out clean all the same."""
    if git("rev-parse", "HEAD") is None:
        pytest.skip("no git checkout")
    assert b"filter: nbstripout" in git("check-attr", "filter", "--", "notebooks/01_x.ipynb")
    assert git("clone", "-q", "--no-local", str(ROOT), str(tmp_path / "clone")) is not None
    assert git("status", "--porcelain", cwd=tmp_path / "clone") == b""
    for path in (tmp_path / "clone" / "notebooks").rglob("*.ipynb"):
        assert b"\r" not in path.read_bytes()
        json.loads(path.read_bytes())
