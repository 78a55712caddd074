"""経費削減効果: of a round, over all years, and a body's own part of a published round."""

from dataclasses import dataclass
from functools import partial

from procure.documents.kind import XLSX
from procure.documents.kinds import UNDECIDED
from procure.documents.savings import baseline_rows, savings_values
from procure.documents.savings_csv import CSV, years_csv
from procure.documents.savings_years import years_xlsx
from procure.errors import Conflict
from procure.reports.contracted import bought, bought_lots
from procure.reports.last_prices import report_with_last_prices
from procure.reports.published_rounds import published_row
from procure.reports.report import LotReport, ShareRow
from procure.reports.savings import Line, merged, savings_report
from procure.reports.savings_years import savings_over_years
from procure.rounds.queries import find_round
from procure.rounds.tables import RoundRow
from procure.server import Answer, Download, Page, Permission, Visit, get
from procure.values.era import wareki
from procure.web.encodings import in_encoding

ALL_YEARS = "経費削減効果_年度別"


@dataclass(frozen=True, slots=True)
class OwnSavings:
    """A lot from the side of one body: what it buys, and its part of the savings."""

    title: str
    share: ShareRow
    line: Line


@get("/rounds/{ref}/savings", Permission.READ_ROUNDS)
def show_round_savings(visit: Visit, ref: str) -> Answer:
    """Raises Conflict before the decision is confirmed."""
    row = _confirmed(visit, ref)
    report = report_with_last_prices(visit.session, row)
    return Page("savings_round.html", {"is_sample": row.is_sample, **savings_values(report)})


@get("/savings", Permission.READ_ROUNDS)
def show_savings(visit: Visit) -> Answer:
    savings = savings_over_years(visit.session)
    return Page("savings_years.html", {"savings": savings, "baselines": baseline_rows(savings.total)})


@get("/savings.xlsx", Permission.READ_ROUNDS)
def download_savings(visit: Visit) -> Answer:
    savings, now = savings_over_years(visit.session), visit.now
    council = visit.settings.letterhead.council
    return Download(partial(years_xlsx, savings, council, now), f"{ALL_YEARS}_{wareki(now)}.xlsx", XLSX)


@get("/savings.csv", Permission.READ_ROUNDS)
def download_savings_csv(visit: Visit) -> Answer:
    savings = savings_over_years(visit.session)
    return in_encoding(visit, Download(partial(years_csv, savings), f"{ALL_YEARS}_{wareki(visit.now)}.csv", CSV))


@get("/results/{ref}/savings", Permission.READ_OWN_RESULTS)
def show_own_savings(visit: Visit, ref: str) -> Answer:
    """What a body saves by its own quantities, against the baselines per unit. Raises NotFound before 公表."""
    row = published_row(visit.session, ref)
    savings = savings_report(report_with_last_prices(visit.session, row, for_public=True))
    own = tuple(
        OwnSavings(_own_title(lot.report), share, line)
        for lot in bought_lots(savings)
        for share, line in zip(lot.report.municipalities, lot.bodies, strict=True)
        if share.code == visit.body_code
    )
    whole = merged(visit.body_code, visit.person.body_name or "", [one.line for one in own])
    values = {
        "report": savings.report,
        "is_sample": row.is_sample,
        "own": own,
        "whole": whole,
        "round": bought(savings),
    }
    return Page("savings_own.html", values)


def _own_title(lot: LotReport) -> str:
    """A 随意契約 with its 契約の相手方."""
    return f"{lot.title}　{lot.way}　{lot.winner}" if lot.is_contract else lot.title


def _confirmed(visit: Visit, ref: str) -> RoundRow:
    row = find_round(visit.session, ref)
    if row.confirmed_at is None:
        raise Conflict(UNDECIDED)
    return row


routes = [
    show_round_savings,
    show_savings,
    download_savings,
    download_savings_csv,
    show_own_savings,
]
