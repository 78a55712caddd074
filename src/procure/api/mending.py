"""What may follow the record of bids: corrections beside it, 事後審査, 随意契約; each waits for a second person."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated

from msgspec import Meta
from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.bid_values import BidBody, LotBids, attempt_number, bid_field, bid_of, bids_sent, refuse_strange
from procure.api.bids import TAG
from procure.api.fields import Amount, Body, Known, Reason, Title, faults_named, yen
from procure.api.operation import BODY_LIMIT, Operation, Sent, operation
from procure.api.round_values import Nothing
from procure.api.shared import held_round
from procure.bids.actions import lot_value
from procure.bids.corrections import approve_correction, propose_correction, reject_correction
from procure.bids.negotiations import known_contractor, withdraw_negotiation
from procure.bids.reviews import record_review
from procure.contracts.negotiating import approve_unsigned, propose_unsigned
from procure.errors import Fault, refuse
from procure.history.record import Actor
from procure.rounds.queries import find_lot
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Visit
from procure.settlement.round import Lot, NegotiatedContract, Negotiation, NegotiationGround, QualificationReview

_LOT = "/rounds/{ref}/lots/{lot}"
_RECORD = (Permission.RECORD_BIDS, Scope.BIDS_WRITE)
_CONFIRM = (Permission.CONFIRM_AWARDS, Scope.AWARDS_WRITE)
_NO_SUCH_ITEM = "この品目はこのロットにありません。"


class MendedBid(Body, frozen=True, kw_only=True):
    """照合の後に見つかった誤りの訂正。bid は書面のとおりの内容。"""

    bid: BidBody
    reason: Reason


class ReviewBody(Body, frozen=True, kw_only=True):
    """落札候補者の資格の審査。資格がないときは理由が要る。"""

    bidder: Known
    passed: bool
    reviewed_on: date
    reason: Annotated[str, Meta(max_length=1000)] | None = None


class ContractBody(Body, frozen=True, kw_only=True):
    """随意契約の相手方と、品目ごとの単価（税抜・円）。"""

    contractor: Title
    unit_prices: dict[str, Amount]


class NegotiationBody(Body, frozen=True, kw_only=True):
    """随意契約（地方自治法施行令第167条の2）の申請。ground は第1項の号。"""

    ground: NegotiationGround
    agreed_on: date
    reason: Reason
    decision_number: Annotated[str, Meta(min_length=1, max_length=100)]
    contracts: Annotated[tuple[ContractBody, ...], Meta(min_length=1, max_length=50)]


_written = partial(operation, "POST", tag=TAG, answer=LotBids, matches=True)


@_written(
    f"{_LOT}/attempts/{{number}}/corrections",
    *_RECORD,
    "照合の後の訂正を申請する",
    body=MendedBid,
    body_limit=BODY_LIMIT,
)
def propose_a_correction(visit: Visit, ref: str, lot: str, number: str, body: MendedBid) -> Sent:
    row, found = _held(visit, ref, lot)
    refuse_strange(lot_value(visit.session, row, found), (body.bid,), "bid")
    with faults_named(bid_field):
        propose_correction(
            visit.session, row, found, attempt_number(number), bid_of(body.bid), body.reason, visit.person, visit.now
        )
    return bids_sent(visit, row, found)


@_written(f"{_LOT}/review", *_RECORD, "落札候補者の資格の審査を記録する", body=ReviewBody)
def record_a_review(visit: Visit, ref: str, lot: str, body: ReviewBody) -> Sent:
    row, found = _held(visit, ref, lot)
    review = QualificationReview(body.bidder, body.passed, body.reason or None, body.reviewed_on)
    record_review(visit.session, row, found, review, visit.person, visit.now)
    return bids_sent(visit, row, found)


@_written(f"{_LOT}/negotiation", *_RECORD, "随意契約を申請する", body=NegotiationBody, body_limit=BODY_LIMIT)
def propose_a_negotiation(visit: Visit, ref: str, lot: str, body: NegotiationBody) -> Sent:
    row, found = _held(visit, ref, lot)
    value = lot_value(visit.session, row, found)
    refuse(_strange_items(value, body))
    negotiation = _negotiation_of(value, body)
    propose_unsigned(visit.session, row, found, negotiation, body.decision_number, visit.person, visit.now)
    return bids_sent(visit, row, found)


# ---- what is done to a paper that waits --------------------------------------------------------------

Step = Callable[[Session, RoundRow, LotRow, Actor, datetime], None]


def _waiting(name: str, path: str, allowed: tuple[Permission, Scope], summary: str, step: Step) -> Operation:
    """The operation called `name`: it takes nothing but the lot, and `step` says what becomes of its paper."""

    def taken(visit: Visit, ref: str, lot: str, body: Nothing) -> Sent:
        row, found = _held(visit, ref, lot)
        step(visit.session, row, found, visit.person, visit.now)
        return bids_sent(visit, row, found)

    taken.__name__ = name
    return _written(f"{_LOT}/{path}", *allowed, summary, body=Nothing, example={})(taken)


# ---- parts -------------------------------------------------------------------------------------------


def _held(visit: Visit, ref: str, lot: str) -> tuple[RoundRow, LotRow]:
    row = held_round(visit, ref)
    return row, find_lot(visit.session, row.id, lot)


def _strange_items(lot: Lot, body: NegotiationBody) -> list[Fault]:
    items = {item.id for item in lot.items}
    return [
        Fault(f"contracts[{at}].unit_prices.{item[:60]}", _NO_SUCH_ITEM)
        for at, contract in enumerate(body.contracts)
        for item in contract.unit_prices
        if item not in items
    ]


def _negotiation_of(lot: Lot, body: NegotiationBody) -> Negotiation:
    contracts = tuple(
        NegotiatedContract(
            known_contractor(lot, one.contractor), {item: yen(price) or 0 for item, price in one.unit_prices.items()}
        )
        for one in body.contracts
    )
    return Negotiation(body.ground, body.agreed_on, body.reason, contracts)


operations: list[Operation] = [
    propose_a_correction,
    _waiting("approve_a_correction", "correction/approve", _RECORD, "別の人が訂正を承認する", approve_correction),
    _waiting(
        "reject_a_correction", "correction/reject", _RECORD, "訂正を却下する、または取り下げる", reject_correction
    ),
    record_a_review,
    propose_a_negotiation,
    _waiting("approve_a_negotiation", "negotiation/approve", _CONFIRM, "別の人が随意契約を承認する", approve_unsigned),
    _waiting(
        "withdraw_a_negotiation", "negotiation/withdraw", _RECORD, "随意契約の申請を取り下げる", withdraw_negotiation
    ),
]
