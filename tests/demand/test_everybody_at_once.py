"""The last minutes before the deadline: all bodies submit at once, from many threads, on both kinds of database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

from sqlmodel import Session

from procure.database import Database
from procure.demand.actions import save_draft, submit
from procure.demand.answer import YES, lot_field, quantity_field
from procure.demand.queries import answer_version, asked_lots, lines_of, submission_of, submissions_of
from procure.errors import Conflict
from procure.history.queries import events_of_round
from procure.parties.directory import bodies_of
from procure.rounds.queries import find_round, locked_round
from procure.rounds.tables import RoundRow
from tests.people import NOW
from tests.stages import surveying

CODES = tuple(body.code for body in bodies_of("奈良県"))
COLLEAGUES = 8


def test_every_acknowledged_submission_of_39_bodies_is_in_the_database(database: Database) -> None:
    ref = _survey(database)
    receipts = dict(
        zip(CODES, _at_once(lambda place: _answer(database, ref, CODES[place], place + 1), 39), strict=True)
    )
    with database.read() as session:
        row = find_round(session, ref)
        assert receipts == {code: kept.receipt_number for code, kept in submissions_of(session, row.id).items()}
        for place, code in enumerate(CODES):
            assert _asked(session, row, code) == {place + 1}
        recorded = [event.subject for event in events_of_round(session, ref) if event.action == "demand_submitted"]
        assert sorted(recorded) == sorted(CODES)


def test_of_those_around_the_deadline_exactly_the_ones_before_it_are_acknowledged(database: Database) -> None:
    ref = _survey(database)
    with database.read() as session:
        deadline = find_round(session, ref).survey_deadline or NOW
    times = [deadline + timedelta(milliseconds=place - 20) for place in range(39)]
    receipts = _at_once(lambda place: _answer(database, ref, CODES[place], 1, times[place]), 39)
    acknowledged = {code for code, receipt in zip(CODES, receipts, strict=True) if receipt}
    assert acknowledged == {code for code, at in zip(CODES, times, strict=True) if at < deadline}
    with database.read() as session:
        row = find_round(session, ref)
        assert set(submissions_of(session, row.id)) == acknowledged
        assert all(not _asked(session, row, code) for code in set(CODES) - acknowledged)


def test_of_colleagues_who_saw_the_same_page_one_is_acknowledged_and_that_one_is_kept(database: Database) -> None:
    ref, code = _survey(database), CODES[0]
    receipts = _at_once(lambda place: _answer(database, ref, code, place + 1, seen=0), COLLEAGUES)
    winners = [place for place, receipt in enumerate(receipts) if receipt]
    assert len(winners) == 1
    with database.read() as session:
        row = find_round(session, ref)
        kept = submission_of(session, row.id, code)
        assert kept is not None
        assert kept.receipt_number == receipts[winners[0]]
        assert _asked(session, row, code) == {winners[0] + 1}


def _survey(database: Database) -> str:
    with database.write() as session:
        return surveying(session, NOW).ref


def _answer(
    database: Database, ref: str, code: str, quantity: int, at: datetime = NOW, seen: int | None = None
) -> str | None:
    """The receipt number, or None where it was refused: as a page does it, in one transaction."""
    try:
        with database.write() as session:
            row = locked_round(session, ref)
            lots = asked_lots(session, row.id)
            typed = {quantity_field(item.id): str(quantity) for lot in lots for item in lot.items}
            typed |= {lot_field("join", lot.id): YES for lot in lots}
            version = answer_version(session, row.id, code) if seen is None else seen
            save_draft(session, row, code, typed, version, code, at)
            return submit(session, row, code, code, at).receipt_number
    except Conflict:
        return None


def _asked(session: Session, row: RoundRow, code: str) -> set[int]:
    return {line.quantity for line in lines_of(session, row.id, code).values()}


def _at_once(act: Callable[[int], str | None], times: int) -> list[str | None]:
    start = Barrier(times)

    def one(place: int) -> str | None:
        start.wait(timeout=30)
        return act(place)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))
