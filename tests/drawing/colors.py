"""Colours as people see them: how far apart, how readable, how coloured, how light."""

from functools import cache

from coloraide import Color
from matplotlib.colors import to_hex

VISIONS = ("normal", "protan", "deutan", "tritan")


@cache
def seen(color, vision):
    """Return a colour as it looks to somebody with that vision (Machado, Oliveira and Fernandes 2009)."""
    plain = Color(to_hex(color))
    return plain if vision == "normal" else plain.filter(vision, method="machado").clip()


@cache
def apart(one, other, vision="normal"):
    """Return the difference of two colours by CIEDE2000: 1 can be seen side by side, 5 is seen at a glance."""
    return seen(one, vision).delta_e(seen(other, vision), method="2000")


@cache
def contrast(one, other="white"):
    """Return the contrast of two colours as WCAG defines it, 1 to 21."""
    return Color(to_hex(one)).contrast(to_hex(other), method="wcag21")


@cache
def chroma(color):
    """Return how far a colour is from grey in CIELAB."""
    return Color(to_hex(color)).convert("lch-d65")["chroma"]


@cache
def lightness(color):
    """Return CIE L*, 0 to 100."""
    return Color(to_hex(color)).convert("lab-d65")["lightness"]
