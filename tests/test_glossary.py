"""The glossary holds each symbol that a lesson uses, once, and each lesson leads to it."""

import re

import pytest

from lesson_utils import averages, optimizers, theory
from lesson_utils.losses import Quadratic
from tests.claims import NOTEBOOKS, claim, faults, prose
from workshop.files import LESSONS, page

SOURCE = (NOTEBOOKS / "GLOSSARY.md").read_text(encoding="utf-8")
TEXT = prose([SOURCE])
LINK = "Symbols: [glossary](GLOSSARY.md)."
ENTRY = re.compile(r"- ((?:\*\*[^*]+\*\*|[^:*]|\*[^*]+\*)+): (.+) \*Lesson (\d+)\.\*")
LINES = [line for line in SOURCE.splitlines() if line.startswith("- ")]
ENTRIES = [ENTRY.fullmatch(line) for line in LINES]
NAMES = [name for entry in ENTRIES if entry for name in re.findall(r"\*\*([^*]+)\*\*", entry.group(1))]

GREEK = {
    "alpha": "α", "beta": "β", "epsilon": "ε", "kappa": "κ", "lambda": "λ", "sigma": "σ", "theta": "θ", "varepsilon": "ε",
}  # fmt: skip
# Greek letters that LaTeX knows and no lesson uses yet: a new one needs an entry.
ALPHABET = {
    "gamma", "delta", "zeta", "eta", "iota", "mu", "nu", "xi", "rho", "tau", "upsilon", "phi", "varphi", "chi", "psi",
    "omega",
}  # fmt: skip
LATEX_WORDS = re.compile(r"\\([a-z]+)")
SYMBOL = re.compile(r"[α-ωΑ-Ω]|\w\u0302|ŷ|ŝ")
VARIABLE = re.compile(r"`(d?[wb]|[vs](?:_d[wb])?)`")
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[:24])
def test_an_entry_is_a_sentence_or_two_and_names_its_lesson(line):
    words, lesson = ENTRY.fullmatch(line).group(2, 3)
    assert 1 <= int(lesson) <= len(LESSONS)
    assert words.endswith(".") and len(re.findall(r"[.?](?=\s|$)", words)) <= 3
    assert len(words.split()) <= 55


def test_each_name_once():
    assert len(NAMES) == len(set(NAMES)) and len(NAMES) > 40


def test_the_lesson_that_an_entry_names_is_where_one_meets_it():
    for entry in ENTRIES:
        text = page(LESSONS[int(entry.group(3)) - 1]).lower()
        for word, letter in GREEK.items():
            text = text.replace(f"\\{word}", letter)
        names = re.findall(r"\*\*([^*]+)\*\*", entry.group(1))
        assert any(name.lower() in text for name in names), f"{names} is not in lesson {entry.group(3)}"


def symbols_of(text):
    """Return the symbols of a lesson's words and formulas: Greek letters, letters with a hat, names in code."""
    words = {word for word in LATEX_WORDS.findall(text) if word in GREEK or word in ALPHABET}
    symbols = {GREEK.get(word, f"\\{word}") for word in words}
    return symbols | set(SYMBOL.findall(text)) | set(VARIABLE.findall(text))


@each_lesson
def test_each_symbol_of_a_lesson_is_in_it(path):
    assert symbols_of(page(path)) - set(NAMES) == set()


@each_lesson
def test_each_lesson_leads_to_it(path):
    needs = page(path).split("**What you need:**")[1].split("\n\n")[0]
    assert page(path).count(LINK) == 1
    assert needs.splitlines()[-1] == LINK, "it is the last line of what you need"


CLAIMS = [
    claim("A round bowl has κ = {:.0f}", Quadratic((1.0, 1.0)).condition_number),
    claim("stays within {:.0f} % of its distance at the start", 1,
          holds=optimizers.settles_at([[1.0], [0.011], [0.009]], (0.0,)) == 2),
    claim("with β = 0.9, the newest {:.0f} values hold {:.0f} % of the weight", averages.memory(0.9),
          100 * averages.ewa_weights(0.9, 10).sum()),
    claim("With β = 0.9 it is {:.0f}.", 0.9 / (1 - 0.9)),
    claim("Right at it, w goes to −w at each step, for ever",
          holds=optimizers.gradient_descent(Quadratic((4.0,)).gradient, [1.0], 2 / 4, 9).w[:, 0].tolist() == [1, -1] * 5),
    claim("momentum in the lecture's form multiplies that by (1+β)/(1−β)",
          holds=theory.stability_limit(4.0, 0.9) == pytest.approx(2 / 4 * 1.9 / 0.1)),
    claim("shrinks with each step, in the long run, whatever α is",
          holds=theory.convergence_rate((0.01, 1.0), 10, 0.9) == pytest.approx(0.9**0.5)),
    claim("With (1−β) times the α of the lecture's form it takes the same path",
          holds=theory.convert_alpha(4.0, 0.9, source="ewa", target="heavy_ball") == pytest.approx(0.4)),
    claim("to divide v by 1 − βᵗ, the sum of the weights so far",
          holds=averages.ewa_weights(0.9, 7).sum() == pytest.approx(1 - 0.9**7)),
]  # fmt: skip
SETTINGS = (
    "0 or more, and less than 1", "2/λmax", "by (1+β)/(1−β)", "by 1 − βᵗ", "1−β",
)  # fmt: skip


def test_what_it_says_is_so():
    assert faults(TEXT, CLAIMS, SETTINGS) == []
