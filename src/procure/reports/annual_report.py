"""The 事業報告 section of a fiscal year: what was bought together, by how many bodies, at what saving."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from procure.reports.report import LotReport, RoundReport
from procure.settlement.labels import NEGOTIATION_GROUND
from procure.settlement.result import Savings
from procure.settlement.round import NegotiationGround
from procure.values.era import wareki
from procure.values.text import fullwidth

NOT_COMPARABLE = "定価のない品目のため、定価との比較はありません"


@dataclass(frozen=True, slots=True)
class AnnualLot:
    """A lot as it is reported; `savings` is None where no item has a list price.

    A lot without an award that was contracted by 随意契約 has its `ground`, and the savings of that contract. An
    awarded lot that nobody signed keeps its own, and `instead` is what took its place.
    """

    round: str
    title: str
    participants: int
    bid_date: date
    savings: Savings | None
    ground: NegotiationGround | None = None
    instead: "AnnualLot | None" = None

    @property
    def method(self) -> str:
        """How it was contracted, of a 随意契約 only."""
        return f"随意契約（{NEGOTIATION_GROUND[self.ground]}）" if self.ground else ""

    @property
    def statement(self) -> str:
        return self.savings.statement if self.savings else NOT_COMPARABLE


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The lots of a 年度 that were awarded or contracted by 随意契約, by bid date and round, in their order."""

    fiscal_year: int
    lots: tuple[AnnualLot, ...]


def annual_report(rounds: Iterable[RoundReport], fiscal_year: int) -> AnnualReport:
    """`fiscal_year` is the Gregorian year of its 1 April; rounds of other years are left out."""
    ordered = sorted(
        (report for report in rounds if report.fiscal_year == fiscal_year),
        key=lambda report: (report.bid_date, report.id),
    )
    return AnnualReport(
        fiscal_year,
        tuple(_lot(report, lot) for report in ordered for lot in report.lots if lot.suppliers),
    )


def annual_report_text(report: AnnualReport) -> str:
    """Three lines for each awarded lot, digits full width; the empty text where nothing was bought.

    A 随意契約 has a line more, with its 契約方法; in the place of an award that nobody signed it follows the award's.
    """
    return "".join(f"{line}\n" for lot in report.lots for line in annual_lines(lot))


def annual_lines(lot: AnnualLot) -> Iterator[str]:
    yield lot.title
    yield f"【参加市町村】{fullwidth(f'{lot.participants}市町村')}　【入札日】{fullwidth(wareki(lot.bid_date))}"
    if lot.method:
        yield f"【契約方法】{fullwidth(lot.method)}"
    yield f"【経費削減効果】{fullwidth(lot.statement)}"
    if lot.instead:
        yield f"【契約方法】落札者が契約を締結しなかったため、{fullwidth(lot.instead.method)}"
        yield f"【契約による経費削減効果】{fullwidth(lot.instead.statement)}"


def _lot(report: RoundReport, lot: LotReport) -> AnnualLot:
    negotiated = _negotiated(report, lot)
    if negotiated and not lot.awarded:
        return negotiated
    return AnnualLot(report.id, lot.title, lot.participants, report.bid_date, lot.savings, instead=negotiated)


def _negotiated(report: RoundReport, lot: LotReport) -> AnnualLot | None:
    if lot.negotiation is None:
        return None
    savings, ground = lot.negotiation.savings, lot.negotiation.ground
    return AnnualLot(report.id, lot.title, lot.participants, report.bid_date, savings, ground)
