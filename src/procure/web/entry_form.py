"""The form of an attempt: 入札書 and 内訳書 of every participant, as recorded, as typed, and as read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from procure.bids.rules import NextEntry, asked_quantities, named_ground
from procure.errors import Fault
from procure.server import Fields
from procure.settlement.bids import breakdown_total
from procure.settlement.labels import ENTRY
from procure.settlement.lottery import VARIANTS, Variant
from procure.settlement.round import Attempt, Bid, Bidder, Entry, Item, Lot
from procure.values.moments import moment_text, parse_draw_number, parse_moment
from procure.values.money import Yen, format_decimal
from procure.values.quantity import parse_yen
from procure.values.text import clean
from procure.values.unreadable import Unreadable
from procure.web.reading import Reading

T = TypeVar("T")

FIELDS = ("entry", "total", "received_at", "draw_number", "added_number", "void_ground", "void")
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """One bidder's 入札書 as it stands in the form; `at` begins the names of its fields.

    `void_ground` is one of the notice's 無効の事由, `void` what is added to it, or the reason where there is no list.
    """

    at: str
    name: str
    entry: str
    total: str
    received_at: str
    draw_number: str
    added_number: str
    void_ground: str
    void: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules of a lot ask of every 入札書 besides its amount; `grounds` are empty where the notice has none.

    `draw_data` is what the electronic lottery of the lot reads, in words; None where lots are drawn on paper.
    """

    draw_data: str | None
    draw_number: bool
    added_number: bool
    milliseconds: bool
    grounds: tuple[str, ...]


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


def asked(lot: Lot, shown: Iterable[Paper] = ()) -> Asked:
    """Also what was recorded though the rules do not ask for it: a form must not lose it."""
    variant = VARIANTS.get(lot.rules.draw)
    return Asked(
        draw_data=_draw_data(variant) if variant else None,
        draw_number=bool(variant and variant.draw_number) or any(paper.draw_number for paper in shown),
        added_number=bool(variant and variant.added_number) or any(paper.added_number for paper in shown),
        milliseconds=bool(variant and variant.by_millisecond),
        grounds=lot.rules.void_grounds,
    )


def _draw_data(variant: Variant) -> str:
    time = "受付日時（ミリ秒まで。例：9:10:05.123）" if variant.by_millisecond else "受付日時（秒まで）"
    numbers = (("くじ番号", variant.draw_number), ("加算番号", variant.added_number))
    return "、".join([*(number for number, is_read in numbers if is_read), time])


def recorded(lot: Lot, bids: Iterable[Bid]) -> Fields:
    """The fields as they were recorded, for mending them."""
    return Fields(pair for bid in bids for pair in _recorded_bid(bid, lot.rules.void_grounds))


def _recorded_bid(bid: Bid, grounds: Sequence[str]) -> Iterator[tuple[str, str]]:
    at = f"bid-{bid.bidder}"
    yield f"{at}-entry", bid.entry.value
    yield f"{at}-total", "" if bid.total is None else format_decimal(bid.total)
    yield f"{at}-received_at", "" if bid.received_at is None else moment_text(bid.received_at)
    yield f"{at}-draw_number", "" if bid.draw_number is None else f"{bid.draw_number:03}"
    yield f"{at}-added_number", "" if bid.added_number is None else f"{bid.added_number:03}"
    ground, addition = _parted(bid.void or "", grounds)
    yield f"{at}-void_ground", ground
    yield f"{at}-void", addition
    for item, price in (bid.unit_prices or {}).items():
        yield f"{at}-price-{item}", format_decimal(price)


def _parted(void: str, grounds: Sequence[str]) -> tuple[str, str]:
    """The ground of the notice, and what was added to it."""
    ground = named_ground(void, grounds)
    return (ground, void[len(ground) + 1 : -1]) if ground else ("", void)


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
    bids = (read_bid(reading, lot, bidder, opened_at) for bidder in entry.participants)
    return Attempt(entry.number, opened_at, tuple(bid for bid in bids if bid is not None))


def read_bid(reading: Reading, lot: Lot, bidder: Bidder, opened_at: datetime) -> Bid | None:
    """A bidder's bid as far as it can be read; None where nothing of 入札・辞退・不参 was chosen."""
    at = f"bid-{bidder.id}"
    entry = next((kind for kind in Entry if kind.value == reading.form.text(f"{at}-entry")), None)
    if entry in (Entry.DECLINED, Entry.ABSENT):
        _note_amounts(reading, lot, bidder, entry)
        return Bid(bidder.id, entry, received_at=_received_at(reading, bidder, opened_at))
    total = named(bidder, "入札金額", amount(lot.rules.price_decimals))
    bid = Bid(
        bidder=bidder.id,
        entry=Entry.BID,
        total=reading.value(f"{at}-total", total),
        received_at=_received_at(reading, bidder, opened_at),
        draw_number=reading.value(f"{at}-draw_number", named(bidder, "くじ番号", parse_draw_number)),
        added_number=reading.value(f"{at}-added_number", named(bidder, "加算番号", parse_draw_number)),
        void=_void(reading, bidder, lot.rules.void_grounds),
        unit_prices=_prices(reading, lot, bidder) or None,
    )
    return bid if entry is Entry.BID else None


def _void(reading: Reading, bidder: Bidder, grounds: Sequence[str]) -> str | None:
    """The reason why a bid is void: a ground of the notice's list, with an addition, or a text where it has no list."""
    at = f"bid-{bidder.id}"
    addition = reading.value(f"{at}-void", named(bidder, "無効の理由", _reason)) or ""
    ground = next((one for one in grounds if one == reading.form.text(f"{at}-void_ground")), "")
    if grounds and addition and not ground:
        message = f"「{bidder.name}」の無効の事由を、公告の事由から選んでください（補足だけでは無効にできません）。"
        reading.faults.append(Fault(f"{at}-void_ground", message))
    if ground and addition:
        return f"{ground}（{addition}）"
    return ground or addition or None


def _received_at(reading: Reading, bidder: Bidder, opened_at: datetime) -> datetime | None:
    read = named(bidder, "受付日時", lambda typed: parse_moment(typed, opened_at.date()))
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
        read = named(bidder, f"「{item.name}」の単価", amount(lot.rules.price_decimals))
        price = reading.value(f"bid-{bidder.id}-price-{item.id}", read)
        if price is not None:
            prices[item.id] = price
    return prices


def named(bidder: Bidder, what: str, parse: Callable[[str], T]) -> Callable[[str], T]:
    """The parser, whose refusals say of whom and of what they speak: in the summary they stand alone."""

    def read(typed: str) -> T:
        try:
            return parse(typed)
        except Unreadable as unreadable:
            raise Unreadable(f"「{bidder.name}」の{what}：{unreadable.message}") from None

    return read


def amount(decimals: int) -> Callable[[str], Yen | None]:
    return lambda typed: parse_yen(typed, decimals)


def _reason(typed: str) -> str:
    reason = clean(typed)
    if len(reason) > _LONGEST_REASON:
        raise Unreadable(f"{_LONGEST_REASON}字以内で入力してください。")
    return reason
