"""Idempotency-Key: what comes again is told the same, and done once."""

import threading
from datetime import timedelta

import pytest
from httpx import Response
from sqlmodel import func, select

from procure.accounts.tables import KeptReplyRow
from procure.history.tables import EventRow
from tests import stages
from tests.api.exchanges import ALL, ROUND
from tests.api.programs import Program, council, faults, problem
from tests.people import SECRETARIAT, Service

NEW = ALL["create_a_round"].example
KEY = "3f0e2c1a-0001"


def made(town: Service) -> int:
    with town.database.read() as session:
        query = select(func.count()).select_from(EventRow).where(EventRow.action == "round_created")
        return session.exec(query.where(EventRow.round_ref == NEW["ref"])).one()


def test_the_same_request_is_told_the_same_and_done_once(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        first, again = (program.send("POST", "/rounds", NEW, idempotency_key=KEY) for _ in range(2))
        count = made(town)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert {name: first.headers[name] for name in ("etag", "location")} == {
        name: again.headers[name] for name in ("etag", "location")
    }
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert count == 1


def test_the_same_key_ten_times_at_once_is_done_once(database_url: str) -> None:
    with council(database_url, stages.preparing) as town:
        token = Program(town, SECRETARIAT).token
        programs = [Program(town) for _ in range(10)]
        found: list[tuple[int, bytes]] = []

        def send(program: Program) -> None:
            program.token = token
            answer = program.send("POST", "/rounds", NEW, idempotency_key=KEY)
            found.append((answer.status_code, answer.content))

        threads = [threading.Thread(target=send, args=(program,)) for program in programs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        count = made(town)
    assert len(found) == 10
    assert {status for status, _ in found} == {201}
    assert len(set(found)) == 1
    assert count == 1


def test_a_change_that_is_sent_again_is_not_refused_for_its_old_version(sqlite_url: str) -> None:
    """Whoever lost the answer cannot know that the version has moved on."""
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        tag, body = program.tag(ROUND), ALL["edit_a_round"].example
        first, again = (program.send("PUT", ROUND, body, if_match=tag, idempotency_key=KEY) for _ in range(2))
        without = program.send("PUT", ROUND, body, if_match=tag)
    assert (first.status_code, again.status_code, without.status_code) == (200, 200, 412)
    assert first.content == again.content


@pytest.mark.parametrize("other", [{**NEW, "title": "別の件名"}, {**NEW, "ref": "R9-2"}])
def test_a_key_is_not_used_for_another_body(sqlite_url: str, other: dict[str, object]) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        program.send("POST", "/rounds", NEW, idempotency_key=KEY)
        refused = program.send("POST", "/rounds", other, idempotency_key=KEY)
        elsewhere = program.send("POST", "/round-files", NEW, idempotency_key=KEY)
    assert problem(refused) == problem(elsewhere) == (422, "key_reused")


def test_a_key_is_not_used_for_a_file_of_another_name(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)

        def attach(name: str) -> Response:
            path = f"{ROUND}/attachments?name={name}"
            return program.send("POST", path, b"1,2\n", content_type="application/octet-stream", idempotency_key=KEY)

        first, again, other = attach("a.csv"), attach("a.csv"), attach("b.csv")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert problem(other) == (422, "key_reused")


def test_a_key_belongs_to_its_token(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        one, other = Program(town, SECRETARIAT), Program(town, SECRETARIAT)
        one.send("POST", "/rounds", NEW, idempotency_key=KEY)
        answer = other.send("POST", "/rounds", {**NEW, "ref": "R9-2"}, idempotency_key=KEY)
    assert answer.status_code == 201


def test_what_was_refused_may_be_sent_again_with_its_key(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        refused = program.send("POST", "/rounds", {**NEW, "title": ""}, idempotency_key=KEY)
        mended = program.send("POST", "/rounds", NEW, idempotency_key=KEY)
    assert (refused.status_code, mended.status_code) == (422, 201)


def test_a_reply_is_kept_for_a_day(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        program.send("POST", "/rounds", NEW, idempotency_key=KEY)
        town.wait(timedelta(hours=24) - timedelta(seconds=1))
        kept = program.send("POST", "/rounds", NEW, idempotency_key=KEY)
        town.wait(timedelta(seconds=1))
        over = program.send("POST", "/rounds", {**NEW, "ref": "R9-2"}, idempotency_key=KEY)
        with town.database.read() as session:
            rows = session.exec(select(KeptReplyRow)).all()
    assert kept.headers["idempotency-replayed"] == "true"
    assert (over.status_code, over.json()["ref"]) == (201, "R9-2")
    assert len(rows) == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b"])
def test_a_key_is_a_short_text_without_blanks(sqlite_url: str, key: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        answer = Program(town, SECRETARIAT).send("POST", "/rounds", NEW, idempotency_key=key)
    assert problem(answer) == (422, "invalid")
    assert faults(answer) == ["Idempotency-Key"]
