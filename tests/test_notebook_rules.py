"""What a notebook must look like before it is handed to a learner."""

import json
import re
import subprocess
import sys
from statistics import median

import nbformat
import pytest

from tests.readme import README
from workshop.files import LESSONS, NOTEBOOKS, ROOT, as_committed, cells, git, in_order, page, raw

NAME = re.compile(r"\d\d(_[a-z0-9]+)+\.ipynb")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# The last two are those of a homework's check cells.
CELL_METADATA = {"tags", "nbgrader", "jupyter", "deletable", "editable"}
MACHINE_PATH = re.compile(r"/(home|Users|root|work|tmp)/|[A-Z]:\\\\")
LESSON_LINK = re.compile(r"\]\((?:\./)?(\d\d_[^)#\s]+\.ipynb)[^)]*\)")
HOMEWORK_LINK = re.compile(r"\*\*Homework:\*\* \[[^\]]+\]\((homework/hw\d+_\w+\.ipynb)\)")
# Without its blank lines, the Markdown inside is shown as raw text.
FOLDED = re.compile(r"<details>\n<summary>[^\n]+</summary>\n\n(.+?)\n\n</details>(?:\n\n|\Z)", re.DOTALL)

STRIP = "run .venv/bin/python -m nbstripout --keep-id --extra-keys metadata.language_info"

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


@each_notebook
def test_nothing_of_a_run_is_kept(path):
    for cell in raw(path)["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None), (
                f"cell {cell['id']} was run: {STRIP} {path.relative_to(ROOT).as_posix()}"
            )


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
    assert set(notebook["metadata"]) == {"kernelspec"}, f"{STRIP} {path.relative_to(ROOT).as_posix()}"
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert set().union(*(cell["metadata"] for cell in notebook["cells"])) <= CELL_METADATA


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
def test_answers_fold(path):
    for cell in cells(path, "markdown"):
        count = len(FOLDED.findall(cell))
        for tag in ("<details>", "</details>", "<summary>", "</summary>"):
            assert cell.count(tag) == count, f"{tag} in {cell[:60]!r}"


def test_the_lessons_are_numbered_from_one():
    assert [path.name for path in LESSONS if not NAME.fullmatch(path.name)] == []
    assert [int(path.name[:2]) for path in LESSONS] == list(range(1, len(LESSONS) + 1)) != []


@each_lesson
def test_parts_stand_in_order(path):
    headings = re.findall(r"^(#+) +(.+?) *$", page(path), re.MULTILINE)
    words = [text for _, text in headings]
    assert headings[0][0] == "#" and [level for level, _ in headings].count("#") == 1
    # Before it stands a figure only, with words that say what to try.
    assert words[1] == "The question"
    assert [kind for kind, _ in in_order(path)][:3] == ["markdown", "code", "markdown"]
    assert in_order(path)[2][1].startswith("## The question\n")
    assert words[-2:] == ["Check yourself", "In one line"]
    assert int(re.search(r"\d+", words[0]).group()) == int(path.name[:2]), "the title says another number"


# Words of a page that nobody has to read before a figure: the answers that are still folded.
MOST_WORDS, MOST_CODE, MOST_PRESSES = 250, 2, 2


@each_lesson
def test_a_figure_moves_in_the_first_minute(path):
    words, presses, code = 0, 0, 0
    for kind, source in in_order(path):
        presses += 1
        if kind == "code":
            code += 1
            if "Explorer(" in source:
                break
        else:
            words += len(FOLDED.sub("", source).split())
    assert words <= MOST_WORDS and code <= MOST_CODE and presses <= MOST_PRESSES, (words, code, presses)
    assert len(source.splitlines()) <= 4, "the first cell is short"
    assert source.count("Explorer(") == 1 and "step=" not in source, (
        "no function of the learner's is there yet"
    )
    assert "?" in page(path).split("\n## ")[0], (
        "what stands before the question asks something, and answers nothing"
    )


@each_lesson
def test_predictions_and_questions_have_folded_answers(path):
    before, check = page(path).split("## Check yourself")
    assert 2 <= len(re.findall(r"\*\*Predict", before)) <= before.count("<details>")
    assert 3 <= check.count("<details>") == len(re.findall(r"^\*\*\d\.\*\*", check, re.MULTILINE)) <= 4


@each_lesson
def test_a_question_comes_before_each_answer(path):
    for cell in cells(path, "markdown"):
        for before in cell.split("<details>")[:-1]:
            asked = before.rsplit("</details>", 1)[-1]
            assert re.search(r"\*\*(?:Predict|Task|\d)\.", asked), asked


@each_lesson
def test_every_section_has_something_to_do(path):
    # Neither the question at the start nor the formula box at the end.
    for section in re.split(r"^## ", page(path), flags=re.MULTILINE)[2:-2]:
        assert re.search(r"\*\*(?:Predict|Task|Your turn)", section), section[:40]


@each_lesson
def test_formula_box_then_one_link_to_the_next_lesson(path):
    end = page(path).split("## In one line")[1]
    assert r"\boxed" in end
    # The last lesson has nothing to lead to.
    assert LESSON_LINK.findall(end) == [other.name for other in LESSONS if other > path][:1]
    assert len(HOMEWORK_LINK.findall(end)) == 1


def the_readmes_filter():
    """Return the command that the README gives git for cleaning a notebook, with this Python in it."""
    python, *rest = re.search(r"filter\.nbstripout\.clean ['\"](.+?)['\"]", README).group(1).split()
    assert python == ".venv/bin/python"
    return [sys.executable, *rest]


def test_the_filter_changes_no_notebook_takes_a_run_out_and_keeps_the_ids(tmp_path):
    """Turning it on must not make a notebook look changed."""
    for number, path in enumerate(NOTEBOOKS):
        (tmp_path / f"{number}.ipynb").write_bytes(as_committed(path))
    ran = json.loads(as_committed(LESSONS[0]))
    ran["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    for cell in ran["cells"]:
        if cell["cell_type"] == "code":
            cell |= {
                "execution_count": 7,
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "8.9\n"}],
            }
    (tmp_path / "ran.ipynb").write_text(json.dumps(ran), encoding="utf-8")
    # One call for all of them: to git it does the same, a notebook a call.
    subprocess.run([*the_readmes_filter(), *sorted(map(str, tmp_path.iterdir()))], cwd=ROOT, check=True)
    for number, path in enumerate(NOTEBOOKS):
        cleaned = (tmp_path / f"{number}.ipynb").read_bytes().replace(b"\r\n", b"\n")
        assert cleaned == as_committed(path), f"{STRIP} {path.relative_to(ROOT).as_posix()}"
    assert json.loads((tmp_path / "ran.ipynb").read_text(encoding="utf-8")) == raw(LESSONS[0])


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
