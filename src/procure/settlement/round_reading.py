"""A round file's round, organisations, lots and rules, read place by place; every fault is noted on the way."""

from collections.abc import Callable, Collection, Set
from typing import TypeVar

from procure.settlement import fields
from procure.settlement.bid_reading import Known, read_attempts
from procure.settlement.consistency import note_impossible_decision
from procure.settlement.lot_reading import read_bidders, read_demands, read_items
from procure.settlement.place import MISSING, Place, note_repeated
from procure.settlement.record_reading import read_draw, read_draws, read_negotiation, read_opening, read_reviews
from procure.settlement.round import (
    CeilingDisclosure,
    ContractKind,
    DrawMethod,
    Lot,
    Organisation,
    Review,
    Round,
    Rules,
    TenderMethod,
)

FORMAT = "procure.round/1"
MOST_ATTEMPTS = 3
MOST_DECIMALS = 2

Value = TypeVar("Value")

_ROUND = ("format", "id", "title", "fiscal_year", "bid_date", "council", "lots")
_LOT = ("id", "title", "contract_kind", "rules", "items", "demand", "bidders", "attempts")
_LOT_OPTIONAL = ("draw", "cancelled", "tender_method", "reviews", "draws_before", "negotiation")
_LIMITS = ("ceiling", "minimum", "ceiling_with_tax", "void_grounds")
_DEFAULTED = (
    "tax_rate",
    "ceiling_disclosure",
    "max_attempts",
    "rebid_must_be_lower",
    "price_decimals",
    "draw",
    "review",
)


def read_round_at(root: Place, known: Collection[str]) -> Round:
    """The round at the root of a file. `known` are the codes of the built-in municipalities."""
    at = root.members(_ROUND, ("note", "organisations", "opening", "follows"))
    if at["format"].value != FORMAT:
        at["format"].wrong(f'the format is "{FORMAT}"')
    organisations = _read_organisations(at["organisations"])
    codes = frozenset(known) | {organisation.code for organisation in organisations}
    return Round(
        id=fields.identifier(at["id"]),
        title=fields.words(at["title"]),
        fiscal_year=fields.integer(at["fiscal_year"], 1, 9998),
        bid_date=fields.day(at["bid_date"]),
        council=fields.words(at["council"].members(("name",))["name"]),
        note=fields.optional_text(at["note"]),
        organisations=organisations,
        lots=_read_lots(at["lots"], codes),
        opening=read_opening(at["opening"]),
        follows=_read_follows(at["follows"], at["id"]),
    )


def _read_follows(place: Place, own: Place) -> str | None:
    if not place.is_given:
        return None
    follows = fields.identifier(place)
    if follows and follows == own.value:
        place.wrong("a round cannot follow itself")
    return follows


def _read_organisations(place: Place) -> tuple[Organisation, ...]:
    if not place.is_given:
        return ()
    elements = place.elements()
    found = tuple(_read_organisation(element) for element in elements)
    note_repeated(elements, [organisation.code for organisation in found], "code")
    return found


def _read_organisation(place: Place) -> Organisation:
    at = place.members(("code", "name", "kind"))
    return Organisation(fields.code(at["code"]), fields.words(at["name"]), fields.text(at["kind"]))


def _read_lots(place: Place, codes: Set[str]) -> tuple[Lot, ...]:
    elements = place.elements(at_least=1)
    lots = tuple(_read_lot(element, codes) for element in elements)
    note_repeated(elements, [lot.id for lot in lots], "id")
    return lots


def _read_lot(place: Place, codes: Set[str]) -> Lot:
    mark = len(place.faults)
    at = place.members(_LOT, _LOT_OPTIONAL)
    kind = fields.choice(at["contract_kind"], ContractKind)
    before_rules = len(place.faults)
    rules = _read_rules(at["rules"], kind)
    is_reviewed = rules.review is Review.AFTER or len(place.faults) > before_rules
    items = read_items(at["items"])
    demand, quantities = read_demands(at["demand"], {item.id for item in items}, codes)
    bidders, method = read_bidders(at["bidders"]), at["tender_method"]
    known = Known({item.id for item in items}, {bidder.id for bidder in bidders}, quantities, rules)
    lot = Lot(
        id=fields.identifier(at["id"]),
        title=fields.words(at["title"]),
        contract_kind=kind,
        rules=rules,
        items=items,
        demand=demand,
        bidders=bidders,
        attempts=read_attempts(at["attempts"], known),
        draw=read_draw(at["draw"], known.bidders),
        cancelled=_read_cancelled(at["cancelled"]),
        tender_method=fields.choice(method, TenderMethod) if method.is_given else TenderMethod.OPEN,
        reviews=read_reviews(at["reviews"], known.bidders),
        draws_before=read_draws(at["draws_before"], known.bidders),
        negotiation=read_negotiation(at["negotiation"], known),
    )
    note_impossible_decision(place, lot, place.faults[mark:])
    if at["reviews"].is_given and not is_reviewed:
        at["reviews"].fault("stand only where the rules review after the opening")
    return lot


def _read_rules(place: Place, kind: ContractKind) -> Rules:
    mark = len(place.faults)
    at = place.members((), (*_DEFAULTED, *_LIMITS))
    if at["minimum"].is_given and kind is not ContractKind.WORKS:
        at["minimum"].wrong("最低制限価格 is only for contract_kind works")
    default = Rules()

    def given(key: str, read: Callable[[Place], Value], otherwise: Value) -> Value:
        return otherwise if at[key].value is MISSING else read(at[key])

    rules = Rules(
        tax_rate=given("tax_rate", fields.rate, default.tax_rate),
        ceiling=fields.amount_above_zero(at["ceiling"]) if at["ceiling"].is_given else None,
        minimum=fields.amount(at["minimum"]) if at["minimum"].is_given else None,
        ceiling_disclosure=given("ceiling_disclosure", _disclosure, default.ceiling_disclosure),
        max_attempts=given("max_attempts", lambda p: fields.integer(p, 1, MOST_ATTEMPTS), default.max_attempts),
        rebid_must_be_lower=given("rebid_must_be_lower", fields.flag, default.rebid_must_be_lower),
        price_decimals=given("price_decimals", lambda p: fields.integer(p, 0, MOST_DECIMALS), default.price_decimals),
        draw=given("draw", _draw_method, default.draw),
        review=given("review", _review, default.review),
        ceiling_with_tax=fields.amount_above_zero(at["ceiling_with_tax"]) if at["ceiling_with_tax"].is_given else None,
        void_grounds=_read_void_grounds(at["void_grounds"]),
    )
    if len(place.faults) == mark:
        _note_ceilings(at["ceiling_with_tax"], rules)
    return rules


def _note_ceilings(with_tax: Place, rules: Rules) -> None:
    """The 予定価格 covers the 入札書比較価格 with its tax, exactly: what is within the one is within the other."""
    if rules.ceiling_with_tax is None:
        return
    if rules.ceiling is None:
        with_tax.wrong("it stands only beside a ceiling")
    elif rules.ceiling * (1 + rules.tax_rate) > rules.ceiling_with_tax:
        with_tax.wrong("the ceiling with its tax is more")


def _read_void_grounds(place: Place) -> tuple[str, ...]:
    return tuple(fields.words(element) for element in place.elements()) if place.is_given else ()


def _disclosure(place: Place) -> CeilingDisclosure:
    return fields.choice(place, CeilingDisclosure)


def _review(place: Place) -> Review:
    return fields.choice(place, Review)


def _draw_method(place: Place) -> DrawMethod:
    return fields.choice(place, DrawMethod)


def _read_cancelled(place: Place) -> str | None:
    return fields.words(place.members(("reason",))["reason"]) if place.is_given else None
