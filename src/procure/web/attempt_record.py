"""An attempt as it was recorded, its checks, and its corrections beside what they correct: values for pages."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from procure.bids.after_queries import as_recorded, checks_of, corrections_of
from procure.bids.after_tables import AttemptCheckRow, CorrectionRow
from procure.bids.bid_text import bid_of
from procure.bids.checking import Difference
from procure.bids.rules import asked_quantities
from procure.bids.tables import AttemptRow, BidderRow
from procure.rounds.tables import LotRow
from procure.settlement.bids import bid_total, total_quantities
from procure.settlement.labels import ENTRY, attempt_label
from procure.settlement.round import Bid, Bidder, Entry, Item, Lot
from procure.templates import yen
from procure.values.moments import moment_text
from procure.values.money import Yen


@dataclass(frozen=True, slots=True)
class RecordedPaper:
    """One bidder's 入札書 and 内訳書 as they were recorded; `total` and `prices` are tax-exclusive yen."""

    bidder: str
    name: str
    entry: str
    total: Yen | None
    received_at: str
    numbers: str
    void: str
    prices: tuple[Yen | None, ...]


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check by a second person. `is_current`: of the record as it stands, and not of one that was mended since."""

    at: datetime
    by: str
    way: str
    differences: tuple[Difference, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of a correction: what stood there, and what the paper says."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction beside the original. `judged_by` approved or rejected it; None while it waits."""

    id: int
    number: int
    label: str
    bidder: str
    changes: tuple[Changed, ...]
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: str
    tone: str
    judged_by: str | None
    judged_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    opened_at: datetime
    recorded_at: datetime
    recorded_by: str
    checked_at: datetime | None
    checked_by: str | None
    papers: tuple[RecordedPaper, ...]
    items: tuple[Item, ...]
    checks: tuple[CheckView, ...]
    corrections: tuple[CorrectionView, ...]
    is_waiting: bool

    @property
    def differing(self) -> CheckView | None:
        """The check whose differences have to be cleared up."""
        return next((check for check in self.checks[:1] if check.is_current and check.differences), None)


def attempt_record(session: Session, lot_row: LotRow, lot: Lot, row: AttemptRow) -> AttemptRecord:
    attempt = as_recorded(lot.attempts[row.number - 1])
    corrections = corrections_view(session, lot_row, lot)
    return AttemptRecord(
        opened_at=row.opened_at,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        checked_at=row.checked_at,
        checked_by=row.checked_by,
        papers=tuple(_papers(lot, attempt.bids)),
        items=tuple(_priced_items(lot)),
        checks=tuple(_check(check, row) for check in checks_of(session, lot_row, row.number)),
        corrections=tuple(one for one in corrections if one.number == row.number),
        is_waiting=any(one.judged_by is None for one in corrections),
    )


def latest_check(session: Session, lot_row: LotRow, row: AttemptRow) -> CheckView | None:
    """The last check of the record as it stands."""
    checks = [_check(check, row) for check in checks_of(session, lot_row, row.number)]
    return next((check for check in checks[:1] if check.is_current), None)


def corrections_view(session: Session, lot_row: LotRow, lot: Lot) -> tuple[CorrectionView, ...]:
    """Every correction of the lot, in the order of their proposal, each beside what stood there then."""
    rows = corrections_of(session, lot_row)
    stood = {
        (attempt.number, bid.bidder): bid for attempt in lot.attempts for bid in as_recorded(attempt).bids
    }  # moves on with every approved one
    shown = []
    for row in rows:
        ref = session.get_one(BidderRow, row.bidder_id).ref
        proposed = bid_of(row.bid, ref)
        shown.append(_correction(lot, row, stood[row.number, ref], proposed))
        if row.approved_at is not None:
            stood[row.number, ref] = proposed
    return tuple(shown)


def changes_between(lot: Lot, before: Bid, after: Bid) -> tuple[Changed, ...]:
    """Line by line what differs; "" where nothing stands."""
    old, new = dict(bid_lines(lot, before)), dict(bid_lines(lot, after))
    return tuple(
        Changed(what, old.get(what, ""), new.get(what, ""))
        for what in dict.fromkeys([*old, *new])
        if old.get(what) != new.get(what)
    )


def bid_lines(lot: Lot, bid: Bid) -> Iterator[tuple[str, str]]:
    """A bid as it stands on paper, line by line, in words."""
    yield "入札・辞退・不参", ENTRY[bid.entry]
    if bid.received_at is not None:
        yield "受付日時", moment_text(bid.received_at)
    if bid.entry is not Entry.BID:
        return
    total = bid_total(bid, total_quantities(lot))
    if total is not None:
        yield "入札金額（税抜）", f"{yen(total)}円"
    for item in lot.items:
        if item.id in (bid.unit_prices or {}):
            yield f"{item.name}の単価", f"{yen((bid.unit_prices or {})[item.id])}円"
    for what, number in (("くじ番号", bid.draw_number), ("加算番号", bid.added_number)):
        if number is not None:
            yield what, f"{number:03}"
    if bid.void:
        yield "無効の理由", bid.void


def _papers(lot: Lot, bids: Sequence[Bid]) -> Iterator[RecordedPaper]:
    quantities = total_quantities(lot)
    by_bidder = {bid.bidder: bid for bid in bids}
    for bidder in lot.bidders:
        if bidder.id in by_bidder:
            bid = by_bidder[bidder.id]
            yield _paper(lot, bidder, bid, bid_total(bid, quantities))


def _paper(lot: Lot, bidder: Bidder, bid: Bid, total: Yen | None) -> RecordedPaper:
    numbers = [f"{number:03}" for number in (bid.draw_number, bid.added_number) if number is not None]
    return RecordedPaper(
        bidder=bidder.id,
        name=bidder.name,
        entry=ENTRY[bid.entry],
        total=total if bid.entry is Entry.BID else None,
        received_at="" if bid.received_at is None else moment_text(bid.received_at),
        numbers="＋".join(numbers),
        void=bid.void or "",
        prices=tuple((bid.unit_prices or {}).get(item.id) for item in _priced_items(lot)),
    )


def _priced_items(lot: Lot) -> Iterator[Item]:
    quantities = asked_quantities(lot)
    return (item for item in lot.items if item.id in quantities)


def _check(check: AttemptCheckRow, row: AttemptRow) -> CheckView:
    differences = tuple(Difference(**one) for one in json.loads(check.differences))
    is_current = check.recorded_at == row.recorded_at
    return CheckView(check.checked_at, check.checked_by, check.way.label, differences, is_current)


def _correction(lot: Lot, row: CorrectionRow, before: Bid, after: Bid) -> CorrectionView:
    waiting = CorrectionView(
        id=row.id,
        number=row.number,
        label=attempt_label(row.number),
        bidder=next(bidder.name for bidder in lot.bidders if bidder.id == before.bidder),
        changes=changes_between(lot, before, after),
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        state="承認待ち",
        tone="yellow",
        judged_by=None,
        judged_at=None,
    )
    if row.approved_at is not None:
        return replace(waiting, state="承認", tone="green", judged_by=row.approved_by, judged_at=row.approved_at)
    if row.rejected_at is not None:
        return replace(waiting, state="却下", tone="gray", judged_by=row.rejected_by, judged_at=row.rejected_at)
    return waiting
