"""What a check says: right, wrong and why, or not done yet. All its words stand in sentences.txt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lesson_utils.checks.numbers import formatted

RIGHT, WRONG, OPEN = "right", "wrong", "open"
MARK = {RIGHT: "✓", WRONG: "✗", OPEN: "○"}
SENTENCES = Path(__file__).with_name("sentences.txt")


@dataclass(frozen=True)
class Verdict:
    """The answer to one exercise.

    status: "right", "wrong" or "open" (not done yet). sentence: one or two plain sentences. cause: a short
    name of the mistake, for tests and statistics; it is never shown. place: where to look, the second hint.
    """

    status: str
    sentence: str
    cause: str = ""
    place: str = ""

    @property
    def passed(self) -> bool:
        """Whether the answer earns its points."""
        return self.status == RIGHT

    def format(self, name: str, *, hint: bool = False) -> str:
        """Return what the student reads."""
        text = f"{MARK[self.status]} {name}: {self.sentence}"
        if not self.place:
            return text
        where = f"Look here: {self.place}" if hint else f'Where to look: check("{name}", hint=True)'
        return f"{text}\n  {where}"


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake that students make. words: the name of its sentence. parts: part of the formula -> what stands there."""

    words: str
    parts: dict

    @property
    def cause(self) -> str:
        """The short name of the mistake."""
        return self.words.split("/")[0]


def mistake(name: str, **parts) -> Mistake:
    """Return a mistake by the name of its words and what it puts in the place of parts of the formula."""
    return Mistake(name, parts)


class Answered(Exception):  # noqa: N818 - it ends an examination, it is no error
    """Ends an examination as soon as its verdict is known."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.sentence)
        self.verdict = verdict


@cache
def sentences() -> dict[str, tuple[str, str]]:
    """Return name -> (sentence, where to look), as they stand in sentences.txt."""
    found, shared, name = {}, [], ""
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if not text:
            shared = []
        elif line.startswith("? "):
            goes_on = shared = [text[2:]]
        elif text.startswith("? "):
            goes_on = found[name][1] = [text[2:]]
        elif line.startswith("  "):
            goes_on.append(text)
        elif not text.startswith("#"):
            name, text = text.split(":", 1)
            goes_on = [text.strip()]
            found[name] = [goes_on, shared]
    return {name: tuple(" ".join(lines) for lines in parts) for name, parts in found.items()}


class _Number(float):
    """A number that a sentence shows as students read it; {alpha:3} asks for three digits."""

    def __format__(self, digits: str) -> str:
        return formatted(float(self), int(digits or 4))


def words(name: str, /, **fields) -> tuple[str, str]:
    """Return the sentence and the place of that name; numbers among the fields are told with four digits."""
    shown = {key: _Number(value) if isinstance(value, float) else value for key, value in fields.items()}
    if name not in sentences():
        raise LookupError(f"{name} has no line in sentences.txt: write one under that name")
    sentence, place = (text.format(**shown) for text in sentences()[name])
    return sentence, place


def right(name: str, /, **fields) -> Verdict:
    """Return the verdict for a right answer; it promises no more than was looked at."""
    return Verdict(RIGHT, f"these checks pass. {words(f'right/{name}', **fields)[0]}")


def wrong(name: str, /, **fields) -> Verdict:
    """Return the verdict for a mistake. Its cause is what stands before the stroke: "integers" of "integers/whole"."""
    sentence, place = words(name, **fields)
    return Verdict(WRONG, sentence, name.split("/")[0], place)


def not_done(name: str = "not_done", /, **fields) -> Verdict:
    """Return the verdict for an exercise that has not been touched."""
    return Verdict(OPEN, f"not done yet. {words(name, **fields)[0]}", "not_done")
