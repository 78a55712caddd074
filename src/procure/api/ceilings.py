"""The ceiling (予定価格) of a lot: sealing it, and what there is to see of it before and after the opening."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta
from sqlmodel import Session

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.fields import LINES, Amount, Body, Shown, amount, faults_named, shown, yen
from procure.api.operation import Operation, Sent, operation
from procure.api.shared import held_round
from procure.ceilings.actions import seal_ceiling
from procure.ceilings.ceiling import Basis, Ceiling, ceiling_faults, is_below_limit, without_tax
from procure.ceilings.queries import basis_of, opened_of, seals_of
from procure.errors import Fault, Invalid, refuse
from procure.rounds.queries import find_lot, find_round
from procure.rounds.tables import LotRow, RoundRow
from procure.rounds.values import rules_value
from procure.server import Visit
from procure.settlement.round import CeilingDisclosure, Rules
from procure.values.money import format_decimal, parse_decimal
from procure.values.quantity import MOST_QUANTITY, MOST_YEN
from procure.values.tax import ceiling_with_tax, least_with_tax

TAG = "入札"
_BELOW_LIMIT = (
    "入札書比較価格が、予定価格から求めた{limit:,}円を下回っています。予定価格の制限の範囲内の入札を落札できなくなります。"
    "そのままでよければ accepts_below_limit を true にしてください。"
)
_FIELDS = {"discount": "basis.discount_percent"} | {
    name: f"basis.{name}" for name in ("note", "quotations", "average_quotation", "earlier")
}
Percent = Annotated[
    str, Meta(pattern=r"^(0|[1-9][0-9]?)(\.[0-9]{1,4})?$", max_length=7, description='値引率（％、例："48.5"）')
]
Told = Annotated[str, Meta(min_length=1, max_length=500)]


class BasisBody(Body, frozen=True, kw_only=True):
    """算定根拠。一つ以上を指定する。金額はロット全体（税抜・円）、earlier は過去の落札（1件1行）。"""

    list_total: Amount | None = None
    discount_percent: Percent | None = None
    quotations: Annotated[int, Meta(ge=0, le=MOST_QUANTITY, description="参考見積の社数")] | None = None
    lowest_quotation: Amount | None = None
    average_quotation: Amount | None = None
    earlier: Annotated[tuple[Told, ...], Meta(max_length=100)] = ()
    note: Annotated[str, Meta(max_length=1000, extra=LINES)] = ""


class CeilingBody(Body, frozen=True, kw_only=True):
    """予定価格（税込）と入札書比較価格（税抜）。指定しなかった一方は、もう一方から求める。

    定め直すときは reason が要る。
    """

    with_tax: Annotated[int, Meta(ge=1, le=MOST_YEN, description="予定価格（税込・円）")] | None = None
    without_tax: Amount | None = None
    basis: BasisBody
    accepts_below_limit: Annotated[bool, Meta(description="下回ることを確認した")] = False
    reason: Annotated[str, Meta(max_length=1000, description="定め直す理由", extra=LINES)] = ""


class SealShown(Shown, frozen=True, kw_only=True):
    """封印。commitment は、開封の後に金額と突き合わせる確認値（SHA-256）。金額は含まない。"""

    number: int
    sealed_at: datetime
    sealed_by: str
    reason: str | None
    commitment: str


class BasisShown(Shown, frozen=True, kw_only=True):
    """開封した算定根拠。"""

    list_total: int | str | None
    discount_percent: str | None
    quotations: int | None
    lowest_quotation: int | str | None
    average_quotation: int | str | None
    earlier: tuple[str, ...]
    note: str


class CeilingShown(Shown, frozen=True, kw_only=True):
    """予定価格の状態。金額、根拠と nonce は、開封（事前公表では公告）の後にだけ入る。"""

    lot: str
    disclosure: CeilingDisclosure
    is_sealed: bool
    is_opened: bool
    seals: tuple[SealShown, ...]
    with_tax: int | str | None
    without_tax: int | str | None
    basis: BasisShown | None
    nonce: str | None
    opened_at: datetime | None
    opened_by: str | None


@operation(
    "GET",
    "/rounds/{ref}/lots/{lot}/ceiling",
    Permission.READ_ROUNDS,
    Scope.BIDS_READ,
    "予定価格の状態を読む",
    tag=TAG,
    answer=CeilingShown,
)
def read_a_ceiling(visit: Visit, ref: str, lot: str) -> Sent:
    row = find_round(visit.session, ref)
    return _ceiling_sent(visit, row, find_lot(visit.session, row.id, lot))


@operation(
    "PUT",
    "/rounds/{ref}/lots/{lot}/ceiling",
    Permission.MANAGE_ROUNDS,
    Scope.BIDS_WRITE,
    "予定価格を定めて封印する",
    tag=TAG,
    body=CeilingBody,
    answer=CeilingShown,
    matches=True,
    example={
        "with_tax": 148500000,
        "basis": {"list_total": 264000000, "discount_percent": "48.9", "quotations": 3, "note": "参考見積による。"},
    },
)
def seal_a_ceiling(visit: Visit, ref: str, lot: str, body: CeilingBody) -> Sent:
    """What is sealed is told to nobody, the sender included, before the opening."""
    row = held_round(visit, ref)
    found = find_lot(visit.session, row.id, lot)
    with faults_named(lambda field: _FIELDS.get(field, field)):
        ceiling = _ceiling_of(body, rules_value(found))
        refuse(_faults(body, ceiling, rules_value(found)))
        seal_ceiling(visit.session, row, found, ceiling, visit.vault, visit.person, visit.now, body.reason)
    return _ceiling_sent(visit, row, found)


def _ceiling_of(body: CeilingBody, rules: Rules) -> Ceiling:
    """Of the two amounts the one that was left out follows from the other."""
    with_tax, without = body.with_tax, yen(body.without_tax)
    if with_tax is None and without is None:
        raise Invalid(Fault("with_tax", "予定価格（税込）か入札書比較価格（税抜）を指定してください。"))
    if with_tax is None:
        with_tax = least_with_tax(without or 0, rules.tax_rate)
    return Ceiling(with_tax, without_tax(with_tax, rules.tax_rate) if without is None else without, _basis(body.basis))


def _faults(body: CeilingBody, ceiling: Ceiling, rules: Rules) -> Iterator[Fault]:
    """Also that bids within the limit would be refused, unless the sender has seen that."""
    faults = list(ceiling_faults(ceiling, rules.tax_rate, rules.price_decimals))
    yield from faults
    if not faults and is_below_limit(ceiling, rules.tax_rate) and not body.accepts_below_limit:
        limit = without_tax(ceiling.with_tax, rules.tax_rate)
        yield Fault("accepts_below_limit", _BELOW_LIMIT.format(limit=limit))


def _basis(body: BasisBody) -> Basis:
    return Basis(
        list_total=yen(body.list_total),
        discount_percent=None if body.discount_percent is None else parse_decimal(body.discount_percent),
        quotations=body.quotations,
        lowest_quotation=yen(body.lowest_quotation),
        average_quotation=yen(body.average_quotation),
        earlier=body.earlier,
        note=body.note,
    )


def _ceiling_sent(visit: Visit, row: RoundRow, lot: LotRow) -> Sent:
    return Sent(_ceiling_shown(visit.session, lot), version=row.version)


def _ceiling_shown(session: Session, lot: LotRow) -> CeilingShown:
    seals, opened, basis = seals_of(session, lot), opened_of(session, lot), basis_of(session, lot)
    return CeilingShown(
        lot=lot.ref,
        disclosure=lot.ceiling_disclosure,
        is_sealed=bool(seals) and lot.ceiling is None,
        is_opened=lot.ceiling is not None,
        seals=tuple(shown(SealShown, seal) for seal in seals),
        with_tax=amount(ceiling_with_tax(lot.ceiling_with_tax, lot.ceiling, rules_value(lot).tax_rate)),
        without_tax=amount(lot.ceiling),
        basis=_basis_shown(basis) if basis else None,
        nonce=opened.nonce if opened else None,
        opened_at=opened.opened_at if opened else None,
        opened_by=opened.opened_by if opened else None,
    )


def _basis_shown(basis: Basis) -> BasisShown:
    found: BasisShown = shown(
        BasisShown,
        basis,
        list_total=amount(basis.list_total),
        discount_percent=None if basis.discount_percent is None else format_decimal(basis.discount_percent),
        lowest_quotation=amount(basis.lowest_quotation),
        average_quotation=amount(basis.average_quotation),
    )
    return found


operations: list[Operation] = [read_a_ceiling, seal_a_ceiling]
