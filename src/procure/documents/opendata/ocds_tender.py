"""The tender of a release: lots, what is bought, who bid. All amounts are tax-exclusive yen."""

from collections.abc import Iterable, Iterator, Sequence

from procure.documents.opendata.json_text import number, without_nothing
from procure.documents.opendata.organisations import Parties
from procure.documents.opendata.publisher import Publisher, title_of
from procure.reports.published_rounds import PublishedRound
from procure.reports.report import AttemptReport, BidRow, ItemRow, LotReport
from procure.reports.sums import total
from procure.settlement.labels import CONTRACT_KIND, TENDER_METHOD
from procure.settlement.result import BidStatus, Outcome
from procure.settlement.round import ContractKind, TenderMethod
from procure.values.money import Yen

CURRENCY = "JPY"
TAX_NOTE = "金額は、特に記すほかは税抜です。"
METHODS = {TenderMethod.OPEN: "open", TenderMethod.DESIGNATED: "limited"}
_LOT_STATUS = {
    Outcome.AWARDED: "complete",
    Outcome.NO_BIDS: "unsuccessful",
    Outcome.NO_AWARD: "unsuccessful",
    Outcome.CANCELLED: "cancelled",
}
_BID_STATUS = {
    BidStatus.DECLINED: "withdrawn",
    BidStatus.ABSENT: "invited",
    BidStatus.VOID: "disqualified",
    BidStatus.DISQUALIFIED: "disqualified",
}
HANDED_IN = frozenset(BidStatus) - {BidStatus.DECLINED, BidStatus.ABSENT}


def money(amount: Yen | None) -> dict[str, object] | None:
    return None if amount is None else {"amount": number(amount), "currency": CURRENCY}


def jst(day: object) -> str:
    """A day as the instant at which it begins in Japan."""
    return f"{day}T00:00:00+09:00"


def item_id(lot: LotReport, item: ItemRow) -> str:
    return f"{lot.id}-{item.id}"


def items(lot: LotReport, rows: Iterable[ItemRow], *, at_list_price: bool = False) -> list[dict[str, object]]:
    """What is bought, at 契約単価 or else 定価."""
    return [
        without_nothing(
            {
                "id": item_id(lot, item),
                "description": "　".join(filter(None, (item.name, item.specification))),
                "quantity": item.quantity,
                "unit": without_nothing(
                    {"name": item.unit, "value": money(item.list_price if at_list_price else item.unit_price)}
                ),
                "relatedLot": lot.id,
            }
        )
        for item in rows
        if item.quantity or at_list_price
    ]


def tender(value: PublishedRound, parties: Parties, publisher: Publisher) -> dict[str, object]:
    report = value.report
    entered = _entered(report.lots, parties)
    contracted = {deal.lot.id for deal in value.standing}
    return without_nothing(
        {
            "id": report.id,
            "title": title_of(value),
            "description": f"{report.note or ''}{TAX_NOTE}",
            "status": _status([_lot_status(lot, is_contracted=lot.id in contracted) for lot in report.lots]),
            "procuringEntity": parties.council.reference,
            "items": [line for lot in report.lots for line in items(lot, lot.items, at_list_price=True)],
            "value": money(_ceiling(report.lots)),
            **_method(value),
            "mainProcurementCategory": _category([lot.contract_kind for lot in report.lots]),
            "awardCriteria": "priceOnly",
            "awardCriteriaDetails": "予定価格の制限の範囲内で最低の価格（地方自治法第234条第3項）",
            "numberOfTenderers": len(entered),
            "tenderers": entered,
            "documents": [_notice(value, publisher)],
            "lots": [_lot(lot, is_contracted=lot.id in contracted) for lot in report.lots],
        }
    )


def bids(value: PublishedRound, parties: Parties) -> dict[str, object]:
    opened = [(lot, attempt) for lot in value.report.lots for attempt in lot.attempts]
    return without_nothing(
        {
            "statistics": [line for lot, attempt in opened for line in _statistics(lot, attempt)],
            "details": [_bid(lot, attempt, bid, parties) for lot, attempt in opened for bid in attempt.bids],
        }
    )


def bid_id(lot: str, attempt: int, bidder: str) -> str:
    return f"{lot}-{attempt}-{bidder}"


def _entered(lots: Iterable[LotReport], parties: Parties) -> list[dict[str, object]]:
    """Who handed in a bid in any attempt of any lot, each once."""
    found = (
        parties.bidder(lot, bid.bidder)
        for lot in lots
        for attempt in lot.attempts
        for bid in attempt.bids
        if bid.status in HANDED_IN
    )
    return list({party.id: party.reference for party in found}.values())


def _status(of_lots: Sequence[str]) -> str:
    return next(
        (status for status in ("active", "complete", "unsuccessful", "cancelled") if status in of_lots), "active"
    )


def _lot_status(lot: LotReport, *, is_contracted: bool) -> str:
    """Complete is what came to a contract, by 随意契約 too: not an award whose lot is tendered again."""
    if is_contracted:
        return "complete"
    return "unsuccessful" if lot.awarded else _LOT_STATUS.get(lot.outcome, "active")


def _ceiling(lots: Sequence[LotReport]) -> Yen | None:
    """Of the whole tender: only where every lot's is known to the public."""
    return total(lot.ceiling for lot in lots)


def _method(value: PublishedRound) -> dict[str, object]:
    """Of the whole tender, where its lots agree."""
    found = set(value.methods.values())
    if len(found) != 1:
        return {}
    method = found.pop()
    return {"procurementMethod": METHODS[method], "procurementMethodDetails": TENDER_METHOD[method]}


def _category(kinds: Sequence[ContractKind]) -> str | None:
    """製造その他の請負 is none of the standard's three."""
    return None if ContractKind.WORKS in kinds else "goods"


def _notice(value: PublishedRound, publisher: Publisher) -> dict[str, object]:
    return {
        "id": "result",
        "documentType": "awardNotice",
        "title": "入札結果",
        "url": publisher.result(value.ref),
        "datePublished": value.published_at.isoformat(),
        "format": "text/html",
        "language": "ja",
    }


def _lot(lot: LotReport, *, is_contracted: bool) -> dict[str, object]:
    why = f"　{lot.reason}" if lot.reason and not lot.awarded else ""
    return without_nothing(
        {
            "id": lot.id,
            "title": lot.title,
            "description": f"{CONTRACT_KIND[lot.contract_kind]}　{lot.outcome_label}{why}",
            "status": _lot_status(lot, is_contracted=is_contracted),
            "value": money(lot.ceiling),
        }
    )


def _statistics(lot: LotReport, attempt: AttemptReport) -> Iterator[dict[str, object]]:
    valid = [bid for bid in attempt.bids if bid.rank is not None]
    figures: tuple[tuple[str, Yen | None], ...] = (
        ("bids", sum(bid.status in HANDED_IN for bid in attempt.bids)),
        ("validBids", len(valid)),
        ("lowestValidBidValue", min((bid.amount for bid in valid if bid.amount is not None), default=None)),
    )
    for measure, figure in figures:
        if figure is not None:
            yield without_nothing(
                {
                    "id": f"{lot.id}-{attempt.number}-{measure}",
                    "measure": measure,
                    "date": attempt.opened_at.isoformat(),
                    "currency": CURRENCY if measure.endswith("Value") else None,
                    "notes": attempt.label,
                    "relatedLot": lot.id,
                }
            ) | {"value": number(figure)}


def _bid(lot: LotReport, attempt: AttemptReport, bid: BidRow, parties: Parties) -> dict[str, object]:
    words = (attempt.label, bid.status_label, bid.reason)
    return without_nothing(
        {
            "id": bid_id(lot.id, attempt.number, bid.bidder),
            "submissionType": "bid",
            "description": "　".join(filter(None, words)),
            "status": _BID_STATUS.get(bid.status, "valid"),
            "tenderers": [parties.bidder(lot, bid.bidder).reference],
            "value": money(bid.amount),
            "relatedLots": [lot.id],
            "hasRank": True if bid.rank else None,
            "rank": bid.rank,
        }
    )
