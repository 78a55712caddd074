"""数量集計表 on paper (A4 landscape) and as a workbook whose sums are live formulas."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from procure.documents.letterhead import SAMPLE, Letterhead
from procure.documents.sheet import Sheet, pdf
from procure.documents.svg import shortened
from procure.documents.workbook import Cell, Workbook
from procure.documents.workbook import Column as Heading
from procure.reports.consolidated import BodyCounts, Column, Consolidated, Count, LotCounts
from procure.values.era import wareki

# mm, of the text block of an A4 page in landscape
BLOCK, CODE, NAME, NARROWEST = 252, 14, 34, 15
FIGURE = 1.62  # a digit or comma of the table, at 9pt
PADDING = 2.6
LONGEST_NAME = 40  # characters of an item's name in a heading
FIRST = 2  # the row under the heading of a sheet
BEFORE = 2  # columns before the first item
SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
TOTAL = "計"


# ---- on paper ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column: an item and its unit, or the sum of all."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    name: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """As many columns of a lot's table as fit a page; `takers` are how many bodies ask for the item. Widths are mm."""

    title: str
    number: int
    of: int
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    totals: tuple[Count, ...]
    takers: tuple[int, ...]
    widths: tuple[float, ...]


def consolidated_pdf(table: Consolidated, letterhead: Letterhead, made_at: datetime) -> bytes:
    return pdf(consolidated_sheet(table, letterhead, made_at))


def consolidated_sheet(table: Consolidated, letterhead: Letterhead, made_at: datetime) -> Sheet:
    return Sheet(
        id=f"{table.id}-QUANTITIES",
        template="consolidated.html",
        title=f"{table.title}　数量集計表（{table.council}）",
        short=f"{table.title}（{table.id}）　数量集計表　{table.standing}",
        description="団体別、品目別の数量とその合計",
        letterhead=letterhead,
        made_at=made_at,
        values={"table": table, "parts": tuple(part for lot in table.lots for part in parts(lot))},
    )


def parts(lot: LotCounts) -> Iterator[Part]:
    """The table of a lot, cut into parts of about as many columns each; the sum of all items is the last column."""
    heads = [Head(shortened(column.name, LONGEST_NAME), column.unit) for column in lot.columns]
    totals = [column.total for column in lot.columns]
    takers = [column.takers for column in lot.columns]
    whole = Part(
        title=lot.title,
        number=1,
        of=1,
        heads=(*heads, Head(TOTAL, "")),
        lines=tuple(Line(body.code, body.name, (*body.counts, body.total)) for body in lot.bodies),
        totals=(*totals, lot.total),
        takers=(*takers, lot.takers),
        widths=(),
    )
    cuts = _cuts(len(whole.heads), int((BLOCK - CODE - NAME) // _width(whole.totals)))
    for number, cut in enumerate(cuts, start=1):
        yield _cut(whole, cut, number, len(cuts))


def _cut(whole: Part, cut: slice, number: int, of: int) -> Part:
    heads = whole.heads[cut]
    room = min(float(BLOCK - CODE - NAME) / len(heads), 40)
    return replace(
        whole,
        number=number,
        of=of,
        heads=heads,
        lines=tuple(replace(line, counts=line.counts[cut]) for line in whole.lines),
        totals=whole.totals[cut],
        takers=whole.takers[cut],
        widths=(CODE, BLOCK - CODE - room * len(heads), *(room for _ in heads)),
    )


def _width(totals: Sequence[Count]) -> float:
    """What the longest figure takes."""
    longest = max(len(f"{count.quantity:,}") for count in totals)
    return max(NARROWEST, longest * FIGURE + PADDING)


def _cuts(columns: int, at_most: int) -> list[slice]:
    many = -(-columns // at_most)
    each = -(-columns // many)
    return [slice(start, start + each) for start in range(0, columns, each)]


# ---- as a workbook -----------------------------------------------------------------------------------


def consolidated_xlsx(table: Consolidated, letterhead: Letterhead, made_at: datetime) -> bytes:
    """A sheet for each lot; where something is compared, a sheet of what changed."""
    book = Workbook(f"{table.title}　数量集計表", table.council, made_at)
    names = sheet_names([lot.title for lot in table.lots])
    for name, lot in zip(names, table.lots, strict=True):
        book.add_sheet(name, _headings(lot), _rows(lot), frozen=2)
    if table.since is not None:
        book.add_sheet("変更", CHANGE_HEADINGS, _changes(table), frozen=2)
    book.add_sheet("この表について", (Heading("事項", 18), Heading("内容", 90)), _about(table, letterhead))
    return book.content()


CHANGE_HEADINGS = (
    Heading("団体コード", 10),
    Heading("団体", 18),
    Heading("件名", 26),
    Heading("品目", 30),
    Heading("単位", 6),
    Heading("変更前", 10),
    Heading("変更後", 10),
    Heading("差", 10),
)


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Titles as a spreadsheet allows them: at most 31 characters, none of them twice."""
    names: list[str] = []
    for number, title in enumerate(titles, start=1):
        name = SHEET_NAME.sub("_", title)[:31] or f"ロット{number}"
        taken = {other.casefold() for other in (*names, "変更", "この表について", "history")}
        names.append(f"{name[:26]}（{number}）" if name.casefold() in taken else name)
    return names


def _headings(lot: LotCounts) -> list[Heading]:
    headings = [Heading("団体コード", 10), Heading("団体", 18)]
    for column in lot.columns:
        kinds = ("本体", "予備", TOTAL) if column.has_spares else ("",)
        headings += [Heading(f"{column.name}{f'　{kind}' if kind else ''}（{column.unit}）", 12) for kind in kinds]
    return [*headings, Heading(TOTAL, 12)]


def _rows(lot: LotCounts) -> list[list[Cell]]:
    rows = [_row(number, lot, body) for number, body in enumerate(lot.bodies, FIRST)]
    last = FIRST + len(rows) - 1
    return [*rows, _sums(lot, last), _takers(lot, last)]


def _row(number: int, lot: LotCounts, body: BodyCounts) -> list[Cell]:
    cells = [Cell(body.code), Cell(body.name)]
    sums: list[str] = []
    for column, count in zip(lot.columns, body.counts, strict=True):
        is_changed = count.is_changed
        if column.has_spares:
            main, spare = (f"{letters(len(cells) + place)}{number}" for place in (0, 1))
            cells += [Cell(count.main, quiet=True), Cell(count.spares, quiet=True)]
            cells.append(Cell(count.quantity, f"={main}+{spare}", quiet=True, strong=is_changed, framed=is_changed))
        else:
            cells.append(Cell(count.quantity, quiet=True, strong=is_changed, framed=is_changed))
        sums.append(f"{letters(len(cells) - 1)}{number}")
    is_changed, are_neighbours = body.total.is_changed, len(sums) == len(cells) - BEFORE
    total = _added(sums, are_neighbours=are_neighbours)
    return [*cells, Cell(body.total.quantity, total, quiet=True, strong=is_changed, framed=is_changed)]


def _sums(lot: LotCounts, last: int) -> list[Cell]:
    values: list[int] = []
    for column in lot.columns:
        total = column.total
        values += (total.main, total.spares, total.quantity) if column.has_spares else (total.quantity,)
    values.append(lot.total.quantity)
    return [Cell("合計"), Cell(""), *(_down("SUM", place, last, value) for place, value in enumerate(values, 2))]


def _down(function: str, place: int, last: int, value: int, condition: str = "") -> Cell:
    column = letters(place)
    return Cell(value, f"={function}({column}{FIRST}:{column}{last}{condition})", strong=True)


def _takers(lot: LotCounts, last: int) -> list[Cell]:
    """How many bodies ask for each item; mains and spares are not counted apart."""
    cells = [Cell("団体数"), Cell("")]
    for column in lot.columns:
        cells += [Cell(""), Cell("")] if column.has_spares else []
        cells.append(_down("COUNTIF", len(cells), last, column.takers, ',">0"'))
    return [*cells, _down("COUNTIF", len(cells), last, lot.takers, ',">0"')]


def _added(cells: Sequence[str], *, are_neighbours: bool) -> str | None:
    """The sum of single cells where a run of neighbours would count mains and spares twice."""
    if not cells:
        return None
    return f"=SUM({cells[0]}:{cells[-1]})" if are_neighbours else f"={'+'.join(cells)}"


def _changes(table: Consolidated) -> list[list[Cell]]:
    found = [(lot, change) for lot in table.lots for change in lot.changes]
    return [_change(number, lot, *change) for number, (lot, change) in enumerate(found, FIRST)]


def _change(number: int, lot: LotCounts, body: BodyCounts, column: Column, count: Count) -> list[Cell]:
    before = count.before.quantity if count.before else 0
    return [
        Cell(body.code),
        Cell(body.name),
        Cell(lot.title),
        Cell(column.name),
        Cell(column.unit),
        Cell(before),
        Cell(count.quantity),
        Cell(count.quantity - before, f"=G{number}-F{number}"),
    ]


def _about(table: Consolidated, letterhead: Letterhead) -> list[list[Cell]]:
    about = [("案件", f"{table.title}（{table.id}）"), ("作成", table.council), ("時点", table.standing)]
    if table.since is not None:
        compared = f"{wareki(table.since)}0時の数量と比べ、変わった数量は太字で枠を付けています。"
        about.append(("比較", compared))
    if letterhead.sample:
        about.append(("見本", SAMPLE))
    about.append(("数量", "予備を含みます。差戻し中の回答は含みません。合計と計は計算式です。"))
    return [[Cell(label), Cell(text)] for label, text in about]


@cache
def letters(place: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA."""
    name = ""
    place += 1
    while place:
        place, left = divmod(place - 1, 26)
        name = chr(ord("A") + left) + name
    return name
