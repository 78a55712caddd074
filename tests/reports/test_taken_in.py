"""取込み: a round that came as a file says so, and one account alone decides nothing with it."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from procure.accounts.tables import AccountRow
from procure.accounts.viewer import Viewer
from procure.awards.actions import confirm, propose, publish
from procure.awards.archive import import_round
from procure.awards.queries import confirmation_of
from procure.database import Database
from procure.errors import Conflict
from procure.history.record import COMMAND_LINE
from procure.reports.lot_record import lot_records
from procure.reports.published_rounds import published_value
from procure.reports.taken_in import OPERATOR, taken_in
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from tests import stages
from tests.builders import a_lot, a_round
from tests.people import SECOND, SECRETARIAT, Person, settle_in

NOW = datetime.fromisoformat("2026-11-24T10:00:00+09:00")
BY_COMMAND = (
    "入札の記録と落札者の決定は、運用の担当者（procure import）が令和8年11月24日（火）10時00分に"
    "案件ファイルから取り込んだものです。"
    "このサービスで開札、照合及び決定をしたものではありません。"
)


def archived(session: Session) -> RoundRow:
    return import_round(session, stages.example(), COMMAND_LINE, NOW)


def test_a_round_whose_decision_came_in_a_file_says_who_took_it_in_and_when(database: Database) -> None:
    with database.write() as session:
        found = taken_in(session, archived(session))
    assert found is not None
    assert (found.by, found.at, found.is_decided) == (OPERATOR, NOW, True)
    assert found.text == BY_COMMAND


def test_the_public_reads_that_a_round_was_taken_in_and_not_by_whom(database: Database) -> None:
    with database.write() as session:
        row = archived(session)
        publish(session, row, stages.ACTOR, NOW)
        found = published_value(session, row).taken_in
    assert found is not None
    assert found.public_text == BY_COMMAND.replace(f"{OPERATOR}が", "")


def test_the_record_of_each_lot_says_that_its_bids_were_taken_in(database: Database) -> None:
    with database.write() as session:
        records = lot_records(session, archived(session))
    assert [record.taken_in is not None for record in records.values()] == [True, True]


def test_a_round_that_was_opened_here_was_not_taken_in(database: Database) -> None:
    with database.write() as session:
        row = stages.confirmed(session, NOW)
        assert taken_in(session, row) is None
        assert not any(record.taken_in for record in lot_records(session, row).values())


def test_a_round_that_came_as_a_file_before_its_opening_has_bids_of_this_service(database: Database) -> None:
    with database.write() as session:
        row = import_round(session, a_round(a_lot()), COMMAND_LINE, NOW)
        assert taken_in(session, row) is None


def test_a_decision_that_two_people_made_here_did_not_come_with_the_file(database: Database) -> None:
    with database.write() as session:
        settle_in(session, [SECRETARIAT, SECOND])
        first, second = person(session, SECRETARIAT), person(session, SECOND)
        row = import_round(session, stages.example(), first, NOW)
        propose(session, row, "見本第1号", NOW.date(), first, NOW)
        confirm(session, row, stages.amounts_of(session, row), second, NOW + timedelta(hours=1))
        found = taken_in(session, row)
    assert found is not None
    assert (found.by, found.is_decided) == (first.label, False)
    assert found.text.startswith(f"入札の記録は、{first.label}が")


def test_one_account_alone_makes_no_decision_of_a_file(database: Database) -> None:
    """The bids of the file wait for the second person, whatever the file says of them."""
    with database.write() as session:
        settle_in(session, [SECRETARIAT])
        alone = person(session, SECRETARIAT)
        row = import_round(session, stages.example(), alone, NOW)
        assert (row.stage, row.confirmed_at, confirmation_of(session, row)) == (Stage.OPENING, None, None)
        with pytest.raises(Conflict, match="確定してから"):
            publish(session, row, alone, NOW)
        propose(session, row, "見本第1号", NOW.date(), alone, NOW)
        with pytest.raises(Conflict, match="別の人"):
            confirm(session, row, stages.amounts_of(session, row), alone, NOW)
        assert confirmation_of(session, row) is None


def person(session: Session, someone: Person) -> Viewer:
    account = session.exec(select(AccountRow).where(AccountRow.login == someone.login)).one()
    return Viewer(account.id, account.login, account.name, account.role, None, None, "")
