"""回答一覧 as a workbook: the answers body by body, and last time's prices beside those of today."""

from collections.abc import Iterator
from datetime import datetime

from procure.documents.letterhead import SAMPLE
from procure.documents.workbook import Cell, Column, Workbook
from procure.reports.answers import AnswerLine, Answers, PriceLine

FIRST = 2  # the row under the heading of a sheet
ANSWERS = (
    Column("団体コード", 10),
    Column("団体", 18),
    Column("件名", 26),
    Column("状態", 10),
    Column("参加", 16),
    Column("数量計", 9),
    Column("うち予備", 9),
    Column("購入・賃貸借", 10),
    Column("希望納期", 10),
    Column("納入場所", 30),
    Column("備考", 30),
    Column("予算額（税込・円）", 15),
    Column("定価計（税抜・円）", 15),
)
PRICES = (
    Column("団体コード", 10),
    Column("団体", 18),
    Column("件名", 26),
    Column("品目", 30),
    Column("単位", 6),
    Column("数量", 9),
    Column("前回単価（税抜・円）", 13),
    Column("定価（税抜・円）", 13),
    Column("契約単価（税抜・円）", 13),
    Column("前回単価との差額計（税抜・円）", 16),
)
ABOUT = (
    ("対象", "協議会の構成団体と、ほかに回答した団体。差戻し中の回答は、登録されたときの内容です。"),
    ("数量計", "予備を含みます。"),
    ("定価計", "定価のある品目の定価×数量。オープン価格の品目は含みません。"),
    ("前回単価", "各団体が回答した、前回購入したときの単価です。回答は任意です。"),
    ("契約単価", "落札者の決定を確定した後に表示します。"),
    ("前回単価との差額計", "（前回単価－契約単価）×数量。負の数は、前回より高いことを示します。"),
)


def answers_xlsx(report: Answers, made_at: datetime) -> bytes:
    """Sums and differences are live formulas."""
    book = Workbook(f"{report.title}　回答一覧", report.council, made_at)
    book.add_sheet("回答", ANSWERS, [_answer(line) for line in report.lines], frozen=2)
    if report.prices:
        rows = [_price(row, line) for row, line in enumerate(report.prices, start=FIRST)]
        book.add_sheet("前回単価", PRICES, [*rows, _sum(len(rows), report.prices)], frozen=2)
    book.add_sheet("この表について", (Column("事項", 20), Column("内容", 90)), list(_about(report)))
    return book.content()


def _answer(line: AnswerLine) -> list[Cell]:
    texts = (line.code, line.name, line.lot, line.state, line.participation)
    wishes = (line.acquisition, line.delivery_month, line.delivery_places, line.remarks)
    return [
        *map(Cell, texts),
        Cell(line.quantity, quiet=True),
        Cell(line.spares, quiet=True),
        *map(Cell, wishes),
        Cell(line.budget_with_tax),
        Cell(line.list_total, quiet=True),
    ]


def _price(row: int, line: PriceLine) -> list[Cell]:
    saved = None if line.unit_price is None else (line.paid - line.unit_price) * line.quantity
    return [
        *map(Cell, (line.code, line.name, line.lot, line.item, line.unit)),
        Cell(line.quantity),
        Cell(line.paid),
        Cell(line.list_price),
        Cell(line.unit_price),
        Cell(saved, f"=(G{row}-I{row})*F{row}"),
    ]


def _sum(rows: int, lines: tuple[PriceLine, ...]) -> list[Cell]:
    saved = [(line.paid - line.unit_price) * line.quantity for line in lines if line.unit_price is not None]
    total = Cell(sum(saved), f"=SUM(J{FIRST}:J{FIRST + rows - 1})", strong=True) if saved else Cell(None)
    return [Cell("計"), *(Cell("") for _ in range(8)), total]


def _about(report: Answers) -> Iterator[list[Cell]]:
    for what, text in ABOUT:
        yield [Cell(what), Cell(text)]
    if report.is_sample:
        yield [Cell("見本"), Cell(SAMPLE)]
