"""The form of a lot: its rules and its table of items, as stored, as typed, and read back into a lot."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from procure.errors import Fault
from procure.rounds import void_grounds
from procure.rounds.item_list import MOST_ITEMS, SEN, free_code, one_line, parse_list_price
from procure.server import Fields
from procure.settlement.labels import CEILING_DISCLOSURE, CONTRACT_KIND, DRAW_METHOD, REVIEW, TENDER_METHOD
from procure.settlement.round import (
    CeilingDisclosure,
    ContractKind,
    DrawMethod,
    Item,
    Lot,
    Review,
    Rules,
    TenderMethod,
)
from procure.values.money import Yen, format_decimal, whole_or_exact
from procure.values.quantity import parse_yen
from procure.values.unreadable import Unreadable
from procure.web.reading import Reading

BLANK_ROWS = 5
CONTRACT_KINDS = tuple((kind.value, label) for kind, label in CONTRACT_KIND.items())
DISCLOSURES = tuple((disclosure.value, label) for disclosure, label in CEILING_DISCLOSURE.items())
DRAWS = tuple((method.value, label) for method, label in DRAW_METHOD.items())
TENDER_METHODS = tuple((method.value, label) for method, label in TENDER_METHOD.items())
REVIEWS = tuple((review.value, label) for review, label in REVIEW.items())
ATTEMPTS = (("1", "1回（再度入札を行わない）"), ("2", "2回"), ("3", "3回"))
DECIMALS = (("0", "円単位"), ("1", "小数第1位まで"), ("2", "小数第2位（銭）まで"))

_RATE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)%?", re.ASCII)
_ITEM_FIELD = re.compile(r"item-([0-9]+)-(.+)")


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A row of the table of items, as text."""

    index: int
    ref: str = ""
    name: str = ""
    specification: str = ""
    unit: str = ""
    list_price: str = ""
    list_price_source: str = ""
    checked: bool = False
    checked_by: str = ""  # who has checked the list price as it is stored, and when

    @property
    def is_blank(self) -> bool:
        """Whether nothing is said of an item; a code alone says nothing."""
        return not any((self.name, self.specification, self.unit, self.list_price, self.list_price_source))


@dataclass(frozen=True, slots=True)
class LotForm:
    """The form as it stands on the page, as text."""

    ref: str
    title: str
    contract_kind: str
    tender_method: str
    tax_rate: str
    minimum: str
    ceiling_disclosure: str
    max_attempts: str
    rebid_must_be_lower: bool
    price_decimals: str
    draw: str
    review: str
    void_grounds: str
    lines: tuple[ItemLine, ...]
    either: bool = False
    price_reason: str = ""

    def with_checks(self, checks: Mapping[str, str]) -> "LotForm":
        """With who has checked the list price of an item, by its code."""
        return replace(
            self, lines=tuple(replace(line, checked_by=checks.get(line.ref.strip(), "")) for line in self.lines)
        )

    def with_blank_rows(self) -> "LotForm":
        """Five rows more to type into, as far as the form may grow."""
        last = max((line.index for line in self.lines), default=-1)
        more = range(last + 1, min(last + 1 + BLANK_ROWS, MOST_ITEMS))
        return replace(self, lines=(*self.lines, *(ItemLine(index) for index in more)))


@dataclass(frozen=True, slots=True)
class ReadLot:
    """What was read of a form. `rows` are the table's rows in which the lot's items stand."""

    lot: Lot
    rows: tuple[int, ...]

    def placed(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """The faults of items at the rows in which these were typed."""
        for fault in faults:
            index = _row_of(fault)
            yield fault if index is None else Fault(_at_row(fault.field, self.rows[index]), fault.message)


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """As they stand on the page: first those of the rules, then the items' with their row."""
    by_row = sorted(faults, key=lambda fault: -1 if (row := _row_of(fault)) is None else row)
    return tuple(
        fault if (row := _row_of(fault)) is None else Fault(fault.field, f"品目の{row + 1}行目：{fault.message}")
        for fault in by_row
    )


def new_form(ref: str) -> LotForm:
    rules = Rules(void_grounds=void_grounds.STANDARD)
    return stored_form(Lot(ref, "", ContractKind.PURCHASE, rules, ())).with_blank_rows()


def stored_form(lot: Lot, either: bool = False, checked: Collection[str] = ()) -> LotForm:
    """`checked` are the codes of the items whose list price has been checked."""
    rules = lot.rules
    return LotForm(
        ref=lot.id,
        title=lot.title,
        contract_kind=lot.contract_kind.value,
        tender_method=lot.tender_method.value,
        tax_rate=format_decimal(rules.tax_rate * 100),
        minimum=_amount(rules.minimum),
        ceiling_disclosure=rules.ceiling_disclosure.value,
        max_attempts=str(rules.max_attempts),
        rebid_must_be_lower=rules.rebid_must_be_lower,
        price_decimals=str(rules.price_decimals),
        draw=rules.draw.value,
        review=rules.review.value,
        void_grounds="\n".join(rules.void_grounds),
        lines=tuple(_stored_line(index, item, item.id in checked) for index, item in enumerate(lot.items)),
        either=either,
    )


def typed_form(form: Fields) -> LotForm:
    """Everything that was typed, right or wrong."""
    return LotForm(
        ref=form.text("ref"),
        title=form.text("title"),
        contract_kind=form.text("contract_kind"),
        **_typed_rules(form),
        lines=tuple(_typed_lines(form)),
        either="either" in form,
    )


def typed_rules_form(form: Fields, lot: Lot, either: bool) -> LotForm:
    """The stored lot with what was typed into the fields that may still change."""
    stored = stored_form(lot, either)
    lines = tuple(
        replace(
            line,
            list_price=form.text(f"item-{line.index}-list_price"),
            list_price_source=form.text(f"item-{line.index}-list_price_source"),
            checked=_is_ticked(form, line.index),
        )
        for line in stored.lines
    )
    return replace(stored, **_typed_rules(form), lines=lines, price_reason=form.text("price_reason"))


def read_lot(reading: Reading, ref: str, stored: Collection[str]) -> ReadLot:
    """The whole form. An item whose name was emptied goes; one that is new (not `stored`) needs its name."""
    kept = [line for line in _typed_lines(reading.form) if not _is_dropped(line, stored)]
    used = {line.ref.strip() for line in kept}
    items = tuple(_read_item(reading, line, ref, used) for line in kept)
    kind = reading.choice("contract_kind", ContractKind, "契約の種類") or ContractKind.PURCHASE
    rules, method = _read_rules(reading), _read_method(reading)
    lot = Lot(ref, reading.text("title"), kind, rules, items, tender_method=method)
    return ReadLot(lot, tuple(line.index for line in kept))


def read_rules(reading: Reading, lot: Lot) -> ReadLot:
    """The stored lot with its rules and list prices as typed; nothing else of the form is looked at."""
    items = tuple(_with_price(reading, index, item) for index, item in enumerate(lot.items))
    read = replace(lot, rules=_read_rules(reading), items=items, tender_method=_read_method(reading))
    return ReadLot(read, tuple(range(len(items))))


def ticked(form: Fields, read: ReadLot) -> frozenset[str]:
    """The codes of the items whose list price is ticked as checked."""
    pairs = zip(read.lot.items, read.rows, strict=True)
    return frozenset(item.id for item, index in pairs if _is_ticked(form, index))


def parse_tax_rate(typed: str) -> Fraction | None:
    """10, １０％ or 7.8 as a fraction of the amount; None where nothing was typed."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return None
    found = _RATE.fullmatch(text)
    if found is None:
        raise Unreadable("税率は0以上100未満の数で入力してください（例：10）。")
    return Fraction(found[1]) / 100


# ---- reading -----------------------------------------------------------------------------------------


def _read_rules(reading: Reading) -> Rules:
    standard = Rules()
    rate = reading.value("tax_rate", parse_tax_rate, "税率を入力してください（例：10）。")
    return Rules(
        tax_rate=standard.tax_rate if rate is None else rate,
        minimum=reading.value("minimum", _amount_of("最低制限価格")),
        ceiling_disclosure=reading.choice("ceiling_disclosure", CeilingDisclosure, "予定価格の公表")
        or standard.ceiling_disclosure,
        max_attempts=reading.value("max_attempts", _one_of(ATTEMPTS)) or standard.max_attempts,
        rebid_must_be_lower=reading.is_checked("rebid_must_be_lower"),
        price_decimals=reading.value("price_decimals", _one_of(DECIMALS)) or 0,
        draw=reading.choice("draw", DrawMethod, "くじの方法") or standard.draw,
        review=reading.choice("review", Review, "参加資格の審査") or standard.review,
        void_grounds=tuple(
            line.strip() for line in reading.text("void_grounds", lines=True).splitlines() if line.strip()
        ),
    )


def _read_method(reading: Reading) -> TenderMethod:
    return reading.choice("tender_method", TenderMethod, "入札の方式") or TenderMethod.OPEN


def _amount_of(label: str) -> Callable[[str], Yen | None]:
    def parse(typed: str) -> Yen | None:
        try:
            return parse_yen(typed, SEN)
        except Unreadable as unreadable:
            raise Unreadable(f"{label}：{unreadable.message}") from None

    return parse


def _one_of(options: Sequence[tuple[str, str]]) -> Callable[[str], int]:
    def parse(typed: str) -> int:
        if typed not in dict(options):
            raise Unreadable("選択肢から選んでください。")
        return int(typed)

    return parse


def _is_dropped(line: ItemLine, stored: Collection[str]) -> bool:
    return line.is_blank or (not line.name.strip() and line.ref.strip() in stored)


def _read_item(reading: Reading, line: ItemLine, lot: str, used: set[str]) -> Item:
    at = f"item-{line.index}"
    return Item(
        id=reading.text(f"{at}-ref") or free_code(lot, used),
        name=reading.text(f"{at}-name"),
        specification=reading.value(f"{at}-specification", one_line) or "",
        unit=reading.text(f"{at}-unit"),
        list_price=reading.value(f"{at}-list_price", parse_list_price),
        list_price_source=reading.text(f"{at}-list_price_source") or None,
    )


def _with_price(reading: Reading, index: int, item: Item) -> Item:
    return replace(
        item,
        list_price=reading.value(f"item-{index}-list_price", parse_list_price),
        list_price_source=reading.text(f"item-{index}-list_price_source") or None,
    )


def _row_of(fault: Fault) -> int | None:
    found = _ITEM_FIELD.fullmatch(fault.field)
    return int(found[1]) if found else None


def _at_row(field: str, row: int) -> str:
    return _ITEM_FIELD.sub(rf"item-{row}-\2", field)


# ---- texts -------------------------------------------------------------------------------------------


def _typed_rules(form: Fields) -> dict[str, Any]:
    names = (
        "tender_method",
        "tax_rate",
        "minimum",
        "ceiling_disclosure",
        "max_attempts",
        "price_decimals",
        "draw",
        "review",
        "void_grounds",
    )
    return {name: form.text(name) for name in names} | {"rebid_must_be_lower": "rebid_must_be_lower" in form}


def _typed_lines(form: Fields) -> Iterator[ItemLine]:
    parts = ("ref", "name", "specification", "unit", "list_price", "list_price_source")
    for index in range(MOST_ITEMS):
        if f"item-{index}-name" in form:
            texts: dict[str, Any] = {part: form.text(f"item-{index}-{part}") for part in parts}
            yield ItemLine(index, **texts, checked=_is_ticked(form, index))


def _is_ticked(form: Fields, index: int) -> bool:
    return f"item-{index}-checked" in form


def _stored_line(index: int, item: Item, checked: bool) -> ItemLine:
    price, source = _amount(item.list_price), item.list_price_source or ""
    return ItemLine(index, item.id, item.name, item.specification, item.unit, price, source, checked)


def _amount(amount: Yen | None) -> str:
    """1,200 or 0.85, as it may be typed again; "" where there is none."""
    if amount is None:
        return ""
    whole, point, decimals = format_decimal(whole_or_exact(amount)).partition(".")
    return f"{int(whole):,}{point}{decimals}"
