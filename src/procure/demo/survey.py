"""A survey that is open now, for what the example bought, with a few answers."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from procure.demand.actions import save_draft, submit
from procure.demand.answer import NO, YES, lot_field, quantity_field
from procure.history.record import COMMAND_LINE
from procure.rounds.actions import create_round, open_survey, save_lot
from procure.rounds.queries import items_of
from procure.rounds.rules import Outline
from procure.rounds.tables import RoundRow
from procure.settings import Letterhead
from procure.settlement.round import Lot, Round, Rules
from procure.values.era import wareki_short
from procure.values.fiscal_year import first_day, fiscal_year_name, fiscal_year_of
from procure.values.text import fullwidth

SURVEY_DAYS = 14
ANSWERED = ("292028", "292044", "292061", "292109")  # bodies that have answered already
MADE_UP = "見本の案件です。品目、定価、数量はすべて架空のものです。"


def example_survey(session: Session, example: Round, at: datetime) -> None:
    deadline = (at + timedelta(days=SURVEY_DAYS)).replace(hour=17, minute=15, second=0, microsecond=0)
    bid_date = (at + timedelta(days=SURVEY_DAYS + 45)).date()
    year = fiscal_year_of(bid_date)
    outline = Outline(
        ref=round_number(year, 1),
        title=f"{fullwidth(fiscal_year_name(year))} 共同調達",
        fiscal_year=year,
        bid_date=bid_date,
        council=Letterhead().council,
        note=MADE_UP,
        is_sample=True,
    )
    row = create_round(session, outline, COMMAND_LINE, at)
    for lot in example.lots:
        save_lot(session, row, Lot(lot.id, lot.title, lot.contract_kind, Rules(), lot.items), COMMAND_LINE, at)
    open_survey(session, row, deadline, COMMAND_LINE, at)
    answer(session, row, example, ANSWERED, at)


def answer(session: Session, row: RoundRow, example: Round, codes: Iterable[str], at: datetime) -> None:
    """Each of the bodies asks for what it bought in the example."""
    items = items_of(session, row.id)
    asked = {
        (demand.municipality, item): quantity
        for lot in example.lots
        for demand in lot.demand
        for item, quantity in demand.quantities.items()
    }
    for code in codes:
        own = [(item, asked[code, item.ref]) for item in items if (code, item.ref) in asked]
        typed = {quantity_field(item.id): str(quantity) for item, quantity in own}
        joined = {item.lot_id for item, _ in own}
        typed |= {lot_field("join", lot): YES if lot in joined else NO for lot in {item.lot_id for item in items}}
        save_draft(session, row, code, typed, 0, COMMAND_LINE, at)
        submit(session, row, code, COMMAND_LINE, at)


def round_number(year: int, number: int) -> str:
    """R8-1."""
    return f"{wareki_short(first_day(year)).partition('.')[0]}-{number}"
