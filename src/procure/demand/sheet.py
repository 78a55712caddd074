"""The 調査票 as a spreadsheet: which cell holds which field, and reading one that came back. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from procure.demand.answer import (
    NO,
    YES,
    AskedLot,
    lot_field,
    paid_field,
    quantity_field,
    read_answer,
    spares_field,
)
from procure.demand.states import Acquisition
from procure.errors import Fault
from procure.spreadsheets.reading import Cell, Sheet, SheetRow
from procure.values.era import parse_month, wareki_year
from procure.values.money import Yen, format_decimal
from procure.values.quantity import parse_quantity, parse_yen
from procure.values.text import search_key
from procure.values.unreadable import Unreadable

FORMAT = "procure-survey/1"
FORMATS = "procure-survey/"
SURVEY, META = "調査票", "_meta"

# Columns, from 1. The key stands in a hidden column and goes along when rows are sorted.
KEY, CODE, NAME, ANSWER, UNIT, LIST_PRICE, LAST, MAIN, SPARES, SUM, PAID, AMOUNT = range(1, 13)
LOT_LABELS = {
    "join": "参加の有無",
    "mode": "購入・賃貸借の別",
    "month": "希望納期（年月）",
    "places": "納入場所",
    "budget": "予算額（税込・円）",
    "remarks": "備考",
}
CHOICES = {
    "join": {YES: "参加する", NO: "今回は参加しない"},
    "mode": {way.value: way.label for way in Acquisition},
}

DOWNLOAD_AGAIN = "調査票をダウンロードし直して記入してください。"
NOT_OURS = f"このサービスの調査票ではありません。{DOWNLOAD_AGAIN}"
OTHER_FORMAT = f"調査票の様式が変わっています。{DOWNLOAD_AGAIN}"


@dataclass(frozen=True, slots=True)
class SheetItem:
    """An item as the sheet shows it. `list_price` is tax-exclusive yen, None オープン価格; `last` is 前回."""

    id: int
    ref: str
    name: str
    specification: str
    unit: str
    list_price: Yen | None
    last: int | None

    @property
    def key(self) -> str:
        return f"item-{self.id}"


@dataclass(frozen=True, slots=True)
class SheetLot:
    id: int
    ref: str
    title: str
    items: tuple[SheetItem, ...]
    either: bool = False

    @property
    def asked(self) -> AskedLot:
        return AskedLot(self.id, self.title, self.items, self.either)

    @property
    def questions(self) -> tuple[str, ...]:
        """What is asked once for the lot, in the order of its rows."""
        return tuple(what for what in LOT_LABELS if what != "mode" or self.either)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the hidden sheet says: for which round and body it was made, and from which version of the answer."""

    round_ref: str
    body_code: str
    version: int


@dataclass(frozen=True, slots=True)
class Unread:
    """What was typed and cannot be read."""

    text: str


@dataclass(frozen=True, slots=True)
class SheetField:
    """A cell to fill in: its field, the row's key, its column, and how it is read and shown."""

    name: str
    key: str
    column: int
    label: str
    parse: Callable[[str], object]
    show: Callable[[object], str]

    def value(self, typed: str) -> object:
        """Equal for two ways of writing the same; None where nothing is typed, or 0."""
        try:
            return self.parse(typed) or None
        except Unreadable:
            return Unread(typed)

    def shown(self, typed: str) -> str:
        """As people read it: 1,200, 参加する, 令和9年2月; "" where nothing is typed."""
        value = self.value(typed)
        if isinstance(value, Unread):
            return value.text
        return "" if value is None else self.show(value)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read by field, the address of each field's cell, and every fault with the address it stands at."""

    typed: Mapping[str, str]
    cells: Mapping[str, str]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the sheet would change; `cell` is its address in the sheet."""

    field: str
    cell: str
    label: str
    before: str
    after: str


# ---- the cells to fill in ----------------------------------------------------------------------------


def sheet_fields(lots: Sequence[SheetLot]) -> tuple[SheetField, ...]:
    return tuple(field for lot in lots for field in (*_lot_fields(lot), *_item_fields(lot)))


def _lot_fields(lot: SheetLot) -> Iterator[SheetField]:
    for what in lot.questions:
        name = lot_field(what, lot.id)
        parse, show = _LOT_FORMS[what]
        yield SheetField(name, name, ANSWER, f"{lot.title}の{LOT_LABELS[what]}", parse, show)


def _item_fields(lot: SheetLot) -> Iterator[SheetField]:
    for item in lot.items:

        def count(text: str, unit: str = item.unit) -> int | None:
            return parse_quantity(text, unit)

        yield SheetField(quantity_field(item.id), item.key, MAIN, f"{item.name}（本体）", count, _number)
        yield SheetField(spares_field(item.id), item.key, SPARES, f"{item.name}（予備）", count, _number)
        yield SheetField(paid_field(item.id), item.key, PAID, f"{item.name}（前回単価）", _price, _number)


def _price(text: str) -> Yen | None:
    return parse_yen(text, 2)


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else format_decimal(value)  # type: ignore[arg-type]


def _month(value: object) -> str:
    first = date.fromisoformat(f"{value}-01")
    return f"{wareki_year(first)}{first.month}月"


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _chosen(what: str) -> Callable[[object], str]:
    return lambda value: CHOICES[what].get(str(value), str(value))


_LOT_FORMS: dict[str, tuple[Callable[[str], object], Callable[[object], str]]] = {
    "join": (str, _chosen("join")),
    "mode": (str, _chosen("mode")),
    "month": (parse_month, _month),
    "places": (_text, str),
    "budget": (parse_yen, _number),
    "remarks": (_text, str),
}


# ---- reading -----------------------------------------------------------------------------------------


def stamp_of(sheets: Mapping[str, Sheet]) -> Stamp:
    """Raises Unreadable where it is not a 調査票 of this service."""
    if SURVEY not in sheets or META not in sheets:
        raise Unreadable(NOT_OURS)
    said = {_plain(row.at(1)): _plain(row.at(2)) for row in sheets[META]}
    if not said.get("format", "").startswith(FORMATS):
        raise Unreadable(NOT_OURS)
    if said["format"] != FORMAT:
        raise Unreadable(OTHER_FORMAT)
    version = said.get("version", "")
    known = version.isascii() and version.isdigit() and len(version) < 19
    return Stamp(said.get("round", ""), said.get("body", ""), int(version) if known else -1)


def read_sheet(lots: Sequence[SheetLot], sheet: Sheet) -> Reading:
    """Reads the rows by their keys, in whatever order they stand.

    Every row of the survey must be there once, and no other: an item whose row is gone could mean that nothing is
    wanted of it or that it was forgotten. Cells are looked at only where the rows are right.
    """
    rows, faults = _rows_by_key(lots, sheet)
    if faults:
        return Reading({}, {}, faults)
    found = {field.name: rows[field.key].at(field.column) for field in sheet_fields(lots)}
    cells = {name: cell.address for name, cell in found.items()}
    typed, unread = _typed(lots, found)
    answer = read_answer([lot.asked for lot in lots], typed)
    wrong = (Fault(cells.get(fault.field, ""), fault.message) for fault in answer.faults)
    order = {address: place for place, address in enumerate(cells.values())}
    return Reading(typed, cells, tuple(sorted((*unread, *wrong), key=lambda fault: order.get(fault.field, -1))))


def differences(
    lots: Sequence[SheetLot], before: Mapping[str, str], after: Mapping[str, str], cells: Mapping[str, str]
) -> tuple[Difference, ...]:
    """What the sheet would change; two ways of writing the same value are no difference."""
    return tuple(
        Difference(field.name, cells.get(field.name, ""), field.label, field.shown(old), field.shown(new))
        for field in sheet_fields(lots)
        for old, new in [(before.get(field.name, ""), after.get(field.name, ""))]
        if field.value(old) != field.value(new)
    )


def _typed(lots: Sequence[SheetLot], found: Mapping[str, Cell]) -> tuple[dict[str, str], tuple[Fault, ...]]:
    typed: dict[str, str] = {}
    faults: list[Fault] = []
    for field in sheet_fields(lots):
        cell = found[field.name]
        try:
            typed[field.name] = _as_typed(field, cell)
        except Unreadable as unreadable:
            faults.append(Fault(cell.address, f"「{field.label}」：{unreadable.message}"))
    return typed, tuple(faults)


def _as_typed(field: SheetField, cell: Cell) -> str:
    what = field.name.partition("-")[0]
    if what in CHOICES:
        return _choice(CHOICES[what], cell.text)
    return cell.month if what == "month" else cell.text


def _choice(words: Mapping[str, str], text: str) -> str:
    if not text.strip():
        return ""
    for value, word in words.items():
        if search_key(word) == search_key(text.strip()):
            return value
    raise Unreadable(f"{'か'.join(f'「{word}」' for word in words.values())}を選んでください。")


# ---- rows --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A row that must be there. Its visible code and name must go with its key, or only some columns were sorted."""

    title: str
    code: str
    name: str | None

    def is_at(self, row: SheetRow) -> bool:
        named = self.name is None or search_key(_plain(row.at(NAME))) == search_key(self.name)
        return named and _plain(row.at(CODE)) == self.code


def _wanted(lots: Sequence[SheetLot]) -> dict[str, _Wanted]:
    rows: dict[str, _Wanted] = {}
    for lot in lots:
        for what in lot.questions:
            label = LOT_LABELS[what]
            rows[lot_field(what, lot.id)] = _Wanted(f"{lot.title}の{label}", lot.ref, label)
        rows |= {item.key: _Wanted(item.name, item.ref, None) for item in lot.items}
    return rows


def _rows_by_key(lots: Sequence[SheetLot], sheet: Sheet) -> tuple[dict[str, SheetRow], tuple[Fault, ...]]:
    wanted = _wanted(lots)
    keyed = [(key, row) for row in sheet if (key := _plain(row.at(KEY)))]
    times = Counter(key for key, _ in keyed)
    faults = [fault for key, row in keyed for fault in _row_faults(wanted.get(key), row, times[key])]
    missing = [
        Fault("", f"「{row.title}」の行がありません。{DOWNLOAD_AGAIN}")
        for key, row in wanted.items()
        if key not in times
    ]
    return dict(keyed), (*faults, *missing)


def _row_faults(wanted: _Wanted | None, row: SheetRow, times: int) -> Iterator[Fault]:
    address = row.at(CODE).address
    if wanted is None:
        named = _plain(row.at(NAME)) or _plain(row.at(CODE))
        yield Fault(address, f"「{named}」は、この調査にない品目です。{DOWNLOAD_AGAIN}")
    elif times > 1:
        yield Fault(address, f"「{wanted.title}」の行が{times}つあります。1つだけ残してください。")
    elif not wanted.is_at(row):
        message = f"「{wanted.title}」の行の列が、別の行のものと入れ替わっています。"
        yield Fault(address, f"{message}並べ替えは行全体で行うか、{DOWNLOAD_AGAIN}")


def _plain(cell: Cell) -> str:
    """The text of a cell that is not filled in; "" where it holds no text."""
    try:
        return cell.text.strip()
    except Unreadable:
        return ""
