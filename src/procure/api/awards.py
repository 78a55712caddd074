"""The decision: its reasons, proposing and confirming it, publishing."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.fields import Body, Shown, faults_named, shown
from procure.api.operation import Operation, Sent, operation
from procure.api.report_values import LotOutcome, lot_outcome
from procure.api.round_values import Nothing, RoundWithLots
from procure.api.rounds import round_sent
from procure.api.shared import held_round
from procure.awards.actions import confirm, propose, publish, withdraw_proposal
from procure.awards.queries import confirmation_of, proposal_of
from procure.bids.negotiation_evidence import negotiated_evidence
from procure.reports.queries import settled_round
from procure.rounds.queries import find_lot, find_round
from procure.rounds.tables import RoundRow
from procure.server import Visit
from procure.values.quantity import MOST_YEN

TAG = "決定と結果"
_READ = (Permission.READ_ROUNDS, Scope.AWARDS_READ)
_CONFIRM = (Permission.CONFIRM_AWARDS, Scope.AWARDS_WRITE)
Contract = Annotated[int, Meta(ge=0, le=MOST_YEN, description="契約金額（税込・円）")]


class ProposalBody(Body, frozen=True, kw_only=True):
    """落札者の決定の申請。"""

    decision_number: Annotated[str, Meta(min_length=1, max_length=100, description="決裁番号")]
    decision_date: date


class ConfirmationBody(Body, frozen=True, kw_only=True):
    """別の人による確定。amounts は、落札または随意契約によるロットごとの契約金額（税込・円）。"""

    amounts: dict[str, Contract]


class NegotiationEvidence(Shown, frozen=True, kw_only=True):
    """決定の確定の後に承認した随意契約。sha256 は、その時点の案件データと結果の確認値。"""

    lot: str
    decision_number: str
    proposed_by: str
    approved_at: datetime
    approved_by: str
    sha256: str


class AwardShown(Shown, frozen=True, kw_only=True):
    """決定の状態。sha256 は、決定の証拠として残した案件データと結果の確認値。"""

    decision_number: str | None
    decision_date: date | None
    proposed_at: datetime | None
    proposed_by: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    sha256: str | None
    lots: tuple[LotOutcome, ...]
    negotiated_later: tuple[NegotiationEvidence, ...]


@operation("GET", "/rounds/{ref}/lots/{lot}/decision", *_READ, "ロットの結果と理由を読む", tag=TAG, answer=LotOutcome)
def read_a_decision(visit: Visit, ref: str, lot: str) -> Sent:
    row = find_round(visit.session, ref)
    found = find_lot(visit.session, row.id, lot)
    report = settled_round(visit.session, row).report
    return Sent(next(lot_outcome(one) for one in report.lots if one.id == found.ref), version=row.version)


@operation("GET", "/rounds/{ref}/award", *_READ, "落札者の決定を読む", tag=TAG, answer=AwardShown)
def read_award(visit: Visit, ref: str) -> Sent:
    return _award_sent(visit, find_round(visit.session, ref))


@operation(
    "POST",
    "/rounds/{ref}/award/propose",
    *_CONFIRM,
    "落札者の決定を申請する",
    tag=TAG,
    body=ProposalBody,
    answer=AwardShown,
    matches=True,
    example={"decision_number": "奈電推協決第12号", "decision_date": "2026-11-24"},
)
def propose_award(visit: Visit, ref: str, body: ProposalBody) -> Sent:
    row = held_round(visit, ref)
    propose(visit.session, row, body.decision_number, body.decision_date, visit.person, visit.now)
    return _award_sent(visit, row)


@operation(
    "POST",
    "/rounds/{ref}/award/withdraw",
    *_CONFIRM,
    "決定の申請を取り下げる",
    tag=TAG,
    body=Nothing,
    answer=AwardShown,
    matches=True,
    example={},
)
def withdraw_award(visit: Visit, ref: str, body: Nothing) -> Sent:
    row = held_round(visit, ref)
    withdraw_proposal(visit.session, row, visit.person, visit.now)
    visit.session.flush()
    return _award_sent(visit, row)


@operation(
    "POST",
    "/rounds/{ref}/award/confirm",
    *_CONFIRM,
    "別の人が落札者の決定を確定する",
    tag=TAG,
    body=ConfirmationBody,
    answer=AwardShown,
    matches=True,
)
def confirm_award(visit: Visit, ref: str, body: ConfirmationBody) -> Sent:
    row = held_round(visit, ref)
    with faults_named(lambda field: field.replace("amount-", "amounts.", 1)):
        confirm(visit.session, row, body.amounts, visit.person, visit.now)
    return _award_sent(visit, row)


@operation(
    "POST",
    "/rounds/{ref}/publish",
    Permission.PUBLISH,
    Scope.AWARDS_WRITE,
    "結果を公表する",
    tag="段階",
    body=Nothing,
    answer=RoundWithLots,
    matches=True,
    example={},
)
def publish_a_round(visit: Visit, ref: str, body: Nothing) -> Sent:
    row = held_round(visit, ref)
    publish(visit.session, row, visit.person, visit.now)
    return round_sent(visit, row)


# ---- parts -------------------------------------------------------------------------------------------


def _award_sent(visit: Visit, row: RoundRow) -> Sent:
    kept, waiting = confirmation_of(visit.session, row), proposal_of(visit.session, row)
    known = kept or waiting
    value = AwardShown(
        decision_number=known.decision_number if known else None,
        decision_date=known.decision_date if known else None,
        proposed_at=waiting.proposed_at if waiting else None,
        proposed_by=known.proposed_by if known else None,
        confirmed_at=kept.confirmed_at if kept else None,
        confirmed_by=kept.confirmed_by if kept else None,
        sha256=known.sha256 if known else None,
        lots=tuple(lot_outcome(lot) for lot in settled_round(visit.session, row).report.lots),
        negotiated_later=tuple(
            shown(NegotiationEvidence, kept, lot=lot) for lot, kept in negotiated_evidence(visit.session, row.id)
        ),
    )
    return Sent(value, version=row.version)


operations: list[Operation] = [
    read_a_decision,
    read_award,
    propose_award,
    withdraw_award,
    confirm_award,
    publish_a_round,
]
