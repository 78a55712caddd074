"""A lottery in sentences: who drew lots, and how they fell, so that anybody can recompute it."""

from collections.abc import Iterator, Mapping

from procure.settlement.labels import DRAW_METHOD
from procure.settlement.result import Draw
from procure.settlement.round import DrawMethod, Lot, PaperDraw, Review
from procure.settlement.sentences import LOTTERY, Names, Sentence, names_of

IN_PLACE = "。入札者に代わり、入札事務に関係のない職員"  # 施行令167条の9


def explain_draw(lot: Lot, draw: Draw, *, is_confirmed: bool = True) -> tuple[Sentence, ...]:
    """Who drew lots, and how they fell. It chose a 落札候補者 before the decision is confirmed, and in 事後審査."""
    names = names_of(lot)
    whom = "落札者" if is_confirmed and lot.rules.review is Review.BEFORE else "落札候補者"
    return tuple(_drawn(draw, lot, names, whom))


def _drawn(draw: Draw, lot: Lot, names: Names, whom: str) -> Iterator[Sentence]:
    tied = "、".join(names[bidder] for bidder in draw.tied)
    yield Sentence(f"{tied}の{len(draw.tied)}者が同額のため、くじで{whom}を決めました。", LOTTERY)
    if draw.numbers is not None:
        yield Sentence(_numbers(draw, draw.numbers, names))
    elif recorded := _recorded(lot, draw):
        yield Sentence(recorded)


def _numbers(draw: Draw, numbers: Mapping[str, int], names: Names) -> str:
    first = 1 if draw.method is DrawMethod.WAKAYAMA else 0
    each = "、".join(
        f"{place}番 {names[bidder]}（{numbers[bidder]}）" for place, bidder in enumerate(draw.tied, start=first)
    )
    return f"{DRAW_METHOD[draw.method]}：受付順に{each}。{_division(draw, numbers)}{names[draw.winner]}が当選しました。"


def _division(draw: Draw, numbers: Mapping[str, int]) -> str:
    tied = len(draw.tied)
    if draw.method is DrawMethod.WAKAYAMA:
        digits, rank = sum(numbers.values()), draw.tied.index(draw.winner) + 1
        return (
            f"かっこ内（受付日時の数字の和）の合計{digits}に開札時刻のミリ秒{(draw.sum or 0) - digits}を加えた"
            f"{draw.sum}を{tied}で割った余りは{draw.remainder}で、{tied}から余りを引いた{rank}番の"
        )
    if draw.method is DrawMethod.MILLISECONDS_CUT:
        last = (draw.sum or 0) % 1000
        return f"かっこ内の合計{draw.sum}の下3桁{last}を{tied}で割った余りは{draw.remainder}で、"
    return f"かっこ内の合計{draw.sum}を{tied}で割った余りは{draw.remainder}で、"


def _drew(lot: Lot, paper: PaperDraw) -> tuple[str, str | None]:
    if not paper.drawers:
        return "くじを引いた者", paper.drawn_by
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    order = (
        f"{place}番 {names[one.bidder]}（{one.drawn_by}{IN_PLACE if one.in_place else ''}）"
        for place, one in enumerate(paper.drawers, 1)
    )
    return "くじを引いた順", "、".join(order)


def _recorded(lot: Lot, draw: Draw) -> str:
    """Who drew on paper, in which order, and who watched; nobody wins two lotteries of a lot."""
    papers = [paper for paper in (*lot.draws_before, lot.draw) if paper and paper.winner == draw.winner]
    parts = [
        f"{what}：{who}。" for paper in papers for what, who in (_drew(lot, paper), ("立会人", paper.witness)) if who
    ]
    return "".join(parts)
