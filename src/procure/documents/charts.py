"""The charts of list price against award, by item and by lot. They read in gray and in words."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from procure.documents import svg
from procure.documents.svg import ACCENT, PALE, SUB, WIDTH
from procure.reports.report import ItemRow, LotReport, RoundReport
from procure.templates import percent, yen
from procure.values.money import Yen
from procure.values.rounding import percent as share_of

BAR_LEFT, BAR_FULL = 142, 206  # beside a bar of full length stands a sum of twelve digits
LEGEND_HEIGHT, TITLE_HEIGHT, PAIR_HEIGHT = 15, 18, 24
FIRST_FIGURE, NEXT_FIGURES = 330, 590  # points left of the first page under the headline, and of a whole page
PRICES = "品目別の定価と落札単価"
LOTS = "件名別の定価総額と落札総額"


class Pair(NamedTuple):
    """A list price beside what is paid, and the bars for both in percent of the longest; None is an open price."""

    name: str
    listed: Yen | None
    paid: Yen
    rate: Decimal | None
    listed_bar: Decimal
    paid_bar: Decimal


class Line(NamedTuple):
    """A line of a chart: the title of a lot, or a pair of bars."""

    title: str
    pair: Pair | None
    height: int


class Legend(NamedTuple):
    listed: str
    paid: str
    note: str


def price_charts(report: RoundReport) -> tuple[Markup, ...]:
    """定価 and 落札単価 of each item, in as many figures as pages are needed; none where no unit price is known."""
    legend = Legend("定価", "落札単価", "（単位当たり、税抜・円）")
    return tuple(
        _chart(PRICES, legend, lines) for lines in _figures(_priced_lines(report.awarded), FIRST_FIGURE, NEXT_FIGURES)
    )


def lots_charts(report: RoundReport) -> tuple[Markup, ...]:
    """定価総額 and 落札総額 of each awarded lot; none where nothing has a list price."""
    legend = Legend("定価総額", "落札総額", "（定価のある品目、税抜・円）")
    lines = [Line("", pair, PAIR_HEIGHT) for pair in _lot_pairs(report.awarded)]
    return tuple(_chart(LOTS, legend, part) for part in _figures(lines, NEXT_FIGURES, NEXT_FIGURES))


def _priced_lines(lots: Iterable[LotReport]) -> Iterator[Line]:
    for lot in lots:
        pairs = [_priced(item, item.unit_price) for item in lot.items if item.unit_price is not None]
        if pairs:
            yield Line(lot.title, None, TITLE_HEIGHT)
        yield from (Line(lot.title, pair, PAIR_HEIGHT) for pair in pairs)


def _priced(item: ItemRow, paid: Yen) -> Pair:
    bars = (item.list_bar or Decimal(0), item.price_bar or Decimal(0))
    return Pair(item.name, item.list_price, paid, item.savings_percent, *bars)


def _lot_pairs(lots: Iterable[LotReport]) -> Iterator[Pair]:
    compared = [(lot.title, lot.savings) for lot in lots if lot.savings]
    largest = max((max(savings.list_total, savings.award_total) for _, savings in compared), default=0)
    for title, savings in compared:
        bars = (share_of(savings.list_total, largest, 2), share_of(savings.award_total, largest, 2))
        yield Pair(title, savings.list_total, savings.award_total, savings.percent, *bars)


def _figures(lines: Iterable[Line], room: int, rooms: int) -> Iterator[list[Line]]:
    """The lines by figure; a lot that goes on in another figure has its title there too."""
    figure: list[Line] = []
    for line in lines:
        needed = line.height if line.pair else line.height + PAIR_HEIGHT
        if figure and sum(line.height for line in figure) + needed > room:
            yield figure
            figure, room = [], rooms
        if not figure and line.pair and line.title:
            figure.append(Line(line.title, None, TITLE_HEIGHT))
        figure.append(line)
    if figure:
        yield figure


def _chart(title: str, legend: Legend, lines: Sequence[Line]) -> Markup:
    height = LEGEND_HEIGHT + sum(line.height for line in lines) + 4
    said = "。".join(_said(legend, line.pair) for line in lines if line.pair)
    return svg.drawing(height, f"{said}。", _parts(legend, lines, height), title=f"{title}{legend.note}")


def _said(legend: Legend, pair: Pair) -> str:
    listed = "オープン価格" if pair.listed is None else f"{legend.listed}{yen(pair.listed)}円"
    rate = "" if pair.rate is None else f"、値引率{percent(pair.rate)}％"
    return f"{pair.name} {listed}、{legend.paid}{yen(pair.paid)}円{rate}"


def _parts(legend: Legend, lines: Sequence[Line], height: int) -> Iterator[Markup]:
    yield from _legend(legend)
    top = LEGEND_HEIGHT
    for line in lines:
        yield from _pair(line.pair, top) if line.pair else _title(line.title, top)
        top += line.height
    yield svg.rule(height - 1, weight=0.9)


def _title(title: str, top: int) -> Iterator[Markup]:
    yield svg.rule(top)
    yield svg.words(2, top + 12, svg.shortened(title, 50), bold=True)


def _legend(legend: Legend) -> Iterator[Markup]:
    x = BAR_LEFT
    for label, fill in ((legend.listed, PALE), (legend.paid, ACCENT)):
        yield svg.bar(x, 2, 16, 6.5, fill)
        yield svg.words(x + 20, 8.4, label, 8, fill=SUB)
        x += 34 + 8 * len(label)
    yield svg.words(x, 8.4, legend.note, 8, fill=SUB)
    yield svg.words(WIDTH - 2, 8.4, "値引率（％）", 8, fill=SUB, anchor="end")


def _pair(pair: Pair, top: int) -> Iterator[Markup]:
    listed, paid = (bar * BAR_FULL / 100 for bar in (pair.listed_bar, pair.paid_bar))
    yield svg.words(2, top + 13, svg.shortened(pair.name, 16))
    yield svg.upright(BAR_LEFT, top, top + PAIR_HEIGHT - 2)
    if pair.listed is None:
        yield svg.words(BAR_LEFT + 4, top + 7.4, "オープン価格", 7.5, fill=SUB)
    else:
        yield svg.bar(BAR_LEFT, top + 1.5, listed, 7, PALE)
        yield svg.words(BAR_LEFT + listed + 4, top + 7.4, yen(pair.listed), 7.5, fill=SUB)
    yield svg.bar(BAR_LEFT, top + 10, paid, 8.5, ACCENT)
    yield svg.words(BAR_LEFT + paid + 4, top + 17.4, yen(pair.paid), 8, bold=True)
    yield svg.figures(WIDTH - 2, top + 14.4, percent(pair.rate), 12, fill=ACCENT, bold=True)
