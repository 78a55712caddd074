"""What a municipality gets and pays in a published round, its 結果通知 and its 発注書."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from procure.documents.entries import entry_of
from procure.documents.kinds import kind_at
from procure.documents.of_round import decided
from procure.jobs.kept import handed_out
from procure.reports.published_rounds import published_row
from procure.reports.queries import settled_round
from procure.reports.report import LotReport, RoundReport, ShareRow
from procure.reports.sums import total
from procure.rounds.queries import rounds_in
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Answer, Download, Page, Permission, Visit, get
from procure.settlement.result import Outcome
from procure.web.published import years_of


@dataclass(frozen=True, slots=True)
class OwnLot:
    """A lot that the body joined, and what it buys of whom: nothing where it comes to no contract."""

    report: LotReport
    deals: tuple[tuple[LotReport, ShareRow], ...]

    @property
    def tone(self) -> str:
        if self.report.suppliers:
            return "green"
        return "gray" if self.report.outcome is Outcome.CANCELLED else "orange"


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A published round from the side of one body."""

    ref: str
    title: str
    fiscal_year: int
    is_sample: bool
    bid_date: date
    lots: tuple[OwnLot, ...]

    @property
    def path(self) -> str:
        return f"/results/{self.ref}"

    @property
    def took_part(self) -> bool:
        return bool(self.lots)

    @property
    def amount_with_tax(self) -> int | None:
        """What the body pays over all its contracts; None where a share is unknown or it has none."""
        shares = [share for lot in self.lots for _, share in lot.deals]
        known = total(share.amount_with_tax for share in shares)
        return int(known) if shares and known is not None else None

    @property
    def orders(self) -> bool:
        """Whether there is something to order of somebody."""
        return any(lot.deals for lot in self.lots)

    @property
    def suppliers(self) -> str:
        return "、".join(dict.fromkeys(supplied.winner or "" for lot in self.lots for supplied, _ in lot.deals))


@get("/results", Permission.READ_OWN_RESULTS)
def list_results(visit: Visit) -> Answer:
    rows = rounds_in(visit.session, Stage.PUBLISHED)
    years = years_of(rows, visit.query.text("year"))
    results = own_results(visit.session, (row for row in rows if row.fiscal_year == years.chosen), visit.body_code)
    return Page("results.html", {"years": years, "results": results})


@get("/results/{ref}", Permission.READ_OWN_RESULTS)
def show_result(visit: Visit, ref: str) -> Answer:
    row = published_row(visit.session, ref)
    result = own_result(visit.session, row, visit.body_code)
    return Page("result.html", {"result": result, "body": visit.person.body_name})


@get("/results/{ref}/notice.pdf", Permission.READ_OWN_RESULTS)
def download_notice(visit: Visit, ref: str) -> Answer:
    """Raises NotFound where the body takes part in nothing."""
    return _own_document(visit, ref, "notices/{of}.pdf")


@get("/results/{ref}/orders.xlsx", Permission.READ_OWN_RESULTS)
def download_orders(visit: Visit, ref: str) -> Answer:
    """Raises NotFound where the body has nothing to order."""
    return _own_document(visit, ref, "orders/{of}.xlsx")


def _own_document(visit: Visit, ref: str, path: str) -> Download:
    row = published_row(visit.session, ref)
    papers = decided(visit.session, row, visit.settings.letterhead)
    own = entry_of(papers, kind_at(path), visit.body_code)
    made = handed_out(visit.session, visit.database, row.id, papers, own, visit.clock)
    return Download(made.content, made.name, made.media_type)


def own_results(session: Session, rows: Iterable[RoundRow], body_code: str) -> tuple[OwnResult, ...]:
    return tuple(own_result(session, row, body_code) for row in rows)


def own_result(session: Session, row: RoundRow, body_code: str) -> OwnResult:
    report = settled_round(session, row).report
    return OwnResult(row.ref, row.title, row.fiscal_year, row.is_sample, row.bid_date, _own(report, body_code))


def _own(report: RoundReport, body_code: str) -> tuple[OwnLot, ...]:
    joined = next((body.lots for body in report.bodies if body.code == body_code), frozenset())
    return tuple(OwnLot(lot, tuple(lot.supplies(body_code))) for lot in report.lots if lot.id in joined)


routes = [list_results, show_result, download_notice, download_orders]
