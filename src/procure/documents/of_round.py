"""The documents of a round of the database: its report, letterhead and time of decision, ready for the writers.

Before the decision is confirmed there is nothing to announce, and `decided` raises Conflict; what was opened may be put
on record before that.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from procure.awards.queries import confirmation_of
from procure.documents.award import award_pdf
from procure.documents.bundle import write_documents
from procure.documents.ceiling import ceiling_pdf
from procure.documents.contract_prices import contract_prices_pdf
from procure.documents.decision_letters import losers_of, losers_pdf, winner_pdf
from procure.documents.excel import savings_xlsx
from procure.documents.filenames import file_name, lot_file_name
from procure.documents.letterhead import Letterhead
from procure.documents.matrix import matrix_xlsx
from procure.documents.notice import notice_pdf
from procure.documents.opening import is_opened, opening_pdf
from procure.documents.results import results_pdf
from procure.documents.savings import savings_pdf
from procure.errors import Conflict, NotFound
from procure.reports.matrix import Matrix
from procure.reports.queries import SettledRound, settled_round
from procure.reports.report import LotReport
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settings import Letterhead as Sender
from procure.settlement.result import LotResult
from procure.settlement.result_file import result_json
from procure.settlement.round import Lot

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
UNDECIDED = "落札者の決定を確定するまで、この帳票は発行できません。"
UNOPENED = "このロットの入札をすべて記録するまで、開札調書は発行できません。"


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand out. `content` makes it, after the database was read; for a PDF that takes a second or two."""

    name: str
    media_type: str
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Decided:
    """A round whose decision is confirmed, and what stands around its documents."""

    settled: SettledRound
    letterhead: Letterhead
    at: datetime
    is_published: bool


def decided(session: Session, row: RoundRow, sender: Sender) -> Decided:
    """`sender` is who the council's documents are from. Raises Conflict before the confirmation."""
    confirmation = confirmation_of(session, row)
    if confirmation is None:
        raise Conflict(UNDECIDED)
    letterhead = replace(
        letterhead_of(sender, confirmation.decision_date),
        council=row.council,
        number=f"{sender.document_prefix}第{row.ref}号",
        sample=row.is_sample,
    )
    is_published = row.stage is Stage.PUBLISHED
    return Decided(settled_round(session, row), letterhead, confirmation.confirmed_at, is_published)


def letterhead_of(sender: Sender, day: date) -> Letterhead:
    """What the settings say of the sender, on a document of that day."""
    return Letterhead(
        council=sender.council,
        date=day,
        chair=sender.chair,
        section=sender.section,
        person=sender.person,
        phone=sender.phone,
        mail=sender.mail,
    )


def award(made: Decided) -> Document:
    report = made.settled.report
    name = file_name(report, "落札結果", "pdf")
    return Document(name, PDF, lambda: award_pdf(report, made.letterhead, made.at))


def savings(made: Decided) -> Document:
    report = made.settled.report
    name = file_name(report, "経費削減効果報告書", "pdf")
    return Document(name, PDF, lambda: savings_pdf(report, made.letterhead, made.at))


def savings_sheet(made: Decided) -> Document:
    report = made.settled.report
    name = file_name(report, "経費削減効果", "xlsx")
    return Document(name, XLSX, lambda: savings_xlsx(report, made.letterhead, made.at))


def notice(made: Decided, code: str) -> Document:
    """The notice to one body. Raises NotFound where it takes part in nothing."""
    report = made.settled.report
    body = next((body for body in report.bodies if body.code == code and body.lots), None)
    if body is None:
        raise NotFound
    name = file_name(report, f"結果通知_{body.code}_{body.name}", "pdf")
    return Document(name, PDF, lambda: notice_pdf(report, code, made.letterhead, made.at))


def result(made: Decided) -> Document:
    """The result that `procure settle` prints for the round file."""
    text = json.dumps(result_json(made.settled.result), ensure_ascii=False)
    return Document(file_name(made.settled.report, "結果データ", "json"), JSON, f"{text}\n".encode)


def matrix_sheet(settled: SettledRound, lot: str, attempts: Sequence[Matrix], at: datetime) -> Document:
    """The bids of a lot by bidder and item, decided or not: there are none before the opening."""
    name = lot_file_name(settled.report, lot, "入札比較", "xlsx")
    return Document(name, XLSX, lambda: matrix_xlsx(settled.report, attempts, at))


def results(made: Decided) -> Document:
    report = made.settled.report
    name = file_name(report, "入札結果公表", "pdf")
    return Document(name, PDF, lambda: results_pdf(report, made.letterhead, made.at))


def contract_prices(made: Decided) -> Document:
    report = made.settled.report
    name = file_name(report, "契約単価一覧", "pdf")
    return Document(name, PDF, lambda: contract_prices_pdf(report, made.letterhead, made.at))


def winner(made: Decided, lot: str) -> Document:
    """The letter to the winner. Raises NotFound where the lot was not awarded."""
    report = made.settled.report
    if not _shown(made.settled, lot).awarded:
        raise NotFound
    name = lot_file_name(report, lot, "落札者決定通知書", "pdf")
    return Document(name, PDF, lambda: winner_pdf(report, lot, made.letterhead, made.at))


def losers(made: Decided, lot: str) -> Document:
    """The letters to all losers of a lot. Raises NotFound where there is nobody to write to."""
    report = made.settled.report
    if not losers_of(_shown(made.settled, lot)):
        raise NotFound
    name = lot_file_name(report, lot, "非落札通知", "pdf")
    return Document(name, PDF, lambda: losers_pdf(report, lot, made.letterhead, made.at))


def ceiling(made: Decided, lot: str) -> Document:
    """The record of the ceiling, never for the public. Raises NotFound where the lot has none."""
    report = made.settled.report
    if _shown(made.settled, lot).ceiling is None:
        raise NotFound
    name = lot_file_name(report, lot, "予定価格調書", "pdf")
    return Document(
        name, PDF, lambda: ceiling_pdf(report, lot, made.letterhead, made.at, is_published=made.is_published)
    )


def opening(session: Session, row: RoundRow, lot: str, now: datetime) -> Document:
    """The record of the opening, decided or not. Raises Conflict until every attempt of the lot is recorded.

    It bears the time of the confirmation, and `now` before that.
    """
    settled = settled_round(session, row)
    value, result = _settled_lot(settled, lot)
    if not is_opened(result):
        raise Conflict(UNOPENED)
    name = lot_file_name(settled.report, lot, "開札調書", "pdf")
    letterhead = Letterhead(council=row.council, sample=row.is_sample)
    made_at = row.confirmed_at or now
    return Document(name, PDF, lambda: opening_pdf(settled.report, value, result.draw, letterhead, made_at))


def _shown(settled: SettledRound, lot: str) -> LotReport:
    """Raises NotFound where the round has no such lot."""
    found = next((one for one in settled.report.lots if one.id == lot), None)
    if found is None:
        raise NotFound
    return found


def _settled_lot(settled: SettledRound, lot: str) -> tuple[Lot, LotResult]:
    for value, result in zip(settled.round.lots, settled.result.lots, strict=True):
        if value.id == lot:
            return value, result
    raise NotFound


def write_round_documents(session: Session, row: RoundRow, letterhead: Sender, out: Path) -> list[Path]:
    """Every document of a round, each whole or not at all. Raises Conflict before the confirmation."""
    made = decided(session, row, letterhead)
    settled = made.settled
    return write_documents(
        settled.report,
        settled.round,
        settled.result,
        made.letterhead,
        out,
        made.at,
        is_published=made.is_published,
    )
