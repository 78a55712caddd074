"""入札内訳書 as a spreadsheet: which cell holds which price, and reading one that a bidder filled in. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procure.bids.rules import asked_quantities
from procure.errors import Fault
from procure.settlement.round import Item, Lot
from procure.spreadsheets.reading import Sheet, SheetRow, read_workbook
from procure.values.text import clean
from procure.values.unreadable import Unreadable

FORMAT = "procure-breakdown/1"
BREAKDOWN, META = "入札内訳書", "_meta"

# Columns, from 1. The key stands in a hidden column and goes along when rows are sorted.
KEY, NUMBER, NAME, SPECIFICATION, UNIT, QUANTITY, PRICE, AMOUNT, LIST_PRICE, NOTE = range(1, 11)

NOT_OURS = "このサービスの入札内訳書ではありません。様式をダウンロードし直して記入されたものを選んでください。"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The unit prices as they stand in the file, by the id of the item, not read yet; `faults` name the cells."""

    typed: Mapping[str, str]
    faults: tuple[Fault, ...]


def asked_items(lot: Lot) -> tuple[tuple[Item, int], ...]:
    """What a breakdown has to price, with its quantity."""
    quantities = asked_quantities(lot)
    return tuple((item, quantities[item.id]) for item in lot.items if item.id in quantities)


def opened_breakdown(content: bytes) -> Mapping[str, Sheet]:
    """Opens a file, without a database. Raises Unreadable for what is no breakdown of this service."""
    sheets = read_workbook(content, {BREAKDOWN, META})
    if BREAKDOWN not in sheets or META not in sheets:
        raise Unreadable(NOT_OURS)
    return sheets


def read_breakdown(sheets: Mapping[str, Sheet], round_ref: str, lot: Lot) -> Breakdown:
    """Raises Unreadable for a breakdown of another lot."""
    _require_of(sheets, round_ref, lot)
    return _prices(lot, sheets[BREAKDOWN])


def _require_of(sheets: Mapping[str, Sheet], round_ref: str, lot: Lot) -> None:
    said = {_plain(row, 1): _plain(row, 2) for row in sheets[META]}
    if said.get("format") != FORMAT:
        raise Unreadable(NOT_OURS)
    if (said.get("round"), said.get("lot")) != (round_ref, lot.id):
        raise Unreadable(f"別の案件かロットの入札内訳書です。「{lot.title}」の様式に記入されたものを選んでください。")


def _prices(lot: Lot, sheet: Sheet) -> Breakdown:
    keys = Counter(_plain(row, KEY) for row in sheet)
    rows = {_plain(row, KEY): row for row in sheet}
    typed: dict[str, str] = {}
    faults: list[Fault] = []
    for item, _ in asked_items(lot):
        try:
            typed[item.id] = _price(item, keys[key_of(item)], rows.get(key_of(item)))
        except Unreadable as unreadable:
            faults.append(Fault(_address(rows.get(key_of(item))), unreadable.message))
    return Breakdown(typed, (*faults, *_strangers(lot, rows)))


def _price(item: Item, times: int, row: SheetRow | None) -> str:
    if row is None or times != 1:
        what = "重複しています" if times else "ありません"
        raise Unreadable(f"「{item.name}」の行が{what}。行を足したり消したりせずに記入されたものを選んでください。")
    try:
        return row.at(PRICE).text.strip()
    except Unreadable as unreadable:
        raise Unreadable(f"セル {_address(row)}「{item.name}」の単価：{unreadable.message}") from None


def _strangers(lot: Lot, rows: Mapping[str, SheetRow]) -> Iterator[Fault]:
    known = {key_of(item) for item, _ in asked_items(lot)}
    for key, row in rows.items():
        if key.startswith("item-") and key not in known:
            yield Fault(
                _address(row), f"{row.number}行目の品目は、このロットにありません。様式の行だけで記入してください。"
            )


def key_of(item: Item) -> str:
    return f"item-{item.id}"


def _address(row: SheetRow | None) -> str:
    return "" if row is None else row.at(PRICE).address


def _plain(row: SheetRow, column: int) -> str:
    """The text of a cell that people do not fill in; "" for what is no text."""
    try:
        return clean(row.at(column).text)
    except Unreadable:
        return ""
