"""Check that a lesson says the numbers that the code computes, and no number besides.

A *claim* is a fragment of a lesson's prose with its numbers computed and formatted into it; the lesson must
contain it word for word. A *setting* is a fragment whose numbers state a choice or a definition ("β = 0.9").
Every number in the prose has to lie inside one of the two, so that a new number needs a claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workshop.files import LESSONS, ROOT, page

NOTEBOOKS = ROOT / "notebooks"

# Digits that do not belong to a name (w1), and number words from four on.
NUMBER = re.compile(
    r"(?<![\w.])\d+(?:[.,]\d+)*"
    r"|\b(?:four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand"
    r"|million|tenth|hundredth|thousandth)s?\b",
    re.IGNORECASE,
)
DEFINITIONS = ("1/(1−β)", "(1−β)", "1−β", "1 − αλ", "1−α", "2/λ", "1/λ", "v₀ = 0")
"""Formulas in a line of text that no lesson has to prove again."""


@dataclass(frozen=True)
class Claim:
    """A fragment of prose and whether it holds (for what is said beside the numbers: "it diverges")."""

    text: str
    holds: bool = True


def claim(template: str, *values, holds: bool = True) -> Claim:
    """Return the fragment with the computed values formatted into it, with the minus sign of print."""
    parts = re.split(r"(\{[^{}]*\})", template)
    if len(values) != len(parts) // 2:
        raise ValueError(f"{template!r} has {len(parts) // 2} places for {len(values)} values")
    parts[1::2] = [
        one.format(value).replace("-", "−") for one, value in zip(parts[1::2], values, strict=True)
    ]
    return Claim(squeezed("".join(parts)), bool(holds))


def lesson(number: str) -> str:
    """Return the prose of a lesson, such as "04"."""
    return prose([page(next(path for path in LESSONS if path.name.startswith(number)))])


def guide(number: str) -> str:
    """Return the prose of a lesson's page for the teacher; what it says is checked like the lesson itself."""
    return prose([page(NOTEBOOKS / "teaching" / f"{number}.md")])


def prose(sources: list[str]) -> str:
    """Return the text of Markdown cells without what holds no claim.

    Left out: code fences, displayed formulas, inline code, the targets of links, tags, the numbers of lists,
    questions and lessons.
    """
    text = "\n\n".join(sources)
    for pattern in (
        r"```.*?```", r"\$\$.*?\$\$", r"`[^`\n]*`", r"(?<=\])\([^)\s]*\)", r"<[^<>]*>",
        r"(?im)^\s*(?:\*\*)?\d+\.(?:\*\*)?(?=\s)", r"(?i)\blessons? \d+",
    ):  # fmt: skip
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return squeezed(text)


def squeezed(text: str) -> str:
    """Return the text on one line, with single spaces."""
    return " ".join(text.split())


def faults(text: str, claims: list[Claim], settings: tuple[str, ...] = ()) -> list[str]:
    """Return what is wrong with a page, a sentence each: a claim, a number without one, a setting that is gone.

    A setting that the page does not mention could hide a wrong number one day.
    """
    fragments = (*(claim.text for claim in claims), *map(squeezed, settings), *DEFINITIONS)
    covered = [place for fragment in fragments for place in _places(text, fragment)]
    alone = [
        text[max(0, found.start() - 40) : found.end() + 25]
        for found in NUMBER.finditer(text)
        if not any(start <= found.start() and found.end() <= end for start, end in covered)
    ]
    return [
        *(_fault(text, one.text) for one in claims if not one.holds or not _places(text, one.text)),
        *(f"no claim or setting has this number: …{place}…" for place in alone),
        *(f"this setting is not on the page: {one}" for one in settings if not _places(text, squeezed(one))),
    ]


def _fault(text: str, claimed: str) -> str:
    if _places(text, claimed):
        return f"the page says what is not so: {claimed}"
    number = r"[−-]?\d+(?:[.,]\d+)*"
    alike = re.search(number.join(map(re.escape, re.split(number, claimed))), text)
    return f"computed: {claimed} | on the page: {alike.group() if alike else 'nothing like it'}"


def _places(text: str, fragment: str) -> list[tuple[int, int]]:
    """Return where a fragment stands in the text, but not where it is a part of a longer number."""
    before = r"(?<![\w.,−-])" if re.match(r"[\d−]", fragment) else ""
    after = r"(?![.,]?\d)" if fragment[-1].isdigit() else ""
    return [found.span() for found in re.finditer(before + re.escape(fragment) + after, text)]
