"""What each kind of PDF is made for: records can be kept for decades, the rest is read aloud; all are tagged."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from procure.documents.kind import Kind, Scope
from procure.documents.kinds import KINDS
from procure.documents.papers import Papers
from procure.documents.press import Variant
from procure.settlement.round import NegotiatedContract, Negotiation, NegotiationGround, Rules
from procure.settlement.settle import settle
from tests.builders import a_bid, a_lot, a_round
from tests.documents.papers import KATSURAGI, LETTERHEAD, MADE_AT
from tests.reports.reported import r3_report, r3_round, report_of

RECORDS = {"award.pdf", "results.pdf", "prices.pdf", "lots/{of}/ceiling.pdf", "lots/{of}/opening.pdf"}
PDFS = [kind for kind in KINDS if kind.ending == "pdf"]
CLAIMS = {Variant.ARCHIVAL: ("pdfaid", "3", "A"), Variant.ACCESSIBLE: ("pdfuaid", "1", None)}
every_pdf = pytest.mark.parametrize("kind", PDFS, ids=lambda kind: kind.label)


@cache
def papers() -> Papers:
    return Papers(r3_report(), r3_round(), settle(r3_round()), LETTERHEAD, MADE_AT)


@cache
def negotiated() -> Papers:
    """A round whose one lot failed and was contracted by 随意契約."""
    agreed = NegotiatedContract("a", {"pc": 80_000})
    negotiation = Negotiation(NegotiationGround.FAILED_TENDER, date(2021, 6, 18), "落札者がないため", (agreed,))
    attempts = ((a_bid("a", 990_000),), (a_bid("a", 980_000),))
    round_ = a_round(a_lot(*attempts, rules=Rules(ceiling=900_000, max_attempts=2), negotiation=negotiation))
    return Papers(report_of(round_), round_, settle(round_), LETTERHEAD, MADE_AT)


@cache
def made(kind: Kind) -> bytes:
    if kind.path == "lots/{of}/contractors.pdf":
        return kind.write(negotiated(), "pc")
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


@every_pdf
def test_each_header_cell_says_what_it_heads_and_each_figure_is_told_in_words(kind: Kind) -> None:
    found = list(elements(catalog(kind)["/StructTreeRoot"].get_object()))
    assert {cell["/A"]["/Scope"] for cell in found if cell["/S"] == "/TH"} <= {"/Row", "/Column"}
    assert all(figure["/Alt"] for figure in found if figure["/S"] == "/Figure")


@every_pdf
def test_all_that_is_printed_is_read_aloud_or_an_artifact(kind: Kind) -> None:
    reader = PdfReader(BytesIO(made(kind)))
    tree = list(elements(reader.trailer["/Root"]["/StructTreeRoot"].get_object()))
    for page in reader.pages:
        own = [one for one in tree if "/Pg" in one and one.raw_get("/Pg") == page.indirect_reference]
        read = {int(mark) for one in own for mark in _kids(one) if isinstance(mark, int)}
        content = ContentStream(page.get_contents(), reader)
        assert set(_marks(content)) == read
        assert not [words for words, depth in _printed(content) if not depth]


@every_pdf
def test_the_numbers_of_the_pages_are_no_part_of_the_text(kind: Kind) -> None:
    reader = PdfReader(BytesIO(made(kind)))
    artifacts = [
        operands
        for page in reader.pages
        for operands, operator in ContentStream(page.get_contents(), reader).operations
        if operator == b"BDC" and operands[0] == "/Artifact"
    ]
    assert len(artifacts) >= len(reader.pages)
    assert all(what["/Type"] == "/Pagination" for _, what in artifacts)


@every_pdf
def test_what_it_is_can_be_read_without_unpacking(kind: Kind) -> None:
    assert b"<dc:title>" in made(kind)


def elements(element: Any) -> Iterator[Any]:
    """Of the structure, each before what is in it."""
    for kid in _kids(element):
        if not isinstance(kid, int):
            yield kid
            yield from elements(kid)


def _kids(element: Any) -> list[Any]:
    kids = element["/K"].get_object() if hasattr(element["/K"], "get_object") else element["/K"]
    return [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]


def _marks(content: Any) -> Iterator[int]:
    for operands, operator in content.operations:
        if operator == b"BDC" and "/MCID" in operands[1]:
            yield operands[1]["/MCID"]


def _printed(content: Any) -> Iterator[tuple[Any, int]]:
    """Each piece of text, and how many marks stand around it."""
    depth = 0
    for operands, operator in content.operations:
        depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator, 0)
        if operator in (b"Tj", b"TJ"):
            yield operands, depth


def test_all_notices_are_one_tagged_file_in_which_each_has_its_own_page_numbers() -> None:
    (kind,) = [kind for kind in PDFS if kind.path == "notices.pdf"]
    (single,) = [kind for kind in PDFS if kind.path == "notices/{of}.pdf"]
    reader = PdfReader(BytesIO(made(kind)))
    texts = [page.extract_text() for page in reader.pages]
    bodies = [body for body in papers().report.bodies if body.lots]
    numbers = [
        number for body in bodies for number in ("1 ／ 2", "2 ／ 2", *["1 ／ 1"] * len(papers().orders(body.code)))
    ]
    assert all(number in text for number, text in zip(numbers, texts, strict=True))
    own = [page.extract_text() for page in PdfReader(BytesIO(made(single))).pages]
    at = texts.index(own[0])
    assert texts[at : at + len(own)] == own
    assert catalog(kind)["/StructTreeRoot"].get_object()["/ParentTree"].get_object()["/Nums"]
    assert reader.metadata is not None
    assert f"結果通知（全{len(bodies)}団体）" in str(reader.metadata.title)
