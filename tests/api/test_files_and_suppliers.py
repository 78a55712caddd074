"""Attachments are sent as they are; suppliers are changed and suspended from the version that was seen."""

import pytest

from procure.rounds.attachments import MOST_BYTES
from tests import stages
from tests.api.exchanges import ROUND, registered, with_attachment
from tests.api.programs import ADDRESS, Program, council, faults, problem
from tests.people import AUDITOR, SECRETARIAT

BINARY = "application/octet-stream"
FILES = f"{ROUND}/attachments"
CONTENT = "品名,数量\nノート型,10\n".encode("cp932")


def test_a_file_goes_in_and_comes_out_byte_by_byte(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        sent = program.send("POST", f"{FILES}?name=../%E5%86%85%E8%A8%B3.csv", CONTENT, content_type=BINARY)
        found = program.get(sent.headers["location"].removeprefix(ADDRESS))
        removed = program.send("DELETE", sent.headers["location"].removeprefix(ADDRESS), b"", seen=ROUND)
    assert (sent.status_code, [one["name"] for one in sent.json()["items"]]) == (201, ["内訳.csv"])
    assert found.content == CONTENT
    assert removed.json()["items"] == []


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("a.exe", b"MZ", ["body"]),
        ("a.pdf", b"not a pdf", ["body"]),
        ("a.txt", b"", ["body"]),
        ("", b"x", ["name"]),
    ],
)
def test_a_file_that_is_none_of_the_allowed_kinds_is_refused(
    sqlite_url: str, name: str, content: bytes, wrong: list[str]
) -> None:
    with council(sqlite_url, stages.preparing) as town:
        sent = Program(town, SECRETARIAT).send("POST", f"{FILES}?name={name}", content, content_type=BINARY)
    assert faults(sent) == wrong


def test_a_file_says_its_type_and_keeps_to_the_limit(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        as_json = program.send("POST", f"{FILES}?name=a.txt", b"x")
        great = program.send("POST", f"{FILES}?name=a.txt", b"x" * (MOST_BYTES + 1), content_type=BINARY)
    assert problem(as_json) == (415, "not_binary")
    assert problem(great) == (413, "too_large")


def test_what_the_bodies_answered_by_is_not_removed(sqlite_url: str) -> None:
    with council(sqlite_url, with_attachment) as town:
        program = Program(town, SECRETARIAT)
        assert problem(program.send("DELETE", f"{FILES}/1", b"", seen=ROUND)) == (409, "conflict")
        assert len(program.get(FILES).json()["items"]) == 1


def test_a_supplier_is_not_overwritten_by_who_has_not_seen_it(sqlite_url: str) -> None:
    with council(sqlite_url, registered) as town:
        program = Program(town, SECRETARIAT)
        tag = program.tag("/suppliers/1")
        name = program.get("/suppliers/1").json()["name"]
        first = program.send("PUT", "/suppliers/1", {"name": name, "address": "奈良市"}, if_match=tag)
        late = program.send("PUT", "/suppliers/1", {"name": "別の名"}, if_match=tag)
        found = Program(town, AUDITOR).get("/suppliers/1").json()
    assert first.status_code == 200
    assert problem(late) == (412, "version_stale")
    assert (found["name"], found["address"]) == (name, "奈良市")


def test_a_supplier_is_registered_once_and_found_by_a_word(sqlite_url: str) -> None:
    body = {"name": "株式会社ＡＢＣ教材"}
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        made, again = program.send("POST", "/suppliers", body), program.send("POST", "/suppliers", body)
        found = program.get("/suppliers?q=abc").json()["items"]
        nothing = program.get("/suppliers?q=zzz").json()["items"]
    assert (made.status_code, problem(again)) == (201, (409, "conflict"))
    assert ([one["name"] for one in found], nothing) == ([body["name"]], [])


def test_a_suspension_keeps_a_bidder_out_until_it_is_lifted(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        program = Program(town, SECRETARIAT)
        day = program.get(ROUND).json()["bid_date"]
        number = program.send("POST", "/suppliers", {"name": "停止商会"}).json()["id"]
        at = f"/suppliers/{number}"
        wrong = {"first_day": "2021-02-01", "last_day": "2021-01-01", "reason": "x"}
        assert faults(program.send("POST", f"{at}/suspensions", wrong, seen=at)) == ["last_day"]
        body = {"first_day": day, "last_day": day, "reason": "要綱による。"}
        made = program.send("POST", f"{at}/suspensions", body, seen=at).json()["suspensions"][0]["id"]
        bidders = {"bidders": [{"ref": "b1", "name": "停止商会", "lots": ["pc"]}]}
        refused = program.send("PUT", f"{ROUND}/bidders", bidders, seen=ROUND)
        lifted = program.send("POST", f"{at}/suspensions/{made}/lift", {}, seen=at)
        again = program.send("POST", f"{at}/suspensions/{made}/lift", {}, seen=at)
        admitted = program.send("PUT", f"{ROUND}/bidders", bidders, seen=ROUND)
    assert faults(refused) == ["bidders[0].name"]
    assert (lifted.status_code, problem(again)) == (200, (409, "conflict"))
    assert admitted.status_code == 200


@pytest.mark.parametrize("number", ["0", "999", "x", "１", "9" * 30])
def test_a_supplier_or_suspension_that_is_not_there_is_not_found(sqlite_url: str, number: str) -> None:
    with council(sqlite_url, registered) as town:
        program = Program(town, SECRETARIAT)
        found = [
            program.get(f"/suppliers/{number}"),
            program.send("POST", f"/suppliers/1/suspensions/{number}/lift", {}, seen="/suppliers/1"),
        ]
    assert [problem(one) for one in found] == [(404, "not_found")] * 2
