"""A document before it is printed: its template, its values, and what identifies it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procure import templates
from procure.documents.letterhead import Letterhead
from procure.documents.press import Variant, write_pdf


@dataclass(frozen=True, slots=True)
class Sheet:
    """`id` and the letterhead stand in the foot of each page, `short` at the head of each page after the first.

    Records are `ARCHIVAL`; what is sent or posted is for every reader.
    """

    id: str
    template: str
    title: str
    short: str
    description: str
    letterhead: Letterhead
    made_at: datetime
    values: Mapping[str, Any]
    variant: Variant = Variant.ACCESSIBLE


def markup(sheet: Sheet) -> str:
    template = templates.ENVIRONMENT.get_template(f"documents/{sheet.template}")
    return template.render(sheet=sheet, letterhead=sheet.letterhead, **sheet.values)


def pdf(*sheets: Sheet) -> bytes:
    """The sheets as one PDF, each with page numbers of its own. The same sheets give the same bytes."""
    return write_pdf(*map(markup, sheets), variant=sheets[0].variant)
