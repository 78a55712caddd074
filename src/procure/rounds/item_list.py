"""Items of a lot from an Excel list: its rows read into items, with every fault by its cell. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from procure.errors import Fault
from procure.rounds.rules import lot_faults
from procure.settlement.round import Item, Lot
from procure.spreadsheets.reading import Sheet, SheetRow
from procure.values.money import Yen
from procure.values.quantity import parse_yen
from procure.values.text import clean, search_key
from procure.values.unreadable import Unreadable

MOST_ITEMS = 300  # in a lot
SEN = 2  # decimals of an amount: 銭
HEADINGS = {
    "ref": "品目コード",
    "name": "品名",
    "specification": "規格",
    "unit": "単位",
    "list_price": "定価（税抜）",
    "list_price_source": "定価の出典",
}
NEEDED = ("name", "unit")
FIELD = "file"

_OPEN_PRICE = re.compile(r"オープン(?:価格|プライス)?")
_LINE_END = re.compile(r"\s*\r?\n\s*")
_AROUND_HEADING = re.compile(r"[\s・、※*]|円|必須|任意")
_ADDRESS = re.compile(r"([A-Z]*)([0-9]+)(?:行目)?：")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row of the list: its number in the sheet, and its texts by column."""

    number: int
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TypedList:
    """The list as it was typed. `columns` are the letters of the columns it has; `faults` what cannot even be text."""

    columns: Mapping[str, str]
    rows: tuple[TypedRow, ...]
    faults: tuple[Fault, ...] = ()

    def fault(self, row: TypedRow, part: str, message: str) -> Fault:
        """At its cell, or at its row where the list has no such column."""
        place = f"{self.columns[part]}{row.number}" if part in self.columns else f"{row.number}行目"
        return Fault(FIELD, f"{place}：{message}")


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item of the list beside the one that the lot has; `before` is None where it is new."""

    row: int
    item: Item
    before: Item | None

    @property
    def is_changed(self) -> bool:
        return self.before is not None and self.before != self.item


@dataclass(frozen=True, slots=True)
class ItemList:
    """What the list makes of a lot: its items as they will be, those of the list, and those it does not name."""

    items: tuple[Item, ...]
    listed: tuple[ListedItem, ...]
    untouched: tuple[Item, ...]
    faults: tuple[Fault, ...]

    @property
    def added(self) -> tuple[ListedItem, ...]:
        return tuple(line for line in self.listed if line.before is None)

    @property
    def changed(self) -> tuple[ListedItem, ...]:
        return tuple(line for line in self.listed if line.is_changed)

    @property
    def unchanged(self) -> tuple[ListedItem, ...]:
        return tuple(line for line in self.listed if line.before == line.item)


# ---- texts of an item --------------------------------------------------------------------------------


def parse_list_price(typed: str) -> Yen | None:
    """定価 in yen; None for an empty field and for オープン価格, which mean the same."""
    return None if _OPEN_PRICE.fullmatch(typed.strip()) else parse_yen(typed, SEN)


def one_line(typed: str) -> str:
    """One paragraph: a line end that was typed or pasted becomes a blank."""
    return clean(_LINE_END.sub(" ", typed.strip()))


def free_code(lot: str, used: set[str]) -> str:
    """The next code nobody uses, for an item to which none was given, and from now on used: pc-01, pc-02, …"""
    number = next(number for number in range(1, len(used) + 2) if f"{lot}-{number:02}" not in used)
    code = f"{lot}-{number:02}"
    used.add(code)
    return code


# ---- from sheets to a list ---------------------------------------------------------------------------


def typed_list(sheets: Iterable[Sheet]) -> TypedList:
    """The rows under the headings, in the first sheet that has them; raises Unreadable where none has."""
    for sheet in sheets:
        for index, row in enumerate(sheet):
            columns = _columns(row)
            if set(NEEDED) <= columns.keys():
                return _typed(columns, sheet[index + 1 :], row)
    needed = "」「".join(HEADINGS[part] for part in NEEDED)
    raise Unreadable(f"見出しの行が見つかりません。「{needed}」の見出しがある一覧を選んでください。")


def _columns(row: SheetRow) -> dict[str, int]:
    """The columns of a row of headings, by what they are; the first of several that say the same."""
    known = {_heading(text): part for part, text in HEADINGS.items()}
    known |= {_heading("定価"): "list_price", _heading("コード"): "ref", _heading("仕様"): "specification"}
    found: dict[str, int] = {}
    for cell in row.cells:
        part = known.get(_heading(cell.value)) if isinstance(cell.value, str) else None
        if part:
            found.setdefault(part, cell.column)
    return found


def _heading(text: str) -> str:
    return _AROUND_HEADING.sub("", search_key(text))


def _typed(columns: Mapping[str, int], rows: Iterable[SheetRow], heading: SheetRow) -> TypedList:
    letters = {part: heading.at(column).address.rstrip("0123456789") for part, column in columns.items()}
    typed: list[TypedRow] = []
    faults: list[Fault] = []
    for row in rows:
        if all(row.at(column).is_empty for column in columns.values()):
            continue
        typed.append(TypedRow(row.number, {part: _text(row, column, faults) for part, column in columns.items()}))
    if not typed:
        faults.append(Fault(FIELD, "品目の行がありません。見出しの下に品目を入力してください。"))
    return TypedList(letters, tuple(typed), tuple(faults))


def _text(row: SheetRow, column: int, faults: list[Fault]) -> str:
    cell = row.at(column)
    try:
        return cell.text
    except Unreadable as unreadable:
        faults.append(Fault(FIELD, f"{cell.address}：{unreadable.message}"))
        return ""


# ---- from a list to items ----------------------------------------------------------------------------


def read_list(typed: TypedList, lot: Lot) -> ItemList:
    """Matches rows and items by code, and a row without a code by its name; never takes an item out.

    A column that the list does not have stays as it is.
    """
    reader = _Reader(typed, lot)
    listed = tuple(reader.item(row) for row in typed.rows)
    by_ref = {line.before.id: line.item for line in listed if line.before}
    new = tuple(line.item for line in listed if line.before is None)
    items = (*(by_ref.get(item.id, item) for item in lot.items), *new)
    untouched = tuple(item for item in lot.items if item.id not in by_ref)
    faults = (*typed.faults, *reader.faults, *_rule_faults(typed, lot, listed, len(items)))
    return ItemList(items, listed, untouched, tuple(sorted(dict.fromkeys(faults), key=_place)))


def _place(fault: Fault) -> tuple[int, str]:
    """Row by row, as one reads; first what is about the whole list."""
    found = _ADDRESS.match(fault.message)
    return (int(found[2]), found[1]) if found else (0, "")


def _rule_faults(typed: TypedList, lot: Lot, listed: tuple[ListedItem, ...], items: int) -> Iterator[Fault]:
    """What the rules say of the items of the list, at the cells where they stand."""
    for fault in lot_faults(replace(lot, items=tuple(line.item for line in listed))):
        found = re.fullmatch(r"item-([0-9]+)-(.+)", fault.field)
        if found:
            yield typed.fault(typed.rows[int(found[1])], found[2], fault.message)
    if items > MOST_ITEMS:
        yield Fault(FIELD, f"品目は1つのロットに{MOST_ITEMS}件までです（この一覧を取り込むと{items}件になります）。")


class _Reader:
    """Collects the faults of one list while its rows are read."""

    def __init__(self, typed: TypedList, lot: Lot) -> None:
        self._typed = typed
        self._lot = lot
        self.faults: list[Fault] = []
        self._by_ref = {item.id: item for item in lot.items}
        given = {row.texts.get("ref", "").strip() for row in typed.rows}
        self._used = given | self._by_ref.keys()
        rows = Counter(search_key(row.texts["name"].strip()) for row in typed.rows)
        names = Counter(search_key(item.name) for item in lot.items)
        self._by_name = {
            name: item
            for item in lot.items
            if item.id not in given and names[name := search_key(item.name)] == 1 and rows[name] == 1
        }

    def item(self, row: TypedRow) -> ListedItem:
        name, ref = self._value(row, "name", one_line) or "", self._value(row, "ref", clean) or ""
        before = self._by_ref.get(ref) if ref else self._by_name.get(search_key(name))
        code = before.id if before else ref or free_code(self._lot.id, self._used)
        was = before or Item(code, "", "", "", None)
        item = Item(
            id=code,
            name=name,
            specification=self._or("specification", row, one_line, was.specification) or "",
            unit=self._value(row, "unit", one_line) or "",
            list_price=self._or("list_price", row, parse_list_price, was.list_price),
            list_price_source=self._or("list_price_source", row, one_line, was.list_price_source) or None,
        )
        return ListedItem(row.number, item, before)

    def _or(self, part: str, row: TypedRow, parse: Callable[[str], T], was: T) -> T | None:
        return self._value(row, part, parse) if part in row.texts else was

    def _value(self, row: TypedRow, part: str, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(row.texts.get(part, ""))
        except Unreadable as unreadable:
            self.faults.append(self._typed.fault(row, part, unreadable.message))
            return None
