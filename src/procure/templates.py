"""The one Jinja environment: pages, documents and commands share its filters for yen, percentages and dates."""

import re
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from procure.values import era
from procure.values.fiscal_year import fiscal_year_name
from procure.values.money import Yen, format_decimal
from procure.values.text import fullwidth, has_private_use

_CHECKOUT = Path(__file__).resolve().parents[2] / "templates"
FOLDER = _CHECKOUT if _CHECKOUT.is_dir() else Path(sys.prefix) / "share" / "procure" / "templates"  # from a wheel
UNKNOWN = "—"
TEXT_BLOCK = 165  # mm, the width of a document's page within its margins
_SINGLE_DIGIT = re.compile(r"(?<![0-9.,])[0-9](?![0-9.,])")


def yen(amount: Yen | None, places: int = 0) -> str:
    """1,234,567, negative ▲1,234, unknown —. Never rounded: at least `places` decimals, and as many as there are."""
    if amount is None:
        return UNKNOWN
    whole, point, decimals = format_decimal(amount if amount >= 0 else -amount, places).partition(".")
    return f"{'▲' if amount < 0 else ''}{int(whole):,}{point}{decimals}"


def percent(rate: Decimal | None) -> str:
    """51.6, negative ▲3.2, unknown —: the decimals are the rate's own."""
    if rate is None:
        return UNKNOWN
    return f"▲{-rate}" if rate < 0 else str(rate)


def figures(text: str) -> Markup:
    """Digits for the fixed-width font, whose comma and point are too wide: the style sheet draws them closer."""
    return Markup("").join(Markup("<i>{}</i>").format(c) if c in ",." else escape(c) for c in text)


def prose(text: str) -> str:
    """Digits as official sentences write them: a single one full width, several half width (令和３年６月11日)."""
    return _SINGLE_DIGIT.sub(lambda digit: fullwidth(digit[0]), text)


def filling(widths: Iterable[float]) -> Iterable[float]:
    """Column widths in mm, which have to fill the text block of a document."""
    widths = tuple(widths)
    if abs(sum(widths) - TEXT_BLOCK) > 0.01:
        raise ValueError(f"columns of {sum(widths)} mm in a text block of {TEXT_BLOCK} mm: {widths}")
    return widths


def environment() -> Environment:
    return _environment(autoescape=True)


def plain_environment() -> Environment:
    """For what is no markup: the texts of mails."""
    return _environment(autoescape=False)


def _environment(autoescape: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=autoescape,  # noqa: S701  (off for plain text only)
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "yen": yen,
        "percent": percent,
        "figures": figures,
        "fullwidth": fullwidth,
        "prose": prose,
        "filling": filling,
        "wareki": era.wareki,
        "wareki_day": era.wareki_day,
        "wareki_short": era.wareki_short,
        "wareki_time": era.wareki_time,
        "fiscal_year": fiscal_year_name,
    }
    made.tests["private_use"] = has_private_use
    return made


ENVIRONMENT = environment()
