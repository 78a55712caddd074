"""A new round from an earlier one: lots, rules and items are taken over, prices of the old bidding are not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from procure.history.record import Actor, Changes, record
from procure.rounds.actions import create_round, write_lot
from procure.rounds.attachments import write_attachment
from procure.rounds.queries import items_of, lots_of
from procure.rounds.rules import Outline
from procure.rounds.tables import AttachmentRow, LotRow, RoundRow
from procure.rounds.values import lot_values
from procure.settlement.round import Lot
from procure.values.fiscal_year import fiscal_year_name, fiscal_year_of
from procure.values.text import fullwidth
from procure.values.working_days import first_working_day


def copy_round(
    session: Session, source: RoundRow, outline: Outline, with_attachments: bool, actor: Actor, at: datetime
) -> RoundRow:
    """A round in 準備 with the lots of `source`: rules without 入札書比較価格 and 最低制限価格, items with 定価 and
    its source, which somebody has to check again.

    Raises Invalid for the outline.
    """
    row = create_round(session, outline, actor, at)
    rows = lots_of(session, source.id)
    copy_lots(session, rows, row)
    files = copy_attachments(session, source, row, actor, at) if with_attachments else 0
    session.flush()
    changes: Changes = {"source": (None, source.ref), "lots": (None, len(rows)), "files": (None, files)}
    record(session, at, actor, "round_copied", round_ref=row.ref, subject=row.title, changes=changes)
    return row


def copy_lots(session: Session, rows: Sequence[LotRow], row: RoundRow) -> tuple[LotRow, ...]:
    """These lots of another round, with rules and items, as the lots of a new one, none of them cancelled."""
    items = [item for number in {lot.round_id for lot in rows} for item in items_of(session, number)]
    made = []
    for position, (old, lot) in enumerate(zip(rows, lot_values(rows, items), strict=True)):
        written = write_lot(session, row, position, _without_prices(lot))
        written.either_acquisition = old.either_acquisition
        made.append(written)
    session.flush()
    return tuple(made)


def suggested_bid_date(last: date, today: date) -> date:
    """A year after the last one, or as many years as it takes to lie ahead; the next working day from there on."""
    year = max(last.year + 1, today.year)
    day = _in_year(last, year)
    return first_working_day(day if day > today else _in_year(last, year + 1))


def suggested_title(title: str, last: int, year: int) -> str:
    """The title with the new 年度 in place of the last one, in the width in which it is written."""
    for width in (str, fullwidth):
        title = title.replace(width(fiscal_year_name(last)), width(fiscal_year_name(year)))
    return title


def suggested_year(last: int, bid_date: date, next_bid_date: date) -> int:
    """As far from the bid date as it was: a bid in March may be for the 年度 that follows."""
    return last + fiscal_year_of(next_bid_date) - fiscal_year_of(bid_date)


def _without_prices(lot: Lot) -> Lot:
    rules = replace(lot.rules, ceiling=None, ceiling_with_tax=None, minimum=None)
    return Lot(lot.id, lot.title, lot.contract_kind, rules, lot.items, tender_method=lot.tender_method)


def copy_attachments(session: Session, source: RoundRow, row: RoundRow, actor: Actor, at: datetime) -> int:
    """One at a time: a specification may be large."""
    of_source = select(AttachmentRow.id).where(col(AttachmentRow.round_id) == source.id)
    numbers = session.exec(of_source.order_by(col(AttachmentRow.id))).all()
    for number in numbers:
        kept = session.get_one(AttachmentRow, number)
        write_attachment(session, row, kept.name, kept.content, actor, at)
    return len(numbers)


def _in_year(day: date, year: int) -> date:
    """29 February has its day in leap years only."""
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)
