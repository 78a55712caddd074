"""What each kind of PDF is made for: records can be kept for decades, the rest is read aloud; all are tagged."""

import re
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from procure.documents.kinds import KINDS, Kind, Papers, Scope
from procure.documents.press import Variant
from procure.settlement.settle import settle
from tests.documents.papers import KATSURAGI, LETTERHEAD, MADE_AT
from tests.reports.reported import r3_report, r3_round

RECORDS = {"award.pdf", "results.pdf", "prices.pdf", "lots/{of}/ceiling.pdf", "lots/{of}/opening.pdf"}
PDFS = [kind for kind in KINDS if kind.ending == "pdf"]
CLAIMS = {Variant.ARCHIVAL: ("pdfaid", "3", "A"), Variant.ACCESSIBLE: ("pdfuaid", "1", None)}
every_pdf = pytest.mark.parametrize("kind", PDFS, ids=lambda kind: kind.label)


@cache
def papers() -> Papers:
    return Papers(r3_report(), r3_round(), settle(r3_round()), LETTERHEAD, MADE_AT)


@cache
def made(kind: Kind) -> bytes:
    return kind.write(papers(), {Scope.ROUND: "", Scope.LOT: "pc", Scope.BODY: KATSURAGI}[kind.scope])


def catalog(kind: Kind) -> Any:
    return PdfReader(BytesIO(made(kind))).trailer["/Root"]


def metadata(kind: Kind) -> str:
    return str(catalog(kind)["/Metadata"].get_object().get_data().decode())


def claim(kind: Kind) -> tuple[str, str, str | None]:
    """The standard that the file says it keeps, its part, and its level of conformance."""
    (standard,) = set(re.findall(r"(pdfaid|pdfuaid):part=", metadata(kind)))
    (part,) = re.findall(r':part="(\d)"', metadata(kind))
    level = re.search(r'pdfaid:conformance="(\w)"', metadata(kind))
    return standard, part, level and level[1]


@every_pdf
def test_it_claims_what_it_is_made_for(kind: Kind) -> None:
    assert claim(kind) == CLAIMS[Variant.ARCHIVAL if kind.path in RECORDS else Variant.ACCESSIBLE]


@every_pdf
def test_it_is_tagged_in_japanese_titled_and_has_bookmarks(kind: Kind) -> None:
    found = catalog(kind)
    assert found["/StructTreeRoot"].get_object()["/K"]
    assert found["/MarkInfo"]["/Marked"]
    assert (found["/Lang"], found["/ViewerPreferences"]["/DisplayDocTitle"]) == ("ja", True)
    assert PdfReader(BytesIO(made(kind))).outline


@every_pdf
def test_a_record_brings_its_colours_with_it(kind: Kind) -> None:
    outputs = catalog(kind).get("/OutputIntents", [])
    assert len(outputs) == (kind.path in RECORDS)
    for output in outputs:
        assert output.get_object()["/S"] == "/GTS_PDFA1"
        assert output.get_object()["/DestOutputProfile"].get_object().get_data()


@every_pdf
def test_its_dates_are_those_of_the_decision(kind: Kind) -> None:
    assert "<xmp:CreateDate>2021-06-18T09:00:00+09:00" in metadata(kind)
    stated = PdfReader(BytesIO(made(kind))).metadata
    assert stated is not None
    assert stated.creation_date == MADE_AT
    assert "2026" not in metadata(kind)


@every_pdf
def test_each_font_is_embedded_and_nothing_runs_or_is_attached(kind: Kind) -> None:
    reader = PdfReader(BytesIO(made(kind)))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert all(_file(font) for font in fonts)
    assert not {"/OpenAction", "/AA", "/AcroForm", "/EncryptMetadata"} & set(reader.trailer["/Root"])
    assert b"/JavaScript" not in made(kind)
    assert b"/EmbeddedFile" not in made(kind)


def _file(font: Any) -> Any:
    (descendant,) = font["/DescendantFonts"]
    descriptor = descendant.get_object()["/FontDescriptor"].get_object()
    return descriptor.get("/FontFile2") or descriptor.get("/FontFile3")


def test_all_notices_are_one_tagged_file_in_which_each_has_its_own_page_numbers() -> None:
    (kind,) = [kind for kind in PDFS if kind.path == "notices.pdf"]
    (single,) = [kind for kind in PDFS if kind.path == "notices/{of}.pdf"]
    reader = PdfReader(BytesIO(made(kind)))
    texts = [page.extract_text() for page in reader.pages]
    bodies = [body for body in papers().report.bodies if body.lots]
    assert len(texts) == 2 * len(bodies)
    assert all(("1 ／ 2", "2 ／ 2")[number % 2] in text for number, text in enumerate(texts))
    at = 2 * [body.code for body in bodies].index(KATSURAGI)
    assert texts[at : at + 2] == [page.extract_text() for page in PdfReader(BytesIO(made(single))).pages]
    assert catalog(kind)["/StructTreeRoot"].get_object()["/ParentTree"].get_object()["/Nums"]
    assert reader.metadata is not None
    assert f"結果通知（全{len(bodies)}団体）" in str(reader.metadata.title)
