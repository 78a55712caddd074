"""The Reiwa 3 round brought to every stage by the actions themselves, as the secretariat and the bodies would.

Each builder starts from nothing: `opening(session, NOW)`, or `round_at(session, Stage.OPENING, NOW)`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlmodel import Session

from procure.awards.actions import confirm, propose, publish
from procure.awards.rules import amount_to_repeat
from procure.bids.actions import announce, open_bids, record_attempt
from procure.bids.bidders import Registration, save_bidders
from procure.bids.checking import Way, recorded_of
from procure.bids.checks import check_attempt
from procure.bids.queries import load_round
from procure.ceilings.actions import seal_ceiling
from procure.ceilings.ceiling import Basis, Ceiling
from procure.ceilings.vault import Vault
from procure.demand.actions import close_survey, save_draft, submit
from procure.demand.answer import NO, YES, lot_field, quantity_field
from procure.parties.actions import add_members
from procure.parties.directory import bodies_of, known_codes
from procure.rounds.actions import create_round, open_survey, save_lot
from procure.rounds.queries import items_of, lots_of
from procure.rounds.rules import Outline
from procure.rounds.stages import Stage
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.rounds.values import rules_value
from procure.settlement.bids import total_quantities
from procure.settlement.round import Demand, Lot, Opening, Round, Witness, WitnessKind
from procure.settlement.round_file import read_round
from procure.settlement.settle import settle
from procure.values.money import Yen
from procure.values.tax import least_with_tax
from tests.builders import r3_text
from tests.harness.remembered import remembered
from tests.people import SEALING_KEY

ACTOR = "事務局の操作"
SECOND = "事務局の照合"  # another person of the secretariat
VAULT = Vault(SEALING_KEY)
OPENED = Opening("県庁　会議室", "入札　執行", "記録　係", (Witness("立会　人子", WitnessKind.OFFICIAL, "会計課"),))
SURVEY_DAYS = 14


def example() -> Round:
    return _read_example()


def _now_example() -> Round:
    """By its name when it is asked for: a test may put another in its place."""
    return example()


@cache
def _read_example() -> Round:
    return read_round(r3_text().encode(), known_codes())


@remembered(_now_example)
def preparing(session: Session, now: datetime) -> RoundRow:
    """The round with its lots, rules and items; the 39 bodies of Nara are members."""
    value = example()
    add_members(session, bodies_of("奈良県"), ACTOR, now)
    outline = Outline(value.id, value.title, value.fiscal_year, value.bid_date, value.council, value.note)
    row = create_round(session, outline, ACTOR, now)
    for lot in value.lots:
        save_lot(session, row, Lot(lot.id, lot.title, lot.contract_kind, lot.rules, lot.items), ACTOR, now)
    return row


@remembered(_now_example)
def surveying(session: Session, now: datetime) -> RoundRow:
    """The survey is open for two weeks more, and nobody has answered yet."""
    row = preparing(session, now)
    open_survey(session, row, now + timedelta(days=SURVEY_DAYS), ACTOR, now)
    return row


@remembered(_now_example)
def answered(session: Session, now: datetime) -> RoundRow:
    """The survey is still open, and every body that bought in the example has answered."""
    row = surveying(session, now)
    items = items_of(session, row.id)
    for code in sorted({demand.municipality for lot in example().lots for demand in lot.demand}):
        save_draft(session, row, code, _typed(items, code), 0, ACTOR, now)
        submit(session, row, code, ACTOR, now)
    return row


@remembered(_now_example)
def specified(session: Session, now: datetime) -> RoundRow:
    row = answered(session, now)
    close_survey(session, row, ACTOR, now)
    return row


@remembered(_now_example)
def bidding(session: Session, now: datetime) -> RoundRow:
    row = specified(session, now)
    save_bidders(session, row, _registrations(example()), ACTOR, now)
    seal_all(session, row, now)
    announce(session, row, VAULT, ACTOR, now)
    return row


def seal_all(session: Session, row: RoundRow, now: datetime) -> None:
    """Seals the ceilings of the example, without which no bids are opened."""
    for lot, value in zip(lots_of(session, row.id), example().lots, strict=True):
        seal(session, row, lot, value.rules.ceiling, now)


def seal(session: Session, row: RoundRow, lot: LotRow, without_tax: Yen | None, now: datetime) -> None:
    """Seals the ceiling of a lot, where it is to have one (tax-exclusive yen)."""
    if without_tax is not None:
        with_tax = least_with_tax(without_tax, rules_value(lot).tax_rate)
        ceiling = Ceiling(with_tax, without_tax, Basis(note="参考見積による"))
        seal_ceiling(session, row, lot, ceiling, VAULT, ACTOR, now)


@remembered(_now_example)
def opening(session: Session, now: datetime) -> RoundRow:
    """Opened at the time of the example, and no bid recorded yet."""
    row = bidding(session, now)
    open_bids(session, row, opened_at(now), OPENED, VAULT, ACTOR, now)
    return row


def opened_at(now: datetime) -> datetime:
    """When the first attempt of the example was opened; now where it has none."""
    return min((attempt.opened_at for lot in example().lots for attempt in lot.attempts), default=now)


@remembered(_now_example)
def decided(session: Session, now: datetime) -> RoundRow:
    """Every bid recorded: the lots have their 落札候補者."""
    row = opening(session, now)
    for lot, value in zip(lots_of(session, row.id), example().lots, strict=True):
        for attempt in value.attempts:
            record_attempt(session, row, lot, attempt, ACTOR, now)
            check(session, row, lot, attempt.number, now)
    return row


def check(session: Session, row: RoundRow, lot: LotRow, number: int, now: datetime) -> None:
    """A second person finds on paper what was recorded."""
    value = next(one for one in load_round(session, row).lots if one.id == lot.ref)
    found = recorded_of(value.attempts[number - 1], total_quantities(value))
    check_attempt(session, row, lot, number, found, Way.TYPED, SECOND, now)


@remembered(_now_example)
def confirmed(session: Session, now: datetime) -> RoundRow:
    row = decided(session, now)
    propose(session, row, "見本第1号", now.date(), ACTOR, now)
    confirm(session, row, amounts_of(session, row), SECOND, now)
    return row


def amounts_of(session: Session, row: RoundRow) -> dict[str, int | None]:
    """契約金額 (yen with tax) of every lot that comes to a contract, as the second person repeats them."""
    amounts = {lot.id: amount_to_repeat(lot) for lot in settle(load_round(session, row)).lots}
    return {lot: amount for lot, amount in amounts.items() if amount is not None}


@remembered(_now_example)
def published(session: Session, now: datetime) -> RoundRow:
    row = confirmed(session, now)
    publish(session, row, ACTOR, now)
    return row


_BUILDERS: dict[Stage, Callable[[Session, datetime], RoundRow]] = {
    Stage.PREPARING: preparing,
    Stage.SURVEYING: surveying,
    Stage.SPECIFIED: specified,
    Stage.BIDDING: bidding,
    Stage.OPENING: opening,
    Stage.PUBLISHED: published,
}


def round_at(session: Session, stage: Stage, now: datetime) -> RoundRow:
    return _BUILDERS[stage](session, now)


def _typed(items: Sequence[ItemRow], code: str) -> dict[str, str]:
    asked = {item: quantity for demand in _demands(code) for item, quantity in demand.quantities.items()}
    typed = {quantity_field(item.id): str(asked[item.ref]) for item in items if item.ref in asked}
    joined = {item.lot_id for item in items if item.ref in asked}
    return typed | {lot_field("join", lot): YES if lot in joined else NO for lot in {item.lot_id for item in items}}


def _demands(code: str) -> list[Demand]:
    return [demand for lot in example().lots for demand in lot.demand if demand.municipality == code]


def _registrations(value: Round) -> list[Registration]:
    names = {bidder.id: bidder.name for lot in value.lots for bidder in lot.bidders}
    lots = {ref: frozenset(lot.id for lot in value.lots if ref in {b.id for b in lot.bidders}) for ref in names}
    return [Registration(ref, name, lots[ref]) for ref, name in names.items()]
