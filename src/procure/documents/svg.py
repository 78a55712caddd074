"""The few SVG shapes that the charts are drawn with. Lengths are points."""

import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from markupsafe import Markup

Length = float | Decimal

WIDTH = 468  # the 165 mm of the text block
MILLIMETRES = 165
INK, SUB, RULE, ACCENT, PALE = "#1a1d21", "#4a525b", "#a3abb3", "#123f6d", "#bcc4cc"
TEXT, FIGURES = "'BIZ UDPGothic','Noto Sans CJK JP'", "'BIZ UDGothic','Noto Sans CJK JP'"


def drawing(height: float, said: str, parts: Iterable[Markup], title: str = "") -> Markup:
    """The whole picture; `title` and `said` are what a reader who does not see it is told."""
    words = Markup("<title>{}</title><desc>{}</desc>") if title else Markup("<title>{1}</title>")
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" width="{mm}mm" '
        'height="{mm_high:.2f}mm" role="img">{words}{parts}</svg>'
    ).format(
        width=WIDTH,
        height=height,
        mm=MILLIMETRES,
        mm_high=height * MILLIMETRES / WIDTH,
        words=words.format(title, said),
        parts=Markup("").join(parts),
    )


def words(
    x: Length,
    y: Length,
    text: str,
    size: float = 8.5,
    *,
    fill: str = INK,
    anchor: str = "start",
    bold: bool = False,
    family: str = TEXT,
) -> Markup:
    return Markup(
        '<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-family="{}" font-size="{}" font-weight="{}" fill="{}">'
        "{}</text>"
    ).format(x, y, anchor, family, size, 700 if bold else 400, fill, text)


def figures(x: float, y: float, text: str, size: float, *, fill: str = INK, bold: bool = False) -> Markup:
    """A number that ends at x in the fixed-width font, so that a column of them lines up on the point."""
    whole, point, decimals = text.partition(".")
    if not point:
        return words(x, y, whole, size, fill=fill, anchor="end", bold=bold, family=FIGURES)
    x -= 0.5 * size * len(decimals)
    narrow = 0.33 * size  # the point of the proportional font; the fixed-width one is a digit wide
    return Markup("").join(
        (
            words(x, y, decimals, size, fill=fill, bold=bold, family=FIGURES),
            words(x - narrow, y, ".", size, fill=fill, bold=bold),
            words(x - narrow, y, whole, size, fill=fill, anchor="end", bold=bold, family=FIGURES),
        )
    )


def bar(x: Length, y: Length, width: Length, height: Length, fill: str) -> Markup:
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"/>').format(
        x, y, width, height, fill
    )


def outline(x: Length, y: Length, width: Length, height: Length) -> Markup:
    """A bar that is told from the others without colour: empty, with a broken line around it."""
    return Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="none" stroke="{}" stroke-width=".6" '
        'stroke-dasharray="2 1.5"/>'
    ).format(x, y, width, height, SUB)


def square(x: float, y: float, *, filled: bool) -> Markup:
    if filled:
        return bar(x, y, 6.4, 6.4, ACCENT)
    return Markup(
        '<rect x="{:.2f}" y="{:.2f}" width="5.9" height="5.9" fill="none" stroke="{}" stroke-width=".5"/>'
    ).format(x + 0.25, y + 0.25, RULE)


def rule(y: float, *, weight: float = 0.5, stroke: str = INK) -> Markup:
    return Markup('<line x1="0" x2="{}" y1="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="{}"/>').format(
        WIDTH, y, y, stroke, weight
    )


def upright(x: Length, top: float, bottom: float) -> Markup:
    return Markup('<line x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width=".6"/>').format(
        x, x, top, bottom, INK
    )


def limit(x: Length, top: float, bottom: float) -> Markup:
    """A broken upright line that bars are measured against."""
    return Markup(
        '<line x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="1" stroke-dasharray="4 2"/>'
    ).format(x, x, top, bottom, INK)


def shortened(text: str, em: float) -> str:
    """The text cut to so many full-width characters, with … where something was cut."""
    if _em(text) <= em:
        return text
    while _em(text) > em - 1:
        text = text[:-1]
    return f"{text}…"


def _em(text: str) -> float:
    return sum(1 if unicodedata.east_asian_width(character) in "WFA" else 0.6 for character in text)
