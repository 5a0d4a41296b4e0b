"""Every page, be it a notebook or a Markdown file: plain words, links that lead somewhere, buttons that are there."""

import re

import pytest
from ipywidgets import Checkbox

from lesson_utils import explorers
from tests.explorers.undrawn import undrawn
from workshop.files import ROOT, page, pages

each_page = pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())

# A thing that is "easy" leaves the reader who finds it hard alone.
BELITTLES = re.compile(
    r"\b(?:simpl[ey]|simplest|easy|easily|easiest|obvious(?:ly)?|clearly|just|trivial(?:ly)?|straightforward"
    r"|of course|needless to say)\b",
    re.IGNORECASE,
)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|attachment:)([^)#\s]*)#?([^)\s]*)[^)]*\)")
WALK = {"|◀ start", "◀ back", "▶ walk", "step ▶", "all ▶|", "Reset"}
NAME = r"\*[^*\n]+\*"
# "Press *A*, and then *B*", "It opens on *A*", "6. *A*" in the teacher's list of what to press.
BUTTONS = re.compile(
    r"(?:\b[Pp]ress|\b[Pp]resets?(?:, such as)?|\bopens on|\bThen| disc on [\w ]+ \(|^\d+\.|\bbuttons[\w ]*\(?) ?"
    rf"((?:{NAME}(?:, and then |, then |, and |, or |, | and | or | then )?)+)",
    re.MULTILINE,
)
TICK = re.compile(rf"\b[Tt]ick ({NAME})")


@each_page
def test_no_word_belittles_a_reader_who_is_stuck(path):
    assert BELITTLES.findall(CODE.sub("", page(path))) == []


@each_page
def test_no_word_is_missing_in_a_lesson_that_was_begun(path):
    """`python -m workshop.new_lesson` leaves places to fill."""
    missing = re.findall(r"WRITE:[^.?\n|]*", CODE.sub("", page(path)))
    assert not missing, "\n".join(["words are still to be written:", *missing])


def headings(path):
    """Return the headings of a page as links name them."""
    found = re.findall(r"^#+ (.+?) *$", page(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


@each_page
def test_links_lead_somewhere(path):
    for name, heading in LINK.findall(CODE.sub("", page(path))):
        target = path.parent / name if name else path
        assert target.exists(), name
        assert not heading or heading in headings(target), f"{name}#{heading}"


@each_page
def test_a_button_that_is_named_is_there(path):
    presets = {name for one in explorers.__all__ for name in getattr(explorers, one).presets}
    text = re.sub(
        r"\n(?! *(?:[-|#]|\d+\.))\s*", " ", page(path).replace("**", "")
    )  # an item or a paragraph a line
    named = {name.strip("*") for some in BUTTONS.findall(text) for name in re.findall(NAME, some)}
    assert named - presets - WALK - {*explorers.Challenge.buttons.values()} == set()


@pytest.fixture(scope="module")
def boxes():
    """What the checkboxes of all figures say."""
    made = [undrawn(getattr(explorers, name)).controls.values() for name in explorers.__all__]
    return [one.description for some in made for one in some if isinstance(one, Checkbox)]


@each_page
def test_a_box_to_tick_that_is_named_is_there(path, boxes):
    named = {name.strip("*") for name in TICK.findall(page(path))}
    assert [name for name in named if not any(one.startswith(name) for one in boxes)] == []
