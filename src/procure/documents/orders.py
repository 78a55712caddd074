"""発注書: a page for each body, lot and contractor, to be numbered, dated and sealed by the body that orders."""

from collections.abc import Iterator
from datetime import datetime

from procure.documents.letterhead import Letterhead
from procure.documents.notice import HEADS
from procure.documents.sheet import Sheet
from procure.reports.orders import Order
from procure.reports.report import Participant, RoundReport
from procure.templates import prose
from procure.values.era import wareki_day

FEW = 8  # items; more of them are set closer, so that the form stays on one page
MOST_LINES = 5  # of 納入場所 on the form itself
LINE = 42  # characters


def order_sheets(
    report: RoundReport, orders: tuple[Order, ...], letterhead: Letterhead, made_at: datetime
) -> tuple[Sheet, ...]:
    """One for each order. The letterhead tells the day of the decision and whether this is a sample."""
    return tuple(_sheet(report, order, letterhead, made_at) for order in orders)


def _sheet(report: RoundReport, order: Order, letterhead: Letterhead, made_at: datetime) -> Sheet:
    return Sheet(
        id=order_id(report, order),
        template="order.html",
        title=f"{order.lot.title}　発注書（{order.body.name}）（{report.council}）",
        short=f"発注書　{order.body.display_name}　{order.lot.title}",
        description="発注する品目、数量、契約単価及び金額",
        letterhead=letterhead,
        made_at=made_at,
        values={
            "report": report,
            "order": order,
            "orderer": orderer(order.body),
            "facts": tuple(facts(report, order, letterhead)),
            "is_close": len(order.share.items) > FEW,
            "annexed": order.places if is_long(order.places) else "",
        },
    )


def order_id(report: RoundReport, order: Order) -> str:
    """The number in the foot of the form."""
    return f"{report.id}-ORDER-{order.body.code}-{order.number}"


def orderer(body: Participant) -> str:
    """奈良市長: in whose name the body orders; one that is led otherwise is named itself."""
    return body.display_name + HEADS.get(body.kind, "")


def facts(
    report: RoundReport, order: Order, letterhead: Letterhead, *, is_whole: bool = False
) -> Iterator[tuple[str, str]]:
    """What is ordered on which contract, where to and until when; "" is left to fill in.

    A 納入場所 that takes more room than the form has is told behind it, unless `is_whole`.
    """
    yield "件名", f"{order.lot.title}（{report.title}）"
    yield "契約", agreed(report, order, letterhead)
    yield "納入場所", "別紙のとおり" if is_long(order.places) and not is_whole else order.places.strip()
    yield "納期", f"{prose(wareki_day(order.deadline))}まで" if order.deadline else ""


def agreed(report: RoundReport, order: Order, letterhead: Letterhead) -> str:
    """On what the prices rest: the tender and its decision, or a 随意契約 and its ground."""
    made = order.lot.negotiation
    if made is not None:
        return f"随意契約（{made.law}）　{prose(wareki_day(made.agreed_on))}見積合わせ"
    decided = f"、{prose(wareki_day(letterhead.date))}落札決定" if letterhead.date else ""
    return f"入札　{prose(wareki_day(report.bid_date))}執行{decided}"


def is_long(places: str) -> bool:
    """Whether 納入場所 takes more room than the form has."""
    return sum(1 + len(line) // LINE for line in places.strip().splitlines()) > MOST_LINES
