"""CSV as Japanese spreadsheets open it: every cell in quotes, CRLF, UTF-8 with a BOM or CP932."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum

from procure.values.money import Yen, format_decimal
from procure.values.text import plain

Cell = str | Yen | Decimal | None

GETA = "〓"  # what stands for a character that cannot be carried
_LIKE_FORMULAS = frozenset("=+-@")
_BREAKS = frozenset("\t\r\n")
# The same sign under the number that CP932 as Windows has it can carry.
_IN_CP932 = str.maketrans("〜−—‖¢£¬¥", "～－―∥￠￡￢￥")


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    CP932 = "cp932"


def csv_bytes(rows: Iterable[Sequence[Cell]], encoding: Encoding = Encoding.UTF_8) -> bytes:
    """Numbers are written as numbers; a text is never read as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([_written(cell) for cell in row] for row in rows)
    if encoding is Encoding.CP932:
        return _in_cp932(text.getvalue()).encode("cp932")
    return text.getvalue().encode("utf-8-sig")


def recoded(content: bytes, encoding: Encoding) -> bytes:
    """A table as `csv_bytes` has made it in UTF-8, in the encoding."""
    if encoding is Encoding.UTF_8:
        return content
    return _in_cp932(content.decode("utf-8-sig")).encode("cp932")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    seen = next((one for one in text if not (one.isspace() or unicodedata.category(one) == "Cf")), "")
    begins = unicodedata.normalize("NFKC", seen)
    return f"'{text}" if begins in _LIKE_FORMULAS or text[:1] in _BREAKS else text


def lost_in_cp932(texts: Iterable[str]) -> tuple[str, ...]:
    """The characters of the texts that CP932 cannot carry, in the order of their numbers. Selectors are not counted."""
    characters = {character for text in texts for character in plain(text).translate(_IN_CP932)}
    return tuple(sorted(character for character in characters if not _has(character)))


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return str(cell)  # with its own decimals
    return harmless(cell) if isinstance(cell, str) else format_decimal(cell)


def _in_cp932(text: str) -> str:
    return "".join(one if _has(one) else GETA for one in plain(text).translate(_IN_CP932))


def _has(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
