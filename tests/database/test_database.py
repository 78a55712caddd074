"""Transactions that neither lose an update nor write where they should only read; exact amounts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import select

from procure.database import Database, DatabaseUnfit, held_alone
from procure.rounds.queries import locked_round
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import ContractKind
from tests.people import NOW


def a_round(ref: str = "R3-1") -> RoundRow:
    return RoundRow(
        ref=ref, title="共同調達", fiscal_year=2021, bid_date=date(2021, 6, 11), council="協議会", created_at=NOW
    )


def test_eighty_increments_from_eight_threads_are_eighty(database: Database) -> None:
    with database.write() as session:
        session.add(a_round())

    def increment(_: int) -> None:
        with database.write() as session:
            locked_round(session, "R3-1").version += 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(increment, range(80)))
    with database.read() as session:
        assert session.exec(select(RoundRow.version)).one() == 81


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.add(a_round())
        session.flush()


def test_a_page_reads_one_state_of_the_database_whatever_is_written_meanwhile(database: Database) -> None:
    with database.write() as session:
        session.add(a_round())
    with database.read() as reader:
        before = reader.exec(select(RoundRow.version)).one()
        with database.write() as session:
            locked_round(session, "R3-1").version += 1
        assert reader.exec(select(RoundRow.version)).one() == before
    with database.read() as reader:
        assert reader.exec(select(RoundRow.version)).one() == before + 1


def test_an_exception_undoes_everything(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        session.add(a_round())
        session.flush()
        raise RuntimeError
    with database.read() as session:
        assert session.exec(select(RoundRow)).all() == []


def test_yen_beyond_four_bytes_and_sen_come_back_exactly(database: Database) -> None:
    with database.write() as session:
        row = a_round()
        session.add(row)
        session.flush()
        lot = LotRow(round_id=row.id, ref="pc", position=0, title="PC", contract_kind=ContractKind.WORKS)
        lot.ceiling, lot.minimum = 999_999_999_999, Fraction(17, 20)
        session.add(lot)
    with database.read() as session:
        kept = session.exec(select(LotRow)).one()
    assert (kept.ceiling, kept.minimum) == (999_999_999_999, Fraction(17, 20))


def test_an_amount_finer_than_a_sen_is_refused_not_rounded(database: Database) -> None:
    with pytest.raises(StatementError, match="finer than 1 sen"), database.write() as session:
        row = a_round()
        session.add(row)
        session.flush()
        session.add(LotRow(round_id=row.id, ref="pc", position=0, title="PC", ceiling=Fraction(1, 1000)))


def test_sqlite_writes_ahead_and_waits_for_the_disk(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        pragmas = {
            name: session.connection().execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_second_service_on_the_same_file_is_refused(sqlite_url: str) -> None:
    with held_alone(sqlite_url), pytest.raises(DatabaseUnfit, match="Another service runs"), held_alone(sqlite_url):
        pass
    with held_alone(sqlite_url):
        pass
