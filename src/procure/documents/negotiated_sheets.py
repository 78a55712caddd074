"""The sheets of 経費削減効果.xlsx on 随意契約, and the one that adds them to the awards; live as the others are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from procure.documents.savings_rows import FIRST, LOTS, Span, compared_cells, rate, tax, taxed
from procure.documents.workbook import Cell, Column, Workbook
from procure.reports.contracted import Contracted, Step, contracted_in
from procure.reports.report import ItemRow, LotReport, ShareRow
from procure.reports.savings import Line, LotSavings, NegotiatedSavings, SavingsReport
from procure.settlement.baselines import Compared
from procure.settlement.labels import NEGOTIATION_SHORT

ALL, CONTRACTS, ITEMS, SHARES, BREAKDOWN = (
    "契約の計",
    "随意契約_契約別",
    "随意契約_品目別",
    "随意契約_市町村別",
    "随意契約_内訳",
)
_NAMED = (Column("件名番号", 12), Column("件名", 22), Column("契約の相手方", 26))
_SAVED = (
    Column("定価額（税抜・円）", 16),
    Column("契約額（定価のある品目、税抜・円）", 18),
    Column("削減額（税抜・円）", 16),
    Column("値引率（％）", 9),
)
ALL_COLUMNS = (
    Column("区分", 34),
    Column("件名（件）", 9),
    Column("金額（税抜・円）", 16),
    *_SAVED,
    Column("入札書比較価格（税抜・円）", 16),
    Column("金額（予定価格を公表できる件名、税抜・円）", 18),
    Column("入札差金（執行残、税抜・円）", 16),
    Column("入札差金率（％）", 9),
)
CONTRACT_COLUMNS = (
    *_NAMED,
    Column("根拠", 22),
    Column("参加団体数", 9),
    *_SAVED,
    Column("契約金額（税抜・円）", 16),
    Column("契約金額（一括、税込・円）", 16),
    Column("市町村別の合計（税抜・円）", 16),
    Column("市町村別の合計（税込・円）", 16),
    Column("税の端数差（円）", 10),
)
ITEM_COLUMNS = (
    *_NAMED,
    Column("品目", 24),
    Column("単位", 6),
    Column("数量", 9),
    Column("定価（税抜・円）", 13),
    Column("契約単価（税抜・円）", 13),
    Column("定価額（税抜・円）", 16),
    Column("契約額（税抜・円）", 16),
    Column("削減額（税抜・円）", 16),
    Column("値引率（％）", 9),
)
SHARE_COLUMNS = (
    *_NAMED,
    Column("団体コード", 10),
    Column("団体名", 18),
    *_SAVED,
    Column("契約額（税抜・円）", 16),
    Column("消費税等（円）", 14),
    Column("契約額（税込・円）", 16),
)
BREAKDOWN_COLUMNS = (
    *_NAMED,
    Column("団体コード", 10),
    Column("団体名", 18),
    Column("品目", 30),
    Column("単位", 6),
    Column("数量", 9),
    Column("定価（税抜・円）", 13),
    Column("契約単価（税抜・円）", 13),
    Column("定価額（税抜・円）", 16),
    Column("契約額（税抜・円）", 16),
    Column("品目別の行", 9),
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A contract and where it stands: its row, those of its items and bodies, and those of each body's items."""

    lot: NegotiatedSavings
    contract: LotSavings
    row: int
    items: Span
    shares: Span
    parts: tuple[Span, ...]

    @property
    def report(self) -> LotReport:
        return self.contract.report

    @property
    def bought(self) -> tuple[ItemRow, ...]:
        return tuple(item for item in self.report.items if item.quantity)

    @property
    def breakdown(self) -> Span:
        return Span(self.parts[0].first, self.parts[-1].last)

    @property
    def named(self) -> list[Cell]:
        return [Cell(self.report.id), Cell(self.report.title), Cell(self.report.winner)]


def add_negotiated_sheets(book: Workbook, savings: SavingsReport) -> None:
    """Nothing where every award stands and nothing else was contracted."""
    contracted = contracted_in(savings)
    if contracted is None:
        return
    placed = tuple(_placed(savings.negotiated))
    book.add_sheet(ALL, ALL_COLUMNS, _steps(contracted, savings, placed))
    if not placed:
        return
    book.add_sheet(CONTRACTS, CONTRACT_COLUMNS, [_contract(at) for at in placed])
    book.add_sheet(ITEMS, ITEM_COLUMNS, [row for at in placed for row in _items(at)])
    book.add_sheet(SHARES, SHARE_COLUMNS, [row for at in placed for row in _shares(at)])
    book.add_sheet(BREAKDOWN, BREAKDOWN_COLUMNS, [row for at in placed for row in _breakdown(at)])


def _placed(lots: Iterable[NegotiatedSavings]) -> Iterator[Placed]:
    row = item = share = part = FIRST
    for lot in lots:
        for contract in lot.contracts:
            bodies = contract.report.municipalities
            parts = []
            for body in bodies:
                parts.append(Span(part, part + len(body.items) - 1))
                part += len(body.items)
            items = Span(item, item + len(contract.items) - 1)
            yield Placed(lot, contract, row, items, Span(share, share + len(bodies) - 1), tuple(parts))
            row, item, share = row + 1, items.last + 1, share + len(bodies)


def _contract(at: Placed) -> list[Cell]:
    report, row, places = at.report, at.row, at.report.places
    return [
        *at.named,
        Cell(NEGOTIATION_SHORT[at.lot.ground]),
        Cell(report.participants),
        *_saved(at.contract.line, "F", row, at.items.total(ITEMS, "I"), at.items.where(ITEMS, "G", "J"), places),
        Cell(report.award_total, at.items.total(ITEMS, "J"), places),
        Cell(report.award_with_tax, taxed(f"J{row}", report)),
        Cell(report.shares_total, at.shares.total(SHARES, "J"), places),
        Cell(report.shares_with_tax, at.shares.total(SHARES, "L")),
        Cell(report.rounding_gap, f"=K{row}-M{row}"),
    ]


def _items(at: Placed) -> Iterator[list[Cell]]:
    places, rows = at.report.places, at.breakdown
    for row, item in enumerate(at.bought, at.items.first):
        quantity = f"=SUMIF({rows.of(BREAKDOWN, 'M')},ROW(),{rows.of(BREAKDOWN, 'H')})"
        yield [
            *at.named,
            Cell(item.name),
            Cell(item.unit),
            Cell(item.quantity, quantity),
            Cell(item.list_price, places=places),
            Cell(item.unit_price, places=places),
            Cell(item.list_amount, f"=F{row}*G{row}", places),
            Cell(item.amount, f"=F{row}*H{row}", places),
            Cell(item.saved, f"=I{row}-J{row}", places),
            Cell(item.savings_percent, rate(f"I{row}", f"J{row}"), 1),
        ]


def _shares(at: Placed) -> Iterator[list[Cell]]:
    report, places = at.report, at.report.places
    bodies = zip(report.municipalities, at.contract.bodies, at.parts, strict=True)
    for row, (share, line, part) in enumerate(bodies, at.shares.first):
        listed, paid = part.total(BREAKDOWN, "K"), part.where(BREAKDOWN, "I", "L")
        yield [
            *at.named,
            Cell(share.code),
            Cell(share.name),
            *_saved(line, "F", row, listed, paid, places),
            Cell(share.amount, part.total(BREAKDOWN, "L"), places),
            Cell(share.tax, tax(f"L{row}", f"J{row}", report)),
            Cell(share.amount_with_tax, taxed(f"J{row}", report)),
        ]


def _breakdown(at: Placed) -> Iterator[list[Cell]]:
    places = {item.id: row for row, item in enumerate(at.bought, at.items.first)}
    for share, part in zip(at.report.municipalities, at.parts, strict=True):
        for row, item in enumerate(share.items, part.first):
            yield [*at.named, *_own(row, share, item, places[item.id], at.report.places)]


def _own(row: int, share: ShareRow, item: ItemRow, at: int, places: int) -> Iterator[Cell]:
    yield Cell(share.code)
    yield Cell(share.name)
    yield Cell(item.name)
    yield Cell(item.unit)
    yield Cell(item.quantity)
    yield Cell(item.list_price, f"='{ITEMS}'!G{at}", places)
    yield Cell(item.unit_price, f"='{ITEMS}'!H{at}", places)
    yield Cell(item.list_amount, f"=H{row}*I{row}", places)
    yield Cell(item.amount, f"=H{row}*J{row}", places)
    yield Cell(at)


def _saved(line: Line, first: str, row: int, listed: str, paid: str, places: int) -> list[Cell]:
    """定価額, 契約額, 削減額 and 値引率 from the column `first` on."""
    return _compared(line.listed, first, row, listed, paid, places)


def _compared(
    found: Compared | None, first: str, row: int, reference: str | None, paid: str | None, places: int
) -> list[Cell]:
    left, right = f"{first}{row}", f"{chr(ord(first) + 1)}{row}"
    return compared_cells(found, (reference, paid, f"={left}-{right}", rate(left, right)), places)


# ---- 契約の計: from the awards to what is bought in the end ---------------------------------------------


def _steps(contracted: Contracted, savings: SavingsReport, placed: tuple[Placed, ...]) -> list[list[Cell]]:
    steps = tuple(contracted.steps)
    places = max((savings.report.places, *(one.report.places for one in placed)))
    return [
        _step(row, step, _Sources(row, step, contracted, savings, placed), places)
        for row, step in enumerate(steps, FIRST)
    ]


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where a row of 契約の計 takes its sums from. Ceilings are typed."""

    row: int
    step: Step
    contracted: Contracted
    savings: SavingsReport
    placed: tuple[Placed, ...]

    def formula(self, column: str, of_award: str, of_contract: str) -> str:
        """For `column` of this sheet, from 件名別 or 随意契約_契約別."""
        if self.step.is_sum and self.row == FIRST + 2 and self.contracted.not_signed:
            return f"=N({column}{FIRST})-N({column}{FIRST + 1})"
        if self.step.is_sum:
            first = FIRST + 2 if self.contracted.not_signed else FIRST
            return f"=SUM({column}{first}:{column}{self.row - 1})"
        return f"=SUM({','.join(self._cells(of_award, of_contract))})"

    def _cells(self, of_award: str, of_contract: str) -> Iterator[str]:
        for row, lot in enumerate(self.savings.report.lots, FIRST):
            if lot.awarded and (self.step.line is self.contracted.awarded or self._is_taken_off(lot)):
                yield f"'{LOTS}'!{of_award}{row}"
        for at in self.placed:
            if at.lot.ground.value == self.step.line.id:
                yield f"'{CONTRACTS}'!{of_contract}{at.row}"

    def _is_taken_off(self, lot: LotReport) -> bool:
        return self.step.is_taken_off and not lot.award_stands


def _step(row: int, step: Step, at: _Sources, places: int) -> list[Cell]:
    line = step.line
    listed, paid = at.formula("D", "F", "F"), at.formula("E", "G", "G")
    ceiling = line.ceiling
    is_whole = ceiling is not None and ceiling.award == line.award_total
    computed = at.formula("H", "", "") if step.is_sum else None
    within = at.formula("I", "", "") if step.is_sum else f"=C{row}" if is_whole else None
    return [
        Cell(line.name),
        Cell(line.lots),
        Cell(line.award_total, at.formula("C", "J", "J"), places),
        *_compared(line.listed, "D", row, listed, paid, places),
        *_compared(ceiling, "H", row, computed, within, places),
    ]
