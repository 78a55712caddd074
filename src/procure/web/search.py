"""The published rounds, found by year, item, body and winner: one form, whose address can be kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from procure.reports.published_search import Wanted, found_rounds
from procure.rounds.queries import rounds_in
from procure.rounds.stages import Stage
from procure.server import Answer, Fields, Page, Permission, Visit, get
from procure.values.fiscal_year import fiscal_year_name, parse_fiscal_year
from procure.values.text import clean
from procure.values.unreadable import Unreadable
from procure.web.paging import paged
from procure.web.published import published_lines

FIELDS = ("year", "item", "body", "supplier")
LONGEST = 100  # characters in a field
ALL_YEARS = ("", "すべての年度")


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was typed. `notes` say what of it could not be read; nothing is found then."""

    years: tuple[tuple[str, str], ...]
    year: str
    item: str
    body: str
    supplier: str
    wanted: Wanted | None
    notes: tuple[str, ...]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.year or self.item or self.body or self.supplier)


@get("/published", Permission.PUBLIC)
def list_published(visit: Visit) -> Answer:
    published = rounds_in(visit.session, Stage.PUBLISHED)
    asked = asked_for(visit.query, {row.fiscal_year for row in published})
    rows = found_rounds(visit.session, asked.wanted) if asked.wanted else ()
    page = paged(rows, visit.query, "/published", FIELDS)
    lines = published_lines(visit.session, page.items)
    return Page("published.html", {"asked": asked, "any": bool(published), "page": page, "rounds": lines})


def asked_for(query: Fields, years: Iterable[int]) -> Asked:
    notes: list[str] = []
    year = _year(query.text("year"), notes)
    words = [_word(query.text(name), notes) for name in FIELDS[1:]]
    shown = {*years, *([] if year is None else [year])}
    options = tuple((str(one), fiscal_year_name(one)) for one in sorted(shown, reverse=True))
    return Asked(
        years=(ALL_YEARS, *options),
        year=query.text("year") if year is None else str(year),
        item=query.text("item"),
        body=query.text("body"),
        supplier=query.text("supplier"),
        wanted=None if notes else Wanted(year, *words),
        notes=tuple(dict.fromkeys(notes)),
    )


def _year(typed: str, notes: list[str]) -> int | None:
    try:
        return parse_fiscal_year(typed)
    except Unreadable as unreadable:
        notes.append(str(unreadable))
        return None


def _word(typed: str, notes: list[str]) -> str:
    try:
        word = clean(typed)
    except Unreadable as unreadable:
        notes.append(str(unreadable))
        return ""
    if len(word) > LONGEST:
        notes.append(f"検索する言葉は{LONGEST}字以内で入力してください。")
    return word


routes = [list_published]
