"""経費削減効果 as CSV: of a round a row for each item of each body, over the years a row for each baseline."""

from collections.abc import Iterator, Sequence
from itertools import chain

from procure.documents.opendata.csv_text import Cell, csv_bytes
from procure.reports.contracted import Contracted
from procure.reports.report import ItemRow, LotReport, RoundReport, ShareRow
from procure.reports.savings import Line
from procure.reports.savings_years import SavingsOverYears
from procure.reports.sums import less
from procure.settlement.baselines import WORDING, Compared
from procure.settlement.savings import savings_percent
from procure.values.money import Yen, whole_or_exact
from procure.values.text import plain

CSV = "text/csv; charset=utf-8"
HEADINGS = (
    "案件番号",
    "案件",
    "年度",
    "入札日",
    "件名番号",
    "件名",
    "契約の相手方",
    "団体コード",
    "団体名",
    "品目番号",
    "品目",
    "仕様",
    "単位",
    "数量",
    "定価（税抜・円）",
    "契約単価（税抜・円）",
    "定価額（税抜・円）",
    "契約額（税抜・円）",
    "削減額（税抜・円）",
    "値引率（％）",
    "前回契約単価（税抜・円）",
    "前回単価による額（税抜・円）",
    "前回との差額（税抜・円）",
    "前回比の削減率（％）",
    "前回の案件",
    "定価の出典",
    "契約の方法",
)
AWARD, NOT_SIGNED = "入札（落札）", "入札（落札者が契約を締結せず）"
YEARS_HEADINGS = (
    "区分",
    "名称",
    "件名（件）",
    "落札金額（税抜・円）",
    "比較の基準",
    "差の名称",
    "基準額（税抜・円）",
    "落札額（対象分、税抜・円）",
    "差（税抜・円）",
    "率（％）",
    "対象の品目",
    "全品目",
    "対象の割合（％）",
)


def savings_csv(report: RoundReport) -> bytes:
    """UTF-8 with a BOM. What is unknown is empty; what is dearer has a minus."""
    return csv_bytes((HEADINGS, *_all_rows(report)))


def _all_rows(report: RoundReport) -> Iterator[tuple[Cell, ...]]:
    awards = (_rows(report, lot, lot, AWARD if lot.award_stands else NOT_SIGNED) for lot in report.awarded)
    contracts = (_rows(report, lot, contract, contract.way) for lot in report.negotiated for contract in lot.contracts)
    return chain.from_iterable((*awards, *contracts))


def texts(report: RoundReport) -> Iterator[str]:
    """What stands in the table of a round as text, to see which characters an encoding cannot carry."""
    return (cell for row in _all_rows(report) for cell in row if isinstance(cell, str))


def years_csv(savings: SavingsOverYears) -> bytes:
    """A row for each year, kind of item, supplier and body with each baseline that it can be compared with."""
    groups = (
        ("年度", savings.years),
        ("品目の種類", savings.kinds),
        ("落札者", savings.suppliers),
        ("市町村", savings.bodies),
        ("合計", (savings.total,)),
        *_steps(savings.contracted),
    )
    rows = (_line(group, line, found) for group, lines in groups for line in lines for found in line.all)
    return csv_bytes((YEARS_HEADINGS, *rows))


def _steps(contracted: Contracted | None) -> Iterator[tuple[str, Sequence[Line]]]:
    """随意契約 by its ground, and what is bought in the end."""
    if contracted is not None:
        yield "随意契約", contracted.grounds
        yield "除く落札", (contracted.not_signed,) if contracted.not_signed else ()
        yield "契約の計", (contracted.whole,)


def _line(group: str, line: Line, found: Compared) -> tuple[Cell, ...]:
    wording = WORDING[found.baseline]
    return (
        group,
        plain(line.name),
        line.lots,
        line.award_total,
        wording.name,
        wording.difference,
        found.reference,
        found.award,
        found.difference,
        found.percent,
        found.covered_items,
        found.items,
        found.coverage_percent,
    )


def _rows(report: RoundReport, lot: LotReport, supplied: LotReport, how: str) -> Iterator[tuple[Cell, ...]]:
    """`supplied` is the lot itself, or one of its contracts."""
    for share in supplied.municipalities:
        for item in share.items:
            yield (*_row(report, lot, supplied, share, item), how)


def _row(report: RoundReport, lot: LotReport, supplied: LotReport, share: ShareRow, item: ItemRow) -> tuple[Cell, ...]:
    return (
        report.id,
        report.title,
        report.fiscal_year,
        report.bid_date.isoformat(),
        lot.id,
        lot.title,
        supplied.winner,
        share.code,
        share.name,
        item.id,
        item.name,
        item.specification,
        item.unit,
        item.quantity,
        item.list_price,
        item.unit_price,
        *_against(item.list_amount, item.amount, shown=True),
        item.last_price,
        *_against(_times(item.last_price, item.quantity), item.amount, shown=False),
        item.last_price_of,
        item.list_price_source,
    )


def _against(reference: Yen | None, paid: Yen | None, *, shown: bool) -> Iterator[Cell]:
    """基準額, 契約額 where it is to be shown, 差額 and 率."""
    yield reference
    if shown:
        yield paid
    yield less(reference, paid)
    yield savings_percent(reference, paid)


def _times(price: Yen | None, quantity: int) -> Yen | None:
    return None if price is None else whole_or_exact(price * quantity)
