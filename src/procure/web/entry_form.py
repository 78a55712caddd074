"""The form of an attempt: 入札書 and 内訳書 of every participant, as recorded, as typed, and as read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from procure.bids.rules import NextEntry, asked_quantities
from procure.clock import JAPAN
from procure.errors import Fault
from procure.server import Fields
from procure.settlement.bids import breakdown_total
from procure.settlement.labels import ENTRY
from procure.settlement.round import Attempt, Bid, Bidder, Entry, Item, Lot
from procure.values.era import parse_date, wareki_short
from procure.values.money import Yen, format_decimal
from procure.values.quantity import parse_yen
from procure.values.text import clean
from procure.values.unreadable import Unreadable
from procure.web.reading import Reading

T = TypeVar("T")

FIELDS = ("entry", "total", "received_at", "draw_number", "void")
_LONGEST_REASON = 200
_DIGITS = str.maketrans("０１２３４５６７８９：時分", "0123456789:::", "秒")
_CLOCK = re.compile(r"[ T\u3000]*([0-9]{1,2}):([0-9]{1,2})?(?::([0-9]{1,2})?)?$")


@dataclass(frozen=True, slots=True)
class Paper:
    """One bidder's 入札書 as it stands in the form; `at` begins the names of its fields."""

    at: str
    name: str
    entry: str
    total: str
    received_at: str
    draw_number: str
    void: str


@dataclass(frozen=True, slots=True)
class Cell:
    field: str
    raw: str
    error: str | None


@dataclass(frozen=True, slots=True)
class PriceRow:
    """An item of the 内訳書, with a cell for each participant."""

    id: str
    name: str
    unit: str
    quantity: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A participant over the price grid; `total` is what its prices come to, None while none is given."""

    name: str
    total: Yen | None


# ---- what stands in the fields -----------------------------------------------------------------------


def recorded(attempt: Attempt) -> Fields:
    """The fields as they were recorded, for a correction."""
    return Fields(pair for bid in attempt.bids for pair in _recorded_bid(bid))


def _recorded_bid(bid: Bid) -> Iterator[tuple[str, str]]:
    at = f"bid-{bid.bidder}"
    yield f"{at}-entry", bid.entry.value
    yield f"{at}-total", "" if bid.total is None else format_decimal(bid.total)
    yield f"{at}-received_at", "" if bid.received_at is None else moment_text(bid.received_at)
    yield f"{at}-draw_number", "" if bid.draw_number is None else f"{bid.draw_number:03}"
    yield f"{at}-void", bid.void or ""
    for item, price in (bid.unit_prices or {}).items():
        yield f"{at}-price-{item}", format_decimal(price)


def papers(entry: NextEntry, form: Fields) -> tuple[Paper, ...]:
    return tuple(
        Paper(f"bid-{bidder.id}", bidder.name, *(form.text(f"bid-{bidder.id}-{field}") for field in FIELDS))
        for bidder in entry.participants
    )


def price_rows(lot: Lot, entry: NextEntry, form: Fields, faults: Sequence[Fault]) -> tuple[PriceRow, ...]:
    errors = {fault.field: fault.message for fault in faults}

    def cell(bidder: Bidder, item: Item) -> Cell:
        field = f"bid-{bidder.id}-price-{item.id}"
        return Cell(field, form.text(field), errors.get(field))

    quantities = asked_quantities(lot)
    return tuple(
        PriceRow(item.id, item.name, item.unit, quantities[item.id], tuple(cell(b, item) for b in entry.participants))
        for item in lot.items
        if item.id in quantities
    )


def columns(lot: Lot, entry: NextEntry, form: Fields) -> tuple[Column, ...]:
    reading = Reading(form)
    quantities = asked_quantities(lot)
    return tuple(_column(bidder, _prices(reading, lot, bidder), quantities) for bidder in entry.participants)


def _column(bidder: Bidder, prices: Mapping[str, Yen], quantities: Mapping[str, int]) -> Column:
    return Column(bidder.name, breakdown_total(prices, quantities) if prices else None)


# ---- what was typed, read ----------------------------------------------------------------------------


def read_attempt(reading: Reading, lot: Lot, entry: NextEntry, opened_at: datetime) -> Attempt:
    """The bids as far as they can be read; who chose nothing of 入札・辞退・不参 is left out."""
    bids = (_read_bid(reading, lot, bidder, opened_at) for bidder in entry.participants)
    return Attempt(entry.number, opened_at, tuple(bid for bid in bids if bid is not None))


def _read_bid(reading: Reading, lot: Lot, bidder: Bidder, opened_at: datetime) -> Bid | None:
    at = f"bid-{bidder.id}"
    entry = next((kind for kind in Entry if kind.value == reading.form.text(f"{at}-entry")), None)
    if entry in (Entry.DECLINED, Entry.ABSENT):
        _note_amounts(reading, lot, bidder, entry)
        return Bid(bidder.id, entry, received_at=_received_at(reading, bidder, opened_at))
    total = _named(bidder, "入札金額", _amount(lot.rules.price_decimals))
    bid = Bid(
        bidder=bidder.id,
        entry=Entry.BID,
        total=reading.value(f"{at}-total", total),
        received_at=_received_at(reading, bidder, opened_at),
        draw_number=reading.value(f"{at}-draw_number", _named(bidder, "くじ番号", parse_draw_number)),
        void=reading.value(f"{at}-void", _named(bidder, "無効の理由", _reason)) or None,
        unit_prices=_prices(reading, lot, bidder) or None,
    )
    return bid if entry is Entry.BID else None


def _received_at(reading: Reading, bidder: Bidder, opened_at: datetime) -> datetime | None:
    read = _named(bidder, "受付日時", lambda typed: parse_moment(typed, opened_at.date()))
    return reading.value(f"bid-{bidder.id}-received_at", read)


def _note_amounts(reading: Reading, lot: Lot, bidder: Bidder, entry: Entry) -> None:
    """An amount beside 辞退 or 不参 is a slip in one of the two, and only the person with the paper knows in which."""
    at = f"bid-{bidder.id}"
    amounts = [f"{at}-total", *(f"{at}-price-{item.id}" for item in lot.items)]
    if any(reading.form.text(field).strip() for field in amounts):
        message = (
            f"「{bidder.name}」は{ENTRY[entry]}ですが、金額が入力されています。入札に直すか、金額を消してください。"
        )
        reading.faults.append(Fault(f"{at}-entry", message))


def _prices(reading: Reading, lot: Lot, bidder: Bidder) -> dict[str, Yen]:
    prices: dict[str, Yen] = {}
    for item in lot.items:
        read = _named(bidder, f"「{item.name}」の単価", _amount(lot.rules.price_decimals))
        price = reading.value(f"bid-{bidder.id}-price-{item.id}", read)
        if price is not None:
            prices[item.id] = price
    return prices


def _named(bidder: Bidder, what: str, parse: Callable[[str], T]) -> Callable[[str], T]:
    """The parser, whose refusals say of whom and of what they speak: in the summary they stand alone."""

    def read(typed: str) -> T:
        try:
            return parse(typed)
        except Unreadable as unreadable:
            raise Unreadable(f"「{bidder.name}」の{what}：{unreadable.message}") from None

    return read


def _amount(decimals: int) -> Callable[[str], Yen | None]:
    return lambda typed: parse_yen(typed, decimals)


def _reason(typed: str) -> str:
    reason = clean(typed)
    if len(reason) > _LONGEST_REASON:
        raise Unreadable(f"{_LONGEST_REASON}字以内で入力してください。")
    return reason


def parse_draw_number(typed: str) -> int | None:
    """000 to 999; None where nothing was typed."""
    text = typed.translate(_DIGITS).strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise Unreadable("000から999までの3桁の数字で入力してください。")
    return int(text)


def parse_moment(typed: str, usual_day: date) -> datetime | None:
    """A day and a time to the second, in Japan: R8.12.11 9:10:05, or 9:10 alone for the usual day.

    The second counts: an electronic lottery is computed from it.
    """
    text = typed.translate(_DIGITS).strip()
    if not text:
        return None
    found = _CLOCK.search(text)
    if found is None:
        raise Unreadable("時刻まで入力してください（例：9:10、R8.12.11 9:10:05）。")
    try:
        hour, minute, second = (int(part or 0) for part in found.groups())
        clock = time(hour, minute, second)
    except ValueError:
        raise Unreadable("時刻を読み取れません。24時間制で入力してください（例：9:10、17:15:30）。") from None
    return datetime.combine(parse_date(text[: found.start()]) or usual_day, clock, JAPAN)


def moment_text(moment: datetime) -> str:
    """As a person would type it, and exact to the second."""
    return f"{wareki_short(moment)} {moment:%H:%M:%S}" if moment.second else f"{wareki_short(moment)} {moment:%H:%M}"
