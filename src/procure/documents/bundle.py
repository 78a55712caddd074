"""Every document of a round in one folder: PDFs, the spreadsheet, the round file and the result."""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from procure.documents.award import award_pdf
from procure.documents.excel import savings_xlsx
from procure.documents.filenames import file_name
from procure.documents.letterhead import Letterhead
from procure.documents.notice import notice_pdf
from procure.documents.savings import savings_pdf
from procure.reports.report import RoundReport
from procure.settlement.result import Result
from procure.settlement.result_file import result_json
from procure.settlement.round import Round
from procure.settlement.round_writing import write_round


def write_documents(
    report: RoundReport, round_: Round, result: Result, letterhead: Letterhead, out: Path, made_at: datetime
) -> list[Path]:
    """Writes each document whole or not at all, in a folder that is made where it is missing; returns the paths.

    The round file and the result hold all that is known, ceilings too: they are for the archive, not for the public.
    """
    out.mkdir(parents=True, exist_ok=True)
    return [_write(out / name, content) for name, content in documents(report, round_, result, letterhead, made_at)]


def documents(
    report: RoundReport, round_: Round, result: Result, letterhead: Letterhead, made_at: datetime
) -> Iterator[tuple[str, bytes]]:
    """File name and content of every document, made one by one."""
    yield file_name(report, "落札結果", "pdf"), award_pdf(report, letterhead, made_at)
    yield file_name(report, "経費削減効果報告書", "pdf"), savings_pdf(report, letterhead, made_at)
    for body in report.bodies:
        if body.lots:
            name = file_name(report, f"結果通知_{body.code}_{body.name}", "pdf")
            yield name, notice_pdf(report, body.code, letterhead, made_at)
    yield file_name(report, "経費削減効果", "xlsx"), savings_xlsx(report, letterhead, made_at)
    yield file_name(report, "案件データ", "json"), write_round(round_).encode()
    yield file_name(report, "結果データ", "json"), _json(result_json(result))


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _write(path: Path, content: bytes) -> Path:
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as unfinished:
        try:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
            Path(unfinished.name).replace(path)
        except BaseException:
            Path(unfinished.name).unlink(missing_ok=True)
            raise
    return path
