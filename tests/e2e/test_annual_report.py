"""A word processor takes over the annual report: its headings stay headings, its tables tables."""

from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from procure.documents.annual import annual_html
from procure.templates import yen
from tests.documents.papers import LETTERHEAD
from tests.harness import pdf
from tests.harness.libreoffice import converted
from tests.meetings.records import a_meeting, a_training
from tests.reports.reported import r3_round
from tests.reports.yearly import a_year_report, bought_in

pytestmark = pytest.mark.libreoffice
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REPORT = a_year_report(bought_in(2020), r3_round(), records=(a_training(), a_meeting()))
HTML = annual_html(REPORT, LETTERHEAD)


def words(element: ElementTree.Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def body_of(docx: bytes) -> ElementTree.Element:
    with ZipFile(BytesIO(docx)) as package:
        return ElementTree.fromstring(package.read("word/document.xml"))


def styled(body: ElementTree.Element, start: str) -> list[str]:
    """The words of the paragraphs whose style begins so."""
    found = []
    for paragraph in body.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val", "").startswith(start):
            found.append(words(paragraph))
    return found


def test_word_gets_headings_tables_and_every_figure(tmp_path: Path) -> None:
    body = body_of(converted(HTML, "docx", tmp_path))
    assert styled(body, "Heading2") == ["１　共同調達", "２　研修会", "３　会議"]
    assert styled(body, "Heading3") == ["パソコンの共同調達", "プリンタの共同調達", "年度別の経費削減効果"]
    tables = list(body.iter(f"{W}tbl"))
    rows = [[words(cell) for cell in row.iter(f"{W}tc")] for row in tables[0].iter(f"{W}tr")]
    assert len(tables) == 3
    for said, year in zip(rows[1:], (*REPORT.years.rows, REPORT.years.total), strict=True):
        assert year.savings is not None
        assert said[4:7] == [yen(year.savings.list_total), yen(year.savings.award_total), yen(year.savings.saved)]
    assert all(table.find(f"{W}tr/{W}tc/{W}tcPr/{W}tcBorders") is not None for table in tables)


def test_the_wording_of_the_council_arrives_to_the_letter(tmp_path: Path) -> None:
    said = "".join(pdf.text(converted(HTML, "pdf", tmp_path)).split())
    for line in (
        "【参加市町村】１３市町村【入札日】令和３年６月１１日",
        "【経費削減効果】定価の約５１．６％引きで購入",
    ):
        assert line in said
