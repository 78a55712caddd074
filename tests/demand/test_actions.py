"""Drafts and submissions of demand, on both kinds of database."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from procure.database import Database
from procure.demand.actions import save_draft, submit
from procure.demand.answer import NO, YES, lot_field, quantity_field
from procure.demand.queries import answer_version, draft_of, last_quantities, lines_of, submission_of, typed_in
from procure.demand.tables import SubmissionRow
from procure.errors import Conflict, Invalid
from procure.history.queries import events_of_round
from procure.rounds.actions import create_round, save_lot
from procure.rounds.queries import find_round, items_of, lots_of
from procure.rounds.rules import Outline
from procure.rounds.tables import ItemRow, RoundRow
from procure.settlement.round import Lot, Rules
from tests.builders import an_item
from tests.people import NOW
from tests.stages import answered, specified, surveying

NARA, SAKURAI = "292010", "292061"
ACTOR = "奈良　太郎（市町村）"


def test_a_draft_keeps_right_and_wrong_as_it_was_typed(database: Database) -> None:
    typed = {"qty-1": "１２台くらい", "qty-2": "", "qty-3": "葛\U000e0100"}
    with database.write() as session:
        row = surveying(session, NOW)
        save_draft(session, row, NARA, typed, 0, ACTOR, NOW)
    with database.read() as session:
        draft = draft_of(session, row.id, NARA)
        assert draft is not None
        assert typed_in(draft) == typed
        assert (draft.saved_by, draft.saved_at) == (ACTOR, NOW)


def test_a_draft_saved_over_one_that_was_not_seen_is_refused(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        save_draft(session, row, NARA, {"qty-1": "1"}, 0, ACTOR, NOW)
        with pytest.raises(Conflict, match="別の方"):
            save_draft(session, row, NARA, {"qty-1": "2"}, 0, ACTOR, NOW)


def test_a_draft_saved_over_a_submission_that_was_not_seen_is_refused(database: Database) -> None:
    with database.write() as session:
        row, items = _surveyed(session)
        seen = answer_version(session, row.id, NARA)
        _answer(session, row, items, {"monitor": 5})
        with pytest.raises(Conflict, match="別の方"):
            save_draft(session, row, NARA, {}, seen, ACTOR, NOW)


def test_what_was_confirmed_is_what_is_submitted_or_nothing_is(database: Database) -> None:
    with database.write() as session:
        row, items = _surveyed(session)
        save_draft(session, row, NARA, _typed(items, {"monitor": 5}), 0, ACTOR, NOW)
        confirmed = answer_version(session, row.id, NARA)
        save_draft(session, row, NARA, _typed(items, {"monitor": 500}), confirmed, ACTOR, NOW)
        with pytest.raises(Conflict, match="確認画面を開いた後"):
            submit(session, row, NARA, ACTOR, NOW, confirmed)
        assert submission_of(session, row.id, NARA) is None


def test_a_submission_replaces_the_draft_and_has_a_receipt_number(database: Database) -> None:
    with database.write() as session:
        row, items = _surveyed(session)
        first = _answer(session, row, items, {"monitor": 5, "desktop": 2}).receipt_number
        second = _answer(session, row, items, {"monitor": 7}).receipt_number
    assert (first, second) == (f"{row.ref}-{NARA}-01", f"{row.ref}-{NARA}-02")
    with database.read() as session:
        assert draft_of(session, row.id, NARA) is None
        assert _asked(session, row) == {"monitor": 7}


def test_a_second_answer_changes_nothing_of_another_body(database: Database) -> None:
    with database.write() as session:
        row = answered(session, NOW)
        items = items_of(session, row.id)
        before = lines_of(session, row.id, SAKURAI)
        _answer(session, row, items, {item.ref: 1 for item in items})
        _answer(session, row, items, {})
    with database.read() as session:
        assert before
        assert lines_of(session, row.id, SAKURAI) == before
        assert lines_of(session, row.id, NARA) == {}


def test_an_answer_that_asks_for_nothing_is_an_answer(database: Database) -> None:
    with database.write() as session:
        row, items = _surveyed(session)
        _answer(session, row, items, {})
    with database.read() as session:
        assert submission_of(session, row.id, NARA) is not None
        assert _asked(session, row) == {}


def test_a_faulty_draft_cannot_be_submitted_and_says_everything_that_is_wrong(database: Database) -> None:
    with database.write() as session:
        row, items = _surveyed(session)
        faulty = {quantity_field(items[0].id): "三台", quantity_field(items[1].id): "1.5"}
        save_draft(session, row, NARA, _typed(items, {}) | faulty, 0, ACTOR, NOW)
        with pytest.raises(Invalid) as refused:
            submit(session, row, NARA, ACTOR, NOW)
    assert [fault.field for fault in refused.value.faults] == [quantity_field(items[0].id), quantity_field(items[1].id)]


def test_without_a_draft_there_is_nothing_to_submit(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        with pytest.raises(Conflict, match="下書きがありません"):
            submit(session, row, NARA, ACTOR, NOW)


@pytest.mark.parametrize("late", [timedelta(), timedelta(microseconds=1), timedelta(days=30)])
def test_from_the_deadline_on_nothing_is_accepted(database: Database, late: timedelta) -> None:
    with database.write() as session:
        row, items = _surveyed(session)
        save_draft(session, row, NARA, _typed(items, {"monitor": 5}), 0, ACTOR, NOW)
        seen = answer_version(session, row.id, NARA)
        with pytest.raises(Conflict, match="期限を過ぎた"):
            submit(session, row, NARA, ACTOR, _deadline(row) + late)
        with pytest.raises(Conflict, match="期限を過ぎた"):
            save_draft(session, row, NARA, {}, seen, ACTOR, _deadline(row) + late)
        assert submission_of(session, row.id, NARA) is None


def test_in_the_last_instant_before_the_deadline_an_answer_is_accepted(database: Database) -> None:
    with database.write() as session:
        row, items = _surveyed(session)
        _answer(session, row, items, {"monitor": 5}, _deadline(row) - timedelta(microseconds=1))
        assert _asked(session, row) == {"monitor": 5}


def test_after_the_secretariat_has_closed_nothing_is_accepted_even_before_the_deadline(database: Database) -> None:
    with database.write() as session:
        row = specified(session, NOW)
        with pytest.raises(Conflict, match="期限を過ぎた"):
            save_draft(session, row, NARA, {}, 0, ACTOR, NOW)


def test_the_history_tells_which_quantities_changed(database: Database) -> None:
    with database.write() as session:
        row, items = _surveyed(session)
        _answer(session, row, items, {"monitor": 5})
        _answer(session, row, items, {"monitor": 7, "desktop": 1})
    with database.read() as session:
        event = events_of_round(session, row.ref)[0]
    assert (event.action, event.subject, event.actor) == ("demand_submitted", NARA, ACTOR)
    assert {(change.before, change.after) for change in event.changes} == {("5", "7"), (None, "1")}


def test_last_time_is_the_newest_earlier_round_that_had_the_item(database: Database) -> None:
    with database.write() as session:
        before = specified(session, NOW)
        row = _round_after(session, before)
        last = last_quantities(session, row, items_of(session, row.id), SAKURAI)
        by_ref = {item.ref: last.get(item.id) for item in items_of(session, row.id)}
        asked = {item.ref: quantity for item, quantity in _asked_rows(session, before, SAKURAI)}
    assert by_ref == {"renamed": asked["monitor"], "tray": asked.get("tray", 0), "brand-new": None}


def test_a_round_that_is_still_asking_is_not_last_time(database: Database) -> None:
    with database.write() as session:
        before = answered(session, NOW)
        row = _round_after(session, before)
        assert last_quantities(session, row, items_of(session, row.id), SAKURAI) == {}


def test_a_sample_is_not_last_time_of_a_real_round(database: Database) -> None:
    with database.write() as session:
        before = specified(session, NOW)
        before.is_sample = True
        row = _round_after(session, before)
        assert last_quantities(session, row, items_of(session, row.id), SAKURAI) == {}


# ---- what the tests are built from -------------------------------------------------------------------


def _surveyed(session: Session) -> tuple[RoundRow, Sequence[ItemRow]]:
    row = surveying(session, NOW)
    return row, items_of(session, row.id)


def _typed(items: Sequence[ItemRow], asked: dict[str, int]) -> dict[str, str]:
    typed = {quantity_field(item.id): str(asked[item.ref]) for item in items if item.ref in asked}
    joined = {item.lot_id for item in items if item.ref in asked}
    return typed | {lot_field("join", lot): YES if lot in joined else NO for lot in {item.lot_id for item in items}}


def _answer(
    session: Session, row: RoundRow, items: Sequence[ItemRow], asked: dict[str, int], at: datetime = NOW
) -> SubmissionRow:
    save_draft(session, row, NARA, _typed(items, asked), answer_version(session, row.id, NARA), ACTOR, at)
    return submit(session, row, NARA, ACTOR, at)


def _asked_rows(session: Session, row: RoundRow, code: str) -> list[tuple[ItemRow, int]]:
    lines = lines_of(session, row.id, code)
    return [(item, lines[item.id].quantity) for item in items_of(session, row.id) if item.id in lines]


def _asked(session: Session, row: RoundRow) -> dict[str, int]:
    return {item.ref: quantity for item, quantity in _asked_rows(session, row, NARA)}


def _deadline(row: RoundRow) -> datetime:
    assert row.survey_deadline is not None
    return row.survey_deadline


def _round_after(session: Session, before: RoundRow) -> RoundRow:
    """A round of the year after, with an item known by its name, one by its code, and one that is new."""
    outline = Outline("next", "次の調達", before.fiscal_year + 1, before.bid_date + timedelta(days=365), before.council)
    row = create_round(session, outline, ACTOR, NOW)
    names = {"renamed": "液晶ディスプレイ", "tray": "給紙トレイ", "brand-new": "ルータ"}
    items = tuple(an_item(ref, name=name) for ref, name in names.items())
    save_lot(session, row, Lot("lot", "品目", lots_of(session, before.id)[0].contract_kind, Rules(), items), ACTOR, NOW)
    return find_round(session, "next")
