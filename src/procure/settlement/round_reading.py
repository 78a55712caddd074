"""A round file's round, organisations, lots and rules, read place by place; every fault is noted on the way."""

from collections.abc import Callable, Collection, Set
from typing import TypeVar

from procure.settlement import fields
from procure.settlement.consistency import note_impossible_decision
from procure.settlement.lot_reading import Known, read_attempts, read_bidders, read_demands, read_items
from procure.settlement.place import MISSING, Place, note_repeated
from procure.settlement.round import (
    CeilingDisclosure,
    ContractKind,
    DrawMethod,
    Lot,
    Organisation,
    PaperDraw,
    Round,
    Rules,
)

FORMAT = "procure.round/1"
MOST_ATTEMPTS = 3
MOST_DECIMALS = 2

Value = TypeVar("Value")

_ROUND = ("format", "id", "title", "fiscal_year", "bid_date", "council", "lots")
_LOT = ("id", "title", "contract_kind", "rules", "items", "demand", "bidders", "attempts")
_LIMITS = ("ceiling", "minimum")
_DEFAULTED = ("tax_rate", "ceiling_disclosure", "max_attempts", "rebid_must_be_lower", "price_decimals", "draw")


def read_round_at(root: Place, known: Collection[str]) -> Round:
    """The round at the root of a file. `known` are the codes of the built-in municipalities."""
    at = root.members(_ROUND, ("note", "organisations"))
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
    )


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
    at = place.members(_LOT, ("draw", "cancelled"))
    kind = fields.choice(at["contract_kind"], ContractKind)
    rules = _read_rules(at["rules"], kind)
    items = read_items(at["items"])
    demand, quantities = read_demands(at["demand"], {item.id for item in items}, codes)
    bidders = read_bidders(at["bidders"])
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
        draw=_read_draw(at["draw"], known.bidders),
        cancelled=_read_cancelled(at["cancelled"]),
    )
    note_impossible_decision(place, lot, place.faults[mark:])
    return lot


def _read_rules(place: Place, kind: ContractKind) -> Rules:
    at = place.members((), (*_DEFAULTED, *_LIMITS))
    if at["minimum"].is_given and kind is not ContractKind.WORKS:
        at["minimum"].wrong("最低制限価格 is only for contract_kind works")
    default = Rules()

    def given(key: str, read: Callable[[Place], Value], otherwise: Value) -> Value:
        return otherwise if at[key].value is MISSING else read(at[key])

    return Rules(
        tax_rate=given("tax_rate", fields.rate, default.tax_rate),
        ceiling=fields.amount_above_zero(at["ceiling"]) if at["ceiling"].is_given else None,
        minimum=fields.amount(at["minimum"]) if at["minimum"].is_given else None,
        ceiling_disclosure=given("ceiling_disclosure", _disclosure, default.ceiling_disclosure),
        max_attempts=given("max_attempts", lambda p: fields.integer(p, 1, MOST_ATTEMPTS), default.max_attempts),
        rebid_must_be_lower=given("rebid_must_be_lower", fields.flag, default.rebid_must_be_lower),
        price_decimals=given("price_decimals", lambda p: fields.integer(p, 0, MOST_DECIMALS), default.price_decimals),
        draw=given("draw", _draw_method, default.draw),
    )


def _disclosure(place: Place) -> CeilingDisclosure:
    return fields.choice(place, CeilingDisclosure)


def _draw_method(place: Place) -> DrawMethod:
    return fields.choice(place, DrawMethod)


def _read_draw(place: Place, bidders: Set[str]) -> PaperDraw | None:
    if not place.is_given:
        return None
    at = place.members(("winner",), ("drawn_by", "witness"))
    winner = fields.identifier(at["winner"])
    if winner and winner not in bidders:
        at["winner"].wrong("it is not a bidder of the lot")
    return PaperDraw(winner, fields.optional_text(at["drawn_by"]), fields.optional_text(at["witness"]))


def _read_cancelled(place: Place) -> str | None:
    return fields.words(place.members(("reason",))["reason"]) if place.is_given else None
