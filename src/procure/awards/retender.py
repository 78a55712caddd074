"""再度公告入札: lots that came to no contract, put out to tender again as a new round that is linked."""

from collections.abc import Iterator, Sequence, Set
from datetime import datetime

from sqlmodel import Session, col, select

from procure.bids.after_queries import negotiation_of
from procure.bids.queries import load_round
from procure.demand.answer import Line
from procure.demand.freeze import freeze
from procure.demand.ledger import write_lines
from procure.demand.queries import submissions_of
from procure.demand.states import Way
from procure.demand.tables import AnswerRow, DemandRow, SubmissionRow
from procure.errors import Conflict, Fault, refuse
from procure.history.record import Actor, Changes, label_of, record
from procure.rounds.actions import create_round
from procure.rounds.copying import copy_attachments, copy_lots
from procure.rounds.queries import items_of, lots_of, repeated_lots
from procure.rounds.rules import Outline
from procure.rounds.stages import Stage
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.settlement.result import Outcome
from procure.settlement.settle import settle

FAILED = frozenset({Outcome.NO_BIDS, Outcome.NO_AWARD})


def repeatable_lots(session: Session, row: RoundRow, signed: Set[str]) -> tuple[LotRow, ...]:
    """The lots that may be tendered again: cancelled ones at once; once the decision is confirmed 不調 and 不落, and
    those whose winner does not sign.

    `signed` are those that some body has signed a contract for; an award is not followed by a new tender then. Nor are
    lots under a negotiated contract tendered again, nor those that another round repeats already.
    """
    repeated = repeated_lots(session, row.ref)
    outcomes = {lot.id: lot.outcome for lot in settle(load_round(session, row)).lots}
    return tuple(
        lot
        for lot in lots_of(session, row.id)
        if lot.ref not in repeated and negotiation_of(session, lot) is None
        if outcomes[lot.ref] in _repeatable(row)
        if outcomes[lot.ref] is not Outcome.AWARDED or lot.ref not in signed
    )


def _repeatable(row: RoundRow) -> Set[Outcome]:
    return {Outcome.CANCELLED} if row.confirmed_at is None else {Outcome.CANCELLED, Outcome.AWARDED, *FAILED}


def require_repeatable(session: Session, row: RoundRow, signed: Set[str]) -> tuple[LotRow, ...]:
    """Raises Conflict where there is nothing to tender again."""
    lots = repeatable_lots(session, row, signed)
    if not lots:
        raise Conflict(
            "再度公告入札に付すロットがありません。取止めのロットと、決定を確定した後の、"
            "不調・不落または落札者が契約を締結しないロットに限ります。"
            "随意契約を申請したロットと、すでに再度公告入札に付したロットは除きます。"
        )
    return lots


def retender(
    session: Session,
    source: RoundRow,
    outline: Outline,
    refs: Set[str],
    actor: Actor,
    at: datetime,
    *,
    signed: Set[str],
    keeps_demand: bool,
    with_attachments: bool,
) -> RoundRow:
    """A round that follows `source`, with these of its lots. `source` is locked; `signed` as in `repeatable_lots`.

    With `keeps_demand` the quantities of 仕様確定 are taken over, and the round stands at 締切・仕様確定, ready for its
    ceiling and notice; else it stands at 準備, and the bodies are asked again. Raises Conflict, and Invalid with every
    fault.
    """
    chosen = [lot for lot in require_repeatable(session, source, signed) if lot.ref in refs]
    refuse(retender_faults(chosen, refs))
    row = create_round(session, outline, actor, at)
    row.follows = source.ref
    made = copy_lots(session, chosen, row)
    files = copy_attachments(session, source, row, actor, at) if with_attachments else 0
    changes: Changes = {
        "source": (None, source.ref),
        "failed_lots": (None, "、".join(lot.title for lot in chosen)),
        "files": (None, files),
    }
    record(session, at, actor, "round_retendered", round_ref=row.ref, subject=row.title, changes=changes)
    if keeps_demand:
        _take_over_demand(session, source, chosen, row, made, actor, at)
    source.version += 1
    told: Changes = {"retender": (None, row.ref), "failed_lots": changes["failed_lots"]}
    record(session, at, actor, "round_retendered", round_ref=source.ref, subject=source.title, changes=told)
    return row


def retender_faults(chosen: Sequence[LotRow], refs: Set[str]) -> Iterator[Fault]:
    if not refs:
        yield Fault("lots", "再度公告入札に付すロットを1つ以上選んでください。")
    elif {lot.ref for lot in chosen} != refs:
        yield Fault("lots", "選んだロットの中に、再度公告入札に付せないものがあります。最新の画面でご確認ください。")


def _take_over_demand(
    session: Session,
    source: RoundRow,
    chosen: Sequence[LotRow],
    row: RoundRow,
    made: Sequence[LotRow],
    actor: Actor,
    at: datetime,
) -> None:
    """The quantities go through the ledger like any other, and are frozen: they are those that failed to be bought."""
    codes = set()
    for old, new in zip(chosen, made, strict=True):
        codes |= _copy_answers(session, old, new)
        _copy_lines(session, source, old, new, actor, at)
    answered = submissions_of(session, source.id)
    session.add_all(_received(answered[code], row, actor, at) for code in sorted(codes))
    row.stage, row.specified_at = Stage.SPECIFIED, at
    session.flush()
    freeze(session, row, actor, at)


def _copy_answers(session: Session, old: LotRow, new: LotRow) -> set[str]:
    answers = session.exec(select(AnswerRow).where(col(AnswerRow.lot_id) == old.id)).all()
    session.add_all(AnswerRow(**{**answer.model_dump(), "lot_id": new.id}) for answer in answers)
    session.flush()
    return {answer.body_code for answer in answers}


def _copy_lines(session: Session, source: RoundRow, old: LotRow, new: LotRow, actor: Actor, at: datetime) -> None:
    before = _item_numbers(session, old)
    after = {item.ref: item.id for item in items_of(session, new.round_id) if item.lot_id == new.id}
    lines: dict[str, dict[int, Line]] = {}
    for demand in session.exec(select(DemandRow).where(col(DemandRow.item_id).in_(before))):
        line = Line(demand.quantity, demand.spares, demand.last_unit_price)
        lines.setdefault(demand.body_code, {})[after[before[demand.item_id]]] = line
    reason = f"再度公告入札のため、{source.ref}の仕様確定の数量を引き継ぎ"
    for code, own in sorted(lines.items()):
        write_lines(session, tuple(own), code, own, Way.SECRETARIAT, label_of(actor), at, reason)


def _item_numbers(session: Session, lot: LotRow) -> dict[int, str]:
    return {item.id: item.ref for item in session.exec(select(ItemRow).where(col(ItemRow.lot_id) == lot.id))}


def _received(answered: SubmissionRow, row: RoundRow, actor: Actor, at: datetime) -> SubmissionRow:
    """The body's answer counts as it was judged; its receipt is a new one."""
    return SubmissionRow(
        round_id=row.id,
        body_code=answered.body_code,
        receipt_number=f"{row.ref}-{answered.body_code}-01",
        state=answered.state,
        reason=answered.reason,
        submitted_at=at,
        submitted_by=label_of(actor),
    )
