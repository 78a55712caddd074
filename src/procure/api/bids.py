"""Bidding: announcing, bidders, the opening, attempts and their check by a second person, draws."""

import re
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta
from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.fields import Amount, Body, Known, Line, Moment, Shown, Title, amount, faults_named, yen
from procure.api.operation import BODY_LIMIT, Operation, Sent, operation
from procure.api.round_values import Nothing, RoundWithLots
from procure.api.rounds import round_sent
from procure.api.shared import held_round
from procure.bids.actions import announce, lot_value, open_bids, record_attempt, record_draw
from procure.bids.admission import Admission
from procure.bids.bidders import Registration, save_bidders
from procure.bids.checking import Found, Way
from procure.bids.checks import check_attempt
from procure.bids.queries import applicants_by_lot, attempts_of, suppliers_of
from procure.bids.rules import next_entry
from procure.errors import Fault, Invalid, NotFound
from procure.rounds.queries import find_lot, find_round, lots_of
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Visit
from procure.settlement.result import Outcome
from procure.settlement.round import Attempt, Bid, Entry, Lot, Opening, PaperDraw, Witness, WitnessKind
from procure.settlement.settle import settle_lot

TAG = "入札"
_READ = (Permission.READ_ROUNDS, Scope.BIDS_READ)
_RECORD = (Permission.RECORD_BIDS, Scope.BIDS_WRITE)
ThreeDigits = Annotated[int, Meta(ge=0, le=999)]


# ---- what is sent ------------------------------------------------------------------------------------


class BidderBody(Body, frozen=True, kw_only=True):
    """入札者と、参加するロット。"""

    ref: Known
    name: Title
    lots: Annotated[tuple[Known, ...], Meta(max_length=100)]
    corporate_number: Annotated[str, Meta(pattern=r"^[0-9]{13}$", max_length=13)] | None = None
    address: Line = ""
    representative: Line = ""
    admission: Admission = Admission.REGISTERED
    admission_reason: Annotated[str, Meta(max_length=1000)] = ""


class BiddersBody(Body, frozen=True, kw_only=True):
    """案件の入札者の全体（受付順）。"""

    bidders: Annotated[tuple[BidderBody, ...], Meta(max_length=200)]


class WitnessBody(Body, frozen=True, kw_only=True):
    """立会人。"""

    name: Title
    kind: WitnessKind
    affiliation: Line


class OpeningBody(Body, frozen=True, kw_only=True):
    """開札。"""

    opened_at: Moment
    place: Title
    officer: Title
    recorder: Title
    witnesses: Annotated[tuple[WitnessBody, ...], Meta(max_length=10)]


class BidBody(Body, frozen=True, kw_only=True):
    """入札書。total は入札金額（税抜・円）、unit_prices は内訳の単価（品目の記号ごと）。"""

    bidder: Known
    entry: Entry
    total: Amount | None = None
    unit_prices: dict[str, Amount] | None = None
    received_at: Moment | None = None
    draw_number: ThreeDigits | None = None
    added_number: ThreeDigits | None = None
    void: Line | None = None


class AttemptBody(Body, frozen=True, kw_only=True):
    """1回の入札の全体。"""

    opened_at: Moment
    bids: Annotated[tuple[BidBody, ...], Meta(max_length=200)]


class FoundBody(Body, frozen=True, kw_only=True):
    """照合で書面から読み取った内容。"""

    bidder: Known
    entry: Entry
    total: Amount | None = None


class CheckBody(Body, frozen=True, kw_only=True):
    """別の人による照合。"""

    way: Way
    found: Annotated[tuple[FoundBody, ...], Meta(max_length=200)]


class DrawBody(Body, frozen=True, kw_only=True):
    """くじの結果。"""

    winner: Known
    drawn_by: Title
    witness: Title


# ---- what is answered --------------------------------------------------------------------------------


class BidderShown(Shown, frozen=True, kw_only=True):
    """入札者と、参加するロット。"""

    ref: str
    name: str
    lots: tuple[str, ...]
    corporate_number: str | None
    admission: Admission
    admission_reason: str | None


class BidderList(Shown, frozen=True, kw_only=True):
    """案件の入札者（受付順）。"""

    items: tuple[BidderShown, ...]


class BidShown(Shown, frozen=True, kw_only=True):
    """記録された入札書。"""

    bidder: str
    entry: Entry
    total: int | str | None
    unit_prices: dict[str, int | str] | None
    received_at: datetime | None
    draw_number: int | None
    added_number: int | None
    void: str | None


class AttemptShown(Shown, frozen=True, kw_only=True):
    """記録された1回の入札。checked_at は別の人の照合が済んだ時。"""

    number: int
    opened_at: datetime
    recorded_at: datetime
    recorded_by: str
    checked_at: datetime | None
    checked_by: str | None
    bids: tuple[BidShown, ...]


class NextShown(Shown, frozen=True, kw_only=True):
    """次に記録する回と、その入札者。"""

    number: int
    bidders: tuple[str, ...]


class DrawShown(Shown, frozen=True, kw_only=True):
    """記録されたくじの結果。"""

    winner: str
    drawn_by: str | None
    witness: str | None


class LotBids(Shown, frozen=True, kw_only=True):
    """ロットの入札の記録。outcome は、いまの記録から計算した結果。"""

    lot: str
    outcome: Outcome
    attempts: tuple[AttemptShown, ...]
    next: NextShown | None
    draw: DrawShown | None


class DifferenceShown(Shown, frozen=True, kw_only=True):
    """照合で見つかった相違。"""

    bidder: str
    name: str
    recorded: str
    found: str


class CheckShown(Shown, frozen=True, kw_only=True):
    """照合の結果。相違がなければ、この回は照合済みになる。"""

    differences: tuple[DifferenceShown, ...]
    bids: LotBids


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
    _refuse_repeated([one.ref for one in body.bidders], "bidders", "ref")
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
    return _bids_sent(visit, row, find_lot(visit.session, row.id, lot))


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
    _refuse_strange(value, body)
    attempt = Attempt(_number(number), body.opened_at, tuple(_bid(one) for one in body.bids))
    with faults_named(_bid_field):
        record_attempt(visit.session, row, found, attempt, visit.person, visit.now)
    return _bids_sent(visit, row, found)


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
    _refuse_repeated([one.bidder for one in body.found], "found", "bidder")
    read = {one.bidder: Found(one.entry, yen(one.total)) for one in body.found}
    with faults_named(_bid_field):
        differing = check_attempt(visit.session, row, found, _number(number), read, body.way, visit.person, visit.now)
    sent = _bids_sent(visit, row, found)
    differences = tuple(
        DifferenceShown(bidder=one.bidder, name=one.name, recorded=one.recorded, found=one.found) for one in differing
    )
    return Sent(CheckShown(differences=differences, bids=_lot_bids(visit.session, row, found)), version=sent.version)


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
    draw = PaperDraw(body.winner, body.drawn_by, body.witness)
    record_draw(visit.session, row, found, draw, visit.person, visit.now)
    return _bids_sent(visit, row, found)


# ---- parts -------------------------------------------------------------------------------------------


def _number(text: str) -> int:
    """Raises NotFound."""
    if text not in ("1", "2", "3"):
        raise NotFound
    return int(text)


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


def _bid(body: BidBody) -> Bid:
    prices = body.unit_prices
    return Bid(
        bidder=body.bidder,
        entry=body.entry,
        unit_prices=None if prices is None else {ref: yen(price) or 0 for ref, price in prices.items()},
        total=yen(body.total),
        received_at=body.received_at,
        draw_number=body.draw_number,
        void=body.void or None,
        added_number=body.added_number,
    )


def _refuse_repeated(refs: list[str], path: str, field: str) -> None:
    repeated = [at for at, ref in enumerate(refs) if ref in refs[:at]]
    if repeated:
        raise Invalid(*(Fault(f"{path}[{at}].{field}", f"「{refs[at]}」が二度指定されています。") for at in repeated))


def _refuse_strange(lot: Lot, body: AttemptBody) -> None:
    """Bidders and items that the lot does not have; raises Invalid."""
    _refuse_repeated([one.bidder for one in body.bids], "bids", "bidder")
    bidders, items = {one.id for one in lot.bidders}, {one.id for one in lot.items}
    faults = []
    for at, bid in enumerate(body.bids):
        if bid.bidder not in bidders:
            faults.append(Fault(f"bids[{at}].bidder", f"入札者「{bid.bidder}」はこのロットに登録されていません。"))
        faults += [
            Fault(f"bids[{at}].unit_prices.{ref[:60]}", "この品目はこのロットにありません。")
            for ref in bid.unit_prices or {}
            if ref not in items
        ]
    if faults:
        raise Invalid(*faults)


def _bidder_field(field: str) -> str:
    """bidder-0-name → bidders[0].name"""
    found = re.fullmatch(r"bidder-([0-9]+)-(\w+)", field)
    names = {"number": "corporate_number", "reason": "admission_reason"}
    return f"bidders[{found[1]}].{names.get(found[2], found[2])}" if found else field


def _bid_field(field: str) -> str:
    """bid-b1-price-note → bids.b1.unit_prices.note; check-b1-total → found.b1.total"""
    found = re.fullmatch(r"(bid|check)-(.+?)-(entry|total|draw_number|received_at|price-.+)", field)
    if found is None:
        return field
    what = re.sub(r"^price-", "unit_prices.", found[3])
    return f"{'bids' if found[1] == 'bid' else 'found'}.{found[2]}.{what}"


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
                    "admission": bidder.admission,
                    "admission_reason": bidder.admission_reason,
                    "lots": (),
                },
            )
            own["lots"] = (*own["lots"], lot.ref)
    return Sent(BidderList(items=tuple(BidderShown(**one) for one in found.values())), version=row.version)


def _bids_sent(visit: Visit, row: RoundRow, lot: LotRow) -> Sent:
    return Sent(_lot_bids(visit.session, row, lot), version=row.version)


def _lot_bids(session: Session, row: RoundRow, lot: LotRow) -> LotBids:
    value = lot_value(session, row, lot)
    entry = next_entry(value)
    draw = value.draw
    return LotBids(
        lot=lot.ref,
        outcome=settle_lot(value).outcome,
        attempts=_attempts(session, lot, value),
        next=NextShown(number=entry.number, bidders=tuple(one.id for one in entry.participants)) if entry else None,
        draw=DrawShown(winner=draw.winner, drawn_by=draw.drawn_by, witness=draw.witness) if draw else None,
    )


def _attempts(session: Session, lot: LotRow, value: Lot) -> tuple[AttemptShown, ...]:
    rows = {row.number: row for row in attempts_of(session, lot)}
    return tuple(
        AttemptShown(
            number=one.number,
            opened_at=one.opened_at,
            recorded_at=rows[one.number].recorded_at,
            recorded_by=rows[one.number].recorded_by,
            checked_at=rows[one.number].checked_at,
            checked_by=rows[one.number].checked_by,
            bids=tuple(_bid_shown(bid) for bid in one.bids),
        )
        for one in value.attempts
    )


def _bid_shown(bid: Bid) -> BidShown:
    prices = None if bid.unit_prices is None else {ref: amount(price) or 0 for ref, price in bid.unit_prices.items()}
    return BidShown(
        bidder=bid.bidder,
        entry=bid.entry,
        total=amount(bid.total),
        unit_prices=prices,
        received_at=bid.received_at,
        draw_number=bid.draw_number,
        added_number=bid.added_number,
        void=bid.void,
    )


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
