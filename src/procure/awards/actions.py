"""Confirming the decision on a round, and publishing its result."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from procure.awards.rules import amount_faults, decision_faults, last_opening
from procure.awards.tables import ConfirmationRow, ProposalRow
from procure.awards.waiting import Obstacle, obstacle_of, waiting_in
from procure.bids.after_tables import CorrectionRow, NegotiationRow
from procure.bids.queries import load_round
from procure.bids.tables import AttemptRow
from procure.errors import Conflict, refuse
from procure.history.record import Actor, Changes, account_of, label_of, record
from procure.history.two_people import require_another
from procure.parties.directory import known_codes
from procure.rounds.actions import move_on
from procure.rounds.stages import Act, Stage, require
from procure.rounds.tables import RoundRow
from procure.settlement.evidence import evidence_of
from procure.settlement.result import Result
from procure.settlement.round import Round
from procure.settlement.round_file import BadRoundFile, read_round, write_round
from procure.settlement.settle import settle

ILLEGIBLE = "入札の記録を、証拠として読み戻せる形で残せません。入札の記録を確かめ、誤りを訂正してください。"


def propose(
    session: Session, row: RoundRow, decision_number: str, decision_date: date, actor: Actor, at: datetime
) -> ProposalRow:
    """Puts the decision before a second person, under its 決裁番号 and 決裁日. A proposal that stands is replaced.

    `row` is locked. Raises Conflict where it is confirmed already, a lot is not decided yet or waits for a check.
    """
    value, result = confirmable(session, row)
    _require_legible(value, result)
    refuse(decision_faults(decision_number, decision_date, last_opening(value), at.date()))
    proposal = session.merge(
        ProposalRow(
            round_id=row.id,
            decision_number=decision_number,
            decision_date=decision_date,
            sha256=evidence_of(value, result).sha256,
            proposed_at=at,
            proposed_by=label_of(actor),
            proposed_account=account_of(actor),
        )
    )
    session.flush()
    row.version += 1
    changes: Changes = {
        "decision_number": (None, decision_number),
        "decision_date": (None, decision_date.isoformat()),
        "sha256": (None, proposal.sha256),
    }
    record(session, at, actor, "award_proposed", round_ref=row.ref, subject=row.title, changes=changes)
    return proposal


def withdraw_proposal(session: Session, row: RoundRow, actor: Actor, at: datetime) -> None:
    """`row` is locked. Raises Conflict where nothing is proposed."""
    proposal = _standing_proposal(session, row)
    session.delete(proposal)
    session.flush()
    row.version += 1
    changes: Changes = {"decision_number": (proposal.decision_number, None)}
    record(session, at, actor, "award_proposal_withdrawn", round_ref=row.ref, subject=row.title, changes=changes)


def confirm(
    session: Session, row: RoundRow, amounts: Mapping[str, int | None], actor: Actor, at: datetime
) -> ConfirmationRow:
    """A second person confirms what was proposed, and repeats the 契約金額 (yen with tax) of every lot that comes to a
    contract, by its award or as 随意契約.

    What stood is kept as evidence. `row` is locked. Raises Conflict where nothing is proposed, the bids changed since,
    or the same person proposed it; Invalid where an amount differs.
    """
    value, result = confirmable(session, row)
    proposal = _standing_proposal(session, row)
    require_another(proposal.proposer, actor, "落札者の決定の確定", "決定を申請")
    if is_outdated(proposal, value, result):
        raise Conflict("決定の申請の後に、入札の記録が変更されました。決定をもう一度申請してください。")
    refuse(amount_faults(result, amounts))
    _require_legible(value, result)
    number, day, by = proposal.decision_number, proposal.decision_date, proposal.proposed_by
    return keep_evidence(session, row, value, result, number, day, actor, at, proposed_by=by)


def _standing_proposal(session: Session, row: RoundRow) -> ProposalRow:
    require(Act.CONFIRM, row.stage)
    if row.confirmed_at is not None:
        raise Conflict("落札者の決定は、すでに確定しています。")
    proposal = session.get(ProposalRow, row.id)
    if proposal is None:
        raise Conflict("確定を待っている決定はありません。先に、決裁番号を付けて決定を申請してください。")
    return proposal


def _require_legible(value: Round, result: Result) -> None:
    """Raises Conflict: what is kept as evidence must read again, and come to the same."""
    try:
        is_same = settle(read_round(write_round(value), known_codes())) == result
    except BadRoundFile as bad:
        raise Conflict(f"{ILLEGIBLE}（{bad.faults[0]}）") from None
    if not is_same:
        raise Conflict(ILLEGIBLE)


def is_outdated(proposal: ProposalRow, value: Round, result: Result) -> bool:
    """Whether the record has changed since the decision was proposed, so that it must be proposed again."""
    return evidence_of(value, result).sha256 != proposal.sha256


def confirmable(session: Session, row: RoundRow) -> tuple[Round, Result]:
    """What a confirmation would confirm. Raises Conflict where it is confirmed already or a lot waits for something."""
    require(Act.CONFIRM, row.stage)
    if row.confirmed_at is not None:
        raise Conflict("落札者の決定は、すでに確定しています。")
    value = load_round(session, row)
    result = settle(value)
    waiting = waiting_in(session, row)
    for lot, of_lot in zip(value.lots, result.lots, strict=True):
        if (obstacle := obstacle_of(lot, of_lot, waiting)) is not None:
            raise Conflict(f"「{lot.title}」{_refusal(obstacle)}")
    return value, result


def _refusal(obstacle: Obstacle) -> str:
    match obstacle:
        case AttemptRow(number=number):
            return f"の第{number}回の入札の照合が済んでいません。別の人が書面と照合してください。"
        case CorrectionRow():
            return "に、承認を待っている訂正があります。先に承認するか却下してください。"
        case NegotiationRow():
            return "に、承認を待っている随意契約があります。先に承認するか取り下げてください。"
        case _:
            return "の結果が、まだ決まっていません。すべてのロットの結果が出てから確定してください。"


def require_publishable(row: RoundRow) -> None:
    """Raises Conflict."""
    require(Act.PUBLISH, row.stage)
    if row.confirmed_at is None:
        raise Conflict("落札者の決定を確定してから公表してください。")


def keep_evidence(
    session: Session,
    row: RoundRow,
    value: Round,
    result: Result,
    decision_number: str,
    decision_date: date,
    actor: Actor,
    at: datetime,
    proposed_by: str | None = None,
) -> ConfirmationRow:
    """Writes the confirmation with both texts and their SHA-256."""
    evidence = evidence_of(value, result)
    kept = ConfirmationRow(
        round_id=row.id,
        confirmed_at=at,
        confirmed_by=label_of(actor),
        decision_number=decision_number,
        decision_date=decision_date,
        proposed_by=proposed_by,
        round_file=evidence.round_file,
        result=evidence.result,
        sha256=evidence.sha256,
    )
    session.add(kept)
    row.confirmed_at = at
    row.version += 1
    session.flush()
    changes: Changes = {
        "decision_number": (None, decision_number),
        "decision_date": (None, decision_date.isoformat()),
        "sha256": (None, kept.sha256),
    }
    record(session, at, actor, "award_confirmed", round_ref=row.ref, subject=row.title, changes=changes)
    return kept


def publish(session: Session, row: RoundRow, actor: Actor, at: datetime) -> None:
    """公表: from now on everybody may read what may be published."""
    require_publishable(row)
    row.published_at = at
    move_on(session, row, Stage.PUBLISHED, "results_published", actor, at)
