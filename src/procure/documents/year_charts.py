"""The charts of the annual report: savings and participation year by year. They read in gray and in words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup

from procure.documents import svg
from procure.documents.svg import ACCENT, PALE, SUB, WIDTH
from procure.reports.years import YearFigures
from procure.settlement.result import Savings
from procure.templates import percent, yen
from procure.values.fiscal_year import fiscal_year_name
from procure.values.money import Yen
from procure.values.rounding import percent as part_of

LEFT = 66
SAVINGS_FULL, PEOPLE_FULL = 226, 262  # points of the longest bar; its figure follows it
HEAD, ROW, SINGLE = 16, 25, 17
NOT_COMPARED = "定価との比較なし"


def savings_chart(years: Sequence[YearFigures]) -> Markup:
    """定価総額 over 落札総額 of each year, with the percentage; the bars share one scale. Empty without a year."""
    if not years:
        return Markup()
    said = "。".join(_savings_said(year) for year in years)
    title = "年度別の定価総額と落札総額"
    return svg.drawing(HEAD + ROW * len(years) + 3, f"税抜。{said}。", _savings_parts(years), title)


def participation_chart(years: Sequence[YearFigures]) -> Markup:
    """The bodies that took part in each year, every one counted once; the bars share one scale."""
    if not years:
        return Markup()
    said = "。".join(
        f"{_name(year)} 参加{year.participants}団体、延べ{year.joined}団体、落札{year.lots}件" for year in years
    )
    return svg.drawing(HEAD + SINGLE * len(years) + 3, f"{said}。", _participation_parts(years), "年度別の参加団体数")


def _name(year: YearFigures) -> str:
    return "合計" if year.fiscal_year is None else fiscal_year_name(year.fiscal_year)


def _savings_said(year: YearFigures) -> str:
    if year.savings is None:
        return f"{_name(year)} {NOT_COMPARED}"
    listed, paid = yen(year.savings.list_total), yen(year.savings.award_total)
    return f"{_name(year)} 定価総額{listed}円、落札総額{paid}円、値引率{percent(year.savings.percent)}％"


def _savings_parts(years: Sequence[YearFigures]) -> Iterator[Markup]:
    yield from _legend()
    known = [year.savings for year in years if year.savings]
    largest = max((max(savings.list_total, savings.award_total) for savings in known), default=0)
    for place, year in enumerate(years):
        top = HEAD + ROW * place
        yield svg.rule(top)
        yield svg.words(2, top + 15.5, _name(year))
        yield svg.upright(LEFT, top + 2, top + ROW - 2)
        if year.savings is None:
            yield svg.words(LEFT + 4, top + 15.5, NOT_COMPARED, 8, fill=SUB)
        else:
            yield from _savings_row(year.savings, top, largest)
    yield svg.rule(HEAD + ROW * len(years), weight=0.9)


def _savings_row(savings: Savings, top: float, largest: Yen) -> Iterator[Markup]:
    listed, paid = (_bar(amount, largest, SAVINGS_FULL) for amount in (savings.list_total, savings.award_total))
    yield svg.bar(LEFT, top + 3, listed, 8, PALE)
    yield svg.words(LEFT + listed + 4, top + 9.7, yen(savings.list_total), 8, fill=SUB)
    yield svg.bar(LEFT, top + 13, paid, 9, ACCENT)
    yield svg.words(LEFT + paid + 4, top + 20.4, yen(savings.award_total), 8.5, bold=True)
    yield svg.figures(WIDTH - 2, top + 16.6, percent(savings.percent), 12, fill=ACCENT, bold=True)


def _participation_parts(years: Sequence[YearFigures]) -> Iterator[Markup]:
    yield svg.words(LEFT, 8.4, "棒：参加団体数（重複を除いた実数）", 8, fill=SUB)
    yield svg.words(WIDTH - 2, 8.4, "延べ団体数／落札件数", 8, fill=SUB, anchor="end")
    largest = max(year.participants for year in years)
    for place, year in enumerate(years):
        top, bar = HEAD + SINGLE * place, _bar(year.participants, largest, PEOPLE_FULL)
        yield svg.rule(top)
        yield svg.words(2, top + 12, _name(year))
        yield svg.upright(LEFT, top + 2, top + SINGLE - 2)
        yield svg.bar(LEFT, top + 3.5, bar, 10, ACCENT)
        yield svg.words(LEFT + bar + 4, top + 12, f"{year.participants}団体", 8.5, bold=True)
        yield svg.words(WIDTH - 2, top + 12, f"延べ{year.joined}団体／{year.lots}件", 8.5, anchor="end")
    yield svg.rule(HEAD + SINGLE * len(years), weight=0.9)


def _legend() -> Iterator[Markup]:
    yield svg.bar(LEFT, 2, 16, 6.5, PALE)
    yield svg.words(LEFT + 20, 8.4, "定価総額", 8, fill=SUB)
    yield svg.bar(LEFT + 66, 2, 16, 6.5, ACCENT)
    yield svg.words(LEFT + 86, 8.4, "落札総額（税抜・円）", 8, fill=SUB)
    yield svg.words(WIDTH - 2, 8.4, "値引率（％）", 8, fill=SUB, anchor="end")


def _bar(amount: Yen, largest: Yen, full: int) -> Decimal:
    """The length for an amount, cut nowhere: the largest is as long as may be."""
    return part_of(Fraction(amount), Fraction(largest), 2) * full / 100 if largest else Decimal(0)
