"""The awards in the eight columns of 落札実績 as 調達ポータル opens it: no heading, a line for each award."""

from collections.abc import Iterable, Iterator, Sequence

from procure.documents.opendata.csv_text import Cell, Encoding, csv_bytes
from procure.documents.opendata.publisher import lot_title
from procure.reports.published_deals import Deal
from procure.reports.published_rounds import PublishedRound
from procure.settlement.round import TenderMethod
from procure.values.money import format_decimal

COLUMNS = (
    "調達案件番号",
    "調達案件名称",
    "落札決定日",
    "落札価格（税込）",
    "府省コード",
    "入札方式コード",
    "商号又は名称",
    "法人番号",
)
METHODS = {TenderMethod.OPEN: "8002010", TenderMethod.DESIGNATED: "8003010"}  # 最低価格落札方式
NEGOTIATED = "8004020"  # 随意契約（特定の事業者）


def awards_csv(values: Sequence[PublishedRound], encoding: Encoding = Encoding.UTF_8) -> bytes:
    return csv_bytes(award_rows(values), encoding)


def award_rows(values: Iterable[PublishedRound]) -> Iterator[tuple[Cell, ...]]:
    """The price is 落札価格, with tax and two decimals as there. The number is the round's and the lot's.

    A municipality has no 府省コード.
    """
    for value in values:
        yield from (_row(value, deal) for deal in value.standing)


def _row(value: PublishedRound, deal: Deal) -> tuple[Cell, ...]:
    lot, party = deal.lot, value.party_to(deal)
    by_tender = METHODS[value.methods.get(lot.id, TenderMethod.OPEN)]
    return (
        "-".join(filter(None, (value.ref, lot.id, str(deal.number or "")))),
        lot_title(value, lot.title),
        deal.decided_on.isoformat(),
        format_decimal(deal.total_with_tax, 2),
        "",
        by_tender if deal.ground is None else NEGOTIATED,
        party.name,
        party.corporate_number or "",
    )


def texts(values: Iterable[PublishedRound]) -> Iterator[str]:
    """What stands in the table as text, to see which characters an encoding cannot carry."""
    return (cell for row in award_rows(values) for cell in row if isinstance(cell, str))
