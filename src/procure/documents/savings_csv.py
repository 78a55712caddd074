"""経費削減効果 as CSV: of a round a row for each item of each body, over the years a row for each baseline."""

from collections.abc import Iterator

from procure.documents.opendata.csv_text import Cell, csv_bytes
from procure.reports.report import ItemRow, LotReport, RoundReport, ShareRow
from procure.reports.savings import Line
from procure.reports.savings_years import SavingsOverYears
from procure.reports.sums import less
from procure.settlement.baselines import WORDING, Compared
from procure.settlement.savings import savings_percent
from procure.values.money import Yen, whole_or_exact

CSV = "text/csv; charset=utf-8"
HEADINGS = (
    "案件番号",
    "案件",
    "年度",
    "入札日",
    "件名番号",
    "件名",
    "落札者",
    "団体コード",
    "団体名",
    "品目番号",
    "品目",
    "仕様",
    "単位",
    "数量",
    "定価（税抜・円）",
    "落札単価（税抜・円）",
    "定価額（税抜・円）",
    "落札額（税抜・円）",
    "削減額（税抜・円）",
    "値引率（％）",
    "前回契約単価（税抜・円）",
    "前回単価による額（税抜・円）",
    "前回との差額（税抜・円）",
    "前回比の削減率（％）",
    "前回の案件",
    "定価の出典",
)
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
    rows = (
        _row(report, lot, share, item) for lot in report.awarded for share in lot.municipalities for item in share.items
    )
    return csv_bytes((HEADINGS, *rows))


def years_csv(savings: SavingsOverYears) -> bytes:
    """A row for each year, kind of item, supplier and body with each baseline that it can be compared with."""
    groups = (
        ("年度", savings.years),
        ("品目の種類", savings.kinds),
        ("落札者", savings.suppliers),
        ("市町村", savings.bodies),
        ("合計", (savings.total,)),
    )
    rows = (_line(group, line, found) for group, lines in groups for line in lines for found in line.all)
    return csv_bytes((YEARS_HEADINGS, *rows))


def _line(group: str, line: Line, found: Compared) -> tuple[Cell, ...]:
    wording = WORDING[found.baseline]
    return (
        group,
        line.name,
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


def _row(report: RoundReport, lot: LotReport, share: ShareRow, item: ItemRow) -> tuple[Cell, ...]:
    return (
        report.id,
        report.title,
        report.fiscal_year,
        report.bid_date.isoformat(),
        lot.id,
        lot.title,
        lot.winner,
        share.code,
        share.display_name,
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
    """基準額, 落札額 where it is to be shown, 差額 and 率."""
    yield reference
    if shown:
        yield paid
    yield less(reference, paid)
    yield savings_percent(reference, paid)


def _times(price: Yen | None, quantity: int) -> Yen | None:
    return None if price is None else whole_or_exact(price * quantity)
