"""A document before it is printed: its template, its values, and what identifies it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procure import templates
from procure.documents.letterhead import Letterhead


@dataclass(frozen=True, slots=True)
class Sheet:
    """`id` and the letterhead stand in the foot of each page, `short` at the head of each page after the first."""

    id: str
    template: str
    title: str
    short: str
    description: str
    letterhead: Letterhead
    made_at: datetime
    values: Mapping[str, Any]


def markup(sheet: Sheet) -> str:
    template = templates.ENVIRONMENT.get_template(f"documents/{sheet.template}")
    return template.render(sheet=sheet, letterhead=sheet.letterhead, **sheet.values)


def pdf(sheet: Sheet) -> bytes:
    """The sheet as PDF/UA-1. The same sheet gives the same bytes."""
    # Loading the renderer takes a second and 60 MB: only who prints pays for it.
    from procure.documents.pdf import write_pdf  # noqa: PLC0415

    return write_pdf(markup(sheet))
