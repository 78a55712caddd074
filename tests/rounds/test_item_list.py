"""Excel lists of items: whatever their order, they are read into the lot, or every fault is told by its cell."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.rounds.item_list import HEADINGS, MOST_ITEMS, ItemList, read_list, typed_list
from procure.settlement.round import ContractKind, Item, Lot, Rules
from procure.spreadsheets.reading import Cell, Formula, Sheet, SheetRow, Value
from procure.values.unreadable import Unreadable

PC = Item("pc", "ノートパソコン", "15.6型", "台", 198_000, "Ａ社カタログ 令和8年4月")
MONITOR = Item("monitor", "液晶ディスプレイ", "24型", "台", None)
LOT = Lot("pc", "パソコン", ContractKind.PURCHASE, Rules(), (PC, MONITOR))
ROWS: list[list[Value]] = [
    ["pc", "ノートパソコン", "15.6型", "台", Decimal(198000), "Ａ社カタログ 令和8年4月"],
    ["monitor", "液晶ディスプレイ", "24型", "台", None, None],
]


def sheet(*rows: list[Value], first: int = 1) -> Sheet:
    return tuple(
        SheetRow(number, tuple(Cell(number, column, value) for column, value in enumerate(row, start=1)))
        for number, row in enumerate(rows, start=first)
    )


def listed(*rows: list[Value], lot: Lot = LOT) -> ItemList:
    return read_list(typed_list([sheet(list(HEADINGS.values()), *rows)]), lot)


def messages(read: ItemList) -> list[str]:
    return [fault.message for fault in read.faults]


def test_the_list_of_what_the_lot_has_changes_nothing() -> None:
    read = listed(*ROWS)
    assert (read.items, read.faults, read.added, read.changed, read.untouched) == (LOT.items, (), (), (), ())
    assert [line.item for line in read.unchanged] == [PC, MONITOR]


def test_items_are_added_changed_and_left_alone() -> None:
    read = listed(
        ["pc", "ノートパソコン", "14型", "台", "１９８，０００円", "Ｂ社"],
        ["dock", "拡張台", "", "個", "オープン価格", ""],
    )
    dock = Item("dock", "拡張台", "", "個", None)
    assert read.items == (replace(PC, specification="14型", list_price_source="Ｂ社"), MONITOR, dock)
    assert [line.item.id for line in read.added] == ["dock"]
    assert [line.before for line in read.changed] == [PC]
    assert read.untouched == (MONITOR,)
    assert read.faults == ()


@given(st.permutations(ROWS), st.permutations(list(enumerate(HEADINGS.values()))))
def test_the_order_of_rows_and_columns_makes_no_difference(
    rows: list[list[Value]], columns: list[tuple[int, str]]
) -> None:
    heads: list[Value] = [head for _, head in columns]
    moved = sheet(heads, *([row[place] for place, _ in columns] for row in rows))
    read = read_list(typed_list([moved]), LOT)
    assert (read.items, read.faults) == (LOT.items, ())


def test_the_headings_may_stand_below_a_title_on_another_sheet_and_be_written_otherwise() -> None:
    heads: list[Value] = ["No.", "品名※必須", "単位", "定価(税抜・円)"]
    table = sheet(["品目の一覧"], [], heads, [Decimal(1), "延長ケーブル", "本", Decimal("1200.5")], first=4)
    read = read_list(typed_list([sheet(["表紙"]), table]), replace(LOT, items=()))
    assert [(item.id, item.name, item.list_price) for item in read.items] == [
        ("pc-01", "延長ケーブル", Decimal("1200.5"))
    ]
    assert read.listed[0].row == 7


def test_a_row_without_a_code_is_the_item_of_its_name_or_a_new_one() -> None:
    read = listed(["", "ﾉｰﾄパソコン", "", "台", "", ""], ["", "新しい品目", "", "台", "", ""])
    assert [line.item.id for line in read.listed] == ["pc", "pc-01"]


def test_two_rows_of_one_name_without_codes_are_two_new_items() -> None:
    read = listed(["", "ノートパソコン", "A", "台", "", ""], ["", "ノートパソコン", "B", "台", "", ""])
    assert [line.before for line in read.listed] == [None, None]
    assert len(read.items) == 4


def test_a_column_that_the_list_does_not_have_stays_as_it_is() -> None:
    read = read_list(typed_list([sheet(["品名", "単位"], ["ノートパソコン", "式"])]), LOT)
    assert read.items[0] == replace(PC, unit="式")


def test_every_fault_is_told_at_once_by_its_cell() -> None:
    read = listed(
        ["pc", "", "", "台", Formula(), ""],
        ["品 目", "名前", "", "", Decimal(-1), ""],
        ["pc", "名前\u202e", date(2026, 4, 1), "台", "十万", ""],
    )
    found = messages(read)
    cells = list(dict.fromkeys(message.split("：")[0] for message in found))
    assert cells == ["A2", "B2", "E2", "A3", "D3", "E3", "A4", "B4", "C4", "E4"]
    assert any("数式" in message for message in found)
    assert all(fault.field == "file" for fault in read.faults)


def test_a_list_without_rows_or_headings_is_refused_by_name() -> None:
    assert "品目の行がありません" in messages(listed())[0]
    with pytest.raises(Unreadable, match="「品名」「単位」"):
        typed_list([sheet(["数量", "単位"])])


def test_a_lot_has_an_end() -> None:
    rows: list[list[Value]] = [["", f"品目{number}", "", "台", "", ""] for number in range(MOST_ITEMS - 1)]
    assert any(f"{MOST_ITEMS}件まで" in message for message in messages(listed(*rows)))
    assert messages(listed(*rows[1:])) == []
