"""Documents of rounds that a test builds, and what can be read in them."""

from datetime import date, datetime
from functools import cache
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from pypdf import PdfReader

from procure.documents.award import award_pdf
from procure.documents.excel import savings_xlsx
from procure.documents.letterhead import Letterhead
from procure.documents.notice import notice_pdf
from procure.documents.savings import savings_pdf
from tests.builders import JST
from tests.reports.reported import r3_report

MADE_AT = datetime(2021, 6, 18, 9, 0, tzinfo=JST)
LETTERHEAD = Letterhead(
    council="奈良県電子自治体推進協議会",
    number="奈電推協第12号",
    date=date(2021, 6, 18),
    chair="見本　太郎",
    section="協議会事務局",
    person="見本　花子",
    phone="0742-00-0000",
    mail="sample@example.lg.jp",
    sample=True,
    draft_by=date(2021, 6, 25),
    copy_by=date(2021, 7, 16),
)
KATSURAGI = "292117"


@cache
def r3_award() -> bytes:
    return award_pdf(r3_report(), LETTERHEAD, MADE_AT)


@cache
def r3_savings() -> bytes:
    return savings_pdf(r3_report(), LETTERHEAD, MADE_AT)


@cache
def r3_notice() -> bytes:
    return notice_pdf(r3_report(), KATSURAGI, LETTERHEAD, MADE_AT)


@cache
def r3_xlsx() -> bytes:
    return savings_xlsx(r3_report(), LETTERHEAD, MADE_AT)


@cache
def pages(pdf: bytes) -> tuple[str, ...]:
    return tuple(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def text(pdf: bytes) -> str:
    return "\n".join(pages(pdf))


def unbroken(pdf: bytes) -> str:
    """The text without the breaks of lines that a narrow column made."""
    return text(pdf).replace("\n", "")


@cache
def figures(xlsx: bytes) -> Workbook:
    """The workbook with the figures that are stored beside its formulas."""
    return load_workbook(BytesIO(xlsx), data_only=True)


@cache
def formulas(xlsx: bytes) -> Workbook:
    return load_workbook(BytesIO(xlsx))
