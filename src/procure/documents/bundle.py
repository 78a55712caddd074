"""Every document of a round in one folder: PDFs, the spreadsheet, the round file and the result."""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from procure.documents.award import award_pdf
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
from procure.reports.matrix import matrices
from procure.reports.report import LotReport, RoundReport
from procure.settlement.result import LotResult, Result
from procure.settlement.result_file import result_json
from procure.settlement.round import Lot, Round
from procure.settlement.round_writing import write_round


def write_documents(
    report: RoundReport,
    round_: Round,
    result: Result,
    letterhead: Letterhead,
    out: Path,
    made_at: datetime,
    *,
    is_published: bool = False,
) -> list[Path]:
    """Writes each document whole or not at all, in a folder that is made where it is missing; returns the paths.

    The records of opening and ceiling, the comparison of the bids, the round file and the result hold all that is
    known: they are for the archive, not for the public. Before the publication the ceilings are marked 秘.
    """
    out.mkdir(parents=True, exist_ok=True)
    made = documents(report, round_, result, letterhead, made_at, is_published=is_published)
    return [_write(out / name, content) for name, content in made]


def documents(
    report: RoundReport,
    round_: Round,
    result: Result,
    letterhead: Letterhead,
    made_at: datetime,
    *,
    is_published: bool = False,
) -> Iterator[tuple[str, bytes]]:
    """File name and content of every document, made one by one."""
    yield file_name(report, "落札結果", "pdf"), award_pdf(report, letterhead, made_at)
    yield file_name(report, "入札結果公表", "pdf"), results_pdf(report, letterhead, made_at)
    yield file_name(report, "契約単価一覧", "pdf"), contract_prices_pdf(report, letterhead, made_at)
    yield file_name(report, "経費削減効果報告書", "pdf"), savings_pdf(report, letterhead, made_at)
    for shown, lot, settled in zip(report.lots, round_.lots, result.lots, strict=True):
        if shown.ceiling is not None:
            name = lot_file_name(report, lot.id, "予定価格調書", "pdf")
            yield name, ceiling_pdf(report, lot.id, letterhead, made_at, is_published=is_published)
        yield from _of_opening(report, lot, settled, letterhead, made_at)
        yield from _letters(report, shown, letterhead, made_at)
    for body in report.bodies:
        if body.lots:
            name = file_name(report, f"結果通知_{body.code}_{body.name}", "pdf")
            yield name, notice_pdf(report, body.code, letterhead, made_at)
    yield file_name(report, "経費削減効果", "xlsx"), savings_xlsx(report, letterhead, made_at)
    yield file_name(report, "案件データ", "json"), write_round(round_).encode()
    yield file_name(report, "結果データ", "json"), _json(result_json(result))


def _of_opening(
    report: RoundReport, lot: Lot, settled: LotResult, letterhead: Letterhead, made_at: datetime
) -> Iterator[tuple[str, bytes]]:
    if is_opened(settled):
        name = lot_file_name(report, lot.id, "開札調書", "pdf")
        yield name, opening_pdf(report, lot, settled.draw, letterhead, made_at)
    if attempts := matrices(lot, settled):
        yield lot_file_name(report, lot.id, "入札比較", "xlsx"), matrix_xlsx(report, attempts, made_at)


def _letters(
    report: RoundReport, lot: LotReport, letterhead: Letterhead, made_at: datetime
) -> Iterator[tuple[str, bytes]]:
    if lot.awarded:
        name = lot_file_name(report, lot.id, "落札者決定通知書", "pdf")
        yield name, winner_pdf(report, lot.id, letterhead, made_at)
    if losers_of(lot):
        yield lot_file_name(report, lot.id, "非落札通知", "pdf"), losers_pdf(report, lot.id, letterhead, made_at)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _write(path: Path, content: bytes) -> Path:
    unfinished = path.with_name(f".{os.getpid()}.{path.suffix}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
