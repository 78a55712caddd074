"""Reading back a document finds its words and whether its fonts travel with it."""

from weasyprint import HTML

from tests.harness import pdf


def test_words_are_read_in_japanese() -> None:
    assert pdf.text(_document("落札決定通知書")).strip() == "落札決定通知書"


def test_fonts_are_named_and_embedded() -> None:
    assert pdf.fonts(_document("落札決定通知書")) == {"BIZ-UDPGothic": True}


def _document(words: str) -> bytes:
    content: bytes = HTML(string=f'<p style="font-family: BIZ UDPGothic">{words}</p>').write_pdf()
    return content
