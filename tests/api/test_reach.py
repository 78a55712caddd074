"""Tendering again, demand and contracts on behalf of a body, its amounts, 納入期限, all documents at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from procure.bids.after_tables import NegotiatedContractRow
from procure.parties.suppliers import Supplier, known_supplier
from tests import stages
from tests.api.exchanges import (
    ALL,
    ANSWER,
    LOT,
    OF_A_BODY,
    ROUND,
    called_off,
    failed,
    making_documents,
    negotiation_body,
    slip_for_a_body,
    with_draft,
)
from tests.api.programs import Program, council, faults, problem
from tests.contracts.contracting import contracted
from tests.people import KATSURAGI, SECRETARIAT

AGAIN = ALL["retender_a_round"].example
TERMS = ALL["record_terms_for_a_body"].example
FOR_A_BODY = ALL["submit_for_a_body"].example
DEADLINES = f"{ROUND}/delivery-deadlines"
LIMITS = f"/bodies/{KATSURAGI.body_code}/contract-limits"
JOBS = f"{ROUND}/document-jobs"

# ---- rounds and lots ---------------------------------------------------------------------------------


def test_a_cancelled_lot_is_tendered_again_with_the_demand_that_it_had(sqlite_url: str) -> None:
    with council(sqlite_url, called_off) as town:
        program = Program(town, SECRETARIAT)
        before = program.get(ROUND).json()["version"]
        made = program.send("POST", f"{ROUND}/retenders", AGAIN, seen=ROUND)
        again = program.send("POST", f"{ROUND}/retenders", {**AGAIN, "ref": "R9-2"}, seen=ROUND)
        after = program.get(ROUND).json()["version"]
    told = made.json()
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/rounds/R9-1")
    assert (told["follows"], told["stage"], [lot["ref"] for lot in told["lots"]]) == ("R3-1", "specified", ["printer"])
    assert after == before + 1
    assert problem(again) == (409, "conflict")


def test_a_lot_that_still_stands_is_not_tendered_again(sqlite_url: str) -> None:
    with council(sqlite_url, called_off) as town:
        answer = Program(town, SECRETARIAT).send(
            "POST", f"{ROUND}/retenders", {**AGAIN, "lots": ["pc", "printer"]}, seen=ROUND
        )
    assert (problem(answer), faults(answer)) == ((422, "invalid"), ["lots"])


def test_a_lot_keeps_the_way_in_which_it_is_tendered(sqlite_url: str) -> None:
    body = {**ALL["change_a_lot"].example, "tender_method": "designated"}
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        program.send("PUT", LOT, body, seen=LOT)
        assert program.get(LOT).json()["tender_method"] == "designated"


@pytest.mark.parametrize(("path", "example"), [(f"{ROUND}/lots", "add_a_lot"), ("/rounds", "create_a_round")])
def test_nothing_is_called_as_the_address_of_an_empty_form(sqlite_url: str, path: str, example: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        answer = Program(town, SECRETARIAT).send("POST", path, {**ALL[example].example, "ref": "new"}, seen=ROUND)
    assert (problem(answer), faults(answer)) == ((422, "invalid"), ["ref"])


# ---- bidders and contractors -------------------------------------------------------------------------


def test_what_the_register_says_otherwise_is_refused_as_the_page_does(sqlite_url: str) -> None:
    bidder = {"ref": "b1", "name": "甲社", "lots": ["pc"], "address": "葛城市", "representative": "代表　次郎"}
    with council(sqlite_url, stages.specified) as town:
        with town.database.write() as session:
            known_supplier(session, Supplier("甲社", None, "奈良市", "代表　太郎"), stages.ACTOR, town.now)
        at = f"{ROUND}/bidders"
        answer = Program(town, SECRETARIAT).send("PUT", at, {"bidders": [bidder]}, seen=at)
    assert problem(answer) == (422, "invalid")
    assert faults(answer) == ["bidders[0].address", "bidders[0].representative"]


def test_a_contractor_that_bid_goes_by_its_id_however_its_name_is_written(sqlite_url: str) -> None:
    body = negotiation_body()
    (contract,) = body["contracts"]
    written = {**contract, "contractor": "見本ｼｽﾃﾑ株式会社"}
    with council(sqlite_url, failed) as town:
        sent = Program(town, SECRETARIAT).send(
            "POST", f"{LOT}/negotiation", {**body, "contracts": [written]}, seen=f"{LOT}/bids"
        )
        with town.database.read() as session:
            known = {bidder.name: bidder.id for bidder in stages.example().lots[0].bidders}
            kept = session.exec(select(NegotiatedContractRow)).one()
    assert sent.status_code == 200, sent.text
    assert kept.contractor == known["見本システム株式会社"]


# ---- demand on behalf of a body ----------------------------------------------------------------------


def test_the_secretariat_submits_what_a_body_sent_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.surveying) as town:
        program = Program(town, SECRETARIAT)
        told = program.send("POST", f"{ANSWER}/submit", FOR_A_BODY, seen=ANSWER).json()
        accepted = program.send("POST", f"{ANSWER}/accept", {}, seen=ANSWER).json()
    assert (told["status"], accepted["status"]) == ("submitted", "accepted")
    assert told["quantities"] == {"pc": 12, "printer": 0}
    assert "API" in told["submitted_by"]


def test_the_draft_of_a_body_is_replaced_only_where_that_is_said(sqlite_url: str) -> None:
    with council(sqlite_url, with_draft) as town:
        program = Program(town, SECRETARIAT)
        refused = program.send("POST", f"{ANSWER}/submit", FOR_A_BODY, seen=ANSWER)
        said = program.send("POST", f"{ANSWER}/submit", {**FOR_A_BODY, "replaces_draft": True}, seen=ANSWER)
    assert problem(refused) == (409, "conflict")
    assert said.status_code == 200


def test_nobody_submits_for_a_body_after_its_deadline(sqlite_url: str) -> None:
    with council(sqlite_url, stages.surveying) as town:
        program = Program(town, SECRETARIAT)
        town.wait(timedelta(days=stages.SURVEY_DAYS))
        answer = program.send("POST", f"{ANSWER}/submit", FOR_A_BODY, seen=ANSWER)
    assert problem(answer) == (409, "conflict")


def test_an_answer_on_behalf_of_a_body_is_as_whole_as_its_own(sqlite_url: str) -> None:
    with council(sqlite_url, stages.surveying) as town:
        only_one = {"lots": FOR_A_BODY["lots"][:1]}
        answer = Program(town, SECRETARIAT).send("POST", f"{ANSWER}/submit", only_one, seen=ANSWER)
    assert (problem(answer), faults(answer)) == ((422, "invalid"), ["lots.printer.participates"])


# ---- contracts on behalf of a body -------------------------------------------------------------------


def test_whoever_writes_for_a_body_says_why_and_the_body_reads_it(sqlite_url: str) -> None:
    without = {name: value for name, value in TERMS.items() if name != "on_behalf"}
    with council(sqlite_url, stages.published) as town:
        program, own = Program(town, SECRETARIAT), Program(town, KATSURAGI)
        refused = program.send("PUT", f"{OF_A_BODY}/terms", without, seen=OF_A_BODY)
        told = program.send("PUT", f"{OF_A_BODY}/terms", TERMS, seen=OF_A_BODY).json()
        slip = program.send("POST", f"{OF_A_BODY}/slips", slip_for_a_body(), seen=OF_A_BODY)
        taken = program.send(
            "POST", f"{OF_A_BODY}/slips/1/reverse", {"reason": "誤り", "on_behalf": "依頼"}, seen=OF_A_BODY
        ).json()
        read = own.get("/contracts/R3-1/pc").json()
    assert faults(refused) == ["on_behalf"]
    assert (told["status"], told["on_behalf"]) == ("concluded", TERMS["on_behalf"])
    assert (slip.status_code, slip.headers["location"]) == (201, f"/api/v1{OF_A_BODY}")
    assert [one["on_behalf"] for one in taken["slips"]] == [TERMS["on_behalf"], "依頼"]
    assert read == taken


def test_a_body_does_not_write_for_another(sqlite_url: str) -> None:
    with council(sqlite_url, contracted) as town:
        answer = Program(town, KATSURAGI).send("PUT", f"{OF_A_BODY}/terms", TERMS, if_match='"1.x"')
    assert problem(answer)[0] == 403


@pytest.mark.parametrize("code", ["292010", "999999"])
def test_a_body_without_a_share_has_no_contract(sqlite_url: str, code: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        answer = Program(town, SECRETARIAT).get(f"{ROUND}/contracts/{code}/pc")
    assert problem(answer) == (404, "not_found")


# ---- amounts and days --------------------------------------------------------------------------------


def test_the_amounts_of_a_body_are_the_same_for_it_and_for_the_secretariat(sqlite_url: str) -> None:
    body = ALL["set_limits_of_a_body"].example
    with council(sqlite_url, stages.preparing) as town:
        program, own = Program(town, SECRETARIAT), Program(town, KATSURAGI)
        tag = own.tag("/contracts/limits")
        program.send("PUT", LIMITS, body, seen=LIMITS)
        late = own.send("PUT", "/contracts/limits", body, if_match=tag)
        read = own.get("/contracts/limits").json()
        too_low = own.send("PUT", "/contracts/limits", {**body, "assembly": 1}, seen="/contracts/limits")
    assert problem(late) == (412, "version_stale")
    assert (read["assembly"], read["version"]) == (body["assembly"], 1)
    assert faults(too_low) == ["assembly"]


def test_a_deadline_is_set_and_taken_away_by_lot(sqlite_url: str) -> None:
    def days(answer: Any) -> dict[str, str | None]:
        return {one["lot"]: one["day"] for one in answer.json()["items"]}

    with council(sqlite_url, stages.confirmed) as town:
        program = Program(town, SECRETARIAT)
        tag = program.tag(DEADLINES)
        first = program.send("PUT", DEADLINES, {"days": {"pc": "2027-02-26"}}, if_match=tag)
        late = program.send("PUT", DEADLINES, {"days": {"pc": "2027-03-31"}}, if_match=tag)
        last = program.send("PUT", DEADLINES, {"days": {"pc": None}}, if_match=first.headers["etag"])
    assert days(first)["pc"] == "2027-02-26"
    assert problem(late) == (412, "version_stale")
    assert days(last)["pc"] is None


def test_nothing_is_delivered_before_the_bids_or_without_a_contract(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        program = Program(town, SECRETARIAT)
        early, strange = (
            program.send("PUT", DEADLINES, {"days": days}, seen=DEADLINES)
            for days in ({"pc": "2021-06-10"}, {"x": "2027-02-26"})
        )
    assert (faults(early), faults(strange)) == (["days.pc"], ["days.x"])


def test_before_the_confirmation_there_is_no_day_and_no_document(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        program = Program(town, SECRETARIAT)
        found = [problem(program.get(DEADLINES)), problem(program.send("POST", JOBS, {}))]
    assert found == [(409, "conflict")] * 2


# ---- all documents at once ---------------------------------------------------------------------------


def test_documents_that_are_being_made_are_not_made_a_second_time(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        program = Program(town, SECRETARIAT)
        first, second = (program.send("POST", JOBS, {}) for _ in range(2))
    assert (first.status_code, first.headers["location"]) == (201, f"/api/v1{JOBS}/1")
    assert first.json() == second.json()
    assert first.json()["state"] == "waiting"


def test_documents_are_called_off_once(sqlite_url: str) -> None:
    with council(sqlite_url, making_documents) as town:
        program = Program(town, SECRETARIAT)
        tag = program.tag(f"{JOBS}/1")
        told = program.send("POST", f"{JOBS}/1/cancel", {}, if_match=tag).json()
        late = program.send("POST", f"{JOBS}/1/cancel", {}, if_match=tag)
        again = program.send("POST", f"{JOBS}/1/cancel", {}, seen=f"{JOBS}/1")
    assert (told["state"], told["ended_at"] is None) == ("cancelled", False)
    assert (problem(late), problem(again)) == ((412, "version_stale"), (409, "conflict"))
