"""The reports of the rounds in the database: read, settled and made ready to show."""

from dataclasses import dataclass

from sqlmodel import Session

from procure.bids.queries import load_round
from procure.parties.queries import directory, members
from procure.reports.report import RoundReport
from procure.reports.round_report import round_report
from procure.rounds.queries import repeated_lots
from procure.rounds.tables import RoundRow
from procure.settlement.result import Result
from procure.settlement.round import Round
from procure.settlement.settle import settle


@dataclass(frozen=True, slots=True)
class SettledRound:
    """A round of the database as value, result and report: the same figures for pages, documents and files."""

    round: Round
    result: Result
    report: RoundReport
    is_sample: bool


def settled_round(session: Session, row: RoundRow, *, for_public: bool = False) -> SettledRound:
    value = load_round(session, row)
    result = settle(value)
    known = directory(session)
    asking = {demand.municipality for lot in value.lots for demand in lot.demand}
    council = {body.code for body in members(session)}
    names = {code: body for code, body in known.items() if code in council | asking}
    report = round_report(
        value,
        result,
        names,
        len(council),
        for_public=for_public,
        is_confirmed=row.confirmed_at is not None,
        repeated=repeated_lots(session, row.ref),
    )
    return SettledRound(value, result, report, row.is_sample)
