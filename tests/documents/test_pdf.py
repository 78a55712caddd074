"""PDFs: tagged, self-contained, the same bytes for the same input, and deaf to whatever a text asks for."""

import socket
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from procure import templates
from procure.documents.annual import annual_pdf
from procure.documents.award import award_pdf
from procure.documents.notice import notice_pdf
from procure.documents.press import write_pdf
from procure.documents.savings import savings_pdf
from procure.meetings.rules import Record
from procure.settlement.round import Organisation, Round
from tests.builders import a_bid, a_demand, a_lot, a_round, an_item, some_bidders
from tests.documents.papers import LETTERHEAD, MADE_AT, pages, r3_award, r3_notice, r3_savings, text, unbroken
from tests.harness.pdf import fonts
from tests.meetings.records import a_meeting, a_training
from tests.reports.reported import r3_report, report_of
from tests.reports.yearly import a_year_report


def test_the_documents_of_the_example_have_the_pages_they_are_laid_out_for() -> None:
    assert [len(pages(document)) for document in (r3_award(), r3_savings(), r3_notice())] == [2, 8, 2]


def test_a_body_that_joins_two_lots_gets_one_letter_and_one_annex() -> None:
    assert len(pages(notice_pdf(r3_report(), "292036", LETTERHEAD, MADE_AT))) == 2


def test_the_style_sheet_has_nothing_that_the_press_ignores(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING", logger="weasyprint"):
        CSS(string=(templates.FOLDER / "documents" / "print.css").read_text("utf-8"), font_config=FontConfiguration())
    assert [record.getMessage() for record in caplog.records] == []


def test_a_document_is_tagged_japanese_and_titled() -> None:
    catalog = PdfReader(BytesIO(r3_notice())).trailer["/Root"]
    assert (catalog["/Lang"], catalog["/MarkInfo"]["/Marked"]) == ("ja", True)
    metadata = PdfReader(BytesIO(r3_notice())).metadata
    assert metadata is not None
    assert metadata.title == "令和３年度 共同調達　結果通知（葛城市）（奈良県電子自治体推進協議会）"
    assert metadata.creation_date == MADE_AT


def test_pages_are_numbered_and_marked_as_a_sample() -> None:
    for number, page in enumerate(pages(r3_savings()), start=1):
        assert f"{number} ／ 8" in page
        assert "見 本" in page
        assert "R3-1-SAVINGS　第１版　令和３年６月18日（金）９時00分作成" in page


def test_a_real_document_is_not_marked_as_a_sample() -> None:
    assert "見" not in text(
        annual_pdf(a_year_report(), replace(LETTERHEAD, sample=False, chair="", person=""), MADE_AT)
    )


def test_all_fonts_are_embedded() -> None:
    found = fonts(r3_award())
    assert all(found.values())
    assert {name.split("-Bold")[0] for name in found} == {"BIZ-UDPGothic", "BIZ-UDGothic"}


def test_the_official_glyph_of_a_name_is_asked_for() -> None:
    assert "葛\U000e0100城市長　様" in pages(r3_notice())[0]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert award_pdf(r3_report(), LETTERHEAD, MADE_AT) == r3_award()


def hostile(where: str, port: int) -> str:
    url = f"http://127.0.0.1:{port}/{where}"
    tags = f"<img src={url}><link rel=attachment href=file:///etc/hostname><style>@import url({url})</style>"
    return f"\"'>{tags}{{{{7*7}}}}"


def hostile_records(port: int) -> tuple[Record, ...]:
    evil = hostile("record", port)
    return (
        a_training(title=evil, place=evil, speaker=evil),
        a_meeting(title=evil, place=evil, agenda=(evil, evil), result=evil),
    )


def hostile_round(port: int) -> Round:
    def evil(where: str) -> str:
        return hostile(where, port)

    lot = a_lot(
        (a_bid("a", 500_000), a_bid("b", 600_000, void=evil("void"))),
        title=evil("lot"),
        items=(an_item(name=evil("item"), specification=evil("specification"), unit="<b>"),),
        bidders=tuple(replace(bidder, name=evil("bidder")) for bidder in some_bidders("a", "b")),
        demand=(a_demand("298018", pc=10),),
    )
    outside = Organisation("298018", evil("body"), "組合")
    cancelled = a_lot(id="cancelled", title="取止め", cancelled=evil("reason"))
    return a_round(lot, cancelled, title=evil("title"), council=evil("council"), organisations=(outside,))


def test_hostile_text_in_every_field_is_printed_and_fetches_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        port = canary.getsockname()[1]
        evil = hostile("letterhead", port)
        letterhead = replace(
            LETTERHEAD,
            council=evil,
            number=evil,
            chair=evil,
            section=evil,
            person=evil,
            phone=evil,
            mail=evil,
            edition=evil,
        )
        report = report_of(hostile_round(port))
        made = [
            award_pdf(report, letterhead, MADE_AT),
            savings_pdf(report, letterhead, MADE_AT),
            notice_pdf(report, "298018", letterhead, MADE_AT),
            annual_pdf(a_year_report(hostile_round(port), records=hostile_records(port)), letterhead, MADE_AT),
        ]
        with pytest.raises(BlockingIOError):
            canary.accept()
    for document in made:
        assert "{{7*7}}" in unbroken(document)
        assert b"/EmbeddedFile" not in document


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='http://127.0.0.1:9/x'>",
        "<link rel=stylesheet href='file:///etc/hostname'>",
        "<style>@import url('http://127.0.0.1:9/x')</style>",
        "<link rel=attachment href='file:///etc/hostname'>",
        "<p style='background: url(data:image/png;base64,AAAA)'>x",
    ],
)
def test_markup_that_asks_for_anything_is_not_printed(markup: str) -> None:
    with pytest.raises(RuntimeError, match="a document asked for"):
        write_pdf(f"<html lang=ja><title>x</title>{markup}")


def test_the_renderer_is_loaded_only_when_a_document_is_made() -> None:
    program = (
        "import sys, procure.cli, procure.app, procure.documents.bundle, procure.documents.annual\n"
        "print('weasyprint' in sys.modules, 'procure.documents.pdf' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False"]
