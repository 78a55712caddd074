"""The form of a 随意契約: contractors in rows, and every item with one contractor and its price per unit."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from procure.bids.negotiations import known_contractor, paper_faults
from procure.bids.rules import asked_quantities
from procure.errors import Fault
from procure.rounds.tables import RoundRow
from procure.server import Fields
from procure.settlement.negotiation import negotiation_faults
from procure.settlement.round import Item, Lot, NegotiatedContract, Negotiation, NegotiationGround
from procure.settlement.settle import settle_lot
from procure.values.era import parse_date
from procure.values.money import Yen, whole_or_exact
from procure.values.quantity import parse_yen
from procure.web.reading import Reading

MOST_CONTRACTORS = 5
NO_DAY = "見積合わせの日を入力してください（例：令和8年12月11日）。"
_CONTRACT = re.compile(r"contracts\[([0-9]+)\]\.(contractor|unit_prices)(?:\.(.+))?")


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A row of the form as typed; `amount` is tax-exclusive yen, None where the price cannot be read."""

    item: Item
    quantity: int
    contractor: str
    price: str
    amount: Yen | None


@dataclass(frozen=True, slots=True)
class TypedNegotiation:
    """A negotiated contract as far as it could be read, with every fault of the form and of the rules."""

    negotiation: Negotiation
    decision_number: str
    faults: tuple[Fault, ...]


def read_negotiation(form: Fields, row: RoundRow, lot: Lot, ground: NegotiationGround, today: date) -> TypedNegotiation:
    reading = Reading(form)
    day = reading.value("agreed_on", parse_date, NO_DAY)
    reason, number = reading.text("reason", lines=True), reading.text("decision_number")
    rows, contracts = _contracts(reading, lot)
    negotiation = Negotiation(ground, day or today, reason, contracts)
    ruled = [
        *((fault.path, fault.notice) for fault in negotiation_faults(lot, settle_lot(lot), negotiation)),
        *((fault.field, fault.message) for fault in paper_faults(row, negotiation, number, today)),
    ]
    is_priced = not any(fault.field.startswith("price-") for fault in reading.faults)
    placed = [Fault(_field(path, rows), notice) for path, notice in ruled if path != "contracts" or is_priced]
    return TypedNegotiation(negotiation, number, _in_order(lot, reading.judged(placed)))


def contractor_field(place: int) -> str:
    return f"contractor-{place}"


def item_lines(form: Fields, lot: Lot) -> tuple[ItemLine, ...]:
    reading = Reading(form)
    return tuple(_line(reading, lot, item, quantity) for item, quantity in _asked(lot))


def total_of(lines: Sequence[ItemLine]) -> Yen | None:
    """None until every price can be read."""
    amounts = [line.amount for line in lines if line.amount is not None]
    return whole_or_exact(sum(amounts)) if len(amounts) == len(lines) else None


def _line(reading: Reading, lot: Lot, item: Item, quantity: int) -> ItemLine:
    form = reading.form
    price = reading.value(f"price-{item.id}", lambda typed: parse_yen(typed, lot.rules.price_decimals))
    amount = None if price is None else whole_or_exact(price * quantity)
    contractor = form.text(f"by-{item.id}") or "0"
    return ItemLine(item, quantity, contractor, form.text(f"price-{item.id}"), amount)


def _asked(lot: Lot) -> Iterator[tuple[Item, int]]:
    quantities = asked_quantities(lot)
    return ((item, quantities[item.id]) for item in lot.items if item.id in quantities)


def _contracts(reading: Reading, lot: Lot) -> tuple[list[int], tuple[NegotiatedContract, ...]]:
    """The rows that stand for a contractor, and their contracts; one that bid goes by its id."""
    names = [reading.text(contractor_field(place)) for place in range(MOST_CONTRACTORS)]
    prices = _prices(reading, lot, names)
    rows = [place for place, name in enumerate(names) if name]
    if not rows:
        reading.faults.append(Fault(contractor_field(0), "契約の相手方の商号又は名称を入力してください。"))
    return rows, tuple(NegotiatedContract(known_contractor(lot, names[place]), prices[place]) for place in rows)


def _prices(reading: Reading, lot: Lot, names: Sequence[str]) -> list[dict[str, Yen]]:
    """By the row of the contractor: every item has one, and a price."""
    found: list[dict[str, Yen]] = [{} for _ in names]
    for item, _ in _asked(lot):
        place = _place(reading.form, item)
        price = reading.value(
            f"price-{item.id}",
            lambda typed: parse_yen(typed, lot.rules.price_decimals),
            f"「{item.name}」の単価を入力してください。すべての品目に必要です。",
        )
        if price is not None:
            found[place][item.id] = price
        if place and not names[place]:
            said = f"「{item.name}」を契約する相手方{place + 1}の商号又は名称を入力してください。"
            reading.faults.append(Fault(contractor_field(place), said))
    return found


def _place(form: Fields, item: Item) -> int:
    typed = form.text(f"by-{item.id}")
    return int(typed) if typed in {str(place) for place in range(MOST_CONTRACTORS)} else 0


def _field(path: str, rows: Sequence[int]) -> str:
    """The control that a fault of the round file's path is about."""
    found = _CONTRACT.fullmatch(path)
    if found is None:
        return "total" if path == "contracts" else path
    place, _, item = found.groups()
    return f"price-{item}" if item else contractor_field(rows[int(place)])


def _in_order(lot: Lot, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """As the controls stand on the page."""
    order = [
        *(contractor_field(place) for place in range(MOST_CONTRACTORS)),
        *(f"price-{item.id}" for item in lot.items),
        "total",
        "reason",
        "agreed_on",
        "decision_number",
    ]
    return tuple(sorted(faults, key=lambda fault: order.index(fault.field)))
