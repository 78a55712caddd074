"""Signs over lots and rounds: totals at a fixed ratio, declining in turn, winning in turn, never winning."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from procure.settlement.labels import ENTRY
from procure.signs import thresholds
from procure.signs.competitions import Competition
from procure.signs.kinds import Kind
from procure.signs.prices import is_fixed
from procure.signs.sign import Figure, Look, Place, Sign, not_looked
from procure.signs.wording import listed, ratio, yen

EVERYWHERE = Place()
Pair = tuple[str, str]
Win = tuple[Competition, str]


def totals_at_fixed_ratio(lots: Sequence[Competition]) -> Look:
    both = {pair: met for pair, met in _meetings(lots, bid_only=True).items() if len(met) >= thresholds.LOTS_FOR_RATIO}
    if not both:
        return _too_few(
            Kind.TOTALS_AT_FIXED_RATIO, f"同じ2者が入札したロットが{thresholds.LOTS_FOR_RATIO}件に足りません。"
        )
    signs = tuple(_at_ratio(pair, met) for pair, met in both.items() if is_fixed(_ratios(pair, met)))
    return Look(Kind.TOTALS_AT_FIXED_RATIO, EVERYWHERE, signs)


def declines_in_turn(lots: Sequence[Competition]) -> Look:
    met = {pair: own for pair, own in _meetings(lots, bid_only=False).items() if len(own) >= thresholds.LOTS_FOR_TURNS}
    if not met:
        return _too_few(Kind.DECLINES_IN_TURN, f"同じ2者が登録したロットが{thresholds.LOTS_FOR_TURNS}件に足りません。")
    signs = tuple(_in_turn(pair, own) for pair, own in met.items() if _alternates([_left(pair, lot) for lot in own]))
    return Look(Kind.DECLINES_IN_TURN, EVERYWHERE, signs)


def rotation(lots: Sequence[Competition]) -> Look:
    wins = [(lot, lot.winner) for lot in lots if lot.winner is not None]
    if len(wins) < thresholds.AWARDS_FOR_ROTATION:
        return _too_few(Kind.ROTATION, f"落札が{thresholds.AWARDS_FOR_ROTATION}件に足りません。")
    signs = [
        _rotating(name, turns, length) for name, series in _series(wins).items() for turns, length in _cycles(series)
    ]
    return Look(Kind.ROTATION, EVERYWHERE, tuple(signs))


def never_wins(lots: Sequence[Competition]) -> Look:
    won = [lot for lot in lots if lot.winner is not None]
    records: dict[str, list[Competition]] = defaultdict(list)
    for lot in won:
        for bidder in lot.names:
            records[bidder].append(lot)
    often = {bidder: own for bidder, own in records.items() if len(own) >= thresholds.LOTS_FOR_NEVER_WINNING}
    if not often:
        needed = thresholds.LOTS_FOR_NEVER_WINNING
        return _too_few(Kind.NEVER_WINS, f"落札者のある{needed}件以上のロットに登録した者がいません。")
    signs = tuple(_never(bidder, own) for bidder, own in often.items() if _always_loses(bidder, own))
    return Look(Kind.NEVER_WINS, EVERYWHERE, signs)


# ---- two bidders at a time -------------------------------------------------------------------------------


def _meetings(lots: Sequence[Competition], *, bid_only: bool) -> Mapping[Pair, list[Competition]]:
    """The lots in which two bidders were both registered, or both bid more than nothing."""
    met: dict[Pair, list[Competition]] = defaultdict(list)
    for lot in lots:
        there = [bidder for bidder in lot.names if not bid_only or lot.totals.get(bidder)]
        for one, other in combinations(there, 2):
            met[(other, one) if (other, one) in met else (one, other)].append(lot)
    return met


def _ratios(pair: Pair, lots: Sequence[Competition]) -> list[Fraction]:
    return [Fraction(lot.totals[pair[1]]) / Fraction(lot.totals[pair[0]]) for lot in lots]


def _at_ratio(pair: Pair, lots: Sequence[Competition]) -> Sign:
    """The one that was lower in the first lot is what the other is compared with."""
    pair = pair if _ratios(pair, lots)[0] >= 1 else (pair[1], pair[0])
    one, other = _names(pair, lots)
    sentence = f"{one}に対する{other}の入札金額の比が、ともに入札した{len(lots)}ロットのすべてでほぼ一定です。"
    figures = tuple(
        Figure(lot.title, f"{yen(lot.totals[pair[1]])}÷{yen(lot.totals[pair[0]])}＝{ratio(found)}", lot.place)
        for lot, found in zip(lots, _ratios(pair, lots), strict=True)
    )
    return Sign(Kind.TOTALS_AT_FIXED_RATIO, EVERYWHERE, sentence, figures)


def _left(pair: Pair, lot: Competition) -> str | None:
    """The one of the two that did not bid; None where both bid, or neither."""
    away = [bidder for bidder in pair if bidder not in lot.bid]
    return away[0] if len(away) == 1 else None


def _alternates(left: Sequence[str | None]) -> bool:
    return None not in left and all(one != other for one, other in pairwise(left))


def _in_turn(pair: Pair, lots: Sequence[Competition]) -> Sign:
    names = _names(pair, lots)
    sentence = f"{listed(names)}が、ともに登録した{len(lots)}ロットで、交互に入札していません。"
    figures = tuple(Figure(lot.title, listed(_entries(pair, lot)), lot.place) for lot in lots)
    return Sign(Kind.DECLINES_IN_TURN, EVERYWHERE, sentence, figures)


def _entries(pair: Pair, lot: Competition) -> Iterator[str]:
    for bidder in pair:
        entry = lot.entries.get(bidder)
        yield f"{lot.names[bidder]} {'記録なし' if entry is None else ENTRY[entry]}"


def _names(pair: Pair, lots: Sequence[Competition]) -> tuple[str, str]:
    """As they were written last."""
    return lots[-1].names[pair[0]], lots[-1].names[pair[1]]


# ---- who wins --------------------------------------------------------------------------------------------


def _series(wins: Sequence[Win]) -> dict[str, Sequence[Win]]:
    """All awards, and those of the lots with one id from round to round, where that is another series."""
    by_lot: dict[str, list[Win]] = defaultdict(list)
    for win in wins:
        by_lot[str(win[0].place.lot)].append(win)
    own = {f"番号「{lot}」のロット": series for lot, series in by_lot.items() if len(series) < len(wins)}
    return {"すべてのロット": wins, **own}


def _cycles(wins: Sequence[Win]) -> Iterator[tuple[Sequence[Win], int]]:
    """The longest runs in which different winners repeat in one order at least twice, with the length of the order."""
    winners = [winner for _, winner in wins]
    for length in range(2, len(winners) // 2 + 1):
        start = 0
        while start + 2 * length <= len(winners):
            end = _repeats_until(winners, start, length)
            is_cycle = len(set(winners[start : start + length])) == length
            if is_cycle and end - start >= max(2 * length, thresholds.AWARDS_FOR_ROTATION):
                yield wins[start:end], length
            start = max(start + 1, end - length + 1)


def _repeats_until(winners: Sequence[str], start: int, length: int) -> int:
    end = start + length
    while end < len(winners) and winners[end] == winners[end - length]:
        end += 1
    return end


def _rotating(series: str, turns: Sequence[Win], length: int) -> Sign:
    names = listed(lot.names[winner] for lot, winner in turns[:length])
    sentence = f"{series}の落札者が、{names}の順で、{len(turns)}件続いています。"
    figures = tuple(Figure(lot.title, lot.names[winner], lot.place) for lot, winner in turns)
    return Sign(Kind.ROTATION, EVERYWHERE, sentence, figures)


def _always_loses(bidder: str, lots: Sequence[Competition]) -> bool:
    return all(bidder in lot.bid and lot.winner != bidder for lot in lots)


def _never(bidder: str, lots: Sequence[Competition]) -> Sign:
    name = lots[-1].names[bidder]
    sentence = f"{name}は、登録した{len(lots)}ロットのすべてに入札し、一度も落札していません。"
    figures = tuple(Figure(lot.title, yen(lot.totals[bidder]), lot.place) for lot in lots if bidder in lot.totals)
    return Sign(Kind.NEVER_WINS, EVERYWHERE, sentence, figures)


def _too_few(kind: Kind, reason: str) -> Look:
    return not_looked(kind, EVERYWHERE, reason)
