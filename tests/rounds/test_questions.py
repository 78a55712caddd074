"""Questions on the specification, their answers, and who reads them."""

from datetime import timedelta

import pytest

from procure.database import Database
from procure.errors import Conflict, Invalid, NotFound
from procure.history.queries import events_of_round
from procure.rounds.questions import (
    Published,
    answer_question,
    ask,
    find_question,
    own_waiting,
    published_questions,
    waiting_count,
)
from procure.rounds.stages import Stage
from tests.people import NOW
from tests.stages import ACTOR, round_at, surveying

NARA, SAKURAI = "292010", "292061"
QUESTION, ANSWER = "画面の大きさは15型でもよいですか。", "差し支えありません。"


def test_a_question_waits_until_its_answer_is_published(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        asked = ask(session, row, NARA, QUESTION, "奈良　太郎（市町村）", NOW)
        assert waiting_count(session, row) == 1
        answer_question(session, row, asked, ANSWER, None, False, ACTOR, NOW)
        assert published_questions(session, row.id) == ()
        assert waiting_count(session, row) == 1
        answer_question(session, row, asked, ANSWER, asked.answered_at, True, ACTOR, NOW)
        assert waiting_count(session, row) == 0
        assert published_questions(session, row.id) == (Published(1, QUESTION, ANSWER, NOW),)
        labels = [event.label for event in events_of_round(session, row.ref)[:3]]
    assert labels == ["質問と回答を公表", "質問の回答を記入", "仕様の質問を受付"]


def test_what_is_published_does_not_know_who_asked() -> None:
    assert set(Published.__dataclass_fields__) == {"number", "question", "answer", "published_at"}


def test_a_body_sees_its_own_waiting_questions_and_no_others(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        own = ask(session, row, NARA, QUESTION, ACTOR, NOW)
        ask(session, row, SAKURAI, "別の質問", ACTOR, NOW)
        assert own_waiting(session, row.id, NARA) == (own,)


def test_a_published_answer_is_corrected_in_the_open_and_stays_published(database: Database) -> None:
    later = NOW + timedelta(hours=1)
    with database.write() as session:
        row = surveying(session, NOW)
        asked = ask(session, row, NARA, QUESTION, ACTOR, NOW)
        answer_question(session, row, asked, ANSWER, None, True, ACTOR, NOW)
        answer_question(session, row, asked, "訂正した回答", NOW, False, ACTOR, later)
        (published,) = published_questions(session, row.id)
        answer = next(c for c in events_of_round(session, row.ref)[0].changes if c.what == "answer")
    assert (published.answer, published.published_at) == ("訂正した回答", NOW)
    assert (answer.before, answer.after) == (ANSWER, "訂正した回答")


def test_an_answer_written_over_one_that_was_not_seen_is_refused(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        asked = ask(session, row, NARA, QUESTION, ACTOR, NOW)
        answer_question(session, row, asked, ANSWER, None, False, ACTOR, NOW)
        with pytest.raises(Conflict, match="ほかの人"):
            answer_question(session, row, asked, "別の回答", None, True, ACTOR, NOW)
        assert asked.answer == ANSWER


@pytest.mark.parametrize("text", ["", "問" * 4001])
def test_empty_and_endless_texts_are_refused(database: Database, text: str) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        asked = ask(session, row, NARA, QUESTION, ACTOR, NOW)
        with pytest.raises(Invalid):
            ask(session, row, NARA, text, ACTOR, NOW)
        with pytest.raises(Invalid):
            answer_question(session, row, asked, text, None, True, ACTOR, NOW)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.SURVEYING])
def test_bodies_ask_only_while_they_are_asked(database: Database, stage: Stage) -> None:
    with database.write() as session:
        row = round_at(session, stage, NOW)
        with pytest.raises(Conflict):
            ask(session, row, NARA, QUESTION, ACTOR, NOW)


def test_a_question_of_another_round_is_not_found(database: Database) -> None:
    with database.write() as session:
        row = surveying(session, NOW)
        asked = ask(session, row, NARA, QUESTION, ACTOR, NOW)
        assert find_question(session, row.id, str(asked.id)) == asked
        with pytest.raises(NotFound):
            find_question(session, row.id + 1, str(asked.id))
