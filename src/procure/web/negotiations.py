"""随意契約 after a tender without a contract: proposed by one person, approved by another (施行令167条の2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from procure.bids.actions import lot_value
from procure.bids.after_queries import negotiation_of, negotiations_of
from procure.bids.after_tables import NegotiationRow
from procure.bids.negotiations import withdraw_negotiation
from procure.bids.queries import items_of_lot
from procure.contracts.negotiating import approve_unsigned, ground_to_propose, propose_unsigned
from procure.errors import Conflict, Fault
from procure.reports.negotiated import NegotiationReport, negotiation_report
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import NEGOTIATION_GROUND
from procure.settlement.negotiation import limit_of
from procure.settlement.round import Lot, NegotiationGround
from procure.settlement.settle import settle_lot
from procure.values.money import Yen
from procure.web.negotiation_form import MOST_CONTRACTORS, contractor_field, item_lines, read_negotiation, total_of
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

OTHER_NOW = "この画面を開いた後に、随意契約の申請が変わりました。最新の内容を確認してください。"
LIMITS = {
    NegotiationGround.FAILED_TENDER: "限度額（入札書比較価格、税抜）",
    NegotiationGround.NOT_SIGNED: "限度額（落札金額、税抜）",
}


@dataclass(frozen=True, slots=True)
class Negotiating:
    row: RoundRow
    lot_row: LotRow
    lot: Lot
    kept: NegotiationRow | None

    @property
    def path(self) -> str:
        return f"/rounds/{self.row.ref}/lots/{self.lot.id}"


@get("/rounds/{ref}/lots/{lot}/negotiation", Permission.RECORD_BIDS)
def show_negotiation(visit: Visit, ref: str, lot: str) -> Answer:
    at = _negotiating(visit, find_round(visit.session, ref), lot)
    if at.kept is not None:
        return _proposal_page(visit, at, at.kept)
    return _form_page(visit, at, ground_to_propose(visit.session, at.row, at.lot_row))


@post("/rounds/{ref}/lots/{lot}/negotiation", Permission.RECORD_BIDS)
def propose(visit: Visit, ref: str, lot: str) -> Answer:
    at = _negotiating(visit, locked_round(visit.session, ref), lot)
    ground = ground_to_propose(visit.session, at.row, at.lot_row)
    if is_stale(visit.form, at.row):
        return _form_page(visit, at, ground, conflict=CHANGED_MEANWHILE)
    typed = read_negotiation(visit.form, at.row, at.lot, ground, visit.now.date())
    if typed.faults:
        return _form_page(visit, at, ground, typed.faults)
    number = typed.decision_number
    propose_unsigned(visit.session, at.row, at.lot_row, typed.negotiation, number, visit.person, visit.now)
    return Goto(f"{at.path}/negotiation", Done.negotiation_proposed)


@post("/rounds/{ref}/lots/{lot}/negotiation/approve", Permission.CONFIRM_AWARDS)
def approve(visit: Visit, ref: str, lot: str) -> Answer:
    at = _seen(visit, ref, lot)
    approve_unsigned(visit.session, at.row, at.lot_row, visit.person, visit.now)
    return Goto(f"{at.path}/decision", Done.negotiation_approved)


@post("/rounds/{ref}/lots/{lot}/negotiation/withdraw", Permission.RECORD_BIDS)
def withdraw(visit: Visit, ref: str, lot: str) -> Answer:
    at = _seen(visit, ref, lot)
    withdraw_negotiation(visit.session, at.row, at.lot_row, visit.person, visit.now)
    return Goto(f"{at.path}/decision", Done.negotiation_withdrawn)


def _seen(visit: Visit, ref: str, lot: str) -> Negotiating:
    """What is approved or taken back is what the person has seen. Raises Conflict."""
    at = _negotiating(visit, locked_round(visit.session, ref), lot)
    if is_stale(visit.form, at.row):
        raise Conflict(OTHER_NOW)
    return at


def _negotiating(visit: Visit, row: RoundRow, lot: str) -> Negotiating:
    lot_row = find_lot(visit.session, row.id, lot)
    value = lot_value(visit.session, row, lot_row)
    return Negotiating(row, lot_row, value, negotiation_of(visit.session, lot_row))


# ---- pages -------------------------------------------------------------------------------------------


def _form_page(
    visit: Visit, at: Negotiating, ground: NegotiationGround, faults: Sequence[Fault] = (), conflict: str | None = None
) -> Page:
    lines = item_lines(visit.form, at.lot)
    values = {
        **_head(at, ground),
        "contractors": [
            (contractor_field(place), visit.form.text(contractor_field(place))) for place in range(MOST_CONTRACTORS)
        ],
        "choices": [(str(place), f"相手方{place + 1}") for place in range(MOST_CONTRACTORS)],
        "lines": lines,
        "total": total_of(lines),
        "decimals": at.lot.rules.price_decimals,
        "bidders": [bidder.name for bidder in at.lot.bidders],
        **{name: visit.form.text(name) for name in ("reason", "agreed_on", "decision_number")},
        "faults": faults,
        "conflict": conflict,
    }
    return Page("awards/negotiation.html", values, status=409 if conflict else 422 if faults else 200)


def _proposal_page(visit: Visit, at: Negotiating, kept: NegotiationRow) -> Page:
    values = {
        **_head(at, kept.ground),
        "negotiation": _as_proposed(visit, at),
        "kept": {
            "decision_number": kept.decision_number,
            "proposed_by": kept.proposed_by,
            "proposed_at": kept.proposed_at,
            "approved_by": kept.approved_by,
            "approved_at": kept.approved_at,
        },
        "is_own": kept.proposer.is_same(visit.person),
    }
    return Page("awards/negotiation_judge.html", values)


def _as_proposed(visit: Visit, at: Negotiating) -> NegotiationReport | None:
    """Whether it is approved or not."""
    items = {item.id: item.ref for item in items_of_lot(visit.session, at.lot_row)}
    asked = negotiations_of(visit.session, at.row.id, items, approved=False)[at.lot_row.id]
    lot = replace(at.lot, negotiation=asked)
    return negotiation_report(lot, settle_lot(lot))


def _head(at: Negotiating, ground: NegotiationGround) -> dict[str, object]:
    return {
        "ref": at.row.ref,
        "title": at.row.title,
        "lot": at.lot.id,
        "lot_title": at.lot.title,
        "law": NEGOTIATION_GROUND[ground],
        "is_ninth": ground is NegotiationGround.NOT_SIGNED,
        "limit_label": LIMITS[ground],
        "limit": _limit(at, ground),
        "version": at.row.version,
    }


def _limit(at: Negotiating, ground: NegotiationGround) -> Yen | None:
    return limit_of(at.lot, settle_lot(at.lot), ground)


routes = [show_negotiation, propose, approve, withdraw]
