"""After the award: each body's contract as it stands, and what was bought and saved, planned beside accepted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlmodel import Session

from procure.contracts.agreed import Agreed
from procure.contracts.judging import judgement
from procure.contracts.ledger import Ledger
from procure.contracts.queries import (
    NOTHING,
    Recorded,
    agreed_in,
    deadlines_in,
    limits_by_body,
    recorded_in,
)
from procure.contracts.rules import is_overdue, needs_assembly, status_of
from procure.contracts.states import Act, Status
from procure.contracts.thresholds import Limits
from procure.parties.queries import bodies
from procure.parties.tables import BodyRow
from procure.reports.contract_report import (
    ContractBoard,
    ContractItem,
    ContractLot,
    ContractReport,
    Figure,
    Measure,
    SlipItem,
    SlipReport,
)
from procure.reports.sums import total
from procure.rounds.tables import RoundRow
from procure.settlement.allocation import item_results
from procure.settlement.baselines import Sums
from procure.settlement.bids import total_quantities
from procure.settlement.savings import compare_items
from procure.values.money import Yen


def contract_board(session: Session, row: RoundRow, today: date) -> ContractBoard:
    """Every body and lot of a round that is to be contracted, in the order of the lots and of the bodies' codes."""
    agreed = agreed_in(session, row)
    ids = [one.lot_id for one in agreed]
    recorded, deadlines = recorded_in(session, ids), deadlines_in(session, ids)
    known, limits = {body.code: body for body in bodies(session)}, limits_by_body(session)
    lots = tuple(_lot(one, recorded, deadlines.get(one.lot_id), known, limits, today) for one in agreed)
    return ContractBoard(
        ref=row.ref,
        title=row.title,
        council=row.council,
        bid_date=row.bid_date,
        is_sample=row.is_sample,
        lots=lots,
        figures=tuple(_added(measure, [_of(lot.figures, measure) for lot in lots]) for measure in Measure),
    )


def own_contracts(board: ContractBoard, code: str) -> tuple[ContractReport, ...]:
    return tuple(contract for contract in board.contracts if contract.code == code)


def contract_report(
    agreed: Agreed, body: BodyRow, recorded: Recorded, limits: Limits, deadline: date | None, today: date
) -> ContractReport:
    ledger, terms = recorded.ledger(agreed.quantities_of(body.code)), recorded.terms
    judged = judgement(agreed, body, limits)
    status = status_of(terms, ledger)
    return ContractReport(
        code=body.code,
        name=body.display_name,
        lot=agreed.lot.id,
        lot_title=agreed.lot.title,
        supplier=agreed.supplier,
        status=status,
        terms=terms,
        judgement=judged,
        is_needed=needs_assembly(terms, judged.is_needed),
        deadline=deadline,
        is_overdue=is_overdue(terms, ledger, deadline, today),
        items=_items(agreed, ledger),
        figures=tuple(figure(agreed, measure, [quantities_of(ledger, status, measure)]) for measure in Measure),
        slips=_slips(agreed, recorded, ledger),
        on_behalf=recorded.on_behalf,
        version=recorded.version,
    )


# ---- figures -----------------------------------------------------------------------------------------


def quantities_of(ledger: Ledger, status: Status, measure: Measure) -> Mapping[str, int]:
    """By item. What is contracted and accepted counts while there is a contract."""
    if measure is Measure.PLANNED:
        return ledger.agreed
    if not status.is_binding:
        return dict.fromkeys(ledger.agreed, 0)
    return ledger.sums(Act.CHANGE if measure is Measure.CONTRACTED else Act.ACCEPTANCE)


def figure(agreed: Agreed, measure: Measure, contracts: Sequence[Mapping[str, int]]) -> Figure:
    """What the quantities of one or more contracts come to; the tax of each is cut for itself."""
    amounts = [agreed.come_to(one) for one in contracts]
    quantities: Counter[str] = Counter(dict.fromkeys((item.id for item in agreed.lot.items), 0))
    for one in contracts:
        quantities.update(one)
    amount = total(without_tax for without_tax, _ in amounts)
    return Figure(
        measure=measure,
        quantity=quantities.total(),
        amount=amount,
        amount_with_tax=total(with_tax for _, with_tax in amounts),
        compared=_compared(agreed, quantities, amount),
    )


def _compared(agreed: Agreed, quantities: Mapping[str, int], amount: Yen | None) -> Sums:
    """Beside the list prices. Without prices per unit only the whole lot can be compared, by its total."""
    if amount is None and dict(quantities) != dict(total_quantities(agreed.lot)):
        return Sums()
    items = item_results(agreed.lot, quantities, agreed.prices)
    return compare_items(items, agreed.total if amount is None else amount)


def _added(measure: Measure, figures: Sequence[Figure]) -> Figure:
    return Figure(
        measure=measure,
        quantity=sum(one.quantity for one in figures),
        amount=total(one.amount for one in figures),
        amount_with_tax=total(one.amount_with_tax for one in figures),
        compared=sum((one.compared for one in figures), Sums()),
    )


def _of(figures: Iterable[Figure], measure: Measure) -> Figure:
    return next(one for one in figures if one.measure is measure)


# ---- parts -------------------------------------------------------------------------------------------


def _lot(
    agreed: Agreed,
    recorded: Mapping[tuple[int, str], Recorded],
    deadline: date | None,
    known: Mapping[str, BodyRow],
    limits: Mapping[str, Limits],
    today: date,
) -> ContractLot:
    contracts, quantities = [], []
    for code in agreed.bodies:
        own = recorded.get((agreed.lot_id, code), NOTHING)
        report = contract_report(agreed, known[code], own, limits.get(code, Limits()), deadline, today)
        contracts.append(report)
        quantities.append((own.ledger(agreed.quantities_of(code)), report.status))
    figures = tuple(
        figure(agreed, measure, [quantities_of(ledger, status, measure) for ledger, status in quantities])
        for measure in Measure
    )
    return ContractLot(agreed.lot.id, agreed.lot.title, agreed.supplier, deadline, tuple(contracts), figures)


def _items(agreed: Agreed, ledger: Ledger) -> tuple[ContractItem, ...]:
    contracted, ordered = ledger.sums(Act.CHANGE), ledger.sums(Act.ORDER)
    delivered, accepted = ledger.sums(Act.DELIVERY), ledger.sums(Act.ACCEPTANCE)
    return tuple(
        ContractItem(
            id=item.id,
            name=item.name,
            specification=item.specification,
            unit=item.unit,
            unit_price=(agreed.prices or {}).get(item.id),
            planned=ledger.agreed[item.id],
            contracted=contracted[item.id],
            ordered=ordered[item.id],
            delivered=delivered[item.id],
            accepted=accepted[item.id],
        )
        for item in agreed.lot.items
        if item.id in ledger.agreed
    )


def _slips(agreed: Agreed, recorded: Recorded, ledger: Ledger) -> tuple[SlipReport, ...]:
    items = {item.id: item for item in agreed.lot.items}
    return tuple(
        SlipReport(
            number=row.number,
            act=row.act,
            day=row.day,
            items=tuple(
                SlipItem(items[item].name, items[item].unit, quantity)
                for item, quantity in recorded.quantities[row.id].items()
            ),
            place=row.place,
            inspector=row.inspector,
            remark=row.remark,
            on_behalf=row.on_behalf,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            reverses=row.reverses,
            resolved_on=row.resolved_on,
            is_reversed=row.number in ledger.reversed,
        )
        for row in recorded.slips
    )
