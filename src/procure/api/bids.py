"""Bidding: announcing, bidders, the opening, attempts and their check by a second person, draws."""

import re
from typing import Any

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.bid_values import (
    AttemptBody,
    BidderBody,
    BidderList,
    BiddersBody,
    BidderShown,
    CheckBody,
    CheckShown,
    DifferenceShown,
    DrawBody,
    LotBids,
    OpeningBody,
    attempt_number,
    bid_field,
    bid_of,
    bids_sent,
    found_of,
    lot_bids,
    refuse_repeated,
    refuse_strange,
)
from procure.api.fields import faults_named
from procure.api.operation import BODY_LIMIT, Operation, Sent, operation
from procure.api.round_values import Nothing, RoundWithLots
from procure.api.rounds import round_sent
from procure.api.shared import held_round
from procure.bids.actions import announce, lot_value, open_bids, record_attempt, record_draw
from procure.bids.bidders import Registration, save_bidders
from procure.bids.checks import check_attempt
from procure.bids.queries import applicants_by_lot, suppliers_of
from procure.rounds.queries import find_lot, find_round, lots_of
from procure.rounds.tables import RoundRow
from procure.server import Visit
from procure.settlement.round import Attempt, Drawer, Opening, PaperDraw, Witness

TAG = "入札"
_READ = (Permission.READ_ROUNDS, Scope.BIDS_READ)
_RECORD = (Permission.RECORD_BIDS, Scope.BIDS_WRITE)


# ---- the notice, bidders, the opening ----------------------------------------------------------------


@operation(
    "POST",
    "/rounds/{ref}/announce",
    Permission.MANAGE_ROUNDS,
    Scope.ROUNDS_WRITE,
    "入札を公告する",
    tag="段階",
    body=Nothing,
    answer=RoundWithLots,
    matches=True,
    example={},
)
def announce_a_round(visit: Visit, ref: str, body: Nothing) -> Sent:
    row = held_round(visit, ref)
    announce(visit.session, row, visit.vault, visit.person, visit.now)
    return round_sent(visit, row)


@operation("GET", "/rounds/{ref}/bidders", *_READ, "入札者の一覧", tag=TAG, answer=BidderList)
def list_bidders(visit: Visit, ref: str) -> Sent:
    return _bidders_sent(visit, find_round(visit.session, ref))


@operation(
    "PUT",
    "/rounds/{ref}/bidders",
    Permission.MANAGE_ROUNDS,
    Scope.BIDS_WRITE,
    "入札者を登録する",
    tag=TAG,
    body=BiddersBody,
    answer=BidderList,
    matches=True,
    body_limit=BODY_LIMIT,
    example={
        "bidders": [
            {"ref": "b1", "name": "株式会社見本情報", "lots": ["pc"]},
            {"ref": "b2", "name": "見本事務機株式会社", "lots": ["pc"]},
        ]
    },
)
def register_bidders(visit: Visit, ref: str, body: BiddersBody) -> Sent:
    row = held_round(visit, ref)
    refuse_repeated([one.ref for one in body.bidders], "bidders", "ref")
    with faults_named(_bidder_field):
        save_bidders(visit.session, row, [_registration(one) for one in body.bidders], visit.person, visit.now)
    return _bidders_sent(visit, row)


@operation(
    "POST",
    "/rounds/{ref}/open",
    *_RECORD,
    "開札を始める",
    tag="段階",
    body=OpeningBody,
    answer=RoundWithLots,
    matches=True,
    example={
        "opened_at": "2026-11-24T08:30:00+09:00",
        "place": "奈良県庁　入札室",
        "officer": "入札　執行",
        "recorder": "記録　係",
        "witnesses": [{"name": "立会　一郎", "kind": "official", "affiliation": "会計課"}],
    },
)
def open_a_round(visit: Visit, ref: str, body: OpeningBody) -> Sent:
    row = held_round(visit, ref)
    witnesses = tuple(Witness(one.name, one.kind, one.affiliation) for one in body.witnesses)
    held = Opening(body.place, body.officer, body.recorder, witnesses)
    open_bids(visit.session, row, body.opened_at, held, visit.vault, visit.person, visit.now)
    return round_sent(visit, row)


# ---- attempts and draws ------------------------------------------------------------------------------


@operation("GET", "/rounds/{ref}/lots/{lot}/bids", *_READ, "入札の記録を読む", tag=TAG, answer=LotBids)
def read_bids(visit: Visit, ref: str, lot: str) -> Sent:
    row = find_round(visit.session, ref)
    return bids_sent(visit, row, find_lot(visit.session, row.id, lot))


@operation(
    "PUT",
    "/rounds/{ref}/lots/{lot}/attempts/{number}",
    *_RECORD,
    "1回の入札を記録する",
    tag=TAG,
    body=AttemptBody,
    answer=LotBids,
    matches=True,
    body_limit=BODY_LIMIT,
)
def record_an_attempt(visit: Visit, ref: str, lot: str, number: str, body: AttemptBody) -> Sent:
    row = held_round(visit, ref)
    found = find_lot(visit.session, row.id, lot)
    value = lot_value(visit.session, row, found)
    refuse_repeated([one.bidder for one in body.bids], "bids", "bidder")
    refuse_strange(value, body.bids)
    attempt = Attempt(attempt_number(number), body.opened_at, tuple(bid_of(one) for one in body.bids))
    with faults_named(bid_field):
        record_attempt(visit.session, row, found, attempt, visit.person, visit.now)
    return bids_sent(visit, row, found)


@operation(
    "POST",
    "/rounds/{ref}/lots/{lot}/attempts/{number}/check",
    *_RECORD,
    "別の人が書面と照合する",
    tag=TAG,
    body=CheckBody,
    answer=CheckShown,
    matches=True,
)
def check_an_attempt(visit: Visit, ref: str, lot: str, number: str, body: CheckBody) -> Sent:
    row = held_round(visit, ref)
    found = find_lot(visit.session, row.id, lot)
    refuse_repeated([one.bidder for one in body.found], "found", "bidder")
    read = {one.bidder: found_of(one) for one in body.found}
    with faults_named(bid_field):
        differing = check_attempt(
            visit.session, row, found, attempt_number(number), read, body.way, visit.person, visit.now
        )
    sent = bids_sent(visit, row, found)
    differences = tuple(
        DifferenceShown(bidder=one.bidder, name=one.name, recorded=one.recorded, found=one.found) for one in differing
    )
    return Sent(CheckShown(differences=differences, bids=lot_bids(visit.session, row, found)), version=sent.version)


@operation(
    "POST",
    "/rounds/{ref}/lots/{lot}/draw",
    *_RECORD,
    "くじの結果を記録する",
    tag=TAG,
    body=DrawBody,
    answer=LotBids,
    matches=True,
)
def record_a_draw(visit: Visit, ref: str, lot: str, body: DrawBody) -> Sent:
    row = held_round(visit, ref)
    found = find_lot(visit.session, row.id, lot)
    drawers = tuple(Drawer(one.bidder, one.drawn_by, one.in_place) for one in body.drawers)
    draw = PaperDraw(body.winner, body.drawn_by, body.witness, drawers)
    with faults_named(lambda field: re.sub(r"^drawers-([0-9]+)-", r"drawers[\1].", field)):
        record_draw(visit.session, row, found, draw, visit.person, visit.now)
    return bids_sent(visit, row, found)


# ---- parts -------------------------------------------------------------------------------------------


def _registration(body: BidderBody) -> Registration:
    return Registration(
        ref=body.ref,
        name=body.name,
        lots=frozenset(body.lots),
        corporate_number=body.corporate_number,
        address=body.address,
        representative=body.representative,
        admission=body.admission,
        admission_reason=body.admission_reason,
    )


def _bidder_field(field: str) -> str:
    """bidder-0-name → bidders[0].name"""
    found = re.fullmatch(r"bidder-([0-9]+)-(\w+)", field)
    names = {"number": "corporate_number", "reason": "admission_reason"}
    return f"bidders[{found[1]}].{names.get(found[2], found[2])}" if found else field


def _bidders_sent(visit: Visit, row: RoundRow) -> Sent:
    by_lot, suppliers = applicants_by_lot(visit.session, row.id), suppliers_of(visit.session, row.id)
    found: dict[str, dict[str, Any]] = {}
    for lot in lots_of(visit.session, row.id):
        for bidder in by_lot.get(lot.id, ()):
            supplier = suppliers.get((lot.id, bidder.ref))
            own = found.setdefault(
                bidder.ref,
                {
                    "ref": bidder.ref,
                    "name": bidder.name,
                    "corporate_number": supplier.corporate_number if supplier else None,
                    "address": supplier.address if supplier else "",
                    "representative": supplier.representative if supplier else "",
                    "admission": bidder.admission,
                    "admission_reason": bidder.admission_reason,
                    "lots": (),
                },
            )
            own["lots"] = (*own["lots"], lot.ref)
    return Sent(BidderList(items=tuple(BidderShown(**one) for one in found.values())), version=row.version)


operations: list[Operation] = [
    announce_a_round,
    list_bidders,
    register_bidders,
    open_a_round,
    read_bids,
    record_an_attempt,
    check_an_attempt,
    record_a_draw,
]
