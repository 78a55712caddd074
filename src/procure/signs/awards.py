"""Signs in the award of a lot: near the ceiling, or far below it. Both sides without tax."""

from fractions import Fraction

from procure.settlement.result import Award, LotResult
from procure.settlement.round import Lot
from procure.signs import thresholds
from procure.signs.kinds import Kind
from procure.signs.sign import Figure, Look, Place, Sign, not_looked
from procure.signs.wording import percentage, yen
from procure.values.money import Yen


def near_ceiling(place: Place, lot: Lot, result: LotResult) -> Look:
    return _compared(Kind.NEAR_CEILING, place, lot, result)


def low_award(place: Place, lot: Lot, result: LotResult) -> Look:
    return _compared(Kind.LOW_AWARD, place, lot, result)


def _compared(kind: Kind, place: Place, lot: Lot, result: LotResult) -> Look:
    award, ceiling = result.award, lot.rules.ceiling
    if award is None:
        return not_looked(kind, place, "落札者がいません。")
    if not ceiling:
        return not_looked(kind, place, "入札書比較価格の定めがありません。")
    share = Fraction(award.total) / Fraction(ceiling)
    is_found = share >= thresholds.NEAR_CEILING if kind is Kind.NEAR_CEILING else share < thresholds.LOW_AWARD
    return Look(kind, place, (_sign(kind, place, lot, award, ceiling),) if is_found else ())


def _sign(kind: Kind, place: Place, lot: Lot, award: Award, ceiling: Yen) -> Sign:
    share = percentage(Fraction(award.total) / Fraction(ceiling))
    name = next(bidder.name for bidder in lot.bidders if bidder.id == award.bidder)
    figures = (
        Figure(f"落札金額（税抜、{name}）", yen(award.total)),
        Figure("入札書比較価格（税抜）", yen(ceiling)),
        Figure("割合", share),
    )
    return Sign(kind, place, f"落札金額が、入札書比較価格の{share}です。", figures)
