"""Text as people type it: what is let in, and the forms in which it is shown, compared and searched."""

import re
import unicodedata

from procure.values.unreadable import Unreadable

_REFUSED = re.compile(
    "["
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls: show a text other than the one stored
    "\u200b-\u200d\u2060\ufeff"  # zero width: two names that look alike
    "\u2028\u2029"  # line and paragraph separators
    "\U000e0000-\U000e007f"  # tags
    "]"
)
_REFUSED_CATEGORIES = {"Cc", "Cs", "Cn"}  # control characters, lone surrogates, unassigned
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MOST_MARKS = 3
_FOLDED = str.maketrans("條曾ヶヵ", "条曽ケカ")
_FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def clean(text: str, *, lines: bool = False) -> str:
    """The text to store: NFC and without surrounding blanks; tabs and line ends only in a text of several `lines`.

    Variation selectors stay: they carry the official form of a name. Unreadable names the first character refused.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n") if lines else text).strip()
    for character in text:
        if not (lines and character in "\n\t") and is_refused(character):
            raise Unreadable(f"使えない文字（U+{ord(character):04X}）が含まれています。その文字を消してください。")
    if _has_stacked_marks(text):
        raise Unreadable("結合文字が続きすぎています。余分な記号を消してください。")
    return text


def is_refused(character: str) -> bool:
    """Whether the character may not stand in any text."""
    return unicodedata.category(character) in _REFUSED_CATEGORIES or _REFUSED.match(character) is not None


def has_private_use(text: str) -> bool:
    """Whether it holds 外字 (private use), which other machines show differently: worth a warning."""
    return any(unicodedata.category(character) == "Co" for character in text)


def plain(text: str) -> str:
    """Without variation selectors: for files, sorting and comparison."""
    return _SELECTORS.sub("", text)


def search_key(text: str) -> str:
    """The form in which texts are compared: width, case, variants of a kanji and ヶ/ケ make no difference."""
    return unicodedata.normalize("NFKC", plain(text)).casefold().translate(_FOLDED)


def fullwidth(text: str) -> str:
    """ASCII digits, points and commas in full width, as 事業報告 writes them."""
    return text.translate(_FULL_WIDTH)


def _has_stacked_marks(text: str) -> bool:
    run = 0
    for character in plain(text):
        run = run + 1 if unicodedata.category(character).startswith("M") else 0
        if run > _MOST_MARKS:
            return True
    return False
