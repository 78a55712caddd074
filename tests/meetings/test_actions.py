"""Adding, changing and removing records of training courses and meetings, on both databases."""

from datetime import date

import pytest
from sqlmodel import Session

from procure.database import Database
from procure.errors import Invalid, NotFound
from procure.history.queries import latest_events
from procure.meetings.actions import add_meeting, change_meeting, remove_meeting
from procure.meetings.example import example_meetings
from procure.meetings.kinds import Form, Kind, Organ
from procure.meetings.queries import Held, counts_by_year, find_held, held_in, locked_meeting, of_kind
from procure.parties.actions import add_members
from procure.parties.directory import bodies_of
from tests.meetings.records import a_meeting, a_training
from tests.people import NOW

ACTOR = "事務局の操作"


def council(session: Session) -> None:
    add_members(session, bodies_of("奈良県"), ACTOR, NOW)


def held(session: Session, year: int = 2021) -> list[str]:
    return [one.record.title for one in held_in(session, year)]


def the_only(session: Session) -> Held:
    (one,) = held_in(session, 2021)
    return one


def test_a_record_is_read_as_it_was_entered(database: Database) -> None:
    entered = a_meeting(bodies=("292010", "292117"), is_sample=True)
    with database.write() as session:
        council(session)
        add_meeting(session, entered, ACTOR, NOW)
    with database.read() as session:
        found = the_only(session)
    assert found.record == entered
    assert [body.name for body in found.bodies] == ["奈良市", "葛城市"]
    assert found.version == 1


def test_a_year_holds_what_was_held_from_april_to_march(database: Database) -> None:
    days = {"前": date(2021, 3, 31), "初日": date(2021, 4, 1), "末日": date(2022, 3, 31), "後": date(2022, 4, 1)}
    with database.write() as session:
        for title, day in reversed(days.items()):
            add_meeting(session, a_training(title=title, day=day), ACTOR, NOW)
    with database.read() as session:
        assert held(session) == ["初日", "末日"]
        assert (held(session, 2020), held(session, 2022)) == (["前"], ["後"])
        assert counts_by_year(session) == {
            year: {Kind.TRAINING: count} for year, count in ((2020, 1), (2021, 2), (2022, 1))
        }


def test_trainings_and_meetings_are_told_apart(database: Database) -> None:
    with database.write() as session:
        add_meeting(session, a_training(), ACTOR, NOW)
        add_meeting(session, a_meeting(), ACTOR, NOW)
    with database.read() as session:
        everything = held_in(session, 2021)
    assert [one.record.title for one in of_kind(everything, Kind.TRAINING)] == ["情報セキュリティ研修"]
    assert [one.record.title for one in of_kind(everything, Kind.MEETING)] == ["第１回幹事会"]


def test_a_change_says_from_what_to_what(database: Database) -> None:
    with database.write() as session:
        council(session)
        row = add_meeting(session, a_meeting(bodies=("292010",)), ACTOR, NOW)
        changed = a_meeting(bodies=("292117",), organ=Organ.SECTION, title="調整部会", form=Form.WRITTEN, persons=None)
        change_meeting(session, row, changed, ACTOR, NOW)
    with database.read() as session:
        event = latest_events(session)[0]
        found = the_only(session)
    assert found.record == changed
    assert found.version == 2
    assert (event.label, event.subject) == ("会議を修正", "調整部会")
    assert {change.what: (change.before, change.after) for change in event.changes} == {
        "organ": ("committee", "section"),
        "title": ("第１回幹事会", "調整部会"),
        "held_as": ("in_person", "written"),
        "persons": ("12", None),
        "bodies": ("奈良市", "葛\U000e0100城市"),
    }


def test_saving_the_same_again_changes_nothing(database: Database) -> None:
    with database.write() as session:
        row = add_meeting(session, a_training(), ACTOR, NOW)
        change_meeting(session, row, a_training(), ACTOR, NOW)
        assert row.version == 1
        assert [event.action for event in latest_events(session)] == ["training_added"]


def test_what_was_removed_stands_in_the_history(database: Database) -> None:
    with database.write() as session:
        council(session)
        row = add_meeting(session, a_training(bodies=("292010",)), ACTOR, NOW)
        number = str(row.id)
        remove_meeting(session, row, ACTOR, NOW)
    with database.read() as session:
        event = latest_events(session)[0]
        assert held(session) == []
        with pytest.raises(NotFound):
            find_held(session, number)
    assert (event.label, event.subject) == ("研修会を削除", "情報セキュリティ研修")
    assert {change.what: change.before for change in event.changes} == {
        "title": "情報セキュリティ研修",
        "held_on": "2021-07-08",
        "held_as": "online",
        "persons": "41",
        "speaker": "見本　一郎",
        "bodies": "奈良市",
    }


def test_a_refused_record_is_not_written(database: Database) -> None:
    with database.write() as session:
        row = add_meeting(session, a_meeting(), ACTOR, NOW)
        with pytest.raises(Invalid):
            add_meeting(session, a_training(bodies=("292010",)), ACTOR, NOW)  # no body is known here
        with pytest.raises(Invalid):
            change_meeting(session, row, a_meeting(title=""), ACTOR, NOW)
        assert held(session) == ["第１回幹事会"]


@pytest.mark.parametrize("number", ["2", "x", "0", "-1", "9" * 19, "１"])
def test_an_address_of_nothing_is_not_found(database: Database, number: str) -> None:
    with database.write() as session:
        add_meeting(session, a_meeting(), ACTOR, NOW)
        with pytest.raises(NotFound):
            locked_meeting(session, number)


def test_the_example_is_whole_marked_and_added_once(database: Database) -> None:
    with database.write() as session:
        council(session)
        example_meetings(session, ACTOR, NOW)
        example_meetings(session, ACTOR, NOW)
        found = held_in(session, 2021)
    assert [len(of_kind(found, kind)) for kind in Kind] == [3, 7]
    assert all(one.record.is_sample and "見本" in one.record.title for one in found)
    assert {one.record.organ for one in found} >= {Organ.BOARD, Organ.COMMITTEE, Organ.SECTION}
