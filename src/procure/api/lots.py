"""The lots of a round: reading, adding, changing, removing and calling off, and list prices that somebody checked."""

import re
from typing import Annotated

from msgspec import Meta

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.fields import Body, Known, faults_named
from procure.api.operation import BODY_LIMIT, Operation, Sent, operation
from procure.api.round_values import Because, LotBody, LotList, LotShown, NewLot, RoundWithLots, lot_of
from procure.api.rounds import round_sent
from procure.api.shared import held_round, lots_shown
from procure.bids.cancelling import call_off
from procure.errors import Fault, Invalid
from procure.rounds.actions import remove_lot, save_lot
from procure.rounds.list_prices import check_list_prices, checked_refs
from procure.rounds.queries import find_lot, find_round, items_of, lots_of
from procure.rounds.tables import RoundRow
from procure.server import Visit

TAG = "ロット"
ITEMS = [
    {
        "ref": "note-a",
        "name": "ノート型パソコン",
        "specification": "14型、メモリ16GB",
        "unit": "台",
        "list_price": 198000,
        "list_price_source": "メーカー希望小売価格",
    },
    {"ref": "dock", "name": "ドッキングステーション", "unit": "個", "list_price": "24800.50"},
]
_READ = (Permission.READ_ROUNDS, Scope.ROUNDS_READ)
_WRITE = (Permission.MANAGE_ROUNDS, Scope.ROUNDS_WRITE)


class Checks(Body, frozen=True, kw_only=True):
    """出典と照合した品目。挙げなかった品目の確認は取り消す。"""

    items: Annotated[tuple[Known, ...], Meta(max_length=300)]


@operation("GET", "/rounds/{ref}/lots", *_READ, "ロットの一覧", tag=TAG, answer=LotList)
def list_lots(visit: Visit, ref: str) -> Sent:
    row = find_round(visit.session, ref)
    return Sent(LotList(items=lots_shown(visit.session, row)), version=row.version)


@operation(
    "POST",
    "/rounds/{ref}/lots",
    *_WRITE,
    "ロットを追加する",
    tag=TAG,
    body=NewLot,
    answer=LotShown,
    status=201,
    matches=True,
    body_limit=BODY_LIMIT,
    example={"ref": "tablet", "title": "タブレット端末", "items": ITEMS},
)
def add_a_lot(visit: Visit, ref: str, body: NewLot) -> Sent:
    row = held_round(visit, ref)
    if body.ref in {lot.ref for lot in lots_of(visit.session, row.id)}:
        raise Invalid(Fault("ref", f"ロットの記号「{body.ref}」は使われています。別の記号にしてください。"))
    _save(visit, row, body.ref, body)
    sent = _lot_sent(visit, row, body.ref)
    return Sent(sent.value, version=sent.version, location=f"/rounds/{row.ref}/lots/{body.ref}")


@operation("GET", "/rounds/{ref}/lots/{lot}", *_READ, "ロットを読む", tag=TAG, answer=LotShown)
def read_a_lot(visit: Visit, ref: str, lot: str) -> Sent:
    row = find_round(visit.session, ref)
    return _lot_sent(visit, row, find_lot(visit.session, row.id, lot).ref)


@operation(
    "PUT",
    "/rounds/{ref}/lots/{lot}",
    *_WRITE,
    "ロットの条件と品目を変更する",
    tag=TAG,
    body=LotBody,
    answer=LotShown,
    matches=True,
    body_limit=BODY_LIMIT,
    example={"title": "ノート型パソコン", "items": ITEMS},
)
def change_a_lot(visit: Visit, ref: str, lot: str, body: LotBody) -> Sent:
    """Until the survey opens everything, then rules and list prices only. An item that is left out is removed."""
    row = held_round(visit, ref)
    found = find_lot(visit.session, row.id, lot)
    _save(visit, row, found.ref, body)
    return _lot_sent(visit, row, found.ref)


@operation(
    "DELETE",
    "/rounds/{ref}/lots/{lot}",
    *_WRITE,
    "ロットを削除する",
    tag=TAG,
    answer=RoundWithLots,
    matches=True,
)
def remove_a_lot(visit: Visit, ref: str, lot: str) -> Sent:
    row = held_round(visit, ref)
    remove_lot(visit.session, row, find_lot(visit.session, row.id, lot), visit.person, visit.now)
    visit.session.flush()
    return round_sent(visit, row)


@operation(
    "PUT",
    "/rounds/{ref}/lots/{lot}/list-price-checks",
    *_WRITE,
    "定価を確認した品目を記録する",
    tag=TAG,
    body=Checks,
    answer=LotShown,
    matches=True,
    example={"items": ["note-standard"]},
)
def check_prices(visit: Visit, ref: str, lot: str, body: Checks) -> Sent:
    row = held_round(visit, ref)
    found = find_lot(visit.session, row.id, lot)
    known = {item.ref for item in items_of(visit.session, row.id) if item.lot_id == found.id}
    strange = [
        Fault(f"items[{at}]", f"品目「{one}」はこのロットにありません。")
        for at, one in enumerate(body.items)
        if one not in known
    ]
    if strange:
        raise Invalid(*strange)
    wanted, before = frozenset(body.items), checked_refs(visit.session, found)
    check_list_prices(visit.session, row, found, wanted - before, before - wanted, visit.person, visit.now)
    return _lot_sent(visit, row, found.ref)


@operation(
    "POST",
    "/rounds/{ref}/lots/{lot}/cancel",
    *_WRITE,
    "ロットを取止めにする",
    tag=TAG,
    body=Because,
    answer=LotShown,
    matches=True,
    example={"reason": "需要が見込みを大きく下回ったため。"},
)
def cancel_a_lot(visit: Visit, ref: str, lot: str, body: Because) -> Sent:
    row = held_round(visit, ref)
    found = find_lot(visit.session, row.id, lot)
    call_off(visit.session, row, found, body.reason, visit.person, visit.now)
    return _lot_sent(visit, row, found.ref)


def _save(visit: Visit, row: RoundRow, ref: str, body: LotBody) -> None:
    with faults_named(_field):
        value = lot_of(ref, body)
        save_lot(
            visit.session,
            row,
            value,
            visit.person,
            visit.now,
            either=body.either_acquisition,
            reason=body.price_reason,
        )


def _field(name: str) -> str:
    """item-0-list_price → items[0].list_price"""
    return re.sub(r"^item-([0-9]+)-(.+)$", r"items[\1].\2", name)


def _lot_sent(visit: Visit, row: RoundRow, ref: str) -> Sent:
    lot = next(one for one in lots_shown(visit.session, row) if one.ref == ref)
    return Sent(lot, version=row.version)


operations: list[Operation] = [
    list_lots,
    add_a_lot,
    read_a_lot,
    change_a_lot,
    remove_a_lot,
    check_prices,
    cancel_a_lot,
]
