"""経費削減効果 of a round against every baseline: by lot, item, body and supplier. Amounts are tax-exclusive yen."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from procure.reports.report import ItemRow, LotReport, RoundReport, ShareRow
from procure.reports.sums import total
from procure.settlement.baselines import Baseline, Compared, Sums, against_amount, against_prices, compared
from procure.settlement.round import NegotiationGround
from procure.values.money import Yen

BASELINES = (Baseline.LIST_PRICE, Baseline.LAST_PRICE, Baseline.HIGHEST_BID, Baseline.CEILING)
BY_UNIT = (Baseline.LIST_PRICE, Baseline.LAST_PRICE)


@dataclass(frozen=True, slots=True)
class Line:
    """What was awarded to, by or for one thing, beside the baselines. A baseline that is not in `sums` says nothing.

    `award_total` is None where the breakdown that would tell is missing.
    """

    id: str
    name: str
    award_total: Yen | None
    sums: Mapping[Baseline, Sums]
    lots: int = 1

    def compared(self, baseline: Baseline) -> Compared | None:
        sums = self.sums.get(baseline)
        return compared(baseline, sums) if sums else None

    @property
    def listed(self) -> Compared | None:
        return self.compared(Baseline.LIST_PRICE)

    @property
    def last(self) -> Compared | None:
        return self.compared(Baseline.LAST_PRICE)

    @property
    def highest(self) -> Compared | None:
        return self.compared(Baseline.HIGHEST_BID)

    @property
    def ceiling(self) -> Compared | None:
        """入札差金（執行残）, never a saving."""
        return self.compared(Baseline.CEILING)

    @property
    def all(self) -> tuple[Compared, ...]:
        return tuple(found for found in map(self.compared, BASELINES) if found)


@dataclass(frozen=True, slots=True)
class LotSavings:
    """An awarded lot: its own line, and one for each item bought and each body."""

    report: LotReport
    line: Line
    items: tuple[Line, ...]
    bodies: tuple[Line, ...]

    def last(self, item: str) -> Compared | None:
        """The item beside its 前回契約単価."""
        return next((line.last for line in self.items if line.id == item), None)


@dataclass(frozen=True, slots=True)
class NegotiatedSavings:
    """A lot contracted by 随意契約: its own line, those of the bodies, and each contract as a lot. Never an award."""

    report: LotReport
    ground: NegotiationGround
    line: Line
    bodies: tuple[Line, ...]
    contracts: tuple[LotSavings, ...]


@dataclass(frozen=True, slots=True)
class SavingsReport:
    """A round over its awarded lots, and beside them the lots contracted by 随意契約.

    Bodies stand in the order of their codes, suppliers in that of their lots.
    """

    report: RoundReport
    total: Line
    lots: tuple[LotSavings, ...]
    bodies: tuple[Line, ...]
    suppliers: tuple[Line, ...]
    negotiated: tuple[NegotiatedSavings, ...] = ()
    has_last: bool = field(default=False)


def savings_report(report: RoundReport) -> SavingsReport:
    lots = tuple(_lot_savings(lot) for lot in report.awarded)
    lines = [lot.line for lot in lots]
    whole = merged(report.id, report.title, lines)
    bodies = grouped([line for lot in lots for line in lot.bodies], lambda line: line.id)
    return SavingsReport(
        report=report,
        total=whole,
        lots=lots,
        bodies=tuple(sorted(bodies, key=lambda line: line.id)),
        suppliers=suppliers(lots),
        negotiated=tuple(_negotiated(lot, lot.negotiation.ground) for lot in report.negotiated if lot.negotiation),
        has_last=whole.last is not None,
    )


def suppliers(lots: Iterable[LotSavings]) -> tuple[Line, ...]:
    """One line for each 落札者, or 契約の相手方, named as in the last of its lots."""
    won = [replace(lot.line, id=lot.report.supplier, name=lot.report.winner or "") for lot in lots]
    return grouped(won, lambda line: line.id)


def grouped(lines: Sequence[Line], key: Callable[[Line], str]) -> tuple[Line, ...]:
    """The lines with the same key added up, named as the last of them, in the order of their first."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return tuple(merged(one, group[-1].name, group) for one, group in groups.items())


def merged(id: str, name: str, lines: Sequence[Line]) -> Line:
    """The lines as one: their sums are added, to be divided once. What one of them cannot tell, the sum cannot."""
    known = [baseline for baseline in BASELINES if all(baseline in line.sums for line in lines)]
    sums = {baseline: reduce(Sums.__add__, (line.sums[baseline] for line in lines), Sums()) for baseline in known}
    return Line(id, name, total(line.award_total for line in lines), sums, sum(line.lots for line in lines))


def _lot_savings(lot: LotReport) -> LotSavings:
    bought = [item for item in lot.items if item.quantity]
    return LotSavings(
        report=lot,
        line=Line(lot.id, lot.title, lot.award_total, _lot_sums(lot, bought)),
        items=tuple(Line(item.id, item.name, item.amount, _unit_sums((item,), item.amount)) for item in bought),
        bodies=tuple(_body(share) for share in lot.municipalities),
    )


def _negotiated(lot: LotReport, ground: NegotiationGround) -> NegotiatedSavings:
    """The contracts added up; the ceiling is that of the lot, which they share."""
    contracts = tuple(_lot_savings(contract) for contract in lot.contracts)
    bodies = grouped([line for contract in contracts for line in contract.bodies], lambda line: line.id)
    whole = merged(lot.id, lot.title, [contract.line for contract in contracts])
    ceiling = lot.ceiling if lot.ceiling_may_be_named else None
    within = against_amount(ceiling, [item for one in lot.contracts for item in one.items], whole.award_total or 0)
    return NegotiatedSavings(
        report=lot,
        ground=ground,
        line=replace(whole, sums={**whole.sums, Baseline.CEILING: within}, lots=1),
        bodies=tuple(replace(line, lots=1) for line in sorted(bodies, key=lambda line: line.id)),
        contracts=contracts,
    )


def _lot_sums(lot: LotReport, bought: Sequence[ItemRow]) -> dict[Baseline, Sums]:
    """The ceiling only where anybody may be told it."""
    award = lot.award_total or 0
    ceiling = lot.ceiling if lot.ceiling_may_be_named else None
    return _unit_sums(bought, award) | {
        Baseline.HIGHEST_BID: against_amount(lot.highest_bid, bought, award),
        Baseline.CEILING: against_amount(ceiling, bought, award),
    }


def _body(share: ShareRow) -> Line:
    return Line(share.code, share.display_name, share.amount, _unit_sums(share.items, share.amount))


def _unit_sums(items: Sequence[ItemRow], whole: Yen | None) -> dict[Baseline, Sums]:
    """Against the baselines per unit; nothing where what was paid is unknown."""
    if whole is None:
        return {}
    listed = {item.id: item.list_price for item in items if item.list_price is not None}
    last = {item.id: item.last_price for item in items if item.last_price is not None}
    return {
        Baseline.LIST_PRICE: against_prices(listed, items, whole),
        Baseline.LAST_PRICE: against_prices(last, items, whole),
    }
