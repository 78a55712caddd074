"""Reports of rounds that a test builds, with the bodies of Nara as the council."""

from procure.parties.directory import bodies_of, known_codes
from procure.reports.report import LotReport, RoundReport
from procure.reports.round_report import round_report
from procure.reports.savings_years import SavingsOverYears, over_years
from procure.settlement.round import Lot, Round
from procure.settlement.round_file import read_round
from procure.settlement.settle import settle
from tests.builders import a_round, r3_text

COUNCIL = {body.code: body for body in bodies_of("奈良県")}


def r3_round() -> Round:
    return read_round(r3_text(), known_codes())


def report_of(round: Round, *, for_public: bool = False) -> RoundReport:
    return round_report(round, settle(round), COUNCIL, len(COUNCIL), for_public=for_public)


def r3_report() -> RoundReport:
    return report_of(r3_round())


def lot_report(lot: Lot, *, for_public: bool = False) -> LotReport:
    """The lot as it is shown in a round of its own."""
    return report_of(a_round(lot), for_public=for_public).lots[0]


def savings_of(*rounds: Round) -> SavingsOverYears:
    """Of rounds in the order of their bid dates, each with the last prices of those before it."""
    return over_years(report_of(round) for round in rounds)
