"""随意契約 after a tender without a contract (施行令167条の2第1項8号, 9号), made by two people."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlmodel import Session, col, delete

from procure.bids.actions import lot_value, require_checked, require_no_correction
from procure.bids.after_queries import negotiation_of, negotiations_of
from procure.bids.after_tables import NegotiatedContractRow, NegotiatedPriceRow, NegotiationRow
from procure.bids.negotiation_evidence import keep_negotiated
from procure.bids.queries import items_of_lot
from procure.errors import Conflict, Fault, refuse
from procure.history.record import Actor, Changes, account_of, label_of, record
from procure.history.two_people import require_another
from procure.rounds.queries import repeated_lots
from procure.rounds.stages import Act, require
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.negotiation import may_follow_failure, negotiation_faults
from procure.settlement.result import Outcome
from procure.settlement.round import Lot, Negotiation, NegotiationGround
from procure.settlement.settle import settle_lot
from procure.values.text import search_key

LONGEST_NAME = 200
NOTHING: Changes = {}


def possible_ground(session: Session, row: RoundRow, lot: LotRow) -> NegotiationGround | None:
    """8号 where nobody bid, or bidding again came to no award; 9号 once the decision is confirmed and its winner does
    not sign; else None.
    """
    result = settle_lot(lot_value(session, row, lot))
    if may_follow_failure(result):
        return NegotiationGround.FAILED_TENDER
    if result.outcome is Outcome.AWARDED and row.confirmed_at is not None:
        return NegotiationGround.NOT_SIGNED
    return None


def require_negotiable(session: Session, row: RoundRow, lot: LotRow) -> NegotiationGround:
    """The ground on which the lot may be contracted without a tender.

    Raises Conflict; a lot that is tendered again in another round is no longer contracted on this failed one.
    """
    require(Act.NEGOTIATE, row.stage)
    if negotiation_of(session, lot) is not None:
        raise Conflict(f"「{lot.title}」の随意契約は、すでに申請または承認されています。")
    return _ground_of(session, row, lot)


def _ground_of(session: Session, row: RoundRow, lot: LotRow) -> NegotiationGround:
    """The ground that the lot has now. Raises Conflict where it has none, or its bids may still change."""
    require_checked(session, lot)
    require_no_correction(session, lot)
    ground = possible_ground(session, row, lot)
    if ground is not None and lot.ref in repeated_lots(session, row.ref):
        raise Conflict(
            f"「{lot.title}」は、すでに再度公告入札に付しているため、この入札の結果では随意契約によれません。"
            "再度公告入札の案件で手続を進めてください。"
        )
    if ground is None:
        raise Conflict(
            f"「{lot.title}」は、いまは随意契約によれません。入札者がないとき若しくは再度の入札に付し落札者がないとき（地方自治法施行令第167条の2第1項第8号）か、"
            "落札者の決定を確定した後に落札者が契約を締結しないとき（同項第9号）に限ります。"
        )
    return ground


def propose_negotiation(
    session: Session,
    row: RoundRow,
    lot: LotRow,
    negotiation: Negotiation,
    decision_number: str,
    actor: Actor,
    at: datetime,
) -> NegotiationRow:
    """`row` is locked. Raises Conflict, and Invalid with every fault."""
    ground = require_negotiable(session, row, lot)
    faults = _tender_faults(lot_value(session, row, lot), ground, negotiation)
    refuse([*faults, *paper_faults(row, negotiation, decision_number, at.date())])
    proposed = NegotiationRow(
        lot_id=lot.id,
        ground=negotiation.ground,
        reason=negotiation.reason,
        agreed_on=negotiation.agreed_on,
        decision_number=decision_number,
        proposed_at=at,
        proposed_by=label_of(actor),
        proposed_account=account_of(actor),
    )
    session.add(proposed)
    session.flush()
    write_contracts(session, lot, negotiation)
    _record(session, row, lot, "negotiation_proposed", actor, at)
    return proposed


def _tender_faults(lot: Lot, ground: NegotiationGround, negotiation: Negotiation) -> Iterator[Fault]:
    """Where the contract does not follow from what the tender came to."""
    for fault in negotiation_faults(lot, settle_lot(lot), negotiation):
        yield Fault(fault.path, fault.notice)
    if negotiation.ground is not ground:
        yield Fault("ground", "随意契約の根拠が、この入札の結果と合いません。")


def paper_faults(row: RoundRow, negotiation: Negotiation, decision_number: str, today: date) -> Iterator[Fault]:
    """Why, under which 決裁番号, and on a day between the opening and today; a name is as long as a bidder's may be."""
    if not 0 < len(negotiation.reason) <= 1000:
        yield Fault("reason", "随意契約による理由を1000字以内で入力してください。")
    if row.opened_at is not None and negotiation.agreed_on < row.opened_at.date():
        yield Fault("agreed_on", "見積合わせの日が開札の日より前です。日付を確かめてください。")
    if negotiation.agreed_on > today:
        yield Fault("agreed_on", "見積合わせの日が今日より後です。日付を確かめてください。")
    if not 0 < len(decision_number) <= 100:
        yield Fault("decision_number", "決裁番号を100字以内で入力してください（例：奈電推協決第12号）。")
    for place, contract in enumerate(negotiation.contracts):
        if not 0 < len(contract.contractor) <= LONGEST_NAME:
            yield Fault(
                f"contracts[{place}].contractor", f"契約の相手方の名称を{LONGEST_NAME}字以内で入力してください。"
            )


def known_contractor(lot: Lot, name: str) -> str:
    """One that bid goes by its id, however its name is written; anybody else by the name."""
    return next((bidder.id for bidder in lot.bidders if search_key(bidder.name) == search_key(name)), name)


def write_contracts(session: Session, lot: LotRow, negotiation: Negotiation) -> None:
    items = {item.ref: item.id for item in items_of_lot(session, lot)}
    for position, contract in enumerate(negotiation.contracts):
        session.add(NegotiatedContractRow(lot_id=lot.id, position=position, contractor=contract.contractor))
        session.add_all(
            NegotiatedPriceRow(item_id=items[ref], lot_id=lot.id, position=position, price=price)
            for ref, price in contract.unit_prices.items()
        )
    session.flush()


def approve_negotiation(session: Session, row: RoundRow, lot: LotRow, actor: Actor, at: datetime) -> None:
    """`row` is locked. After the confirmation, whose evidence does not know the contract, it is kept beside it.

    Raises Conflict where nothing waits, the same person proposed it, or the tender no longer comes to what it follows.
    """
    waiting = _waiting(session, row, lot)
    require_another(waiting.proposer, actor, "随意契約の承認", "随意契約を申請")
    ground = _ground_of(session, row, lot)
    for fault in _tender_faults(lot_value(session, row, lot), ground, _negotiation(session, row, lot)):
        raise Conflict(f"{fault.message}申請を取り下げ、最新の結果に基づいて申請し直してください。")
    waiting.approved_at, waiting.approved_by = at, label_of(actor)
    session.flush()
    kept = None if row.confirmed_at is None else keep_negotiated(session, row, waiting, label_of(actor), at)
    _record(
        session, row, lot, "negotiation_approved", actor, at, {} if kept is None else {"sha256": (None, kept.sha256)}
    )


def withdraw_negotiation(session: Session, row: RoundRow, lot: LotRow, actor: Actor, at: datetime) -> None:
    """Takes back what was not approved yet. `row` is locked."""
    _waiting(session, row, lot)
    _record(session, row, lot, "negotiation_withdrawn", actor, at)
    for table in (NegotiatedPriceRow, NegotiatedContractRow, NegotiationRow):
        session.exec(delete(table).where(col(table.lot_id) == lot.id))
    session.flush()


def _waiting(session: Session, row: RoundRow, lot: LotRow) -> NegotiationRow:
    require(Act.NEGOTIATE, row.stage)
    waiting = negotiation_of(session, lot)
    if waiting is None or waiting.approved_at is not None:
        raise Conflict("承認を待っている随意契約はありません。最新の画面でご確認ください。")
    return waiting


def _negotiation(session: Session, row: RoundRow, lot: LotRow) -> Negotiation:
    """As it was proposed, approved or not."""
    items = {item.id: item.ref for item in items_of_lot(session, lot)}
    return negotiations_of(session, row.id, items, approved=False)[lot.id]


def _record(
    session: Session, row: RoundRow, lot: LotRow, action: str, actor: Actor, at: datetime, more: Changes = NOTHING
) -> None:
    row.version += 1
    negotiation = _negotiation(session, row, lot)
    kept = negotiation_of(session, lot)
    changes: Changes = {
        "ground": (None, f"施行令第167条の2第1項第{negotiation.ground}号"),
        "reason": (None, negotiation.reason),
        "agreed_on": (None, negotiation.agreed_on.isoformat()),
        "decision_number": (None, kept and kept.decision_number),
        "contractors": (None, "、".join(contract.contractor for contract in negotiation.contracts)),
        **more,
    }
    record(session, at, actor, action, round_ref=row.ref, subject=lot.title, changes=changes)
