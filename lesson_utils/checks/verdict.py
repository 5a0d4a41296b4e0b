"""What a check says: right, wrong and why, or not done yet."""

from __future__ import annotations

from dataclasses import dataclass

RIGHT, WRONG, OPEN = "right", "wrong", "open"
MARK = {RIGHT: "✓", WRONG: "✗", OPEN: "○"}


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

    def told(self, name: str, *, hint: bool = False) -> str:
        """Return what the student reads."""
        words = f"{MARK[self.status]} {name}: {self.sentence}"
        if not self.place:
            return words
        return (
            f"{words}\n  Look here: {self.place}"
            if hint
            else f'{words}\n  Where to look: check("{name}", hint=True)'
        )


class Answered(Exception):  # noqa: N818 - it ends an examination, it is no error
    """Ends an examination as soon as its verdict is known."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.sentence)
        self.verdict = verdict


def right(why: str) -> Verdict:
    """Return the verdict for a right answer; it promises no more than was looked at."""
    return Verdict(RIGHT, f"these checks pass. {why}")


def wrong(cause: str, sentence: str, place: str = "") -> Verdict:
    """Return the verdict for a mistake."""
    return Verdict(WRONG, sentence, cause, place)


def not_done(
    sentence: str = "Write your answer in the cell above, run that cell, and then this one.",
) -> Verdict:
    """Return the verdict for an exercise that has not been touched."""
    return Verdict(OPEN, f"not done yet. {sentence}", "not_done")
