"""The secretariat announces the bidding, and calls a lot off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procure.bids.actions import announce
from procure.bids.cancelling import call_off, require_callable_off
from procure.bids.queries import load_round
from procure.ceilings.queries import seal_of
from procure.ceilings.vault import KeyMissing
from procure.demand.board import board_of
from procure.errors import Fault, Invalid
from procure.rounds.queries import find_lot, find_round, locked_round, lots_of
from procure.rounds.stages import Act, require
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import CEILING_DISCLOSURE, CONTRACT_KIND, DRAW_METHOD, REVIEW, TENDER_METHOD
from procure.settlement.round import CeilingDisclosure, Lot
from procure.settlement.settle import participants
from procure.templates import yen
from procure.values.money import Yen, format_decimal
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

CHANGED = "この画面を開いた後に、入札の条件か数量が変更されました。下の内容をもう一度確認してください。"


@dataclass(frozen=True, slots=True)
class NoticeLot:
    """A lot as it is announced; `conditions` are the rules that the notice freezes, in words."""

    title: str
    cancelled: str | None
    conditions: tuple[tuple[str, str], ...]
    void_grounds: tuple[str, ...]


# ---- 公告 ---------------------------------------------------------------------------------------------


@get("/rounds/{ref}/announce", Permission.MANAGE_ROUNDS)
def show_announce(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    require(Act.ANNOUNCE, row.stage)
    return _announce_page(visit, row)


@post("/rounds/{ref}/announce", Permission.MANAGE_ROUNDS)
def announce_round(visit: Visit, ref: str) -> Answer:
    row = locked_round(visit.session, ref)
    if visit.form.text("version") != str(row.version):
        require(Act.ANNOUNCE, row.stage)
        return _announce_page(visit, row, conflict=CHANGED)
    try:
        announce(visit.session, row, visit.vault, visit.person, visit.now)
    except Invalid as invalid:
        return _announce_page(visit, row, invalid.faults)
    return Goto(f"/rounds/{row.ref}", Done.bidding_announced)


def _announce_page(visit: Visit, row: RoundRow, faults: Sequence[Fault] = (), conflict: str | None = None) -> Page:
    lots, board = load_round(visit.session, row).lots, board_of(visit.session, row)
    sealed = {lot.ref for lot in lots_of(visit.session, row.id) if seal_of(visit.session, lot) is not None}
    values = {
        "ref": row.ref,
        "title": row.title,
        "extended": board.extended(visit.now),
        "returned": board.returned,
        "bid_date": row.bid_date,
        "version": row.version,
        "lots": [_notice(lot, lot.id in sealed) for lot in lots],
        "is_key_missing": not visit.vault.has_key and any(_is_published(lot) for lot in lots if lot.id in sealed),
        "key_missing": KeyMissing.__doc__,
        "faults": [Fault("", fault.message) for fault in faults],
        "conflict": conflict,
    }
    return Page("bidding/announce.html", values, status=409 if conflict else 422 if faults else 200)


def _notice(lot: Lot, is_sealed: bool) -> NoticeLot:
    return NoticeLot(lot.title, lot.cancelled, tuple(_conditions(lot, is_sealed)), lot.rules.void_grounds)


def _conditions(lot: Lot, is_sealed: bool) -> Iterator[tuple[str, str]]:
    rules = lot.rules
    yield "入札の方式", TENDER_METHOD[lot.tender_method]
    yield "契約の種類", CONTRACT_KIND[lot.contract_kind]
    yield "品目・参加団体", f"{len(lot.items)}品目・{len(participants(lot))}団体"
    yield "入札者", f"{len(lot.bidders)}者" if lot.bidders else "未登録（公告の後も登録できます）"
    yield "参加資格の審査", REVIEW[rules.review]
    yield "税率", f"{format_decimal(rules.tax_rate * 100)}％"
    yield "予定価格", _ceiling(lot, is_sealed)
    yield "予定価格の公表", CEILING_DISCLOSURE[rules.ceiling_disclosure]
    if rules.minimum is not None:
        yield "最低制限価格", _yen(rules.minimum)
    attempts = 1 if _is_published(lot) else rules.max_attempts
    yield "入札の回数", "1回（再度入札なし）" if attempts == 1 else f"{attempts}回まで"
    if attempts > 1:
        yield "再度入札の金額", "前回の最低入札金額を下回ること" if rules.rebid_must_be_lower else "制限なし"
    yield "単価の単位", f"小数{rules.price_decimals}桁まで" if rules.price_decimals else "円（小数なし）"
    yield "同額のときのくじ", DRAW_METHOD[rules.draw]


def _ceiling(lot: Lot, is_sealed: bool) -> str:
    """Never how much, while it is sealed."""
    if is_sealed and _is_published(lot):
        return "封印中。公告と同時に開封し、公表します"
    if is_sealed:
        return "封印中。開札のときに開封します"
    return (
        "定めなし（公告の前に定めてください）" if _is_published(lot) else "まだ定めていません（開札までに封印できます）"
    )


def _is_published(lot: Lot) -> bool:
    """事前公表: with the notice."""
    return lot.rules.ceiling_disclosure is CeilingDisclosure.BEFORE and lot.cancelled is None


def _yen(amount: Yen) -> str:
    return f"{yen(amount)}円"


# ---- 取止め -------------------------------------------------------------------------------------------


@get("/rounds/{ref}/lots/{lot}/cancel", Permission.MANAGE_ROUNDS)
def show_cancel(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    found = find_lot(visit.session, row.id, lot)
    require_callable_off(visit.session, row, found)
    return _cancel_page(row, found, "")


@post("/rounds/{ref}/lots/{lot}/cancel", Permission.MANAGE_ROUNDS)
def cancel(visit: Visit, ref: str, lot: str) -> Answer:
    row = locked_round(visit.session, ref)
    found = find_lot(visit.session, row.id, lot)
    reading = Reading(visit.form)
    reason = reading.text("reason", lines=True)
    if is_stale(visit.form, row):
        return _cancel_page(row, found, visit.form.text("reason"), conflict=CHANGED_MEANWHILE)
    try:
        if reading.faults:
            raise Invalid(*reading.faults)
        call_off(visit.session, row, found, reason, visit.person, visit.now)
    except Invalid as invalid:
        return _cancel_page(row, found, visit.form.text("reason"), invalid.faults)
    return Goto(f"/rounds/{row.ref}", Done.lot_cancelled)


def _cancel_page(
    row: RoundRow, lot: LotRow, reason: str, faults: Sequence[Fault] = (), conflict: str | None = None
) -> Page:
    values = {
        "ref": row.ref,
        "title": row.title,
        "lot": lot.ref,
        "lot_title": lot.title,
        "version": row.version,
        "reason": reason,
        "faults": faults,
        "conflict": conflict,
    }
    return Page("bidding/cancel.html", values, status=409 if conflict else 422 if faults else 200)


routes = [show_announce, announce_round, show_cancel, cancel]
