"""A body records its own contract over the API from the first day to the last acceptance, and sees no other's."""

from typing import Any

import pytest

from tests import stages
from tests.api.exchanges import ALL, CONTRACT, slip_body
from tests.api.programs import Program, council, faults, problem
from tests.contracts.contracting import contracted, performing
from tests.people import AUDITOR, KATSURAGI, NARA, SECRETARIAT, text_of

SLIPS = f"{CONTRACT}/slips"
TERMS = ALL["record_terms"].example


def body(contract: dict[str, Any], act: str) -> dict[str, Any]:
    """Everything that is planned, for an act."""
    quantities = {item["id"]: item["planned"] for item in contract["items"]}
    return {**slip_body(), "act": act, "quantities": quantities, "inspector": "主査　葛城花子"}


def test_a_contract_goes_the_whole_way_to_its_completion(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        program = Program(town, KATSURAGI)
        assert program.get(CONTRACT).json()["status"] == "open"
        contract = program.send("PUT", f"{CONTRACT}/terms", TERMS, seen=CONTRACT).json()
        assert contract["status"] == "concluded"
        for act in ("order", "delivery", "acceptance"):
            sent = program.send("POST", SLIPS, body(contract, act), seen=CONTRACT)
            assert sent.status_code == 201, sent.text
        page = text_of(town.browser(KATSURAGI).get(CONTRACT))
        board = Program(town, AUDITOR).get("/rounds/R3-1/contracts?limit=200").json()["items"]
    told = sent.json()
    assert told["status"] == "complete"
    assert "完了" in page
    assert len({figure["amount_with_tax"] for figure in told["figures"]}) == 1
    assert f"{told['figures'][0]['amount_with_tax']:,}" in page
    assert [one for one in board if one["code"] == KATSURAGI.body_code and one["lot"] == "pc"] == [told]


def test_a_change_says_the_quantities_after_it(sqlite_url: str) -> None:
    with council(sqlite_url, contracted) as town:
        program = Program(town, KATSURAGI)
        item, planned = next((one["id"], one["planned"]) for one in program.get(CONTRACT).json()["items"])
        wanted = {**slip_body(), "act": "change", "quantities": {item: planned + 2}, "remark": "学級増のため"}
        sent = program.send("POST", SLIPS, wanted, seen=CONTRACT).json()
    assert next(one for one in sent["items"] if one["id"] == item)["contracted"] == planned + 2
    assert sent["slips"][-1]["items"][0]["quantity"] == 2


def test_what_is_wrong_is_told_by_its_path(sqlite_url: str) -> None:
    with council(sqlite_url, contracted) as town:
        program = Program(town, KATSURAGI)
        (item,) = slip_body()["quantities"]
        too_many = {**slip_body(), "quantities": {item: 10_000}, "place": ""}
        strange = {**slip_body(), "quantities": {"x": 1}}
        found = [faults(program.send("POST", SLIPS, one, seen=CONTRACT)) for one in (too_many, strange)]
        rejected = program.send("PUT", f"{CONTRACT}/terms", {**TERMS, "ground": None}, seen=CONTRACT)
    assert found == [[f"quantities.{item}", "place"], ["quantities.x"]]
    assert faults(rejected) == ["ground"]


def test_what_was_recorded_is_taken_back_and_never_changed(sqlite_url: str) -> None:
    with council(sqlite_url, performing) as town:
        program = Program(town, KATSURAGI)
        resting = program.send("POST", f"{SLIPS}/1/reverse", {"reason": "誤り"}, seen=CONTRACT)
        taken = program.send("POST", f"{SLIPS}/3/reverse", {"reason": "誤り"}, seen=CONTRACT).json()
        again = program.send("POST", f"{SLIPS}/3/reverse", {"reason": "誤り"}, seen=CONTRACT)
        absent = program.send("POST", f"{SLIPS}/99/reverse", {"reason": "誤り"}, seen=CONTRACT)
    assert resting.status_code == 422
    assert [(one["number"], one["reverses"], one["is_reversed"]) for one in taken["slips"][-2:]] == [
        (3, None, True),
        (4, 3, False),
    ]
    assert (problem(again), problem(absent)) == ((409, "conflict"), (404, "not_found"))


@pytest.mark.parametrize("build", [stages.decided, stages.opening])
def test_before_the_confirmation_a_body_is_told_nothing(sqlite_url: str, build: Any) -> None:
    with council(sqlite_url, build) as town:
        program = Program(town, KATSURAGI)
        own, listed = program.get(CONTRACT), program.get("/contracts").json()["items"]
        board = Program(town, SECRETARIAT).get("/rounds/R3-1/contracts")
    assert (problem(own), listed, problem(board)) == ((404, "not_found"), [], (409, "conflict"))


def test_a_body_has_only_its_own_contracts(sqlite_url: str) -> None:
    with council(sqlite_url, contracted) as town:
        listed = [Program(town, person).get("/contracts").json()["items"] for person in (KATSURAGI, NARA)]
        stranger = Program(town, NARA).get(CONTRACT)
        whole = Program(town, KATSURAGI).get("/rounds/R3-1/contracts")
    assert {one["code"] for one in listed[0]} == {KATSURAGI.body_code}
    assert listed[1] == []
    assert (stranger.status_code, whole.status_code) == (404, 403)


def test_the_vote_of_the_assembly_stands_beside_a_change_only(sqlite_url: str) -> None:
    with council(sqlite_url, contracted) as town:
        program = Program(town, KATSURAGI)
        voted = {**slip_body(), "resolved_on": "2026-11-24"}
        (item,) = voted["quantities"]
        order = program.send("POST", SLIPS, voted, seen=CONTRACT)
        changed = {**voted, "act": "change", "quantities": {item: 1}, "remark": "学級減のため"}
        change = program.send("POST", SLIPS, changed, seen=CONTRACT)
    assert faults(order) == ["resolved_on"]
    assert change.json()["slips"][-1]["resolved_on"] == "2026-11-24"
