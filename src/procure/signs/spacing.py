"""Signs in how the valid totals of an attempt lie to each other: close, together, apart, in equal steps.

A deviation is a root; it is compared as its square, exactly, and rounded only where it is shown.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from procure.signs import thresholds
from procure.signs.kinds import Kind
from procure.signs.opened import Offer, Opened
from procure.signs.sign import Figure, Look, Sign, not_looked
from procure.signs.wording import averaged_yen, listed, percentage, root_half_up, rooted_yen, yen
from procure.values.money import Yen, whole_or_exact


def close_second(opened: Opened) -> Look:
    if len(opened.valid) < 2:
        return _too_few(Kind.CLOSE_SECOND, opened, 2)
    if len(opened.lowest) > 1 or not opened.valid[0].total:
        return Look(Kind.CLOSE_SECOND, opened.place)
    lowest, second = opened.lowest[0], opened.second
    share = Fraction(second[0].total - lowest.total) / Fraction(lowest.total)
    if share > thresholds.CLOSE_SECOND:
        return Look(Kind.CLOSE_SECOND, opened.place)
    sentence = f"最低の入札と2番目の入札の差が、最低の入札金額の{percentage(share)}です。"
    figures = (*_first_two(lowest, second), Figure("差の割合", percentage(share)))
    return _found(Kind.CLOSE_SECOND, opened, sentence, figures)


def low_variation(opened: Opened) -> Look:
    totals = [offer.total for offer in opened.valid]
    if len(totals) < thresholds.BIDS_FOR_SPREAD:
        return _too_few(Kind.LOW_VARIATION, opened, thresholds.BIDS_FOR_SPREAD)
    middle, spread = mean(totals), variance(totals)
    if not middle or spread > (thresholds.LOW_VARIATION * middle) ** 2:
        return Look(Kind.LOW_VARIATION, opened.place)
    variation = f"{root_half_up(spread / middle**2 * 10_000, 2)}%"
    sentence = f"有効な{len(totals)}者の入札金額の変動係数が、{variation}です。"
    figures = (
        *_amounts(opened.valid),
        Figure("平均", averaged_yen(middle)),
        Figure("標本標準偏差", rooted_yen(spread)),
        Figure("変動係数", variation),
    )
    return _found(Kind.LOW_VARIATION, opened, sentence, figures)


def relative_distance(opened: Opened) -> Look:
    valid = opened.valid
    if len(valid) < thresholds.BIDS_FOR_DISTANCE:
        return _too_few(Kind.RELATIVE_DISTANCE, opened, thresholds.BIDS_FOR_DISTANCE)
    gap = Fraction(valid[1].total - valid[0].total)
    spread = variance([offer.total for offer in valid[1:]])
    if not gap or gap**2 < thresholds.RELATIVE_DISTANCE**2 * spread:
        return Look(Kind.RELATIVE_DISTANCE, opened.place)
    distance = f"{root_half_up(gap**2 / spread, 2)}倍" if spread else "算出できません（ほかの入札金額がすべて同じ）"
    words = f"{distance}です" if spread else "0円に対するものです（ほかの入札金額がすべて同じ）"
    sentence = f"最低と2番目の入札金額の差が、最低以外の入札金額の標準偏差の{words}。"
    figures = (
        *_amounts(valid),
        Figure("最低と2番目の差", yen(whole_or_exact(gap))),
        Figure("最低以外の標本標準偏差", rooted_yen(spread)),
        Figure("相対距離", distance),
    )
    return _found(Kind.RELATIVE_DISTANCE, opened, sentence, figures)


def equal_steps(opened: Opened) -> Look:
    if len(opened.valid) < thresholds.BIDS_FOR_SPREAD:
        return _too_few(Kind.EQUAL_STEPS, opened, thresholds.BIDS_FOR_SPREAD)
    steps = {whole_or_exact(above.total - below.total) for below, above in pairwise(opened.valid)}
    if len(steps) > 1 or 0 in steps:
        return Look(Kind.EQUAL_STEPS, opened.place)
    step = yen(steps.pop())
    sentence = f"有効な{len(opened.valid)}者の入札金額が、{step}ずつの等間隔です。"
    return _found(Kind.EQUAL_STEPS, opened, sentence, (*_amounts(opened.valid), Figure("間隔", step)))


def mean(amounts: Sequence[Yen]) -> Fraction:
    return Fraction(sum(amounts)) / len(amounts)


def variance(amounts: Sequence[Yen]) -> Fraction:
    """The sample variance (n − 1) in squared yen, exactly; two amounts or more."""
    middle = mean(amounts)
    return sum(((amount - middle) ** 2 for amount in amounts), Fraction(0)) / (len(amounts) - 1)


def _first_two(lowest: Offer, second: Sequence[Offer]) -> tuple[Figure, ...]:
    return (
        Figure(f"最低（{lowest.name}）", yen(lowest.total)),
        Figure(f"2番目（{listed(offer.name for offer in second)}）", yen(second[0].total)),
        Figure("差", yen(whole_or_exact(second[0].total - lowest.total))),
    )


def _amounts(offers: Sequence[Offer]) -> tuple[Figure, ...]:
    return tuple(Figure(offer.name, yen(offer.total)) for offer in offers)


def _found(kind: Kind, opened: Opened, sentence: str, figures: tuple[Figure, ...]) -> Look:
    return Look(kind, opened.place, (Sign(kind, opened.place, sentence, figures),))


def _too_few(kind: Kind, opened: Opened, needed: int) -> Look:
    return not_looked(kind, opened.place, f"有効な入札が{needed}者に足りません。")
