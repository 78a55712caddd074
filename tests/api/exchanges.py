"""An exchange for every operation: the state in which it makes sense, who asks, what is sent with it.

`python -m tests.api.exchanges` records the answers into src/procure/examples/api.json.
"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from httpx import Response
from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.api.contracts import WHY
from procure.api.description import operations as own_operations
from procure.api.entrance import JSON
from procure.api.openapi import named
from procure.api.operation import Operation
from procure.api.table import OPERATIONS
from procure.awards.actions import propose
from procure.awards.archive import import_round
from procure.bids.actions import record_attempt
from procure.bids.bidders import save_bidders
from procure.bids.corrections import propose_correction
from procure.bids.negotiations import propose_negotiation
from procure.demand.actions import save_draft
from procure.demand.answer import NO, lot_field
from procure.documents.entries import entries
from procure.documents.of_round import decided, papers_of
from procure.jobs.actions import ask_for_documents
from procure.jobs.kept import keep
from procure.parties.suppliers import find_supplier, suspend
from procure.rounds.attachments import write_attachment
from procure.rounds.queries import lots_of
from procure.rounds.questions import ask
from procure.rounds.tables import RoundRow
from procure.settings import Letterhead
from procure.settlement.bids import bid_total, total_quantities
from procure.settlement.round import (
    Attempt,
    Bid,
    DrawMethod,
    Entry,
    Lot,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    Review,
    Round,
)
from procure.settlement.round_file import round_json
from procure.values.money import amount_to_json
from tests import stages
from tests.api.programs import Program, council
from tests.contracts.contracting import contracted, performing
from tests.harness.databases import SQLiteDatabases
from tests.people import KATSURAGI, NOW, SECRETARIAT, Person
from tests.web.rounds_at import Builder

FILE = Path(__file__).parents[2] / "src" / "procure" / "examples" / "api.json"
ROUND, LOT, OWN = "/rounds/R3-1", "/rounds/R3-1/lots/pc", "/demand/R3-1"
CONTRACT = "/contracts/R3-1/pc"
ANSWER = f"{ROUND}/demand/{KATSURAGI.body_code}"
OF_A_BODY = f"{ROUND}/contracts/{KATSURAGI.body_code}/pc"
RANDOM = ("commitment", "nonce")
DRAWN = "5f" * 32  # stands for them
OF_MUNICIPALITIES = (Permission.REGISTER_DEMAND, Permission.READ_OWN_RESULTS, Permission.RECORD_CONTRACTS)
ALL = {one.id: one for one in (*OPERATIONS, *own_operations)}


@dataclass(frozen=True, slots=True)
class Exchange:
    """`seen` is the address whose tag goes along; `body` is made where the operation has no example."""

    build: Builder
    seen: str | None = None
    body: Callable[[], Any] | None = None
    query: str = ""


# ---- states that no stage has ------------------------------------------------------------------------


def with_draft(session: Session, now: datetime) -> RoundRow:
    row = stages.surveying(session, now)
    typed = {lot_field("join", lot.id): NO for lot in lots_of(session, row.id)}
    save_draft(session, row, str(KATSURAGI.body_code), typed, 0, stages.ACTOR, now)
    return row


def sealed(session: Session, now: datetime) -> RoundRow:
    """Bidders registered and ceilings sealed: ready for the notice."""
    row = stages.specified(session, now)
    save_bidders(session, row, stages._registrations(stages.example()), stages.ACTOR, now)
    for lot, value in zip(lots_of(session, row.id), stages.example().lots, strict=True):
        stages.seal(session, row, lot, value.rules.ceiling, now)
    return row


def unchecked(session: Session, now: datetime) -> RoundRow:
    row = stages.opening(session, now)
    lot = next(iter(lots_of(session, row.id)))
    record_attempt(session, row, lot, _attempt(), stages.ACTOR, now)
    return row


def proposed(session: Session, now: datetime) -> RoundRow:
    row = stages.decided(session, now)
    propose(session, row, "見本第1号", now.date(), stages.ACTOR, now)
    return row


def mistyped(session: Session, now: datetime) -> RoundRow:
    """A correction waits for a second person."""
    row = stages.decided(session, now)
    lot = next(iter(lots_of(session, row.id)))
    bid = replace(_attempt().bids[-1], void="記名押印がないため")
    propose_correction(session, row, lot, 1, bid, "書面と照らして訂正", stages.ACTOR, now)
    return row


def under_review(session: Session, now: datetime) -> RoundRow:
    """事後審査: the candidate is to be examined."""
    return _taken_in(session, now, lambda lot: replace(lot, rules=replace(lot.rules, review=Review.AFTER)))


def failed(session: Session, now: datetime) -> RoundRow:
    """Nobody bid (不調), so that the lot may be negotiated."""
    return _taken_in(session, now, _without_bids)


def negotiating(session: Session, now: datetime) -> RoundRow:
    row = failed(session, now)
    lot = next(iter(lots_of(session, row.id)))
    body = negotiation_body()
    contracts = tuple(NegotiatedContract(one["contractor"], one["unit_prices"]) for one in body["contracts"])
    ground, agreed_on = NegotiationGround(body["ground"]), date.fromisoformat(body["agreed_on"])
    negotiation = Negotiation(ground, agreed_on, body["reason"], contracts)
    propose_negotiation(session, row, lot, negotiation, body["decision_number"], stages.ACTOR, now)
    return row


def _taken_in(session: Session, now: datetime, change: Callable[[Lot], Lot]) -> RoundRow:
    stages.add_members(session, stages.bodies_of("奈良県"), stages.ACTOR, now)
    value = stages.example()
    return import_round(session, replace(value, lots=tuple(map(change, value.lots))), stages.ACTOR, now)


def _without_bids(lot: Lot) -> Lot:
    first = lot.attempts[0]
    declined = tuple(Bid(bid.bidder, Entry.DECLINED) for bid in first.bids)
    return replace(lot, attempts=(Attempt(1, first.opened_at, declined),), draw=None)


def called_off(session: Session, now: datetime) -> RoundRow:
    """The second lot was cancelled after 仕様確定, and may be tendered again."""
    row = stages.specified(session, now)
    lots_of(session, row.id)[1].cancelled = "需要が見込みを大きく下回ったため"
    return row


def making_documents(session: Session, now: datetime) -> RoundRow:
    row = stages.confirmed(session, now)
    ask_for_documents(session, row, papers_of(session, row, Letterhead(), now), stages.ACTOR, now)
    return row


def documents_made(session: Session, now: datetime) -> RoundRow:
    row = stages.confirmed(session, now)
    papers = decided(session, row, Letterhead())
    for entry in entries(papers):
        keep(session, row.id, papers, entry, entry.path.encode(), now)
    return row


def with_question(session: Session, now: datetime) -> RoundRow:
    row = stages.surveying(session, now)
    ask(session, row, str(KATSURAGI.body_code), "搬入と設置の費用は単価に含みますか。", stages.ACTOR, now)
    return row


def with_attachment(session: Session, now: datetime) -> RoundRow:
    row = stages.surveying(session, now)
    write_attachment(session, row, "仕様書.txt", "仕様書\n".encode(), stages.ACTOR, now)
    return row


def with_new_attachment(session: Session, now: datetime) -> RoundRow:
    row = stages.preparing(session, now)
    write_attachment(session, row, "仕様書.txt", "仕様書\n".encode(), stages.ACTOR, now)
    return row


def registered(session: Session, now: datetime) -> RoundRow:
    """The suppliers of the round are known, and one of them is suspended."""
    row = stages.bidding(session, now)
    first = find_supplier(session, 1)
    suspend(session, first, date(2026, 12, 1), date(2027, 2, 28), "指名停止要綱第3条による。", stages.ACTOR, now)
    return row


def tied(session: Session, now: datetime) -> RoundRow:
    """Everybody bid the same, and the lot is drawn on paper."""
    stages.add_members(session, stages.bodies_of("奈良県"), stages.ACTOR, now)
    return import_round(session, tied_round(), stages.ACTOR, now)


def tied_round() -> Round:
    value = stages.example()
    lot = value.lots[0]
    first = lot.attempts[0]
    ceiling = lot.rules.ceiling
    bids = tuple(
        replace(bid, entry=Entry.BID, total=ceiling, unit_prices=None, void=None, draw_number=None)
        for bid in first.bids
    )
    rules = replace(lot.rules, draw=DrawMethod.PAPER)
    same = replace(lot, rules=rules, attempts=(Attempt(1, first.opened_at, bids),), draw=None)
    return replace(value, lots=(same, *value.lots[1:]))


# ---- bodies that come of the round -------------------------------------------------------------------


def _lot() -> Lot:
    return stages.example().lots[0]


def _attempt() -> Attempt:
    return _lot().attempts[0]


def attempt_body() -> dict[str, Any]:
    return {
        "opened_at": NOW.isoformat(),
        "bids": [
            {
                "bidder": bid.bidder,
                "entry": bid.entry.value,
                "total": None if bid.total is None else amount_to_json(bid.total),
                "unit_prices": None
                if bid.unit_prices is None
                else {ref: amount_to_json(price) for ref, price in bid.unit_prices.items()},
                "void": bid.void,
            }
            for bid in _attempt().bids
        ],
    }


def check_body() -> dict[str, Any]:
    quantities = total_quantities(_lot())
    totals = [(bid, bid_total(bid, quantities)) for bid in _attempt().bids]
    return {
        "way": "typed",
        "found": [
            {
                "bidder": bid.bidder,
                "entry": bid.entry.value,
                "total": None if total is None else amount_to_json(total),
                "received_at": bid.received_at and bid.received_at.isoformat(),
            }
            for bid, total in totals
        ],
    }


def draw_body() -> dict[str, Any]:
    first, *others = (bidder.id for bidder in _lot().bidders)
    drawers = [
        {"bidder": first, "drawn_by": "代理人　山田", "in_place": False},
        *({"bidder": bidder, "drawn_by": "会計課　佐藤", "in_place": True} for bidder in others),
    ]
    return {"winner": first, "drawn_by": "代理人　山田", "witness": "立会　人子", "drawers": drawers}


def correction_body() -> dict[str, Any]:
    wrong = attempt_body()["bids"][-1]
    return {"bid": {**wrong, "void": "記名押印がないため"}, "reason": "書面と照らして訂正"}


def review_body() -> dict[str, Any]:
    (award,) = [lot.award for lot in stages.settle(stages.example()).lots[:1]]
    assert award is not None
    return {"bidder": award.bidder, "passed": True, "reviewed_on": NOW.date().isoformat()}


def negotiation_body() -> dict[str, Any]:
    lot = _lot()
    prices = {item.id: 100 for item in lot.items if total_quantities(lot).get(item.id)}
    return {
        "ground": "8",
        "agreed_on": NOW.date().isoformat(),
        "reason": "入札者がいなかったため",
        "decision_number": "奈電推協決第13号",
        "contracts": [{"contractor": lot.bidders[0].name, "unit_prices": prices}],
    }


def slip_body() -> dict[str, Any]:
    own = next(one for one in _lot().demand if one.municipality == KATSURAGI.body_code)
    item = next(item for item, quantity in own.quantities.items() if quantity)
    return {"act": "order", "day": NOW.date().isoformat(), "quantities": {item: 1}, "place": "葛城市役所新庄庁舎"}


def slip_for_a_body() -> dict[str, Any]:
    return {**slip_body(), "on_behalf": WHY}


def confirmation_body() -> dict[str, Any]:
    result = stages.settle(stages.example())
    return {"amounts": {lot.id: lot.award.total_with_tax for lot in result.lots if lot.award}}


def file_body() -> dict[str, Any]:
    value = stages.example()
    lots = tuple(replace(lot, demand=(), bidders=(), attempts=(), draw=None, items=lot.items[:1]) for lot in value.lots)
    return dict(round_json(replace(value, id="R3-9", lots=lots, opening=None)))


# ---- the exchanges -----------------------------------------------------------------------------------

EXCHANGES: dict[str, Exchange] = {
    "list_rounds": Exchange(stages.preparing),
    "create_a_round": Exchange(stages.preparing),
    "import_a_round": Exchange(stages.preparing, body=file_body),
    "read_a_round": Exchange(stages.preparing),
    "edit_a_round": Exchange(stages.preparing, ROUND),
    "export_a_round": Exchange(stages.decided),
    "read_result": Exchange(stages.decided),
    "list_lots": Exchange(stages.preparing),
    "add_a_lot": Exchange(stages.preparing, ROUND),
    "read_a_lot": Exchange(stages.preparing),
    "change_a_lot": Exchange(stages.preparing, LOT),
    "remove_a_lot": Exchange(stages.preparing, LOT),
    "check_prices": Exchange(stages.preparing, LOT),
    "cancel_a_lot": Exchange(stages.specified, LOT),
    "open_the_survey": Exchange(stages.preparing, ROUND),
    "close_the_survey": Exchange(stages.answered, ROUND),
    "reopen_the_survey": Exchange(stages.specified, ROUND),
    "list_surveys": Exchange(stages.answered),
    "read_demand": Exchange(stages.answered),
    "save_demand": Exchange(stages.surveying, OWN),
    "request_an_approval": Exchange(with_draft, OWN),
    "submit_demand": Exchange(with_draft, OWN),
    "read_board": Exchange(stages.answered),
    "read_an_answer": Exchange(stages.answered),
    "submit_for_a_body": Exchange(stages.surveying, ANSWER),
    "accept_an_answer": Exchange(stages.answered, ANSWER),
    "return_an_answer": Exchange(stages.answered, ANSWER),
    "extend_a_deadline": Exchange(stages.answered, ANSWER),
    "correct_an_answer": Exchange(stages.specified, ANSWER),
    "announce_a_round": Exchange(sealed, ROUND),
    "list_bidders": Exchange(stages.bidding),
    "register_bidders": Exchange(stages.specified, f"{ROUND}/bidders"),
    "open_a_round": Exchange(stages.bidding, ROUND),
    "read_bids": Exchange(stages.decided),
    "record_an_attempt": Exchange(stages.opening, f"{LOT}/bids", attempt_body),
    "check_an_attempt": Exchange(unchecked, f"{LOT}/bids", check_body),
    "record_a_draw": Exchange(tied, f"{LOT}/bids", draw_body),
    "propose_a_correction": Exchange(stages.decided, f"{LOT}/bids", correction_body),
    "approve_a_correction": Exchange(mistyped, f"{LOT}/bids"),
    "reject_a_correction": Exchange(mistyped, f"{LOT}/bids"),
    "record_a_review": Exchange(under_review, f"{LOT}/bids", review_body),
    "propose_a_negotiation": Exchange(failed, f"{LOT}/bids", negotiation_body),
    "approve_a_negotiation": Exchange(negotiating, f"{LOT}/bids"),
    "withdraw_a_negotiation": Exchange(negotiating, f"{LOT}/bids"),
    "copy_a_round": Exchange(stages.preparing),
    "retender_a_round": Exchange(called_off, ROUND),
    "read_savings": Exchange(stages.confirmed),
    "read_savings_of_years": Exchange(stages.confirmed),
    "read_a_ceiling": Exchange(stages.opening),
    "seal_a_ceiling": Exchange(stages.specified, LOT),
    "list_suppliers": Exchange(registered),
    "add_a_supplier": Exchange(stages.preparing),
    "read_a_supplier": Exchange(registered),
    "change_a_supplier": Exchange(registered, "/suppliers/1"),
    "suspend_a_supplier": Exchange(stages.bidding, "/suppliers/1"),
    "lift_a_suspension": Exchange(registered, "/suppliers/1"),
    "add_an_attachment": Exchange(stages.preparing, body="仕様書\n".encode, query="?name=%E4%BB%95%E6%A7%98.txt"),
    "remove_an_attachment": Exchange(with_new_attachment, ROUND),
    "list_attachments": Exchange(with_attachment),
    "get_an_attachment": Exchange(with_attachment),
    "list_own_attachments": Exchange(with_attachment),
    "get_own_attachment": Exchange(with_attachment),
    "list_questions": Exchange(with_question),
    "read_a_question": Exchange(with_question),
    "answer_a_question": Exchange(with_question, f"{ROUND}/questions/1"),
    "read_own_questions": Exchange(with_question),
    "ask_a_question": Exchange(stages.surveying),
    "read_a_decision": Exchange(stages.decided),
    "read_award": Exchange(stages.confirmed),
    "propose_award": Exchange(stages.decided, ROUND),
    "withdraw_award": Exchange(proposed, ROUND),
    "confirm_award": Exchange(proposed, f"{ROUND}/award", confirmation_body),
    "publish_a_round": Exchange(stages.confirmed, ROUND),
    "read_notices": Exchange(stages.confirmed),
    "list_documents": Exchange(stages.confirmed),
    "get_document": Exchange(stages.confirmed),
    "get_lot_document": Exchange(stages.confirmed),
    "get_notice": Exchange(stages.confirmed),
    "get_orders": Exchange(stages.confirmed),
    "make_documents": Exchange(stages.confirmed),
    "read_a_document_job": Exchange(making_documents),
    "cancel_a_document_job": Exchange(making_documents, f"{ROUND}/document-jobs/1"),
    "get_document_archive": Exchange(documents_made),
    "list_results": Exchange(stages.published),
    "read_own_result": Exchange(stages.published),
    "get_own_notice": Exchange(stages.published),
    "get_own_orders": Exchange(stages.published),
    "list_contracts_of_a_round": Exchange(performing),
    "read_a_contract_of_a_body": Exchange(performing),
    "record_terms_for_a_body": Exchange(stages.published, OF_A_BODY),
    "record_a_slip_for_a_body": Exchange(contracted, OF_A_BODY, slip_for_a_body),
    "reverse_a_slip_for_a_body": Exchange(performing, OF_A_BODY),
    "read_deadlines": Exchange(stages.confirmed),
    "set_the_deadlines": Exchange(stages.confirmed, f"{ROUND}/delivery-deadlines"),
    "read_own_limits": Exchange(stages.preparing),
    "set_own_limits": Exchange(stages.preparing, "/contracts/limits"),
    "read_limits": Exchange(stages.preparing),
    "set_limits_of_a_body": Exchange(stages.preparing, f"/bodies/{KATSURAGI.body_code}/contract-limits"),
    "list_contracts": Exchange(performing),
    "read_a_contract": Exchange(performing),
    "record_terms": Exchange(stages.published, CONTRACT),
    "record_a_slip": Exchange(contracted, CONTRACT, slip_body),
    "reverse_a_slip": Exchange(performing, CONTRACT),
    "read_me": Exchange(stages.preparing),
    "list_bodies": Exchange(stages.preparing),
    "read_a_body": Exchange(stages.preparing),
    "read_history": Exchange(stages.preparing),
    "read_history_of_a_round": Exchange(stages.preparing),
    "list_published": Exchange(stages.published),
    "read_published": Exchange(stages.published),
    "read_openapi": Exchange(stages.preparing),
}


def address_of(operation: Operation) -> str:
    """The address with the examples of the documentation in the place of its parameters."""
    path = operation.path
    for name in operation.parameters:
        path = path.replace(f"{{{name}}}", named(operation, name)[1])
    return path


def asker_of(operation: Operation) -> Person | None:
    if operation.permission is Permission.PUBLIC:
        return None
    return KATSURAGI if operation.permission in OF_MUNICIPALITIES else SECRETARIAT


def body_of(operation: Operation) -> Any:
    made = EXCHANGES[operation.id].body
    return made() if made else operation.example


def exchanged(operation: Operation, url: str) -> Response:
    """Sends the example of an operation, in its state, on an empty database."""
    exchange = EXCHANGES[operation.id]
    with council(url, exchange.build) as town:
        program = Program(town, asker_of(operation))
        address = address_of(operation)
        if not operation.writes:
            return program.get(address)
        return program.send(
            operation.method,
            address + exchange.query,
            body_of(operation),
            seen=exchange.seen,
            content_type=operation.takes,
        )


def shortened(value: Any) -> Any:
    """What the documentation shows of an answer: lists cut to their first two, and the same for what is drawn anew."""
    if isinstance(value, dict):
        return {
            name: DRAWN if name in ("commitment", "nonce") and one else shortened(one) for name, one in value.items()
        }
    return [shortened(one) for one in value[:2]] if isinstance(value, list) else value


def recorded() -> dict[str, Any]:
    """What the documentation is to show, from the service itself."""
    databases = SQLiteDatabases(Path(tempfile.mkdtemp()))
    found: dict[str, Any] = {}
    for operation in OPERATIONS:
        if EXCHANGES[operation.id].body and operation.takes == JSON:
            found[f"{operation.id}:body"] = body_of(operation)
        if not operation.files:
            answer = exchanged(operation, databases.migrated())
            assert answer.status_code == operation.status, (operation.id, answer.status_code, answer.text)
            found[operation.id] = shortened(answer.json())
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(recorded(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
