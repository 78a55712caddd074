"""The chart of who takes part in which lot. It reads in gray and in words."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from procure.documents import svg
from procure.documents.svg import ACCENT, PALE, SUB, WIDTH
from procure.reports.report import Participant, RoundReport

KINDS = ("市", "区", "町", "村")
SQUARES_LEFT, SQUARE_STEP, GROUP_GAP = 92, 8.2, 9
ROW_HEIGHT = 15


class Joined(NamedTuple):
    """A row of the participation chart."""

    title: str
    codes: frozenset[str]
    bodies: int


def participation_chart(report: RoundReport) -> Markup:
    """Who takes part in which lot: a square for each body, or a bar for each lot where there are too many bodies."""
    rows = _joined(report)
    height = 24 + ROW_HEIGHT * len(rows)
    parts = _squares(report, rows) if _squares_fit(report) else _bars(report, rows)
    said = "、".join(f"{row.title} {row.bodies}団体" for row in rows)
    return svg.drawing(height, f"協議会の{report.members}団体のうち、{said}", parts, title="参加の状況")


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
