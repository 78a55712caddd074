"""What the record of an opening (開札調書) tells of a lot: every bidder over all attempts, and how lots were drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from procure.reports.report import AttemptReport, BidRow, LotReport
from procure.settlement.lottery import whole_seconds
from procure.settlement.result import Draw
from procure.settlement.round import DrawMethod, Lot
from procure.values.text import fullwidth


@dataclass(frozen=True, slots=True)
class Entrant:
    """A registered bidder with its entry in each attempt, None where it took no part; `remarks` are the 摘要."""

    name: str
    bids: tuple[BidRow | None, ...]
    remarks: tuple[str, ...]
    won: bool


@dataclass(frozen=True, slots=True)
class DrawnLot:
    """A tied bidder in the order of reception, numbered from 0.

    `seconds` are the last three digits of the second of reception since 1970, where the method adds them; `number` is
    the sum cut to three digits (くじ加算値). None where lots were drawn on paper.
    """

    place: int
    name: str
    received_at: datetime | None
    draw_number: int | None
    seconds: int | None
    number: int | None
    won: bool


def entrants(lot: Lot, report: LotReport) -> tuple[Entrant, ...]:
    """In the order of registration."""
    return tuple(_entrant(bidder.id, bidder.name, report.attempts) for bidder in lot.bidders)


def drawn_lots(lot: Lot, draw: Draw) -> tuple[DrawnLot, ...]:
    """Those who drew lots, with all that is needed to compute the lottery again (施行令167条の9)."""
    return tuple(_drawn(lot, draw, place, bidder) for place, bidder in enumerate(draw.tied))


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


def _drawn(lot: Lot, draw: Draw, place: int, bidder: str) -> DrawnLot:
    # nothing is bid after a lottery: the last attempt decided
    bid = next(bid for bid in lot.attempts[-1].bids if bid.bidder == bidder)
    adds_seconds = draw.method is DrawMethod.CORE_EPOCH_SECONDS
    return DrawnLot(
        place=place,
        name=next(one.name for one in lot.bidders if one.id == bidder),
        received_at=bid.received_at,
        draw_number=bid.draw_number,
        seconds=whole_seconds(bid.received_at) % 1000 if adds_seconds and bid.received_at else None,
        number=None if draw.numbers is None else draw.numbers[bidder],
        won=bidder == draw.winner,
    )
