"""経費削減効果 over all confirmed rounds: by 年度, kind of item, supplier and body, sums added and divided once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from procure.reports.contracted import Contracted, bought, contracted
from procure.reports.last_prices import ItemKey, LastPrice, agreed_prices, was_known, with_last_prices
from procure.reports.queries import settled_round
from procure.reports.report import RoundReport
from procure.reports.savings import Line, SavingsReport, grouped, merged, savings_report, suppliers
from procure.rounds.tables import RoundRow
from procure.values.fiscal_year import fiscal_year_name


@dataclass(frozen=True, slots=True)
class SavingsOverYears:
    """The awarded lots of many rounds. Years newest first; kinds, suppliers and bodies as they first appear.

    `contracted` is None where nothing was contracted by 随意契約; `contracted_years` are then what was
    bought in the end, year by year.
    """

    rounds: tuple[SavingsReport, ...]
    total: Line
    years: tuple[Line, ...]
    kinds: tuple[Line, ...]
    suppliers: tuple[Line, ...]
    bodies: tuple[Line, ...]
    contracted: Contracted | None = None
    contracted_years: tuple[Line, ...] = ()


def savings_over_years(session: Session) -> SavingsOverYears:
    """Over every round whose decision is confirmed."""
    confirmed = select(RoundRow).where(col(RoundRow.confirmed_at).is_not(None))
    in_order = session.exec(confirmed.order_by(col(RoundRow.bid_date), col(RoundRow.ref))).all()
    confirmed_at = {row.ref: row.confirmed_at for row in in_order if row.confirmed_at is not None}
    return over_years((settled_round(session, row).report for row in in_order), confirmed_at)


def over_years(reports: Iterable[RoundReport], confirmed_at: Mapping[str, datetime] | None = None) -> SavingsOverYears:
    """`reports` by 入札日: what one round agreed on is 前回契約単価 of those with a later day.

    `confirmed_at`, by the id of the round, leaves out what was not on record then; without it all was.
    """
    rounds = tuple(savings_report(report) for report in _one_after_another(reports, confirmed_at or {}))
    lots = [lot for one in rounds for lot in one.lots]
    bodies = grouped([line for one in rounds for line in one.bodies], lambda line: line.id)
    return SavingsOverYears(
        rounds=rounds,
        total=merged("", "合計", [one.total for one in rounds]),
        years=_years([(one.report.fiscal_year, one.total) for one in rounds]),
        kinds=grouped([lot.line for lot in lots], lambda line: line.id),
        suppliers=suppliers(lots),
        bodies=tuple(sorted(bodies, key=lambda line: line.id)),
        contracted=contracted(lots, [lot for one in rounds for lot in one.negotiated]),
        contracted_years=_years([(one.report.fiscal_year, bought(one)) for one in rounds]),
    )


def _years(lines: Iterable[tuple[int, Line]]) -> tuple[Line, ...]:
    of_year: dict[int, list[Line]] = {}
    for year, line in lines:
        of_year.setdefault(year, []).append(line)
    return tuple(merged(str(year), fiscal_year_name(year), of_year[year]) for year in sorted(of_year, reverse=True))


def _one_after_another(reports: Iterable[RoundReport], confirmed_at: Mapping[str, datetime]) -> Iterable[RoundReport]:
    """Each with the prices of the days before its own that were on record when it was confirmed."""
    before: list[tuple[RoundReport, dict[ItemKey, LastPrice]]] = []
    for report in reports:
        known: dict[ItemKey, LastPrice] = {}
        for earlier, agreed in before:
            is_on_record = not confirmed_at or was_known(confirmed_at[earlier.id], confirmed_at[report.id])
            if is_on_record and earlier.bid_date < report.bid_date:
                known |= agreed
        yield with_last_prices(report, known)
        before.append((report, agreed_prices(report)))
