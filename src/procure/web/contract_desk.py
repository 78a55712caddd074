"""A body's contract in a lot, as whoever opens it sees it: its figures, its record, and what comes next."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from procure.contracts.actions import require_confirmed
from procure.contracts.agreed import Agreed
from procure.contracts.queries import Recorded, agreed_lot, deadlines_in, limits_of, recorded_of
from procure.contracts.states import Act, Ground, Resolution, Status
from procure.errors import NotFound
from procure.parties.tables import BodyRow
from procure.reports.contract_report import ContractReport, shown_share
from procure.reports.contracts import contract_report
from procure.rounds.queries import find_round, locked_round
from procure.rounds.tables import RoundRow
from procure.server import Fields, Page, Permission, Visit
from procure.values.money import Yen
from procure.web.standing import NextStep

TONES = {
    Status.OPEN: "gray",
    Status.PROVISIONAL: "yellow",
    Status.BEFORE_ASSEMBLY: "yellow",
    Status.CONCLUDED: "blue",
    Status.PERFORMING: "blue",
    Status.COMPLETE: "green",
    Status.FAILED: "red",
}
Find = Callable[[Session, str], RoundRow]


@dataclass(frozen=True, slots=True)
class Desk:
    """`path` is the address of the contract's page; `is_own`: the body's own person reads it."""

    visit: Visit
    row: RoundRow
    agreed: Agreed
    body: BodyRow
    recorded: Recorded
    report: ContractReport
    path: str
    crumbs: list[tuple[str, str | None]]
    is_own: bool

    @property
    def may_record(self) -> bool:
        wanted = Permission.RECORD_CONTRACTS if self.is_own else Permission.MANAGE_ROUNDS
        return self.visit.person.may(wanted)

    @property
    def share(self) -> Yen | None:
        """The body's share of the 予定価格: a body learns it once the result is public and the ceiling may be named."""
        is_public = self.row.published_at is not None and self.agreed.may_name_ceiling
        return shown_share(self.report.judgement) if is_public or not self.is_own else None

    def values(self, crumb: str | None = None) -> dict[str, object]:
        """What every page of a contract shows; `crumb` is the name of a page below that of the contract."""
        trail = [*self.crumbs, (self.report.lot_title, self.path if crumb else None)]
        return {
            "contract": self.report,
            "tone": TONES[self.report.status],
            "title": self.row.title,
            "path": self.path,
            "trail": [*trail, (crumb, None)] if crumb else trail,
            "is_own": self.is_own,
            "may_record": self.may_record,
            "share": self.share,
            "on_behalf": self.visit.form.text("on_behalf"),
            "version": self.report.version,
        }


def own_desk(visit: Visit, ref: str, lot: str, find: Find = find_round) -> Desk:
    """Raises NotFound where the body has nothing in the lot, or the decision is not confirmed: it is told nothing."""
    row = find(visit.session, ref)
    if row.confirmed_at is None:
        raise NotFound
    crumbs: list[tuple[str, str | None]] = [("ホーム", "/"), ("契約・検収", "/contracts")]
    return _desk(visit, row, visit.body_code, lot, f"/contracts/{row.ref}/{lot}", crumbs, is_own=True)


def council_desk(visit: Visit, ref: str, code: str, lot: str, find: Find = find_round) -> Desk:
    """Raises NotFound; Conflict before the decision is confirmed."""
    row = find(visit.session, ref)
    require_confirmed(row)
    board = f"/rounds/{row.ref}/contracts"
    crumbs: list[tuple[str, str | None]] = [
        ("ホーム", "/"),
        ("案件", "/rounds"),
        (row.ref, f"/rounds/{row.ref}"),
        ("契約・検収", board),
    ]
    return _desk(visit, row, code, lot, f"{board}/{code}/{lot}", crumbs, is_own=False)


def own_desk_to_write(visit: Visit, ref: str, lot: str) -> Desk:
    return own_desk(visit, ref, lot, locked_round)


def council_desk_to_write(visit: Visit, ref: str, code: str, lot: str) -> Desk:
    return council_desk(visit, ref, code, lot, locked_round)


def _desk(
    visit: Visit,
    row: RoundRow,
    code: str,
    lot: str,
    path: str,
    crumbs: list[tuple[str, str | None]],
    *,
    is_own: bool,
) -> Desk:
    session = visit.session
    agreed, body = agreed_lot(session, row, lot), session.get(BodyRow, code)
    if body is None:
        raise NotFound
    agreed.quantities_of(code)
    recorded = recorded_of(session, agreed.lot_id, code)
    deadline = deadlines_in(session, [agreed.lot_id]).get(agreed.lot_id)
    report = contract_report(agreed, body, recorded, limits_of(session, code), deadline, visit.now.date())
    return Desk(visit, row, agreed, body, recorded, report, path, crumbs, is_own)


def seen_version(form: Fields) -> int:
    """The version that the page was made from; one that is none at all differs from every version."""
    text = form.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def contract_page(desk: Desk) -> Page:
    values = {
        "next": next_step(desk),
        "acts": [(act.label, f"{desk.path}/record/{act.value}") for act in (*RECORDED, Act.CHANGE)],
        "slips": tuple(reversed(desk.report.slips)),
    }
    return Page("contracts_one.html", {**desk.values(), **values})


# ---- what comes next ---------------------------------------------------------------------------------

RECORDED = (Act.ORDER, Act.DELIVERY, Act.ACCEPTANCE)


def next_step(desk: Desk) -> NextStep | None:
    """None where nothing is left to do."""
    report = desk.report
    if report.status in (Status.FAILED, Status.COMPLETE):
        return None
    if report.status.is_binding:
        act = _next_act(report)
        return NextStep(*_ACTS[act], f"{desk.path}/record/{act.value}", f"{act.label}を記録する")
    return NextStep(*_next_term(report), f"{desk.path}/terms", "契約の内容を記入する")


def _next_act(report: ContractReport) -> Act:
    """What has come is accepted first, then what was ordered is waited for, then the rest is ordered."""
    if any(item.accepted < item.delivered for item in report.items):
        return Act.ACCEPTANCE
    if any(item.delivered < item.ordered for item in report.items):
        return Act.DELIVERY
    return Act.ORDER


_ACTS = {
    Act.ORDER: ("発注を記録します", "契約した数量のうち、まだ発注していない数量があります。"),
    Act.DELIVERY: ("納入を記録します", "発注した数量のうち、まだ納入されていない数量があります。"),
    Act.ACCEPTANCE: (
        "検収を記録します",
        "納入された数量のうち、まだ検収していない数量があります（地方自治法第234条の2）。",
    ),
}


def _next_term(report: ContractReport) -> tuple[str, str]:
    terms = report.terms
    if terms.resolution is Resolution.PASSED:
        return "本契約の日を記入します", "議決を得ました。本契約の日を記入すると、発注を記録できます。"
    if report.status is Status.BEFORE_ASSEMBLY:
        return "議決の結果を記入します", "議案を提出しています。議決の日と、可決・否決を記入してください。"
    if report.status is Status.PROVISIONAL:
        return "議案の提出か議決を記入します", "仮契約を結んでいます。議決を得てから、本契約になります。"
    if report.is_needed is None:
        return "議決の要否を確かめます", report.judgement.reason
    if report.is_needed:
        return "仮契約を記入します", "議会の議決が必要です。仮契約の後、議決を得て本契約になります。"
    return "契約を記入します", "契約の根拠と契約の日を記入すると、発注を記録できます。"


GROUNDS = [(ground.value, ground.label) for ground in Ground]
