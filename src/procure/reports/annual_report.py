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
    awarded lot whose winner did not sign keeps its own; `instead` is the 随意契約 that took its place. `is_repeated`:
    it was put out to tender again.
    """

    round: str
    title: str
    participants: int
    bid_date: date
    savings: Savings | None
    ground: NegotiationGround | None = None
    instead: "AnnualLot | None" = None
    is_repeated: bool = False

    @property
    def heading(self) -> str:
        """The title, digits full width as in all of the section."""
        return fullwidth(self.title)

    @property
    def lines(self) -> Iterator[str]:
        """What stands under the title, digits full width."""
        yield f"【参加市町村】{fullwidth(f'{self.participants}市町村')}　【入札日】{fullwidth(wareki(self.bid_date))}"
        if self._method:
            yield f"【契約方法】{self._method}"
        yield f"【経費削減効果】{self._statement}"
        if self.instead:
            yield f"【契約方法】落札者が契約を締結しなかったため、{self.instead._method}"
            yield f"【契約による経費削減効果】{self.instead._statement}"
        if self.is_repeated:
            yield "【契約方法】落札者が契約を締結しなかったため、再度公告入札"

    @property
    def _method(self) -> str:
        return fullwidth(f"随意契約（{NEGOTIATION_GROUND[self.ground]}）") if self.ground else ""

    @property
    def _statement(self) -> str:
        return fullwidth(self.savings.statement if self.savings else NOT_COMPARABLE)


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
        tuple(_lot(report, lot) for report in ordered for lot in report.lots if lot.awarded or lot.contracts),
    )


def annual_report_text(report: AnnualReport) -> str:
    """Three lines for each awarded lot, digits full width; the empty text where nothing was bought.

    A 随意契約 has a line more, with its 契約方法. What took the place of an award that was not signed follows it.
    """
    return "".join(f"{line}\n" for lot in report.lots for line in (lot.heading, *lot.lines))


def _lot(report: RoundReport, lot: LotReport) -> AnnualLot:
    negotiated = _negotiated(report, lot)
    if negotiated and not lot.awarded:
        return negotiated
    return AnnualLot(
        round=report.id,
        title=lot.title,
        participants=lot.participants,
        bid_date=report.bid_date,
        savings=lot.savings,
        instead=negotiated,
        is_repeated=lot.is_repeated,
    )


def _negotiated(report: RoundReport, lot: LotReport) -> AnnualLot | None:
    if lot.negotiation is None:
        return None
    savings, ground = lot.negotiation.savings, lot.negotiation.ground
    return AnnualLot(report.id, lot.title, lot.participants, report.bid_date, savings, ground)
