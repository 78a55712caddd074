"""HTML to PDF: the only module that knows WeasyPrint. Import it when a document is made, not before."""

import logging
from functools import cache
from threading import Lock
from typing import Any, NoReturn

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from procure import templates

_log = logging.getLogger(__name__)
_one_at_a_time = Lock()  # WeasyPrint and its font library are not safe in threads


class Unreachable(URLFetcher):  # type: ignore[misc]
    """Fetches nothing: a document is made of its own text and style sheet, whatever URL stands in a text."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> NoReturn:
        self.refused.append(url)
        raise ValueError("documents fetch nothing")


def write_pdf(markup: str) -> bytes:
    """A PDF/UA-1 of the page set with the print style sheet; waits while another document is being made.

    Raises `RuntimeError` where the markup asks for any URL: our templates do not, so text has escaped its place.
    """
    fetcher = Unreachable()
    with _one_at_a_time:
        style, fonts = _style_and_fonts()
        page = HTML(string=markup, base_url=None, url_fetcher=fetcher)
        pdf = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    if fetcher.refused:
        raise RuntimeError(f"a document asked for {fetcher.refused[0]!r}")
    return bytes(pdf)


@cache
def _style_and_fonts() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    text = (templates.FOLDER / "documents" / "print.css").read_text("utf-8")
    return CSS(string=text, base_url=None, url_fetcher=Unreachable(), font_config=fonts), fonts
