"""The awards of a release, and the contract that each body concludes by itself. All amounts are tax-exclusive yen."""

from collections.abc import Iterator

from procure.documents.opendata.json_text import without_nothing
from procure.documents.opendata.ocds_tender import bid_id, items, jst, money
from procure.documents.opendata.organisations import Parties
from procure.reports.published_rounds import PublishedRound
from procure.reports.report import LotReport, ShareRow
from procure.templates import yen


def awards(value: PublishedRound, parties: Parties) -> list[dict[str, object]]:
    return [_award(value, lot, parties) for lot in value.report.awarded]


def contracts(value: PublishedRound, parties: Parties) -> list[dict[str, object]]:
    """They are `pending`: the tender decides with whom, and each body then signs for itself (地方自治法234条5項)."""
    return [
        _contract(lot, share, parties, _related(value, lot)) for lot in value.report.awarded for share in _bought(lot)
    ]


def award_id(lot: LotReport) -> str:
    return f"{lot.id}-award"


def _bought(lot: LotReport) -> Iterator[ShareRow]:
    return (share for share in lot.municipalities if any(item.quantity for item in share.items))


def _award(value: PublishedRound, lot: LotReport, parties: Parties) -> dict[str, object]:
    winner = value.winners.get(lot.id)
    return without_nothing(
        {
            "id": award_id(lot),
            "title": lot.title,
            "description": f"落札金額（税込）{yen(lot.award_with_tax)}円。消費税等の税率は{lot.tax_percent}％。",
            "status": "active",
            "date": jst(value.decided_on),
            "value": money(lot.award_total),
            "suppliers": [parties.bidder(lot, winner).reference] if winner else None,
            "items": items(lot, lot.items),
            "relatedLots": [lot.id],
            "relatedBids": _related(value, lot),
            "buyers": [parties.bodies[share.code].reference for share in _bought(lot)],
        }
    )


def _contract(lot: LotReport, share: ShareRow, parties: Parties, related: list[str] | None) -> dict[str, object]:
    return without_nothing(
        {
            "id": f"{lot.id}-{share.code}",
            "awardID": award_id(lot),
            "title": f"{lot.title}　{share.name}",
            "description": _with_tax(share),
            "status": "pending",
            "value": money(share.amount),
            "items": items(lot, share.items),
            "relatedBids": related,
            "buyer": parties.bodies[share.code].reference,
        }
    )


def _with_tax(share: ShareRow) -> str | None:
    if share.amount_with_tax is None:
        return None
    return f"契約金額（税込）{yen(share.amount_with_tax)}円、うち消費税等{yen(share.tax)}円。"


def _related(value: PublishedRound, lot: LotReport) -> list[str] | None:
    winner = value.winners.get(lot.id)
    if winner is None or lot.award_attempt is None:
        return None
    return [bid_id(lot.id, lot.award_attempt, winner)]
