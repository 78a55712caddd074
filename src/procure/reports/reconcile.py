"""合計の突合: award, items and bodies have to add up to the same; a report of sums that disagree is never made."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import floor

from procure.reports.report import ItemRow, LotReport, Reconciliation, ShareRow
from procure.reports.sums import less, total
from procure.values.money import Yen, whole_or_exact

Measure = Callable[[LotReport], Yen | None]


@dataclass(frozen=True, slots=True)
class Words:
    """What the amount and the price of what is reconciled are called, and where the amount is from."""

    amount: str
    origin: str
    price: str


OF_AWARDS = Words("落札金額（税抜）", "入札書の金額", "落札単価")
OF_CONTRACTS = Words("契約金額（税抜）", "見積書の金額", "契約単価")


class SumsDisagree(Exception):
    """合計が一致しないため、表示も帳票の作成もできません。"""


@dataclass(frozen=True, slots=True)
class TaxGap:
    """Why the bodies' contracts with tax fall short of the award with tax: what was cut off (１円未満の切捨て), in yen.

    `gap` = `cut_by_bodies` − `cut_at_once`, exactly. `bodies` counts those where anything was cut off.
    """

    title: str
    cut_by_bodies: Yen
    cut_at_once: Yen
    gap: Yen
    bodies: int


def tax_gaps(lots: Sequence[LotReport]) -> tuple[TaxGap, ...]:
    """One for each lot of which the bodies' amounts are known."""
    return tuple(gap for lot in lots if (gap := _tax_gap(lot)))


def _tax_gap(lot: LotReport) -> TaxGap | None:
    amounts = [share.amount for share in lot.municipalities]
    if lot.award_total is None or lot.rounding_gap is None or None in amounts:
        return None
    cuts = [_cut(amount, lot) for amount in amounts if amount is not None]
    by_bodies = whole_or_exact(sum(cuts))
    return TaxGap(lot.title, by_bodies, _cut(lot.award_total, lot), lot.rounding_gap, sum(1 for cut in cuts if cut))


def _cut(amount: Yen, lot: LotReport) -> Yen:
    exact = amount * (1 + lot.tax_rate)
    return whole_or_exact(exact - floor(exact))


def reconcile(lots: Sequence[LotReport], words: Words = OF_AWARDS) -> tuple[Reconciliation, ...]:
    """The rows that are printed: award, items and bodies, with and without tax, and their differences."""
    return (
        _row("Ａ", words.amount, words.origin, lots, lambda lot: lot.award_total),
        _row("Ｂ", "品目別の合計（税抜）", f"{words.price}×数量の計", lots, items_total),
        _row("Ｃ", "市町村別の合計（税抜）", "各市町村の契約額の計", lots, lambda lot: lot.shares_total),
        _row("", "差（Ａ－Ｂ）", "", lots, lambda lot: less(lot.award_total, items_total(lot))),
        _row("", "差（Ａ－Ｃ）", "", lots, lambda lot: less(lot.award_total, lot.shares_total)),
        _row("Ｄ", "一括で計算した契約額（税込）", "Ａに消費税等を加算、１円未満切捨て", lots, with_tax),
        _row(
            "Ｅ", "市町村別の契約額の合計（税込）", "市町村ごとに１円未満切捨て", lots, lambda lot: lot.shares_with_tax
        ),
        _row("", "税の端数差（Ｄ－Ｅ）", "", lots, lambda lot: lot.rounding_gap),
    )


def require_agreement(lot: LotReport) -> None:
    """Raises `SumsDisagree` naming what does not add up; what is unknown (None) is not compared."""
    for what, left, right in _comparisons(lot):
        if left is not None and right is not None and left != right:
            raise SumsDisagree(f"{lot.title}: {what}が一致しません（{left} ≠ {right}）")


def with_tax(lot: LotReport) -> Yen | None:
    return lot.award_with_tax


def items_total(lot: LotReport) -> Yen | None:
    return total(item.amount for item in _bought(lot))


def _comparisons(lot: LotReport) -> Iterator[tuple[str, Yen | None, Yen | None]]:
    yield "落札金額と品目別の合計", lot.award_total, items_total(lot)
    yield "落札金額と市町村別の合計", lot.award_total, lot.shares_total
    yield "税の端数差", less(lot.award_with_tax, lot.shares_with_tax), lot.rounding_gap
    for share in lot.municipalities:
        yield f"{share.name}の契約額と品目別の合計", share.amount, total(item.amount for item in share.items)
    if gap := _tax_gap(lot):
        yield "税の端数差と切捨ての差", gap.gap, less(gap.cut_by_bodies, gap.cut_at_once)
    if lot.savings:
        by_item, by_body = (sum(row.list_amount or 0 for row in rows) for rows in (lot.items, lot.municipalities))
        yield "定価総額と品目別の合計", lot.savings.list_total, by_item
        yield "定価総額と市町村別の合計", lot.savings.list_total, by_body
        yield "削減額と市町村別の合計", lot.savings.saved, _saved(lot.municipalities)


def _bought(lot: LotReport) -> tuple[ItemRow, ...]:
    return tuple(item for item in lot.items if item.quantity)


def _saved(shares: Sequence[ShareRow]) -> Yen | None:
    return total(share.saved for share in shares if share.list_amount is not None)


def _row(key: str, label: str, note: str, lots: Sequence[LotReport], measure: Measure) -> Reconciliation:
    values = tuple(measure(lot) for lot in lots)
    return Reconciliation(key, label, note, values, total(values))
