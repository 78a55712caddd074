"""The decision on a round is proposed by one person, and confirmed by a second who repeats its amounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from procure.awards.actions import confirm, confirmable, propose, withdraw_proposal
from procure.awards.queries import proposal_of
from procure.awards.rules import amount_faults, amount_to_repeat, decision_faults, last_opening
from procure.awards.tables import ProposalRow
from procure.errors import Conflict, Fault
from procure.reports.queries import settled_round
from procure.reports.taken_in import taken_in
from procure.rounds.queries import find_round, locked_round
from procure.rounds.tables import RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.evidence import evidence_of
from procure.settlement.result import LotResult, Result
from procure.values.era import parse_date
from procure.values.quantity import parse_yen
from procure.web.decision import lot_view
from procure.web.reading import Reading
from procure.web.rounds import is_stale

BIDS_CHANGED = "この画面を開いた後に、入札の記録が変更されました。金額をもう一度確認してください。"


@dataclass(frozen=True, slots=True)
class AmountField:
    """Where the second person types 契約金額 (yen with tax) of a lot from the paper of the decision.

    The page does not show the amounts, so that they are not copied from it.
    """

    name: str
    label: str
    typed: str


@get("/rounds/{ref}/confirm", Permission.CONFIRM_AWARDS)
def show_confirm(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    value, result = confirmable(visit.session, row)
    proposal = proposal_of(visit.session, row)
    if proposal is None:
        return _proposal_page(visit, row)
    if evidence_of(value, result).sha256 != proposal.sha256:
        return _proposal_page(visit, row, voided=proposal.decision_number)
    return _approval_page(visit, row, proposal)


@post("/rounds/{ref}/confirm", Permission.CONFIRM_AWARDS)
def propose_awards(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    value, _ = confirmable(visit.session, row)
    if is_stale(visit.form, row):
        return _proposal_page(visit, row, conflict=BIDS_CHANGED)
    reading = Reading(visit.form)
    number, opened = reading.text("decision_number"), last_opening(value)
    day = reading.value("decision_date", parse_date, "決裁日を入力してください（例：令和8年12月11日）。")
    if not reading.is_checked("checked"):
        reading.faults.append(Fault("checked", "金額を確認して、「金額を確認しました」に印を付けてください。"))
    faults = reading.judged(decision_faults(number, day or opened, opened, visit.now.date()))
    if faults or day is None:
        return _proposal_page(visit, row, faults)
    propose(visit.session, row, number, day, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/confirm", Done.award_proposed)


@post("/rounds/{ref}/confirm/approve", Permission.CONFIRM_AWARDS)
def approve_awards(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    _, result = confirmable(visit.session, row)
    proposal = proposal_of(visit.session, row)
    if proposal is None:
        raise Conflict("確定を待っている決定はありません。最新の画面でご確認ください。")
    if is_stale(visit.form, row):
        return _approval_page(visit, row, proposal, conflict=BIDS_CHANGED)
    reading = Reading(visit.form)
    amounts = {lot.id: _amount(reading, f"amount-{lot.id}") for lot in result.lots if amount_to_repeat(lot) is not None}
    if faults := reading.judged(amount_faults(result, amounts)):
        return _approval_page(visit, row, proposal, faults)
    confirm(visit.session, row, amounts, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}", Done.award_confirmed)


@post("/rounds/{ref}/confirm/withdraw", Permission.CONFIRM_AWARDS)
def withdraw(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    withdraw_proposal(visit.session, row, visit.person, visit.now)
    return Goto(f"/rounds/{row.ref}/confirm", Done.award_proposal_withdrawn)


def _amount(reading: Reading, name: str) -> int | None:
    typed = reading.value(name, parse_yen)
    return None if typed is None else int(typed)


def _proposal_page(
    visit: Visit,
    row: RoundRow,
    faults: Sequence[Fault] = (),
    conflict: str | None = None,
    voided: str | None = None,
) -> Page:
    """`voided` is the 決裁番号 of a proposal that the record has left behind."""
    order = ("decision_number", "decision_date", "checked")
    values = _shown(visit, row) | {
        "decision_number": visit.form.text("decision_number"),
        "decision_date": visit.form.text("decision_date"),
        "checked": "checked" in visit.form and conflict is None,
        "faults": sorted(faults, key=lambda fault: order.index(fault.field)),
        "conflict": conflict,
        "voided": voided,
    }
    return Page("awards/confirm.html", values, status=_status(faults, conflict))


def _approval_page(
    visit: Visit, row: RoundRow, proposal: ProposalRow, faults: Sequence[Fault] = (), conflict: str | None = None
) -> Page:
    shown = _shown(visit, row)
    values = shown | {
        "decision_number": proposal.decision_number,
        "decision_date": proposal.decision_date,
        "proposed_by": proposal.proposed_by,
        "proposed_at": proposal.proposed_at,
        "is_own": proposal.proposer.is_same(visit.person),
        "amounts": _amount_fields(visit, row, settled_round(visit.session, row).result),
        "faults": faults,
        "conflict": conflict,
    }
    return Page("awards/approve.html", values, status=_status(faults, conflict))


def _amount_fields(visit: Visit, row: RoundRow, result: Result) -> list[AmountField]:
    titles = {lot.id: lot.title for lot in settled_round(visit.session, row).round.lots}
    return [
        AmountField(name, _amount_label(titles[lot.id], lot), visit.form.text(name))
        for lot in result.lots
        if amount_to_repeat(lot) is not None and (name := f"amount-{lot.id}")
    ]


def _amount_label(title: str, lot: LotResult) -> str:
    return f"{title}の{'随意契約の' if lot.negotiation else ''}契約金額"


def _shown(visit: Visit, row: RoundRow) -> dict[str, object]:
    report = settled_round(visit.session, row).report
    return {
        "ref": row.ref,
        "title": row.title,
        "report": report,
        "lots": [lot_view(lot, is_confirmed=False) for lot in report.lots],
        "taken_in": taken_in(visit.session, row),
        "without_breakdown": [lot.title for lot in report.awarded if lot.shares_total is None],
        "version": row.version,
    }


def _status(faults: Sequence[Fault], conflict: str | None) -> int:
    return 409 if conflict else 422 if faults else 200


routes = [show_confirm, propose_awards, approve_awards, withdraw]
