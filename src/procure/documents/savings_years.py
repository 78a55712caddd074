"""経費削減効果_年度別.xlsx: years, kinds of items, suppliers and bodies against the baselines, sums as formulas."""

from collections.abc import Sequence
from datetime import datetime

from procure.documents.savings_rows import FIRST, rate
from procure.documents.workbook import Cell, Column, Workbook, column_name
from procure.reports.contracted import Contracted
from procure.reports.savings import BASELINES, BY_UNIT, Line
from procure.reports.savings_years import SavingsOverYears
from procure.reports.sums import places
from procure.settlement.baselines import TAX_BASIS, WORDING, Baseline, Compared

NAMED = 3  # columns before those of the baselines: name, lots, award
_EACH = 4  # columns of a baseline: 基準額, 落札額, 差, 率


def years_xlsx(savings: SavingsOverYears, council: str, made_at: datetime) -> bytes:
    book = Workbook("経費削減効果　年度別", council, made_at)
    for name, head, lines, baselines in (
        ("年度別", "年度", savings.years, BASELINES),
        ("品目の種類別", "件名", savings.kinds, BASELINES),
        ("落札者別", "落札者", savings.suppliers, BASELINES),
        ("市町村別", "市町村", savings.bodies, BY_UNIT),
    ):
        book.add_sheet(name, _columns(head, baselines), _rows(lines, savings.total, baselines), frozen=1)
    if savings.contracted:
        _add_contracted(book, savings.contracted, savings.contracted_years)
    book.add_sheet("比較の基準", _METHOD, [_method(baseline) for baseline in BASELINES])
    return book.content()


def _add_contracted(book: Workbook, contracted: Contracted, years: Sequence[Line]) -> None:
    """The awards that stand, 随意契約 and their sum, and this by year."""
    for name, head, lines in (
        ("契約の計", "区分", (contracted.standing, *contracted.grounds)),
        ("契約の計_年度別", "年度", years),
    ):
        columns = _columns(head, BASELINES, "契約")
        book.add_sheet(name, columns, _rows(lines, contracted.whole, BASELINES), frozen=1)


_METHOD = (
    Column("比較の基準", 18),
    Column("差の名称", 20),
    Column("率の計算式", 50),
    Column("税の扱い", 9),
    Column("基準額の出典と対象", 60),
)


def _method(baseline: Baseline) -> list[Cell]:
    wording = WORDING[baseline]
    texts = (wording.name, wording.difference, f"{wording.rate}＝{wording.formula}", TAX_BASIS, wording.source)
    return [Cell(text) for text in texts]


def _columns(head: str, baselines: Sequence[Baseline], paid: str = "落札") -> tuple[Column, ...]:
    """`paid` is what the amounts are called by."""
    named = (Column(head, 26), Column("件名（件）", 8), Column(f"{paid}金額（税抜・円）", 16))
    each = [column for baseline in baselines for column in _of_baseline(baseline, paid)]
    return (*named, *each)


def _of_baseline(baseline: Baseline, paid: str) -> tuple[Column, ...]:
    wording = WORDING[baseline]
    return (
        Column(f"{wording.total}（税抜・円）", 16),
        Column(f"{paid}額（{wording.name}との比較分、税抜・円）", 18),
        Column(f"{wording.difference}（税抜・円）", 16),
        Column(f"{wording.rate}（％）", 10),
    )


def _rows(lines: Sequence[Line], total: Line, baselines: Sequence[Baseline]) -> list[list[Cell]]:
    decimals = _places((*lines, total))
    rows = [_row(row, line, baselines, decimals) for row, line in enumerate(lines, FIRST)]
    return [*rows, _row(FIRST + len(lines), total, baselines, decimals, sums=bool(lines))]


def _row(row: int, line: Line, baselines: Sequence[Baseline], decimals: int, *, sums: bool = False) -> list[Cell]:
    """With `sums` the amounts are those of the rows above."""
    named = [
        Cell(line.name),
        Cell(line.lots),
        Cell(line.award_total, _sum(NAMED, row) if sums else None, decimals),
    ]
    each = [
        cell
        for place, baseline in enumerate(baselines)
        for cell in _compared(row, NAMED + 1 + _EACH * place, line.compared(baseline), decimals, sums=sums)
    ]
    return [*named, *each]


def _compared(row: int, first: int, found: Compared | None, decimals: int, *, sums: bool) -> list[Cell]:
    if found is None:
        return [Cell(None)] * _EACH
    reference, paid = (f"{column_name(column)}{row}" for column in (first, first + 1))
    return [
        Cell(found.reference, _sum(first, row) if sums else None, decimals),
        Cell(found.award, _sum(first + 1, row) if sums else None, decimals),
        Cell(found.difference, f"={reference}-{paid}", decimals),
        Cell(found.percent, rate(reference, paid), 1),
    ]


def _sum(column: int, row: int) -> str:
    name = column_name(column)
    return f"=SUM({name}{FIRST}:{name}{row - 1})"


def _places(lines: Sequence[Line]) -> int:
    found = [one for line in lines for one in line.all]
    return places((*(line.award_total for line in lines), *(one.reference for one in found)))
