"""A ceiling (予定価格) with the basis on which it was set, as it is sealed and opened. Pure."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from procure.errors import Fault
from procure.values.money import Yen, amount_from_json, amount_to_json, decimals_fit, format_decimal, parse_decimal
from procure.values.quantity import MOST_YEN

LONGEST_NOTE, LONGEST_EARLIER = 1000, 2500  # characters: together they fit into a seal


@dataclass(frozen=True, slots=True)
class Basis:
    """算定根拠. `discount_percent` is taken off the list prices; quotations are tax-exclusive yen for the whole lot.

    `earlier` tells the council's own earlier awards in words, a line each.
    """

    list_total: Yen | None = None
    discount_percent: Fraction | None = None
    quotations: int | None = None
    lowest_quotation: Yen | None = None
    average_quotation: Yen | None = None
    earlier: tuple[str, ...] = ()
    note: str = ""

    @property
    def is_given(self) -> bool:
        return self != Basis()


@dataclass(frozen=True, slots=True)
class Ceiling:
    """`with_tax` is 予定価格 in whole yen; `without_tax` is 入札書比較価格, with which the bids are compared."""

    with_tax: int
    without_tax: Yen
    basis: Basis = Basis()


def without_tax(with_tax: int, rate: Fraction) -> int:
    """The greatest 入札書比較価格 in whole yen: floor(予定価格 ÷ (1 + rate)) (予定価格の110分の100)."""
    return floor(with_tax / (1 + rate))


def ceiling_faults(ceiling: Ceiling, rate: Fraction, price_decimals: int) -> Iterator[Fault]:
    """The two amounts are checked against each other: 11·B ≤ 10·P at 10 % (法234条3項, in the tax-exclusive domain)."""
    if not 0 < ceiling.with_tax <= MOST_YEN:
        yield Fault("with_tax", f"予定価格（税込）は1円以上{MOST_YEN:,}円以内で入力してください。")
    elif ceiling.without_tax <= 0 or not decimals_fit(ceiling.without_tax, price_decimals):
        yield Fault(
            "without_tax", "入札書比較価格（税抜）は0より大きい金額で、単価の小数の桁数までで入力してください。"
        )
    elif ceiling.without_tax * (1 + rate) > ceiling.with_tax:
        yield Fault(
            "without_tax",
            "入札書比較価格（税抜）に消費税額を加えると予定価格（税込）を超えます。"
            f"この予定価格では{without_tax(ceiling.with_tax, rate):,}円以下にしてください。",
        )
    yield from _basis_faults(ceiling.basis)


def is_below_limit(ceiling: Ceiling, rate: Fraction) -> bool:
    """Whether bids are refused that 予定価格 would still allow: worth a second look before it is sealed."""
    return ceiling.without_tax < without_tax(ceiling.with_tax, rate)


def _basis_faults(basis: Basis) -> Iterator[Fault]:
    if not basis.is_given:
        yield Fault("note", "算定根拠を入力してください（定価と値引率、参考見積、過去の落札のいずれか）。")
    if basis.discount_percent is not None and not 0 <= basis.discount_percent < 100:
        yield Fault("discount", "値引率は0以上100未満で入力してください（例：48.5）。")
    quoted = (basis.lowest_quotation, basis.average_quotation)
    if basis.quotations is None and any(amount is not None for amount in quoted):
        yield Fault("quotations", "参考見積の社数を入力してください。")
    if (
        basis.lowest_quotation is not None
        and (basis.average_quotation or basis.lowest_quotation) < basis.lowest_quotation
    ):
        yield Fault("average_quotation", "参考見積の平均が最低より小さくなっています。見積書を確かめてください。")
    if len("\n".join(basis.earlier)) > LONGEST_EARLIER:
        yield Fault("earlier", f"過去の落札は{LONGEST_EARLIER:,}字以内で入力してください。古いものから除いてください。")
    if len(basis.note) > LONGEST_NOTE:
        yield Fault("note", f"算定根拠の説明は{LONGEST_NOTE}字以内で入力してください。")


# ---- as text, for the seal ---------------------------------------------------------------------------


def commitment(ceiling: Ceiling, nonce: str, place: str) -> str:
    """SHA-256 of nonce, place and both amounts: told at the sealing, it can be recomputed once they are opened."""
    said = f"{nonce}|{place}|{ceiling.with_tax}|{format_decimal(ceiling.without_tax)}"
    return hashlib.sha256(said.encode()).hexdigest()


def packed(ceiling: Ceiling, nonce: str) -> bytes:
    said = {
        "with_tax": ceiling.with_tax,
        "without_tax": amount_to_json(ceiling.without_tax),
        "basis": basis_json(ceiling.basis),
        "nonce": nonce,
    }
    return json.dumps(said, ensure_ascii=False).encode()


def unpacked(secret: bytes) -> tuple[Ceiling, str]:
    said = json.loads(secret)
    without = amount_from_json(said["without_tax"])
    return Ceiling(said["with_tax"], without, basis_from_json(said["basis"])), said["nonce"]


def basis_json(basis: Basis) -> dict[str, object]:
    amounts = {
        name: None if (amount := getattr(basis, name)) is None else amount_to_json(amount)
        for name in ("list_total", "lowest_quotation", "average_quotation")
    }
    discount = None if basis.discount_percent is None else format_decimal(basis.discount_percent)
    return {
        **amounts,
        "discount_percent": discount,
        "quotations": basis.quotations,
        "earlier": list(basis.earlier),
        "note": basis.note,
    }


def basis_from_json(said: dict[str, object]) -> Basis:
    def amount(name: str) -> Yen | None:
        value = said[name]
        return amount_from_json(value) if isinstance(value, int | str) else None

    discount, quotations, earlier = said["discount_percent"], said["quotations"], said["earlier"]
    return Basis(
        list_total=amount("list_total"),
        discount_percent=parse_decimal(discount) if isinstance(discount, str) else None,
        quotations=quotations if isinstance(quotations, int) else None,
        lowest_quotation=amount("lowest_quotation"),
        average_quotation=amount("average_quotation"),
        earlier=tuple(str(line) for line in earlier) if isinstance(earlier, list) else (),
        note=str(said["note"]),
    )
