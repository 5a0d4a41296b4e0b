"""Names in any script: the page's fonts know them; a saved picture takes a font that has the letters, or Latin ones."""

import re
import unicodedata
from functools import cache

from matplotlib import ft2font
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.text import Text

USUAL = "DejaVu Sans"
JOINED = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Scripts that run to the left, or whose letters join and change places."""
SHAPES = hasattr(ft2font, "__libraqm_version__")
"""Whether this matplotlib can set them; before 3.11 it could not."""
_WORD = re.compile(r"[^\s,;()_.–-]+")
_HANGUL = "HANGUL SYLLABLE "


class Name(Text):
    """A moving text that may hold a name in any script; `otherwise` stands for a word that cannot be drawn."""

    def __init__(self, *args, otherwise="…", **kind):
        super().__init__(*args, **kind)
        self.otherwise = otherwise

    def substitute(self):
        """Take letters that this matplotlib can draw; return the words that it cannot."""
        words = self.get_text()
        drawn, families = readable(words, self.otherwise)
        self.set(text=drawn, fontfamily=families)
        return [] if drawn == words else [word for word in _WORD.findall(words) if word not in drawn]

    def draw(self, renderer):
        """Draw the words as `substitute` would, and leave them as they are for the page."""
        words, families, stale = self.get_text(), self.get_fontfamily(), self.stale
        self.substitute()
        super().draw(renderer)
        self.set(text=words, fontfamily=families)
        self.stale = stale


def readable(words, otherwise="…"):
    """Return (words, font families) that matplotlib can draw without boxes and without warnings."""
    lacking = frozenset(letter for letter in words if not _is_drawn(letter))
    if not lacking:
        return words, [USUAL]
    if family := _family_for(lacking):
        return words, [USUAL, family]
    return _WORD.sub(
        lambda word: (_spelt(word[0]) or otherwise) if lacking & set(word[0]) else word[0], words
    ), [USUAL]


def shortened(name, most):
    """Return a name of at most `most` letters, a wide letter for two; what is left out is shown by …"""
    wide = [0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in name]
    if sum(wide) <= most:
        return name
    kept = next(i for i in range(len(name) + 1) if sum(wide[: i + 1]) > most - 1)
    return name[:kept].rstrip() + "…"


@cache
def _letters(family, weight):
    return frozenset(get_font(findfont(FontProperties(family=family, weight=weight))).get_charmap())


def _is_drawn(letter):
    if JOINED.match(letter) and not SHAPES:
        return False
    return all(ord(letter) in _letters(USUAL, weight) for weight in ("normal", "bold"))


@cache
def _family_for(letters):
    """Return a font of this system that has some letters, or None."""
    if not SHAPES and any(JOINED.match(letter) for letter in letters):
        return None
    wanted = {ord(letter) for letter in letters}
    plainest = sorted(
        fontManager.ttflist,
        key=lambda font: (font.style != "normal", str(font.weight) not in ("400", "normal")),
    )
    for font in plainest:
        # The last resort has a box for each letter; coloured pictures of letters cannot be drawn.
        if "Last Resort" in font.name or "Emoji" in font.name:
            continue
        try:
            if wanted <= set(get_font(font.fname).get_charmap()):
                return font.name
        except (OSError, RuntimeError):
            continue
    return None


def _spelt(word):
    """Return a word in letters that can be drawn, as far as their Unicode names and parts tell them, or None."""
    spelt = ""
    for letter in word:
        name = unicodedata.name(letter, "")
        parts = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
        if _is_drawn(letter):
            spelt += letter
        elif name.startswith(_HANGUL):
            spelt += name.removeprefix(_HANGUL).lower()
        elif parts and all(map(_is_drawn, parts)):
            spelt += parts
        else:
            return None
    return spelt[:1].upper() + spelt[1:]
