"""HTML to PDF: the only module that knows WeasyPrint. Import it when a document is made, not before."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any, NoReturn

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from procure import templates
from procure.documents.press import Variant
from procure.documents.tagging import finish

_one_at_a_time = Lock()  # WeasyPrint and its font library are not safe in threads


class Unreachable(URLFetcher):  # type: ignore[misc]
    """Fetches nothing: a document is made of its own text and style sheet, whatever URL stands in a text."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> NoReturn:
        self.refused.append(url)
        raise ValueError("documents fetch nothing")


def render(markups: Sequence[str], variant: Variant) -> bytes:
    """The pieces of markup set with the print style sheet, one after another; title and dates are those of the first.

    Raises `RuntimeError` where one asks for any URL.
    """
    fetcher = Unreachable()
    with _one_at_a_time:
        style, fonts = _style_and_fonts()
        options = {"stylesheets": [style], "font_config": fonts, "pdf_variant": variant.value}
        made = [HTML(string=text, base_url=None, url_fetcher=fetcher).render(**options) for text in markups]
        pages = [page for document in made for page in document.pages]
        with _colours_left_open():
            pdf = made[0].copy(pages).write_pdf(pdf_variant=variant.value, finisher=finish)
    if fetcher.refused:
        raise RuntimeError(f"a document asked for {fetcher.refused[0]!r}")
    return bytes(pdf)


@contextmanager
def _colours_left_open() -> Iterator[None]:
    """WeasyPrint 70 does not close its file of colours, which archival PDFs bring along."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"unclosed file .*\.icc", ResourceWarning)
        yield


@cache
def _style_and_fonts() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    text = (templates.FOLDER / "documents" / "print.css").read_text("utf-8")
    return CSS(string=text, base_url=None, url_fetcher=Unreachable(), font_config=fonts), fonts
