"""取込み: what of a round was taken in from a file, instead of being opened, checked and decided here."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from procure.awards.queries import confirmation_of
from procure.bids.queries import attempts_of
from procure.history.record import COMMAND_LINE
from procure.rounds.queries import lots_of
from procure.rounds.tables import LotRow, RoundRow
from procure.values.era import wareki_time

OPERATOR = "運用の担当者（procure import）"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The bids of a round, and where it `is_decided` the decision on them too, came in a file at `at`."""

    by: str
    at: datetime
    is_decided: bool

    @property
    def text(self) -> str:
        """For the council: it names who did it."""
        return self._told(f"{self.by}が{wareki_time(self.at)}に")

    @property
    def public_text(self) -> str:
        return self._told(f"{wareki_time(self.at)}に")

    def _told(self, how: str) -> str:
        what, done = ("入札の記録", "開札及び照合")
        if self.is_decided:
            what, done = ("入札の記録と落札者の決定", "開札、照合及び決定")
        return f"{what}は、{how}案件ファイルから取り込んだものです。このサービスで{done}をしたものではありません。"


def taken_in(session: Session, row: RoundRow) -> TakenIn | None:
    """None where every bid was recorded here."""
    lots = (taken_in_of(session, row, lot) for lot in lots_of(session, row.id))
    return next((found for found in lots if found is not None), None)


def taken_in_of(session: Session, row: RoundRow, lot: LotRow) -> TakenIn | None:
    """None where the lot has no bids that came with the file of its round."""
    if row.imported_at is None or row.imported_by is None:
        return None
    if not any(attempt.recorded_at == row.imported_at for attempt in attempts_of(session, lot)):
        return None
    by = OPERATOR if row.imported_by == COMMAND_LINE else row.imported_by
    return TakenIn(by, row.imported_at, is_decided=_is_decided(session, row))


def _is_decided(session: Session, row: RoundRow) -> bool:
    """Whether the decision came with the file: that of two people is made after the import."""
    kept = confirmation_of(session, row)
    return kept is not None and kept.proposed_by is None and kept.confirmed_at == row.imported_at
