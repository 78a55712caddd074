"""What the record of an opening (開札調書) tells of a lot: every bidder over all attempts, and how lots were drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from procure.reports.report import AttemptReport, BidRow, LotReport
from procure.settlement.bids import bid_total, total_quantities
from procure.settlement.explain import explain_draw
from procure.settlement.labels import DRAW_METHOD, ENTRY, attempt_label
from procure.settlement.lottery import digit_sum, milliseconds, whole_seconds
from procure.settlement.result import Draw, LotResult
from procure.settlement.round import Attempt, Bid, Correction, DrawMethod, Entry, Lot
from procure.templates import yen
from procure.values.text import fullwidth

ADDED = {
    DrawMethod.CORE_EPOCH_SECONDS: "受付の秒（下３桁）",
    DrawMethod.RANDOM_ADDED: "受付票の乱数",
    DrawMethod.MILLISECONDS: "受付のミリ秒",
    DrawMethod.MILLISECONDS_CUT: "受付のミリ秒",
    DrawMethod.WAKAYAMA: "受付日時の数字の和",
}
SAME_NUMBER = "余りと同じ番号の入札者を当選とします。"
NOTES = {
    DrawMethod.CORE_EPOCH_SECONDS: f"受付の秒は、1970年1月1日0時（協定世界時）からの秒数です。{SAME_NUMBER}",
    DrawMethod.WAKAYAMA: "受付日時の数字の和は、年月日時分の12桁の数字を足したものです。"
    "番号は1から付け、同額の入札者の数から余りを引いた番号の入札者を当選とします。",
}


@dataclass(frozen=True, slots=True)
class Entrant:
    """A registered bidder with its entry in each attempt, None where it took no part; `remarks` are the 摘要."""

    name: str
    bids: tuple[BidRow | None, ...]
    remarks: tuple[str, ...]
    won: bool


@dataclass(frozen=True, slots=True)
class DrawnLot:
    """A tied bidder in the order of reception, by its number in the lottery.

    `added` is what the method adds to くじ番号, `number` the sum cut to three digits (くじ加算値). None where there
    is no such thing, as on paper.
    """

    place: int
    name: str
    received_at: datetime | None
    draw_number: int | None
    added: int | None
    number: int | None
    won: bool


@dataclass(frozen=True, slots=True)
class Lottery:
    """A lottery with all that is needed to compute it again (施行令167条の9); `division` is the arithmetic in words."""

    method: str
    sentences: tuple[str, ...]
    is_electronic: bool
    added_label: str
    lots: tuple[DrawnLot, ...]
    sum: int | None
    division: str
    note: str


@dataclass(frozen=True, slots=True)
class CorrectedBid:
    """A mended typing error: what stood in the record beside what the paper says."""

    attempt: str
    name: str
    before: str
    after: str
    reason: str
    corrected_by: str
    approved_by: str
    at: datetime


def entrants(lot: Lot, report: LotReport) -> tuple[Entrant, ...]:
    """In the order of registration."""
    return tuple(_entrant(bidder.id, bidder.name, report.attempts) for bidder in lot.bidders)


def lotteries(lot: Lot, result: LotResult) -> tuple[Lottery, ...]:
    """Those whose winner failed the review, in order, and the one that counts."""
    draws = [*result.draws_before, *([result.draw] if result.draw else [])]
    return tuple(_lottery(lot, draw) for draw in draws)


def corrected_bids(lot: Lot) -> tuple[CorrectedBid, ...]:
    """Every correction, attempt by attempt, in the order in which they were made."""
    return tuple(line for attempt in lot.attempts for line in _corrected(lot, attempt))


def _corrected(lot: Lot, attempt: Attempt) -> Iterator[CorrectedBid]:
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    for place, one in enumerate(attempt.corrections):
        yield CorrectedBid(
            attempt=attempt_label(attempt.number),
            name=names[one.bidder],
            before=_in_words(lot, one.was),
            after=_in_words(lot, _after(attempt, place, one)),
            reason=one.reason,
            corrected_by=one.corrected_by,
            approved_by=one.approved_by,
            at=one.corrected_at,
        )


def _after(attempt: Attempt, place: int, correction: Correction) -> Bid:
    """What the next correction of the same bidder found there, or what counts."""
    later = (one.was for one in attempt.corrections[place + 1 :] if one.bidder == correction.bidder)
    return next(later, next(bid for bid in attempt.bids if bid.bidder == correction.bidder))


def _in_words(lot: Lot, bid: Bid) -> str:
    if bid.entry is not Entry.BID:
        return ENTRY[bid.entry]
    total = bid_total(bid, total_quantities(lot))
    parts = [f"{yen(total)}円" if total is not None else "金額なし"]
    if bid.received_at is not None:
        parts.append(f"受付{bid.received_at:%H:%M:%S}")
    parts += [f"くじ番号{bid.draw_number:03}"] if bid.draw_number is not None else []
    parts += [f"無効（{bid.void}）"] if bid.void else []
    return "、".join(parts)


def _entrant(bidder: str, name: str, attempts: tuple[AttemptReport, ...]) -> Entrant:
    bids = tuple(next((row for row in attempt.bids if row.bidder == bidder), None) for attempt in attempts)
    entered = [row for row in bids if row is not None]
    won = bool(entered) and entered[-1].won
    return Entrant(name, bids, tuple(_remarks(bids)), won)


def _remarks(bids: tuple[BidRow | None, ...]) -> Iterator[str]:
    """Why a bid was void or disqualified, attempt by attempt, and what the last one came to."""
    if not any(bids):
        yield "参加なし"
    last = max((place for place, row in enumerate(bids) if row), default=0)
    for place, row in enumerate(bids):
        if row and (row.reason or place == last):
            number = f"第{fullwidth(str(place + 1))}回" if len(bids) > 1 and row.reason else ""
            yield f"{number}{row.status_label}{f'（{row.reason}）' if row.reason else ''}"


def _lottery(lot: Lot, draw: Draw) -> Lottery:
    return Lottery(
        method=DRAW_METHOD[draw.method],
        sentences=tuple(str(sentence) for sentence in explain_draw(lot, draw)),
        is_electronic=draw.numbers is not None,
        added_label=ADDED.get(draw.method, ""),
        lots=tuple(_drawn(lot, draw, place, bidder) for place, bidder in enumerate(draw.tied)),
        sum=draw.sum,
        division=_division(draw),
        note=NOTES.get(draw.method, SAME_NUMBER),
    )


def _division(draw: Draw) -> str:
    """The arithmetic from the numbers to the winner's."""
    if draw.numbers is None or draw.sum is None:
        return ""
    tied = len(draw.tied)
    if draw.method is DrawMethod.WAKAYAMA:
        digits, rank = sum(draw.numbers.values()), draw.tied.index(draw.winner) + 1
        return (
            f"数字の和の合計{digits}＋開札時刻のミリ秒{draw.sum - digits}。÷{tied}の余りは{draw.remainder}、"
            f"{tied}－{draw.remainder}＝{rank}番"
        )
    cut = f"、下３桁{draw.sum % 1000:03}" if draw.method is DrawMethod.MILLISECONDS_CUT else ""
    return f"加算値の合計{cut}　÷{tied}（同額の入札者の数）の余りは{draw.remainder}"


def _drawn(lot: Lot, draw: Draw, place: int, bidder: str) -> DrawnLot:
    # nothing is bid after a lottery: the last attempt decided
    bid = next(bid for bid in lot.attempts[-1].bids if bid.bidder == bidder)
    return DrawnLot(
        place=place + (draw.method is DrawMethod.WAKAYAMA),
        name=next(one.name for one in lot.bidders if one.id == bidder),
        received_at=bid.received_at,
        draw_number=bid.draw_number,
        added=_added(draw.method, bid),
        number=None if draw.numbers is None else draw.numbers[bidder],
        won=bidder == draw.winner,
    )


def _added(method: DrawMethod, bid: Bid) -> int | None:
    if method is DrawMethod.RANDOM_ADDED:
        return bid.added_number
    if bid.received_at is None:
        return None
    match method:
        case DrawMethod.CORE_EPOCH_SECONDS:
            return whole_seconds(bid.received_at) % 1000
        case DrawMethod.MILLISECONDS | DrawMethod.MILLISECONDS_CUT:
            return milliseconds(bid.received_at)
        case DrawMethod.WAKAYAMA:
            return digit_sum(bid.received_at)
        case _:
            return None
