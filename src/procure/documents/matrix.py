"""入札比較.xlsx: unit prices, amounts and ratios to list price by bidder and item, live, for each attempt."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from procure.documents.workbook import Cell, Column, Lowest, Workbook, column_name
from procure.reports.matrix import Matrix, MatrixBid, MatrixItem
from procure.reports.report import RoundReport
from procure.settlement.labels import attempt_label
from procure.templates import prose, yen
from procure.values.era import wareki_time
from procure.values.text import fullwidth

FIRST = 2  # the row under the heading
ABOUT_COLUMNS = (Column("事項", 18), Column("内容", 100))
ITEM_COLUMNS = (
    Column("品目番号", 10),
    Column("品目", 28),
    Column("仕様", 34),
    Column("単位", 6),
    Column("数量", 9),
    Column("定価（税抜・円）", 13),
)
BIDS = len(ITEM_COLUMNS) + 1  # the column of the first bidder, the same in every sheet
QUANTITY, LISTED = "E", "F"
NOTES = (
    ("金額", "単価、金額及び入札金額は、すべて税抜・円。金額は単価×数量。"),
    ("最低", "◎は、有効な入札のうち最低の単価及び入札金額。無効又は失格の入札は比較に入れない。"),
    ("定価比", "単価÷定価×100（小数第１位まで）。入札金額は、すべての品目に定価があるときに限る。"),
    ("割合", "入札書比較価格に対する割合は、入札金額÷入札書比較価格×100（小数第２位まで）。"),
    ("—", "分からないもの。「内訳書なし」は、入札金額だけが記録された入札。"),
)


def matrix_xlsx(report: RoundReport, attempts: Sequence[Matrix], made_at: datetime) -> bytes:
    """Sheets for every attempt given. They hold bids and the ceiling: not for the public."""
    title = attempts[0].title if attempts else ""
    book = Workbook(f"{report.title}　{title}　入札の比較", report.council, made_at)
    for matrix in attempts:
        _add(book, matrix)
    book.add_sheet("説明", ABOUT_COLUMNS, [[Cell(label), Cell(text)] for label, text in _about(report, attempts)])
    return book.content()


def _add(book: Workbook, matrix: Matrix) -> None:
    prices, amounts, ratios = (sheet_name(matrix, kind) for kind in ("単価", "金額", "定価比"))
    own = [Column(_heading(column), 18) for column in matrix.bids]
    listed = (*ITEM_COLUMNS[:-1], Column("定価額（税抜・円）", 15))
    book.add_sheet(
        prices, (*ITEM_COLUMNS, *own, Column("最低単価（税抜・円）", 13)), _prices(matrix), _marks(matrix), frozen=2
    )
    book.add_sheet(amounts, (*listed, *own), _amounts(matrix, prices), _total_mark(matrix), frozen=2)
    book.add_sheet(ratios, (*ITEM_COLUMNS, *own), _ratios(matrix, prices), frozen=2)


def sheet_name(matrix: Matrix, kind: str) -> str:
    return f"第{fullwidth(str(matrix.number))}回_{kind}"


def _heading(column: MatrixBid) -> str:
    return f"{column.bid.name}（{column.gap or column.bid.status_label}）"


def _described(item: MatrixItem) -> list[Cell]:
    return [Cell(item.id), Cell(item.name), Cell(item.specification), Cell(item.unit), Cell(item.quantity)]


def _letters(matrix: Matrix) -> list[str]:
    return [column_name(BIDS + place) for place in range(len(matrix.bids))]


def _valid(matrix: Matrix, row: int) -> str:
    """The cells of the valid bids in a row: they stand first."""
    return f"${column_name(BIDS)}{row}:${column_name(BIDS + matrix.valid - 1)}{row}"


# ---- unit prices -------------------------------------------------------------------------------------


def _prices(matrix: Matrix) -> list[list[Cell]]:
    return [_price_row(matrix, item, row) for row, item in enumerate(matrix.items, FIRST)]


def _price_row(matrix: Matrix, item: MatrixItem, row: int) -> list[Cell]:
    places = matrix.places
    offered = [Cell(price.unit_price, places=places) for price in item.prices]
    lowest = Cell(item.lowest, f"=MIN({_valid(matrix, row)})", places)
    return [*_described(item), Cell(item.list_price, places=places), *offered, lowest]


def _marks(matrix: Matrix) -> tuple[Lowest, ...]:
    if not matrix.valid or not matrix.items:
        return ()
    last = FIRST + len(matrix.items) - 1
    return (Lowest(FIRST, last, BIDS, BIDS + matrix.valid - 1, matrix.places),)


# ---- amounts, and what they come to ------------------------------------------------------------------


def _amounts(matrix: Matrix, prices: str) -> list[list[Cell]]:
    rows = [_amount_row(matrix, item, row, prices) for row, item in enumerate(matrix.items, FIRST)]
    return [*rows, *_closing(matrix, FIRST + len(rows))]


def _amount_row(matrix: Matrix, item: MatrixItem, row: int, prices: str) -> list[Cell]:
    places = matrix.places

    def amount(letter: str) -> str:
        return f"='{prices}'!{letter}{row}*${QUANTITY}{row}"

    own = [
        Cell(price.amount, amount(letter), places) for letter, price in zip(_letters(matrix), item.prices, strict=True)
    ]
    return [*_described(item), Cell(item.list_amount, amount(LISTED), places), *own]


def _total_mark(matrix: Matrix) -> tuple[Lowest, ...]:
    row = FIRST + len(matrix.items)
    return (Lowest(row, row, BIDS, BIDS + matrix.valid - 1, matrix.places),) if matrix.valid else ()


def _closing(matrix: Matrix, total: int) -> Iterator[list[Cell]]:
    """From the row `total` on: 入札金額, difference, rank, ratios, and what the bid came to."""
    places = matrix.places

    def summed(letter: str) -> str:
        return f"=SUM({letter}{FIRST}:{letter}{total - 1})"

    def row(label: str, listed: Cell, cell: Callable[[MatrixBid, str], Cell]) -> list[Cell]:
        own = [cell(column, letter) for column, letter in zip(matrix.bids, _letters(matrix), strict=True)]
        return [Cell(""), Cell(label), *[Cell("")] * 3, listed, *own]

    empty, ceiling = Cell(""), f"${LISTED}{total + 4}"
    yield row(
        "入札金額（税抜・円）",
        Cell(matrix.list_total, summed(LISTED), places),
        lambda column, letter: Cell(column.bid.amount, None if column.gap else summed(letter), places),
    )
    yield row(
        "最低額との差（円）",
        empty,
        lambda column, letter: Cell(column.bid.difference, f"={letter}{total}-MIN({_valid(matrix, total)})", places),
    )
    yield row(
        "順位", empty, lambda column, letter: Cell(column.bid.rank, f"=RANK({letter}{total},{_valid(matrix, total)},1)")
    )
    yield row(
        "定価比（％）",
        empty,
        lambda column, letter: Cell(
            column.bid.list_ratio_percent, _ratio(f"{letter}{total}", f"${LISTED}{total}", 1), 1
        ),
    )
    yield row(
        "入札書比較価格に対する割合（％）",
        Cell(matrix.ceiling, places=places),
        lambda column, letter: Cell(column.ceiling_ratio_percent, _ratio(f"{letter}{total}", ceiling, 2), 2),
    )
    yield row("判定", empty, lambda column, _: Cell(column.bid.status_label))
    yield row("理由", empty, lambda column, _: Cell(column.bid.reason or ""))


# ---- ratios to list price ----------------------------------------------------------------------------


def _ratios(matrix: Matrix, prices: str) -> list[list[Cell]]:
    return [_ratio_row(matrix, item, row, prices) for row, item in enumerate(matrix.items, FIRST)]


def _ratio_row(matrix: Matrix, item: MatrixItem, row: int, prices: str) -> list[Cell]:
    own = [
        Cell(price.list_ratio_percent, _ratio(f"'{prices}'!{letter}{row}", f"${LISTED}{row}", 1), 1)
        for letter, price in zip(_letters(matrix), item.prices, strict=True)
    ]
    listed = Cell(item.list_price, f"='{prices}'!{LISTED}{row}", matrix.places)
    return [*_described(item), listed, *own]


def _ratio(part: str, whole: str, places: int) -> str:
    return f"=ROUND({part}*100/{whole},{places})"


def _about(report: RoundReport, attempts: Sequence[Matrix]) -> Iterator[tuple[str, str]]:
    yield "案件", f"{report.title}（{report.id}）"
    for matrix in attempts:
        yield attempt_label(matrix.number), f"{matrix.title}　{prose(wareki_time(matrix.opened_at))}開札"
    ceiling = attempts[0].ceiling if attempts else None
    yield "入札書比較価格", "定めなし" if ceiling is None else f"{yen(ceiling)}円（税抜）"
    yield from NOTES
