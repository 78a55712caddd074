"""The cells of the 調査票: how each kind of them looks, and what the yellow ones let in."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from procure.demand.sheet import CHOICES
from procure.values.quantity import MOST_QUANTITY, MOST_YEN

FONT = "BIZ UDPゴシック"
YELLOW, PALE, RULE = "#fff9d6", "#eff3f7", "#8a949e"


class FormWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose number cells switch the Japanese input method off, which XlsxWriter has no option for."""

    def _xml_start_tag(self, tag: str, attributes: Sequence[tuple[str, object]] = ()) -> None:
        pairs = list(attributes)
        if tag == "dataValidation" and dict(pairs).get("type") in ("whole", "decimal"):
            pairs.insert(1, ("imeMode", "off"))
        super()._xml_start_tag(tag, pairs)


def validation(what: str, kind: str) -> dict[str, object]:
    """What a cell lets in, as XlsxWriter takes it: `what` is the field, `kind` that of its value."""
    if what in CHOICES:
        words = list(CHOICES[what].values())
        return {"validate": "list", "source": words, "error_title": "選択", "error_message": "一覧から選んでください。"}
    if kind == "quantity":
        return _between("integer", MOST_QUANTITY, f"0以上{MOST_QUANTITY:,}以下の整数を記入してください。")
    if kind == "yen":
        return _between("integer", MOST_YEN, "円単位の整数（税込）を記入してください。")
    if kind == "price":
        return _between("decimal", MOST_YEN, "税抜の単価を記入してください。")
    prompt = (
        "年と月を記入してください（例：令和9年2月、2027-02）。"
        if what == "month"
        else "自由に記入してください（2,000字以内）。"
    )
    return {"validate": "any", "input_title": "記入欄", "input_message": prompt}


def _between(kind: str, most: int, message: str) -> dict[str, object]:
    return {
        "validate": kind,
        "criteria": "between",
        "minimum": 0,
        "maximum": most,
        "error_title": "数字の記入",
        "error_message": message,
    }


_BOX = {"border": 1, "border_color": RULE, "valign": "vcenter"}
_CELL = {**_BOX, "text_wrap": True}
_FILLED = {**_BOX, "bg_color": YELLOW, "locked": False}
_TOTAL = {**_BOX, "bold": True, "bg_color": PALE}
_WHOLE, _FINE = "#,##0", "#,##0.00"
STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "bold": {"bold": True},
    "plain": {},
    "head": {**_CELL, "bold": True, "align": "center", "bg_color": PALE},
    "band": {**_BOX, "bold": True, "bg_color": "#d9e6f2"},
    "cell": _CELL,
    "right": {**_CELL, "align": "right"},
    "number": {**_BOX, "num_format": _WHOLE},
    "number_fine": {**_BOX, "num_format": _FINE},
    "sum": {**_BOX, "num_format": _WHOLE, "bg_color": PALE},
    "sum_fine": {**_BOX, "num_format": _FINE, "bg_color": PALE},
    "total": {**_TOTAL, "num_format": _WHOLE},
    "total_fine": {**_TOTAL, "num_format": _FINE},
    "yellow_quantity": {**_FILLED, "num_format": _WHOLE},
    "yellow_price": _FILLED,
    "yellow_yen": {**_FILLED, "num_format": _WHOLE, "align": "left"},
    "yellow_text": {**_FILLED, "num_format": "@", "text_wrap": True},
}
