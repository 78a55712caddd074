"""A ceiling is sealed over the API, and nothing tells it before the opening: no answer, no kept reply, no history."""

from typing import Any

import pytest
from sqlmodel import select

from procure.accounts.tables import KeptReplyRow
from procure.ceilings.ceiling import Basis, Ceiling, commitment
from procure.history.queries import events_of_round
from tests import stages
from tests.api.exchanges import ALL, LOT, ROUND, sealed
from tests.api.programs import Program, council, faults, problem
from tests.people import AUDITOR, KATSURAGI, SECRETARIAT

PLACE = f"{LOT}/ceiling"
AMOUNTS = {"with_tax": 987654321, "without_tax": 897867564}
BODY: dict[str, Any] = {**AMOUNTS, "basis": {"note": "参考見積による。"}}
TYPED = [str(amount) for amount in AMOUNTS.values()]


def test_what_is_sealed_is_told_by_nothing_before_the_opening(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        program = Program(town, SECRETARIAT)
        sent = program.send("PUT", PLACE, BODY, seen=LOT, idempotency_key="k-1")
        again = program.send("PUT", PLACE, BODY, if_match='"1.x"', idempotency_key="k-1")
        read = [Program(town, person).get(PLACE) for person in (SECRETARIAT, AUDITOR)]
        with town.database.read() as session:
            kept = session.exec(select(KeptReplyRow)).one()
            told = [repr(kept), repr(events_of_round(session, "R3-1", 20))]
    assert sent.status_code == 200
    assert again.json() == sent.json()
    assert (sent.json()["is_sealed"], sent.json()["is_opened"], sent.json()["with_tax"]) == (True, False, None)
    assert [one.json() for one in read] == [sent.json()] * 2
    texts = [*told, sent.text, *(one.text for one in read)]
    assert [amount for amount in TYPED for text in texts if amount in text] == []


def test_a_kept_reply_is_no_means_to_try_amounts(sqlite_url: str) -> None:
    """The mark of the same request differs from token to token, and a token is kept nowhere."""
    with council(sqlite_url, stages.preparing) as town:
        body = ALL["create_a_round"].example
        for ref, program in (("R9-1", Program(town, SECRETARIAT)), ("R9-1", Program(town, SECRETARIAT))):
            program.send("POST", "/rounds", {**body, "ref": ref}, idempotency_key="k-1")
            program.send("PUT", ROUND, ALL["edit_a_round"].example, seen=ROUND, idempotency_key="k-2")
        with town.database.read() as session:
            marks = [row.request_hash for row in session.exec(select(KeptReplyRow)) if row.key == "k-2"]
    assert len(marks) == len(set(marks)) == 2


def test_after_the_opening_the_amounts_prove_what_was_sealed(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        found = Program(town, SECRETARIAT).get(PLACE).json()
    ceiling = Ceiling(found["with_tax"], found["without_tax"], Basis())
    seal = found["seals"][-1]
    assert found["is_opened"] is True
    assert commitment(ceiling, found["nonce"], f"R3-1|pc|{seal['number']}") == seal["commitment"]


def test_setting_it_anew_asks_for_a_reason_and_keeps_the_earlier_seal(sqlite_url: str) -> None:
    with council(sqlite_url, sealed) as town:
        program = Program(town, SECRETARIAT)
        without = program.send("PUT", PLACE, BODY, seen=PLACE)
        with_one = program.send("PUT", PLACE, {**BODY, "reason": "数量の訂正に伴う再算定"}, seen=PLACE).json()
    assert faults(without) == ["reason"]
    assert [(seal["number"], seal["reason"]) for seal in with_one["seals"]] == [
        (1, None),
        (2, "数量の訂正に伴う再算定"),
    ]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"basis": {"note": "x"}}, ["with_tax"]),
        ({"with_tax": 110, "without_tax": 101, "basis": {"note": "x"}}, ["without_tax"]),
        ({"with_tax": 110, "without_tax": 90, "basis": {"note": "x"}}, ["accepts_below_limit"]),
        ({"with_tax": 110, "basis": {}}, ["basis.note"]),
        ({"with_tax": 110, "basis": {"lowest_quotation": 100}}, ["basis.quotations"]),
        ({"with_tax": 110, "basis": {"discount_percent": "100"}}, ["basis.discount_percent"]),
        ({"with_tax": 110.5, "basis": {"note": "x"}}, ["with_tax"]),
        ({"with_tax": 110}, ["basis"]),
    ],
)
def test_what_is_wrong_is_told_by_its_path(sqlite_url: str, body: dict[str, object], wrong: list[str]) -> None:
    with council(sqlite_url, stages.specified) as town:
        program = Program(town, SECRETARIAT)
        assert faults(program.send("PUT", PLACE, body, seen=LOT)) == wrong
        assert program.get(PLACE).json()["seals"] == []


def test_one_amount_follows_from_the_other(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        program = Program(town, SECRETARIAT)
        for amount in ({"with_tax": 110}, {"without_tax": "100.5"}, {"without_tax": 100}):
            body = {**amount, "basis": {"note": "x"}, "reason": "定め直し"}
            answers = program.send("PUT", PLACE, body, seen=LOT)
            wanted = 422 if amount == {"without_tax": "100.5"} else 200  # the lot's prices are whole yen
            assert answers.status_code == wanted, answers.text


def test_after_the_opening_and_without_the_permission_nothing_is_sealed(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        late = Program(town, SECRETARIAT).send("PUT", PLACE, BODY, seen=LOT)
        others = [Program(town, person).send("PUT", PLACE, BODY, if_match='"1.x"') for person in (AUDITOR, KATSURAGI)]
    assert problem(late) == (409, "conflict")
    assert {one.status_code for one in others} == {403}
