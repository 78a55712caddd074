"""The secretariat announces the bidding, and calls a lot off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procure.bids.actions import announce
from procure.bids.queries import load_round
from procure.demand.board import board_of
from procure.errors import Conflict, Fault, Invalid
from procure.rounds.actions import cancel_lot
from procure.rounds.queries import find_lot, find_round, locked_round
from procure.rounds.stages import Act, require, require_unconfirmed
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.labels import CEILING_DISCLOSURE, CONTRACT_KIND, DRAW_METHOD
from procure.settlement.round import Lot, Rules
from procure.settlement.settle import participants
from procure.templates import yen
from procure.values.money import Yen, format_decimal
from procure.values.tax import with_tax
from procure.web.reading import Reading
from procure.web.rounds import CHANGED_MEANWHILE, is_stale

CHANGED = "この画面を開いた後に、入札の条件か数量が変更されました。下の内容をもう一度確認してください。"


@dataclass(frozen=True, slots=True)
class NoticeLot:
    """A lot as it is announced; `conditions` are the rules that the notice freezes, in words."""

    title: str
    cancelled: str | None
    conditions: tuple[tuple[str, str], ...]


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
    values = {
        "ref": row.ref,
        "title": row.title,
        "extended": board.extended(visit.now),
        "returned": board.returned,
        "bid_date": row.bid_date,
        "version": row.version,
        "lots": [NoticeLot(lot.title, lot.cancelled, tuple(_conditions(lot))) for lot in lots],
        "faults": [Fault("", fault.message) for fault in faults],
        "conflict": conflict,
    }
    return Page("bidding/announce.html", values, status=409 if conflict else 422 if faults else 200)


def _conditions(lot: Lot) -> Iterator[tuple[str, str]]:
    rules = lot.rules
    yield "契約の種類", CONTRACT_KIND[lot.contract_kind]
    yield "品目・参加団体", f"{len(lot.items)}品目・{len(participants(lot))}団体"
    yield "入札者", f"{len(lot.bidders)}者" if lot.bidders else "未登録（公告の後も登録できます）"
    yield "税率", f"{format_decimal(rules.tax_rate * 100)}％"
    yield "入札書比較価格", _ceiling(rules)
    yield "予定価格の公表", CEILING_DISCLOSURE[rules.ceiling_disclosure]
    if rules.minimum is not None:
        yield "最低制限価格", _yen(rules.minimum)
    yield "入札の回数", "1回（再度入札なし）" if rules.max_attempts == 1 else f"{rules.max_attempts}回まで"
    if rules.max_attempts > 1:
        yield "再度入札の金額", "前回の最低入札金額を下回ること" if rules.rebid_must_be_lower else "制限なし"
    yield "単価の単位", f"小数{rules.price_decimals}桁まで" if rules.price_decimals else "円（小数なし）"
    yield "同額のときのくじ", DRAW_METHOD[rules.draw]


def _ceiling(rules: Rules) -> str:
    if rules.ceiling is None:
        return "定めなし"
    return f"{_yen(rules.ceiling)}（税抜）、予定価格 {_yen(with_tax(rules.ceiling, rules.tax_rate))}（税込）"


def _yen(amount: Yen) -> str:
    return f"{yen(amount)}円"


# ---- 取止め -------------------------------------------------------------------------------------------


@get("/rounds/{ref}/lots/{lot}/cancel", Permission.MANAGE_ROUNDS)
def show_cancel(visit: Visit, ref: str, lot: str) -> Answer:
    row = find_round(visit.session, ref)
    found = find_lot(visit.session, row.id, lot)
    require(Act.CANCEL_LOT, row.stage)
    require_unconfirmed(row.confirmed_at)
    if found.cancelled is not None:
        raise Conflict(f"「{found.title}」は、すでに取止めになっています。")
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
        cancel_lot(visit.session, row, found, reason, visit.person, visit.now)
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
