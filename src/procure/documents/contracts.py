"""契約・検収.xlsx: the contracts of a round, their quantities by item, and what they come to by kind of quantity."""

from datetime import datetime

from procure.documents.letterhead import SAMPLE
from procure.documents.workbook import Cell, Column, Workbook
from procure.reports.contract_report import ContractBoard, ContractItem, ContractLot, ContractReport, Figure, Measure
from procure.reports.sums import places
from procure.values.era import wareki_short, wareki_time

FIRST = 2  # the row under the heading
BODY = (Column("件名", 22), Column("団体コード", 10), Column("団体", 18))
CONTRACTS = (
    *BODY,
    Column("状態", 10),
    Column("契約の相手方", 26),
    Column("契約の根拠", 24),
    Column("契約番号", 16),
    Column("議決の要否", 9),
    Column("仮契約の日", 9),
    Column("議案の提出日", 9),
    Column("議決の日", 9),
    Column("議決の結果", 6),
    Column("契約の日", 9),
    Column("納入期限", 9),
    Column("納入期限超過", 8),
    Column("予定数量", 10),
    Column("契約数量", 10),
    Column("検収数量", 10),
    Column("契約額（契約数量、税抜・円）", 16),
    Column("契約額（契約数量、税込・円）", 16),
    Column("検収額（検収数量、税抜・円）", 16),
    Column("不成立の理由", 24),
)
ITEMS = (
    *BODY,
    Column("品目", 30),
    Column("単位", 6),
    Column("契約単価（税抜・円）", 12),
    Column("予定数量", 10),
    Column("契約数量", 10),
    Column("発注済み", 10),
    Column("納入済み", 10),
    Column("検収済み", 10),
    Column("契約額（税抜・円）", 16),
    Column("検収額（税抜・円）", 16),
)
FIGURES = (
    Column("件名", 26),
    Column("数量の種類", 12),
    Column("数量", 12),
    Column("定価額（税抜・円）", 16),
    Column("金額（定価のある品目、税抜・円）", 18),
    Column("削減額（税抜・円）", 16),
    Column("値引率（％）", 9),
    Column("金額（税抜・円）", 16),
    Column("金額（税込・円）", 16),
)


def contracts_xlsx(board: ContractBoard, made_at: datetime) -> bytes:
    """Amounts of one row rest on one kind of quantity, which the heading or the row names."""
    book = Workbook(f"{board.title}　契約・検収", board.council, made_at)
    every = [(lot, contract) for lot in board.lots for contract in lot.contracts]
    book.add_sheet("契約の状況", CONTRACTS, [_contract(lot, one) for lot, one in every], frozen=3)
    items = [(lot, one, item) for lot, one in every for item in one.items]
    decimals = places(item.unit_price for _, _, item in items)
    rows = [_item(row, lot, one, item, decimals) for row, (lot, one, item) in enumerate(items, FIRST)]
    book.add_sheet("品目別の数量", ITEMS, rows, frozen=3)
    book.add_sheet("予定・契約・検収の金額", FIGURES, _figures(board))
    book.add_sheet("この表について", (Column("事項", 18), Column("内容", 90)), _about(board, made_at))
    return book.content()


def _contract(lot: ContractLot, one: ContractReport) -> list[Cell]:
    terms, planned = one.terms, one.figure(Measure.PLANNED)
    contracted, accepted = one.figure(Measure.CONTRACTED), one.figure(Measure.ACCEPTED)
    needed = "判定できません" if one.is_needed is None else "必要" if one.is_needed else "不要"
    days = (terms.provisional_on, terms.submitted_on, terms.resolved_on)
    return [
        Cell(lot.title),
        Cell(one.code),
        Cell(one.name),
        Cell(one.status.label),
        Cell(one.supplier),
        Cell(terms.ground.label if terms.ground else ""),
        Cell(terms.contract_number),
        Cell(needed),
        *(Cell(wareki_short(day) if day else "") for day in days),
        Cell(terms.resolution.label if terms.resolution else ""),
        Cell(wareki_short(terms.concluded_on) if terms.concluded_on else ""),
        Cell(wareki_short(one.deadline) if one.deadline else ""),
        Cell("超過" if one.is_overdue else ""),
        Cell(planned.quantity),
        Cell(contracted.quantity),
        Cell(accepted.quantity),
        Cell(contracted.amount, places=places((contracted.amount,))),
        Cell(contracted.amount_with_tax),
        Cell(accepted.amount, places=places((accepted.amount,))),
        Cell(terms.failure_reason),
    ]


def _item(row: int, lot: ContractLot, one: ContractReport, item: ContractItem, decimals: int) -> list[Cell]:
    contracted = item.contracted if one.status.is_binding else 0
    price = item.unit_price
    return [
        Cell(lot.title),
        Cell(one.code),
        Cell(one.name),
        Cell(item.name),
        Cell(item.unit),
        Cell(price, places=decimals),
        Cell(item.planned),
        Cell(contracted),
        Cell(item.ordered),
        Cell(item.delivered),
        Cell(item.accepted),
        Cell(None if price is None else price * contracted, f"=F{row}*H{row}", decimals),
        Cell(None if price is None else price * item.accepted, f"=F{row}*K{row}", decimals),
    ]


def _figures(board: ContractBoard) -> list[list[Cell]]:
    every = [(lot.title, figure) for lot in board.lots for figure in lot.figures]
    every += [("合計", figure) for figure in board.figures]
    return [_figure(row, title, figure) for row, (title, figure) in enumerate(every, FIRST)]


def _figure(row: int, title: str, figure: Figure) -> list[Cell]:
    savings = figure.savings
    decimals = places((figure.amount, figure.list_amount, figure.saved))
    return [
        Cell(title),
        Cell(figure.measure.label),
        Cell(figure.quantity),
        Cell(savings.list_total if savings else None, places=decimals),
        Cell(savings.award_total if savings else None, places=decimals),
        Cell(savings.saved if savings else None, f"=D{row}-E{row}", decimals),
        Cell(savings.percent if savings else None, f"=ROUND((D{row}-E{row})*100/D{row},1)", 1),
        Cell(figure.amount, places=decimals),
        Cell(figure.amount_with_tax),
    ]


def _about(board: ContractBoard, made_at: datetime) -> list[list[Cell]]:
    about = [
        ("案件", f"{board.title}（{board.ref}）"),
        ("作成", board.council),
        ("時点", f"{wareki_time(made_at)}現在"),
        ("予定数量", "入札に付した数量（需要調査で確定したもの）です。"),
        ("契約数量", "契約が成立している団体の数量です。契約変更の後の数量で、不成立と未契約は含みません。"),
        ("検収数量", "検査に合格した数量です（地方自治法第234条の2）。"),
        ("金額", "数量×契約単価です。税込は団体の契約ごとに1円未満を切り捨てています。"),
        ("値引率", "定価のある品目だけで比べています。三つの数量は混ぜていません。"),
    ]
    if board.is_sample:
        about.append(("見本", SAMPLE))
    return [[Cell(label), Cell(text)] for label, text in about]
