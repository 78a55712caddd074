"""ETags: what is known is not sent again, and nobody overwrites what he has not seen."""

import threading

import pytest

from procure.api.operation import Operation
from procure.rounds.queries import find_round
from tests import stages
from tests.api.exchanges import ALL, ANSWER, EXCHANGES, LOT, OWN, ROUND, address_of, asker_of, body_of
from tests.api.programs import ADDRESS, Program, council, problem
from tests.people import KATSURAGI, SECRETARIAT
from tests.web.stage import content_of

OUTLINE = ALL["edit_a_round"].example
CHANGES = [one for one in ALL.values() if one.matches]


@pytest.mark.parametrize(
    "path", ["/rounds", ROUND, LOT, f"{ROUND}/file", f"{ROUND}/result", "/bodies", "/openapi.json"]
)
def test_what_is_known_already_is_not_sent_again(sqlite_url: str, path: str) -> None:
    with council(sqlite_url, stages.answered) as town:
        program = Program(town, SECRETARIAT)
        tag = program.tag(path)
        known = program.get(path, if_none_match=tag)
        among = program.get(path, if_none_match=f'"x", W/{tag}')
        other = program.get(path, if_none_match='"x"')
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    assert among.status_code == 304
    assert other.status_code == 200


def test_the_tag_changes_with_the_content_though_the_version_stays(sqlite_url: str) -> None:
    """A draft is no change of the round, and yet the board shows it."""
    with council(sqlite_url, stages.surveying) as town:
        secretariat, katsuragi = Program(town, SECRETARIAT), Program(town, KATSURAGI)
        board, own = secretariat.tag(f"{ROUND}/demand"), secretariat.tag(ROUND)
        katsuragi.send("PUT", OWN, ALL["save_demand"].example, seen=OWN)
        assert secretariat.tag(f"{ROUND}/demand") != board
        assert secretariat.tag(ROUND) == own


@pytest.mark.parametrize("operation", CHANGES, ids=lambda one: one.id)
def test_a_change_made_from_an_old_version_changes_nothing(sqlite_url: str, operation: Operation) -> None:
    with council(sqlite_url, EXCHANGES[operation.id].build) as town:
        program = Program(town, asker_of(operation))
        program.get("/me")
        before = content_of(town)
        for tag in ('"77.0123456789abcdef"', '"x"', "*", 'W/"1.x"', "1", ""):
            sent = program.send(operation.method, address_of(operation), body_of(operation), if_match=tag)
            assert problem(sent)[0] in (412, 428), tag
        assert content_of(town) == before


def test_the_tag_of_any_view_of_a_round_tells_its_version(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        for seen in (ROUND, LOT, f"{ROUND}/lots", f"{ROUND}/file"):
            assert program.send("PUT", ROUND, {**OUTLINE, "title": seen}, seen=seen).status_code == 200


def test_the_answer_to_a_change_has_the_tag_for_the_next_one(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        first = program.send("PUT", ROUND, OUTLINE, seen=ROUND)
        second = program.send("PUT", ROUND, {**OUTLINE, "title": "次"}, if_match=first.headers["etag"])
    assert (first.status_code, second.status_code) == (200, 200)


def test_of_ten_changes_from_one_version_one_is_made(database_url: str) -> None:
    with council(database_url, stages.preparing) as town:
        programs = [Program(town, SECRETARIAT) for _ in range(10)]
        tag = programs[0].tag(ROUND)
        found: list[int] = []

        def change(program: Program, number: int) -> None:
            body = {**OUTLINE, "title": f"{number}番"}
            found.append(program.send("PUT", ROUND, body, if_match=tag).status_code)

        threads = [threading.Thread(target=change, args=(one, number)) for number, one in enumerate(programs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with town.database.read() as session:
            version = find_round(session, "R3-1").version
    assert sorted(found) == [200] + [412] * 9
    assert f'"{version - 1}.' in tag


def test_an_answer_that_was_accepted_meanwhile_is_not_returned_from_the_old_view(sqlite_url: str) -> None:
    with council(sqlite_url, stages.answered) as town:
        program = Program(town, SECRETARIAT)
        tag = program.tag(ANSWER)
        assert program.send("POST", f"{ANSWER}/accept", {}, if_match=tag).status_code == 200
        late = program.send("POST", f"{ANSWER}/return", {"reason": "確認"}, if_match=tag)
    assert problem(late) == (412, "version_stale")


def test_the_tag_is_to_be_had_without_the_content(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        head = program.client.head(f"{ADDRESS}{ROUND}", headers={"authorization": f"Bearer {program.token}"})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == program.tag(ROUND)
