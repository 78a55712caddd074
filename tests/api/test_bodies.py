"""Bodies are read strictly, every fault is told at once, and nothing that is sent makes the service fail."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procure.api.operation import SMALL
from tests import stages
from tests.api.exchanges import ALL, ANSWER, LOT, OWN, ROUND, address_of, asker_of, body_of, tied
from tests.api.programs import Program, council, faults, problem
from tests.people import KATSURAGI, SECRETARIAT
from tests.web.rounds_at import Builder

NEW = ALL["create_a_round"].example
LOT_BODY = ALL["change_a_lot"].example
WRITING = [one for one in ALL.values() if one.writes]


def refused(url: str, path: str, body: object, method: str = "POST", seen: str | None = None) -> Any:
    with council(url, stages.preparing) as town:
        answer = Program(town, SECRETARIAT).send(method, path, body, seen=seen)
    assert problem(answer) == (422, "invalid")
    return answer


def test_every_fault_is_told_at_once_by_its_path(sqlite_url: str) -> None:
    items = [
        {"ref": "a", "name": "い", "unit": "台", "list_price": 1.5},
        {"ref": "b b", "name": 3, "unit": "", "price": 1, "list_price": "1,200"},
    ]
    answer = refused(sqlite_url, LOT, {"items": items, "max_attempts": 9, "extra": None}, "PUT", LOT)
    assert sorted(faults(answer)) == [
        "extra",
        "items[0].list_price",
        "items[1].list_price",
        "items[1].name",
        "items[1].price",
        "items[1].ref",
        "items[1].unit",
        "max_attempts",
        "title",
    ]
    assert all(fault["message"].endswith("。") for fault in answer.json()["faults"])


def test_the_faults_of_the_rules_are_told_by_the_same_paths(sqlite_url: str) -> None:
    items = [{"ref": "a", "name": "い", "unit": "台", "list_price": 0}, {"ref": "a", "name": "ろ", "unit": "台"}]
    answer = refused(sqlite_url, LOT, {"title": "パソコン", "items": items, "minimum": 5}, "PUT", LOT)
    assert sorted(faults(answer)) == ["items[0].list_price", "items[0].ref", "items[1].ref", "minimum"]


@pytest.mark.parametrize(
    "year", [2027.0, "2027", True, None, 10**30, -1, [2027], {"year": 2027}], ids=lambda one: repr(one)[:20]
)
def test_a_number_is_a_whole_number_within_its_limits(sqlite_url: str, year: object) -> None:
    assert faults(refused(sqlite_url, "/rounds", {**NEW, "fiscal_year": year})) == ["fiscal_year"]


@pytest.mark.parametrize("title", ["", " ", "x" * 201, "\u202e", "a\x00b", "\ud800", 5, None])
def test_a_text_is_clean_and_within_its_limits(sqlite_url: str, title: object) -> None:
    assert faults(refused(sqlite_url, "/rounds", json.dumps({**NEW, "title": title}).encode())) == ["title"]


@pytest.mark.parametrize("deadline", ["2026-12-11", "2026-12-11T17:15:00", "0001-01-01T00:00:00+09:00", "明日", 1])
def test_a_moment_says_its_offset_and_lies_in_our_time(sqlite_url: str, deadline: object) -> None:
    assert faults(refused(sqlite_url, f"{ROUND}/survey/open", {"deadline": deadline}, seen=ROUND)) == ["deadline"]


def test_a_field_that_stands_there_twice_is_a_fault(sqlite_url: str) -> None:
    body = json.dumps(NEW).replace("{", '{"ref": "R9-7", ', 1).encode()
    assert faults(refused(sqlite_url, "/rounds", body)) == ["ref"]


@pytest.mark.parametrize(
    "content", [b"{", b"\xff", b"[" * 100_000, b"nope", b'{"a": NaN}x', b"\x00", '"あ'.encode("cp932")]
)
def test_what_is_no_json_is_a_400(sqlite_url: str, content: bytes) -> None:
    with council(sqlite_url, stages.preparing) as town:
        found = {problem(Program(town, SECRETARIAT).send("POST", path, content)) for path in ("/rounds",)}
    assert found <= {(400, "unreadable"), (413, "too_large")}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_says_that_it_is_json(sqlite_url: str, kind: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        answer = Program(town, SECRETARIAT).send("POST", "/rounds", NEW, content_type=kind)
    assert problem(answer) == (415, "not_json")


def test_a_body_has_its_limit(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        answer = Program(town, SECRETARIAT).send("POST", "/rounds", {**NEW, "note": "x" * SMALL})
    assert problem(answer) == (413, "too_large")


def test_amounts_keep_their_sen(sqlite_url: str) -> None:
    items = [{"ref": "a", "name": "い", "unit": "台", "list_price": "24800.50"}]
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        sent = program.send("PUT", LOT, {"title": "い", "items": items}, seen=LOT)
        whole = [{**items[0], "list_price": "24800"}]
        again = program.send("PUT", LOT, {"title": "い", "items": whole}, seen=LOT)
    assert sent.json()["items"][0]["list_price"] == "24800.5"
    assert again.json()["items"][0]["list_price"] == 24800


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "DELETE", "POST", "PROPFIND"])
def test_a_method_that_an_address_has_not_is_told_those_that_it_has(sqlite_url: str, method: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        refused, nowhere = (program.send(method, path) for path in (ROUND, "/nowhere"))
    assert problem(refused) == (405, "method_not_allowed")
    assert refused.headers["allow"] == "GET, HEAD, PUT"
    assert problem(nowhere) == (404, "not_found")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=%20", "cursor=zzzz", "sort=title", "stage=x"]
)
def test_a_query_that_means_nothing_is_refused(sqlite_url: str, query: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        answer = Program(town, SECRETARIAT).get(f"/rounds?{query}")
    assert problem(answer) == (422, "invalid")
    assert faults(answer) == [query.partition("=")[0]]


# ---- anything at all ---------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
    | st.sampled_from(["R3-1", "pc", "note-standard", "2026-12-11", "2026-12-11T17:15:00+09:00", "1.50", "bid", "b1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body, the whole of it first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = put(value[path[0]], path[1:], other)
    return changed


@pytest.mark.parametrize(
    "build", [stages.preparing, stages.answered, stages.specified, stages.bidding, stages.opening, tied, stages.decided]
)
def test_whatever_stands_in_a_body_the_service_does_not_fail(sqlite_url: str, build: Builder) -> None:
    """Examples with something else in one place of them, sent to every operation that writes."""
    with council(sqlite_url, build) as town:
        programs = {person: Program(town, person) for person in (SECRETARIAT, KATSURAGI)}

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.data())
        def send(data: st.DataObject) -> None:
            operation = data.draw(st.sampled_from(WRITING))
            body = body_of(operation)
            place = data.draw(st.sampled_from(places(body)))
            sent = put(body, place, data.draw(VALUES))
            program = programs[SECRETARIAT if asker_of(operation) is SECRETARIAT else KATSURAGI]
            seen = _seen(operation.path)
            tag = program.get(seen).headers.get("etag", '"0.0"')
            answer = program.send(operation.method, address_of(operation), sent, if_match=tag)
            assert answer.status_code < 500, (operation.id, sent, answer.text)

        send()


def _seen(path: str) -> str:
    if path.startswith("/demand"):
        return OWN
    return ANSWER if path.startswith("/rounds/{ref}/demand/{code}") else ROUND


STRANGE = (
    "x",
    "%E3%81%82",
    "１",
    "0",
    "-1",
    "9" * 30,
    "..",
    "%2e%2e",
    "R3-1%20",
    "a" * 300,
    "%F0%9F%98%80",
    "'",
    '"',
    "%25",
)


KNOWN = {"ref": "R3-1", "lot": "pc", "code": "292117", "number": "1", "suspension": "1", "name": "award.pdf"}


def test_whatever_stands_in_an_address_the_service_does_not_fail(sqlite_url: str) -> None:
    """Every place of every address with five of them in turn: each comes to stand in every kind of place."""
    found, turn = {}, itertools.cycle(STRANGE)
    with council(sqlite_url, stages.published) as town:
        programs = {person: Program(town, person) for person in (SECRETARIAT, KATSURAGI)}
        for operation in (one for one in ALL.values() if one.parameters):
            program = programs[KATSURAGI if asker_of(operation) is KATSURAGI else SECRETARIAT]
            for name, _ in itertools.product(operation.parameters, range(5)):
                path = operation.path.format(**{**KNOWN, name: next(turn)})
                found[operation.method, path] = program.send(
                    operation.method, path, {}, if_match='"1.x"', content_type=operation.takes
                ).status_code
    assert {address: status for address, status in found.items() if status >= 500} == {}
    assert set(found.values()) <= {200, 400, 403, 404, 405, 409, 412, 422}
