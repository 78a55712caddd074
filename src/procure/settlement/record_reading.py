"""What a round file may record around the bids: the opening, lotteries, reviews, and a negotiated contract."""

from collections.abc import Set

from procure.settlement import fields
from procure.settlement.bid_reading import Known, read_prices
from procure.settlement.place import Place, note_repeated
from procure.settlement.round import (
    Drawer,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    Opening,
    PaperDraw,
    QualificationReview,
    Witness,
    WitnessKind,
)


def read_opening(place: Place) -> Opening | None:
    if not place.is_given:
        return None
    at = place.members(("place", "officer", "recorder", "witnesses"))
    return Opening(
        place=fields.words(at["place"]),
        officer=fields.words(at["officer"]),
        recorder=fields.words(at["recorder"]),
        witnesses=tuple(_read_witness(element) for element in at["witnesses"].elements()),
    )


def _read_witness(place: Place) -> Witness:
    at = place.members(("name", "kind", "affiliation"))
    return Witness(fields.words(at["name"]), fields.choice(at["kind"], WitnessKind), fields.text(at["affiliation"]))


def read_draw(place: Place, bidders: Set[str]) -> PaperDraw | None:
    return _read_paper_draw(place, bidders) if place.is_given else None


def read_draws(place: Place, bidders: Set[str]) -> tuple[PaperDraw, ...]:
    return tuple(_read_paper_draw(element, bidders) for element in place.elements()) if place.is_given else ()


def _read_paper_draw(place: Place, bidders: Set[str]) -> PaperDraw:
    at = place.members(("winner",), ("drawn_by", "witness", "drawers"))
    winner = _read_bidder(at["winner"], bidders)
    drawers = _read_drawers(at["drawers"], bidders)
    return PaperDraw(winner, fields.optional_text(at["drawn_by"]), fields.optional_text(at["witness"]), drawers)


def _read_drawers(place: Place, bidders: Set[str]) -> tuple[Drawer, ...]:
    if not place.is_given:
        return ()
    elements = place.elements(at_least=1)
    drawers = tuple(_read_drawer(element, bidders) for element in elements)
    note_repeated(elements, [drawer.bidder for drawer in drawers], "bidder")
    return drawers


def _read_drawer(place: Place, bidders: Set[str]) -> Drawer:
    at = place.members(("bidder", "drawn_by"), ("in_place",))
    in_place = fields.flag(at["in_place"]) if at["in_place"].is_given else False
    return Drawer(_read_bidder(at["bidder"], bidders), fields.words(at["drawn_by"]), in_place)


def _read_bidder(place: Place, bidders: Set[str]) -> str:
    bidder = fields.identifier(place)
    if bidder and bidder not in bidders:
        place.wrong("it is not a bidder of the lot")
    return bidder


def read_reviews(place: Place, bidders: Set[str]) -> tuple[QualificationReview, ...]:
    if not place.is_given:
        return ()
    elements = place.elements()
    reviews = tuple(_read_review(element, bidders) for element in elements)
    note_repeated(elements, [review.bidder for review in reviews], "bidder")
    return reviews


def _read_review(place: Place, bidders: Set[str]) -> QualificationReview:
    at = place.members(("bidder", "passed", "reviewed_on"), ("reason",))
    reason = fields.words(at["reason"]) if at["reason"].is_given else None
    if at["passed"].value is False and not at["reason"].is_given:
        at["reason"].fault("is missing; a review that failed needs its reason")
    return QualificationReview(
        bidder=_read_bidder(at["bidder"], bidders),
        passed=fields.flag(at["passed"]),
        reason=reason,
        reviewed_on=fields.day(at["reviewed_on"]),
    )


def read_negotiation(place: Place, known: Known) -> Negotiation | None:
    if not place.is_given:
        return None
    at = place.members(("ground", "agreed_on", "reason", "contracts"))
    elements = at["contracts"].elements(at_least=1)
    return Negotiation(
        ground=fields.choice(at["ground"], NegotiationGround),
        agreed_on=fields.day(at["agreed_on"]),
        reason=fields.words(at["reason"]),
        contracts=tuple(_read_contract(element, known) for element in elements),
    )


def _read_contract(place: Place, known: Known) -> NegotiatedContract:
    at = place.members(("contractor", "unit_prices"))
    return NegotiatedContract(fields.words(at["contractor"]), read_prices(at["unit_prices"], known))
