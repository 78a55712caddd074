"""The charts of the savings report: prices by item, and who takes part. They read in gray and in words."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from procure.documents import svg
from procure.documents.svg import ACCENT, PALE, SUB, WIDTH
from procure.reports.report import ItemRow, LotReport, Participant, RoundReport
from procure.templates import percent, yen

BAR_LEFT, BAR_FULL = 142, 226
LEGEND_HEIGHT, TITLE_HEIGHT, ITEM_HEIGHT = 15, 18, 24
FIRST_FIGURE, NEXT_FIGURES = 330, 590  # points left of the first page under the headline, and of a whole page
KINDS = ("市", "区", "町", "村")
SQUARES_LEFT, SQUARE_STEP, GROUP_GAP = 92, 8.2, 9
ROW_HEIGHT = 15


class Line(NamedTuple):
    """A line of the price chart: the title of a lot, or one of its items."""

    title: str
    item: ItemRow | None
    height: int


class Joined(NamedTuple):
    """A row of the participation chart."""

    title: str
    codes: frozenset[str]
    bodies: int


def price_charts(report: RoundReport) -> tuple[Markup, ...]:
    """定価 and 落札単価 of each item, in as many figures as pages are needed; none where no unit price is known."""
    return tuple(_price_chart(lines) for lines in _figures(_lines(report.awarded)))


def participation_chart(report: RoundReport) -> Markup:
    """Who takes part in which lot: a square for each body, or a bar for each lot where there are too many bodies."""
    rows = _joined(report)
    height = 24 + ROW_HEIGHT * len(rows)
    parts = _squares(report, rows) if _squares_fit(report) else _bars(report, rows)
    said = "、".join(f"{row.title} {row.bodies}団体" for row in rows)
    return svg.drawing(height, f"協議会の{report.members}団体のうち、{said}", parts)


def _lines(lots: Iterable[LotReport]) -> Iterator[Line]:
    for lot in lots:
        priced = [item for item in lot.items if item.unit_price is not None]
        if priced:
            yield Line(lot.title, None, TITLE_HEIGHT)
        yield from (Line(lot.title, item, ITEM_HEIGHT) for item in priced)


def _figures(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines by figure; a lot that goes on in another figure has its title there too."""
    figure: list[Line] = []
    room = FIRST_FIGURE
    for line in lines:
        needed = line.height if line.item else line.height + ITEM_HEIGHT
        if figure and sum(line.height for line in figure) + needed > room:
            yield figure
            figure, room = [], NEXT_FIGURES
        if not figure and line.item:
            figure.append(Line(line.title, None, TITLE_HEIGHT))
        figure.append(line)
    if figure:
        yield figure


def _price_chart(lines: Sequence[Line]) -> Markup:
    height = LEGEND_HEIGHT + sum(line.height for line in lines) + 4
    said = "。".join(_said(line.item) for line in lines if line.item)
    return svg.drawing(height, f"品目別の定価と落札単価（税抜）。{said}。", _price_parts(lines, height))


def _said(item: ItemRow) -> str:
    listed = "オープン価格" if item.list_price is None else f"定価{yen(item.list_price)}円"
    rate = "" if item.savings_percent is None else f"、値引率{percent(item.savings_percent)}％"
    return f"{item.name} {listed}、落札単価{yen(item.unit_price)}円{rate}"


def _price_parts(lines: Sequence[Line], height: int) -> Iterator[Markup]:
    yield from _legend()
    top = LEGEND_HEIGHT
    for line in lines:
        yield from _price_row(line.item, top) if line.item else _price_title(line.title, top)
        top += line.height
    yield svg.rule(height - 1, weight=0.9)


def _price_title(title: str, top: int) -> Iterator[Markup]:
    yield svg.rule(top)
    yield svg.words(2, top + 12, svg.shortened(title, 50), bold=True)


def _legend() -> Iterator[Markup]:
    yield svg.bar(BAR_LEFT, 2, 16, 6.5, PALE)
    yield svg.words(BAR_LEFT + 20, 8.4, "定価", 8, fill=SUB)
    yield svg.bar(BAR_LEFT + 50, 2, 16, 6.5, ACCENT)
    yield svg.words(BAR_LEFT + 70, 8.4, "落札単価", 8, fill=SUB)
    yield svg.words(BAR_LEFT + 122, 8.4, "（単位当たり、税抜・円）", 8, fill=SUB)
    yield svg.words(WIDTH - 2, 8.4, "値引率（％）", 8, fill=SUB, anchor="end")


def _price_row(item: ItemRow, top: int) -> Iterator[Markup]:
    listed, paid = ((bar or Decimal(0)) * BAR_FULL / 100 for bar in (item.list_bar, item.price_bar))
    yield svg.words(2, top + 13, svg.shortened(item.name, 16))
    yield svg.upright(BAR_LEFT, top, top + ITEM_HEIGHT - 2)
    if item.list_price is None:
        yield svg.words(BAR_LEFT + 4, top + 7.4, "オープン価格", 7.5, fill=SUB)
    else:
        yield svg.bar(BAR_LEFT, top + 1.5, listed, 7, PALE)
        yield svg.words(BAR_LEFT + listed + 4, top + 7.4, yen(item.list_price), 7.5, fill=SUB)
    yield svg.bar(BAR_LEFT, top + 10, paid, 8.5, ACCENT)
    yield svg.words(BAR_LEFT + paid + 4, top + 17.4, yen(item.unit_price), 8, bold=True)
    yield svg.figures(WIDTH - 2, top + 14.4, percent(item.savings_percent), 12, fill=ACCENT, bold=True)


def _joined(report: RoundReport) -> list[Joined]:
    rows = [
        Joined(lot.title, frozenset(body.code for body in report.bodies if lot.id in body.lots), lot.participants)
        for lot in report.lots
    ]
    anywhere = frozenset(body.code for body in report.bodies if body.lots)
    return rows if len(rows) == 1 else [*rows, Joined("いずれかに参加", anywhere, report.participants)]


def _squares_fit(report: RoundReport) -> bool:
    groups = len(_by_kind(report.bodies))
    width = SQUARE_STEP * len(report.bodies) + GROUP_GAP * groups
    return len(report.bodies) >= report.members and SQUARES_LEFT + width <= WIDTH - 28


def _by_kind(bodies: Iterable[Participant]) -> list[tuple[str, list[Participant]]]:
    def order(body: Participant) -> tuple[int, str]:
        return (KINDS.index(body.kind) if body.kind in KINDS else len(KINDS), body.code)

    def label(body: Participant) -> str:
        return body.kind if body.kind in KINDS else "他"

    return [(kind, list(group)) for kind, group in groupby(sorted(bodies, key=order), key=label)]


def _squares(report: RoundReport, rows: Sequence[Joined]) -> Iterator[Markup]:
    places: dict[str, float] = {}
    x: float = SQUARES_LEFT
    for kind, bodies in _by_kind(report.bodies):
        yield svg.words(x, 8, f"{kind}　{len(bodies)}", 8, fill=SUB)
        places |= {body.code: x + SQUARE_STEP * place for place, body in enumerate(bodies)}
        x += SQUARE_STEP * len(bodies) + GROUP_GAP
    for row, top in _frame(rows):
        yield from (svg.square(x, top + 1.5, filled=code in row.codes) for code, x in places.items())
    yield from _frame_lines(report, rows)


def _bars(report: RoundReport, rows: Sequence[Joined]) -> Iterator[Markup]:
    full = WIDTH - SQUARES_LEFT - 60
    for row, top in _frame(rows):
        yield svg.bar(SQUARES_LEFT, top + 1.5, full, 6.4, PALE)
        yield svg.bar(SQUARES_LEFT, top + 1.5, full * row.bodies / max(report.members, row.bodies, 1), 6.4, ACCENT)
    yield from _frame_lines(report, rows)


def _frame(rows: Sequence[Joined]) -> Iterator[tuple[Joined, float]]:
    """Each row with its top; the last of several, which sums them up, stands a little apart."""
    for place, row in enumerate(rows):
        apart = 4 if place and place == len(rows) - 1 else 0
        yield row, 17 + ROW_HEIGHT * place + apart


def _frame_lines(report: RoundReport, rows: Sequence[Joined]) -> Iterator[Markup]:
    yield svg.words(WIDTH - 2, 8, "参加団体数", 8, fill=SUB, anchor="end")
    yield svg.rule(13)
    for row, top in _frame(rows):
        last = len(rows) > 1 and row is rows[-1]
        if last:
            yield svg.rule(top - 3.5, weight=0.4, stroke=svg.RULE)
        yield svg.words(2, top + 8, svg.shortened(row.title, 10), bold=last)
        yield svg.figures(WIDTH - 2, top + 8.6, f"{row.bodies}/{report.members}", 9, bold=last)
    yield svg.rule(22 + ROW_HEIGHT * len(rows), weight=0.9)
