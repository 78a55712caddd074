"""Bids as the API takes and shows them: bidders, attempts, what was found on paper, what waits for somebody."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta
from sqlmodel import Session

from procure.api.fields import Amount, Body, Known, Line, Moment, Shown, Title, amount, shown, yen
from procure.api.operation import Sent
from procure.bids.actions import lot_value
from procure.bids.admission import Admission
from procure.bids.after_queries import negotiation_of, waiting_correction
from procure.bids.checking import Found, Way
from procure.bids.queries import attempts_of
from procure.bids.rules import next_entry
from procure.errors import Fault, Invalid, NotFound
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Visit
from procure.settlement.result import Outcome
from procure.settlement.round import Bid, Entry, Lot, PaperDraw, WitnessKind
from procure.settlement.settle import settle_lot

Person = Annotated[str, Meta(min_length=1, max_length=100)]
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
    """照合で書面から読み取った内容。受付日時、くじ番号、加算番号は、ロットの電子くじが読むものだけを比べる。"""

    bidder: Known
    entry: Entry
    total: Amount | None = None
    is_void: bool = False
    received_at: Moment | None = None
    draw_number: ThreeDigits | None = None
    added_number: ThreeDigits | None = None


class CheckBody(Body, frozen=True, kw_only=True):
    """別の人による照合。"""

    way: Way
    found: Annotated[tuple[FoundBody, ...], Meta(max_length=200)]


class DrawerBody(Body, frozen=True, kw_only=True):
    """同額の入札者の1者についてくじを引いた人。in_place は、入札事務に関係のない職員が代わって引いたとき。"""

    bidder: Known
    drawn_by: Person
    in_place: bool = False


class DrawBody(Body, frozen=True, kw_only=True):
    """くじの結果。drawers は、くじを引いた順に、同額の入札者のそれぞれについて1人ずつ。"""

    winner: Known
    drawn_by: Person
    witness: Person
    drawers: Annotated[tuple[DrawerBody, ...], Meta(max_length=200)] = ()


# ---- what is answered --------------------------------------------------------------------------------


class BidderShown(Shown, frozen=True, kw_only=True):
    """入札者と、参加するロット。"""

    ref: str
    name: str
    lots: tuple[str, ...]
    corporate_number: str | None
    address: str
    representative: str
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


class DrawerShown(Shown, frozen=True, kw_only=True):
    """同額の入札者の1者についてくじを引いた人。"""

    bidder: str
    drawn_by: str
    in_place: bool


class DrawShown(Shown, frozen=True, kw_only=True):
    """記録されたくじの結果。drawers は、くじを引いた順。"""

    winner: str
    drawn_by: str | None
    witness: str | None
    drawers: tuple[DrawerShown, ...]


class WaitingCorrection(Shown, frozen=True, kw_only=True):
    """別の人の承認を待つ訂正。"""

    number: int
    reason: str
    proposed_at: datetime
    proposed_by: str


class LotBids(Shown, frozen=True, kw_only=True):
    """ロットの入札の記録。outcome は、いまの記録から計算した結果。candidate は資格の審査を待つ落札候補者。"""

    lot: str
    outcome: Outcome
    attempts: tuple[AttemptShown, ...]
    next: NextShown | None
    draw: DrawShown | None
    candidate: str | None
    correction: WaitingCorrection | None
    negotiation_proposed_at: datetime | None
    negotiation_approved_at: datetime | None


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


# ---- from one to the other ---------------------------------------------------------------------------


def attempt_number(text: str) -> int:
    """Raises NotFound."""
    if text not in ("1", "2", "3"):
        raise NotFound
    return int(text)


def bid_of(body: BidBody) -> Bid:
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


def found_of(body: FoundBody) -> Found:
    return Found(
        body.entry,
        yen(body.total),
        is_void=body.is_void,
        received_at=body.received_at,
        draw_number=body.draw_number,
        added_number=body.added_number,
    )


def refuse_repeated(refs: list[str], path: str, field: str) -> None:
    repeated = [at for at, ref in enumerate(refs) if ref in refs[:at]]
    if repeated:
        raise Invalid(*(Fault(f"{path}[{at}].{field}", f"「{refs[at]}」が二度指定されています。") for at in repeated))


def refuse_strange(lot: Lot, bids: Sequence[BidBody], path: str | None = None) -> None:
    """Bidders and items that the lot does not have; raises Invalid. `path` is that of a single bid."""
    bidders, items = {one.id for one in lot.bidders}, {one.id for one in lot.items}
    faults = []
    for number, bid in enumerate(bids):
        at = path or f"bids[{number}]"
        if bid.bidder not in bidders:
            faults.append(Fault(f"{at}.bidder", f"入札者「{bid.bidder}」はこのロットに登録されていません。"))
        strange = [ref for ref in bid.unit_prices or {} if ref not in items]
        faults += [Fault(f"{at}.unit_prices.{ref[:60]}", "この品目はこのロットにありません。") for ref in strange]
    if faults:
        raise Invalid(*faults)


def bid_field(field: str) -> str:
    """bid-b1-price-note → bids.b1.unit_prices.note; check-b1-total → found.b1.total"""
    found = re.fullmatch(r"(bid|check)-(.+?)-(entry|total|draw_number|received_at|void|price-.+)", field)
    if found is None:
        return field
    what = re.sub(r"^price-", "unit_prices.", found[3])
    return f"{'bids' if found[1] == 'bid' else 'found'}.{found[2]}.{what}"


def bids_sent(visit: Visit, row: RoundRow, lot: LotRow) -> Sent:
    return Sent(lot_bids(visit.session, row, lot), version=row.version)


def _draw(draw: PaperDraw) -> DrawShown:
    drawers = tuple(shown(DrawerShown, one) for one in draw.drawers)
    return DrawShown(winner=draw.winner, drawn_by=draw.drawn_by, witness=draw.witness, drawers=drawers)


def lot_bids(session: Session, row: RoundRow, lot: LotRow) -> LotBids:
    value = lot_value(session, row, lot)
    entry, result = next_entry(value), settle_lot(value)
    draw, waiting, negotiation = value.draw, waiting_correction(session, lot), negotiation_of(session, lot)
    return LotBids(
        lot=lot.ref,
        outcome=result.outcome,
        attempts=_attempts(session, lot, value),
        next=NextShown(number=entry.number, bidders=tuple(one.id for one in entry.participants)) if entry else None,
        draw=_draw(draw) if draw else None,
        candidate=result.candidate,
        correction=shown(WaitingCorrection, waiting) if waiting else None,
        negotiation_proposed_at=negotiation.proposed_at if negotiation else None,
        negotiation_approved_at=negotiation.approved_at if negotiation else None,
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
