"""The awards of a release, and the contract that each body concludes by itself. All amounts are tax-exclusive yen."""

from procure.documents.opendata.json_text import without_nothing
from procure.documents.opendata.ocds_tender import bid_id, items, jst, money
from procure.documents.opendata.organisations import Parties
from procure.reports.published_deals import Deal
from procure.reports.published_rounds import PublishedRound
from procure.reports.report import ShareRow
from procure.reports.signed import Signed
from procure.reports.taken_in import TakenIn
from procure.settlement.labels import NEGOTIATION_GROUND
from procure.templates import yen


def awards(value: PublishedRound, parties: Parties) -> list[dict[str, object]]:
    """By tender, and those of a 随意契約. The award of a winner who did not sign is `cancelled`."""
    return [_award(deal, parties, value.taken_in) for deal in value.deals]


def contracts(value: PublishedRound, parties: Parties) -> list[dict[str, object]]:
    """Each is `pending` until its body has signed it (地方自治法234条5項), and `cancelled` where it came to nothing."""
    return [
        _contract(deal, share, parties, value.signed_by(deal.lot.id, share.code))
        for deal in value.standing
        for share in deal.bought
    ]


def _id(deal: Deal) -> str:
    """The lot, and which of the 随意契約 it is."""
    return f"{deal.lot.id}-{deal.number}" if deal.number else deal.lot.id


def award_id(deal: Deal) -> str:
    return f"{_id(deal)}-award"


def _award(deal: Deal, parties: Parties, taken_in: TakenIn | None) -> dict[str, object]:
    return without_nothing(
        {
            "id": award_id(deal),
            "title": deal.lot.title,
            "description": _described(deal, taken_in),
            "status": "active" if deal.stands else "cancelled",
            "date": jst(deal.decided_on),
            "value": money(deal.total),
            "suppliers": [parties.supplier(deal).reference],
            "items": items(deal.lot, deal.items),
            "relatedLots": [deal.lot.id],
            "relatedBids": _related(deal),
            "buyers": [parties.bodies[share.code].reference for share in deal.bought],
        }
    )


def _described(deal: Deal, taken_in: TakenIn | None) -> str:
    how = (
        "落札金額" if deal.ground is None else f"随意契約（{NEGOTIATION_GROUND[deal.ground]}）。{deal.reason}　契約金額"
    )
    why = deal.lot.instead if deal.ground is None else ""
    origin = taken_in.public_text if taken_in is not None else ""
    return f"{how}（税込）{yen(deal.total_with_tax)}円。消費税等の税率は{deal.lot.tax_percent}％。{why}{origin}"


def _contract(deal: Deal, share: ShareRow, parties: Parties, signed: Signed | None) -> dict[str, object]:
    return without_nothing(
        {
            "id": f"{_id(deal)}-{share.code}",
            "awardID": award_id(deal),
            "title": f"{deal.lot.title}　{share.name}",
            "description": _with_tax(share),
            "status": _status(signed),
            "dateSigned": jst(signed.concluded_on) if signed and signed.concluded_on else None,
            "value": money(share.amount),
            "items": items(deal.lot, share.items),
            "relatedBids": _related(deal),
            "buyer": parties.bodies[share.code].reference,
        }
    )


def _status(signed: Signed | None) -> str:
    if signed is None:
        return "pending"
    if signed.has_failed:
        return "cancelled"
    return "active" if signed.concluded_on else "pending"


def _with_tax(share: ShareRow) -> str | None:
    if share.amount_with_tax is None:
        return None
    return f"契約金額（税込）{yen(share.amount_with_tax)}円、うち消費税等{yen(share.tax)}円。"


def _related(deal: Deal) -> list[str] | None:
    if deal.bidder is None or deal.ground is not None or deal.lot.award_attempt is None:
        return None
    return [bid_id(deal.lot.id, deal.lot.award_attempt, deal.bidder)]
