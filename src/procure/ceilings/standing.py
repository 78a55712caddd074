"""Whether the ceilings of a round stand: a lot without one, one sealed for other quantities or another tax."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from procure.ceilings.queries import sealed_lots
from procure.ceilings.tables import SealedCeilingRow
from procure.demand.queries import demand_by_lot
from procure.errors import Fault
from procure.rounds.queries import items_of, lots_of
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.round import Demand
from procure.values.money import format_decimal, parse_decimal


@dataclass(frozen=True, slots=True)
class Outdated:
    """A lot whose ceiling was sealed for something else: `changes` say what, and from what to what."""

    lot: str
    title: str
    what: str
    changes: tuple[str, ...]


def quantities_text(demand: Mapping[int, tuple[Demand, ...]], lot: LotRow) -> str:
    """What all bodies together ask for in the lot, by item, as JSON: what a ceiling of today is set for."""
    asked: Counter[str] = Counter()
    for one in demand.get(lot.id, ()):
        asked.update(one.quantities)
    return json.dumps({item: count for item, count in sorted(asked.items()) if count}, ensure_ascii=False)


def unsealed_faults(session: Session, row: RoundRow) -> Iterator[Fault]:
    """Before the opening: an award lies within the 予定価格 (地方自治法234条3項), so every lot has one."""
    sealed = sealed_lots(session, row.id)
    for lot in lots_of(session, row.id):
        if lot.cancelled is None and lot.ceiling is None and lot.id not in sealed:
            message = (
                f"「{lot.title}」の予定価格が定められていません（地方自治法第234条第3項）。"
                "開札の前に予定価格を定めて封印するか、このロットを取止めにしてください。"
            )
            yield Fault("lots", message)


def outdated_faults(session: Session, row: RoundRow) -> Iterator[Fault]:
    """Before the notice."""
    for one in outdated_seals(session, row):
        message = f"「{one.title}」は、予定価格を封印した後に{one.what}が変わりました。予定価格を定め直してください。"
        yield Fault("lots", message)


def outdated_seals(session: Session, row: RoundRow) -> tuple[Outdated, ...]:
    """The lots whose seal that counts was made for other quantities, or checked under another tax rate."""
    sealed, demand = sealed_lots(session, row.id), demand_by_lot(session, row.id)
    names = {item.ref: (item.name, item.unit) for item in items_of(session, row.id)}
    found = []
    for lot in lots_of(session, row.id):
        seal = sealed.get(lot.id)
        if seal is None or lot.cancelled is not None or lot.ceiling is not None:
            continue
        rate, quantities = _rate_change(seal, lot), _quantity_changes(seal, quantities_text(demand, lot), names)
        what = "と".join(label for label, told in (("税率", rate), ("数量", quantities)) if told)
        if what:
            found.append(Outdated(lot.ref, lot.title, what, (*rate, *quantities)))
    return tuple(found)


def _rate_change(seal: SealedCeilingRow, lot: LotRow) -> tuple[str, ...]:
    if seal.tax_rate == lot.tax_rate:
        return ()
    was, now = (format_decimal(parse_decimal(rate) * 100) for rate in (seal.tax_rate, lot.tax_rate))
    return (f"税率：{was}％から{now}％",)


def _quantity_changes(seal: SealedCeilingRow, now: str, names: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    before, after = json.loads(seal.quantities), json.loads(now)
    changed = [ref for ref in dict.fromkeys([*before, *after]) if before.get(ref) != after.get(ref)]
    return tuple(_told(names.get(ref, (ref, "")), before.get(ref, 0), after.get(ref, 0)) for ref in changed)


def _told(item: tuple[str, str], before: int, after: int) -> str:
    name, unit = item
    return f"{name}：{before:,}{unit}から{after:,}{unit}"
