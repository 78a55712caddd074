"""Signs in the prices themselves: one bid only, equal totals, equal unit prices, unit prices at a fixed ratio."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from procure.settlement.round import Entry
from procure.signs import thresholds
from procure.signs.kinds import Kind
from procure.signs.opened import Offer, Opened
from procure.signs.sign import Figure, Look, Sign, not_looked
from procure.signs.wording import listed, ratio, yen
from procure.values.money import Yen

Breakdown = tuple[Offer, tuple[Yen, ...]]


def single_bid(opened: Opened) -> Look:
    counts = opened.counts
    if not counts[Entry.BID]:
        return not_looked(Kind.SINGLE_BID, opened.place, "入札した者がいません。")
    if counts[Entry.BID] > 1:
        return Look(Kind.SINGLE_BID, opened.place)
    name = next(opened.names[bidder] for bidder, entry in opened.entries.items() if entry is Entry.BID)
    figures = (
        Figure("登録した入札者", f"{len(opened.names)}者"),
        Figure("入札した者", f"{counts[Entry.BID]}者"),
        Figure("辞退した者", f"{counts[Entry.DECLINED]}者"),
        Figure("不参の者", f"{counts[Entry.ABSENT]}者"),
    )
    sentence = f"{opened.label}に入札したのは、{name}の1者です。"
    return Look(Kind.SINGLE_BID, opened.place, (Sign(Kind.SINGLE_BID, opened.place, sentence, figures),))


def identical_totals(opened: Opened) -> Look:
    if len(opened.offers) < 2:
        return not_looked(Kind.IDENTICAL_TOTALS, opened.place, "入札した者が2者に足りません。")
    by_total: dict[Yen, list[Offer]] = defaultdict(list)
    for offer in opened.offers:
        by_total[offer.total].append(offer)
    signs = tuple(_same_total(opened, group) for group in by_total.values() if len(group) > 1)
    return Look(Kind.IDENTICAL_TOTALS, opened.place, signs)


def _same_total(opened: Opened, group: Sequence[Offer]) -> Sign:
    sentence = f"{listed(offer.name for offer in group)}の入札金額が、同じ{yen(group[0].total)}です。"
    figures = tuple(Figure(offer.name, yen(offer.total)) for offer in group)
    return Sign(Kind.IDENTICAL_TOTALS, opened.place, sentence, figures)


def identical_unit_prices(opened: Opened) -> Look:
    """A sign for each set of bidders whose prices of some items are the same."""
    breakdowns = _breakdowns(opened.offers)
    if reason := _too_little(opened, breakdowns, 2):
        return not_looked(Kind.IDENTICAL_UNIT_PRICES, opened.place, reason)
    shared: dict[tuple[Offer, ...], list[int]] = defaultdict(list)
    for item in range(len(opened.items)):
        for group in _equal_at(item, breakdowns):
            shared[group].append(item)
    signs = tuple(_same_prices(opened, group, items) for group, items in shared.items())
    return Look(Kind.IDENTICAL_UNIT_PRICES, opened.place, signs)


def _equal_at(item: int, breakdowns: Sequence[Breakdown]) -> list[tuple[Offer, ...]]:
    by_price: dict[Yen, list[Offer]] = defaultdict(list)
    for offer, prices in breakdowns:
        by_price[prices[item]].append(offer)
    return [tuple(group) for group in by_price.values() if len(group) > 1]


def _same_prices(opened: Opened, group: Sequence[Offer], items: Sequence[int]) -> Sign:
    prices = group[0].prices or ()
    names = listed(offer.name for offer in group)
    sentence = f"{names}の単価が、{len(opened.items)}品目のうち{len(items)}品目で同じです。"
    figures = tuple(Figure(opened.items[item], yen(prices[item])) for item in items)
    return Sign(Kind.IDENTICAL_UNIT_PRICES, opened.place, sentence, figures)


def fixed_ratio(opened: Opened) -> Look:
    """A sign for each group of bidders whose prices are those of its first, times a number."""
    breakdowns = [(offer, prices) for offer, prices in _breakdowns(opened.offers) if all(prices)]
    if reason := _too_little(opened, breakdowns, thresholds.ITEMS_FOR_RATIO):
        return not_looked(Kind.FIXED_RATIO, opened.place, reason)
    signs: list[Sign] = []
    left = sorted(breakdowns, key=lambda one: (one[0].total, one[1]))
    while left:
        base, others = left[0], left[1:]
        near = [one for one in others if is_fixed(_ratios(one[1], base[1]))]
        left = [one for one in others if one not in near]
        if any(prices != base[1] for _, prices in near):
            signs.append(_at_ratio(opened, base, near))
    return Look(Kind.FIXED_RATIO, opened.place, tuple(signs))


def is_fixed(ratios: Sequence[Fraction]) -> bool:
    return max(ratios) <= min(ratios) * (1 + thresholds.FIXED_RATIO)


def _at_ratio(opened: Opened, base: Breakdown, near: Sequence[Breakdown]) -> Sign:
    first = base[0].name
    names = listed(offer.name for offer, _ in near)
    sentence = f"{first}の単価に対する{names}の単価の比が、{len(opened.items)}品目のすべてでほぼ一定です。"
    figures = tuple(Figure(f"{offer.name}÷{first}", ratio_range(_ratios(prices, base[1]))) for offer, prices in near)
    return Sign(Kind.FIXED_RATIO, opened.place, sentence, figures)


def ratio_range(ratios: Sequence[Fraction]) -> str:
    return f"{ratio(min(ratios))}～{ratio(max(ratios))}"


def _ratios(prices: Sequence[Yen], base: Sequence[Yen]) -> list[Fraction]:
    return [Fraction(price) / Fraction(other) for price, other in zip(prices, base, strict=True)]


def _breakdowns(offers: Sequence[Offer]) -> list[Breakdown]:
    return [(offer, offer.prices) for offer in offers if offer.prices is not None]


def _too_little(opened: Opened, breakdowns: Sequence[Breakdown], items: int) -> str | None:
    if len(opened.items) < items:
        return f"品目が{items}品目に足りません。"
    return "単価の分かる入札が2者に足りません。" if len(breakdowns) < 2 else None
