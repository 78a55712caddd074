"""The demo: what a newcomer finds in it, and that it never takes the place of real data."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from procure import demo
from procure.accounts.passwords import matches
from procure.accounts.tables import AccountRow
from procure.bids.actions import open_bids, record_attempt
from procure.bids.queries import load_round
from procure.ceilings.queries import sealed_lots
from procure.ceilings.vault import Vault
from procure.clock import JAPAN
from procure.contracts.queries import agreed_lot, recorded_of
from procure.database import Database
from procure.demo import Demo, for_trial, make_demo
from procure.demo.people import PEOPLE
from procure.errors import Conflict
from procure.meetings.queries import held_in
from procure.migrations import upgrade
from procure.rounds.queries import find_round, lots_of, rounds_newest_first
from procure.rounds.stages import Stage
from procure.settings import PdfLimits, Settings
from procure.settlement.result import Outcome
from procure.settlement.round import Attempt, Bid, Entry, Lot
from procure.settlement.settle import settle
from tests.harness.databases import SQLiteDatabases
from tests.people import NOW, SEALING_KEY, SECRETARIAT, settle_in
from tests.stages import ACTOR, OPENED, VAULT, check

FIRST_OF_YEAR, LEAP_DAY = datetime(2027, 1, 1, 0, 5, tzinfo=JAPAN), datetime(2028, 2, 29, 23, 55, tzinfo=JAPAN)
END_OF_YEAR = datetime(2027, 3, 31, 12, 0, tzinfo=JAPAN)


@pytest.fixture
def settings(sqlite_databases: SQLiteDatabases, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of a database that is empty, with a key; the documents of the example are tested elsewhere."""
    monkeypatch.setattr(demo, "write_round_documents", lambda *_: [])
    return Settings(sqlite_databases.empty(), sealing_key=SEALING_KEY, pdf=PdfLimits(processes=0))


def made(settings: Settings, folder: Path, at: datetime = NOW) -> Demo:
    return make_demo(settings, folder, at)


@pytest.mark.parametrize("at", [NOW, FIRST_OF_YEAR, LEAP_DAY, END_OF_YEAR])
def test_there_are_an_example_a_tender_to_open_and_a_survey_on_any_day(
    settings: Settings, tmp_path: Path, at: datetime
) -> None:
    made(settings, tmp_path, at)
    with opened(settings) as session:
        stages = {row.stage: row for row in rounds_newest_first(session)}
        assert set(stages) == {Stage.PUBLISHED, Stage.BIDDING, Stage.SURVEYING}
        assert len({row.ref for row in stages.values()}) == len(rounds_newest_first(session)) == 3
        assert all(row.is_sample for row in stages.values())
        assert stages[Stage.BIDDING].bid_date == at.date()


def test_the_ceiling_of_the_tender_is_sealed(settings: Settings, tmp_path: Path) -> None:
    tender = made(settings, tmp_path).tender
    with opened(settings) as session:
        row = find_round(session, tender)
        (lot,) = lots_of(session, row.id)
        assert (lot.ceiling, list(sealed_lots(session, row.id))) == (None, [lot.id])


def test_the_bids_on_paper_lead_from_the_opening_to_a_lottery(settings: Settings, tmp_path: Path) -> None:
    making = made(settings, tmp_path)
    with opened(settings) as session:
        row = find_round(session, making.tender)
        open_bids(session, row, NOW, OPENED, VAULT, ACTOR, NOW)
        (lot,) = lots_of(session, row.id)
        (value,) = load_round(session, row).lots
        record_attempt(session, row, lot, typed(making.papers.read_text("utf-8"), value), ACTOR, NOW)
        check(session, row, lot, 1, NOW)
        (result,) = settle(load_round(session, row)).lots
    assert result.outcome is Outcome.AWARDED
    assert result.draw is not None
    assert result.draw.tied == ("mihon-c", "mihon-d")


def typed(papers: str, lot: Lot) -> Attempt:
    """The papers as somebody types them."""
    blocks = papers.split("■ ")[1:]
    return Attempt(1, NOW, tuple(_typed(block, lot) for block in blocks))


def _typed(block: str, lot: Lot) -> Bid:
    name, *lines = block.splitlines()
    month, day, hour, minute, second, number = re.findall(r"[0-9]+", lines[-1 if lines[-1] else -2])[1:]
    return Bid(
        next(bidder.id for bidder in lot.bidders if bidder.name == name),
        Entry.BID,
        unit_prices={item.id: _amount(block, item.name) for item in lot.items},
        total=_amount(block, "入札金額（税抜）"),
        received_at=NOW.replace(month=int(month), day=int(day), hour=int(hour), minute=int(minute), second=int(second)),
        draw_number=int(number),
    )


def _amount(block: str, name: str) -> int:
    found = re.search(rf"{re.escape(name)}　([0-9,]+)円", block)
    assert found is not None
    return int(found[1].replace(",", ""))


def test_two_bodies_have_recorded_their_contracts_and_the_council_has_met(settings: Settings, tmp_path: Path) -> None:
    made(settings, tmp_path)
    with opened(settings) as session:
        agreed = agreed_lot(session, find_round(session, "R3-1"), "pc")
        found = {code: len(recorded_of(session, agreed.lot_id, code).slips) for code in agreed.bodies}
        assert {code: count for code, count in found.items() if count} == {"292117": 3, "292036": 1}
        assert held_in(session, 2021)


def test_the_logins_work_and_the_second_person_is_named(settings: Settings, tmp_path: Path) -> None:
    making = made(settings, tmp_path)
    said = making.summary("http://127.0.0.1:8000/")
    with opened(settings) as session:
        logins = {account.login: account.password_hash for account in session.exec(select(AccountRow))}
    assert set(logins) == {person.login for person in PEOPLE}
    assert all(matches(making.password, hash) for hash in logins.values())
    (second,) = [line for line in said.splitlines() if "二人目" in line]
    assert second.split()[:2] == ["jimukyoku2", making.password]
    assert f"Round {making.tender} waits for its opening" in said
    assert str(tmp_path) in said


def test_a_demo_takes_the_place_of_an_earlier_one(settings: Settings, tmp_path: Path) -> None:
    made(settings, tmp_path)
    made(settings, tmp_path)
    with opened(settings) as session:
        assert len(rounds_newest_first(session)) == 3


def test_a_demo_takes_the_place_of_one_that_was_broken_off(settings: Settings, tmp_path: Path) -> None:
    upgrade(settings.database_url)
    made(settings, tmp_path)
    with opened(settings) as session:
        assert len(rounds_newest_first(session)) == 3


def test_real_data_is_never_replaced(settings: Settings, tmp_path: Path) -> None:
    upgrade(settings.database_url)
    with opened(settings) as session:
        settle_in(session, (SECRETARIAT,))
    with pytest.raises(Conflict, match="is not a demo"):
        made(settings, tmp_path)
    with opened(settings) as session:
        assert [account.login for account in session.exec(select(AccountRow))] == [SECRETARIAT.login]
    assert list(tmp_path.iterdir()) == []


def test_an_installation_without_a_key_gets_one_for_the_trial() -> None:
    first, second = for_trial(Settings()), for_trial(Settings())
    assert first.sealing_key != second.sealing_key
    assert Vault(first.sealing_key).has_key
    assert for_trial(Settings(sealing_key=SEALING_KEY)).sealing_key == SEALING_KEY


@contextmanager
def opened(settings: Settings) -> Iterator[Session]:
    database = Database(settings.database_url)
    try:
        with database.write() as session:
            yield session
    finally:
        database.close()
