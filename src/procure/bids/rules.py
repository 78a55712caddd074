"""What an attempt must be before it is recorded, bid by bid, and who takes part in it. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime

from procure.errors import Fault
from procure.settlement.award import decide, decide_attempts
from procure.settlement.bids import VALID, breakdown_total, total_quantities
from procure.settlement.result import LotResult, Outcome
from procure.settlement.round import (
    Attempt,
    Bid,
    Bidder,
    CeilingDisclosure,
    Drawer,
    DrawMethod,
    Entry,
    Lot,
    Opening,
    Witness,
    WitnessKind,
)
from procure.settlement.sentences import yen
from procure.settlement.settle import settle_lot
from procure.values.era import wareki, wareki_time
from procure.values.money import decimals_fit


@dataclass(frozen=True, slots=True)
class NextEntry:
    """The attempt whose bids are entered next (or may still be corrected), and who takes part in it."""

    number: int
    participants: tuple[Bidder, ...]
    is_correction: bool


def next_entry(lot: Lot) -> NextEntry | None:
    """The attempt to be entered now: the first, one that a rebid asks for, or None where the lot needs none."""
    result = settle_lot(lot)
    if result.outcome is Outcome.PENDING:
        return NextEntry(1, lot.bidders, is_correction=False)
    if result.outcome is Outcome.REBID:
        return NextEntry(len(lot.attempts) + 1, _valid_in_last(lot, result), is_correction=False)
    return None


def correction(lot: Lot) -> NextEntry | None:
    """The last attempt recorded. Earlier ones are closed: what was decided on them stands."""
    if not lot.attempts or lot.cancelled:
        return None
    before = replace(lot, attempts=lot.attempts[:-1], draw=None)
    entry = next_entry(before)
    return replace(entry, is_correction=True) if entry else None


def entry_for(lot: Lot, number: int) -> NextEntry | None:
    """The entry of this attempt, where it may be recorded or corrected now."""
    entries = (next_entry(lot), correction(lot))
    return next((entry for entry in entries if entry and entry.number == number), None)


def is_final(result: LotResult) -> bool:
    """Whether nothing more can be entered for the lot, so that its outcome can be confirmed."""
    return result.outcome in (Outcome.AWARDED, Outcome.NO_BIDS, Outcome.NO_AWARD, Outcome.CANCELLED)


def attempt_faults(lot: Lot, entry: NextEntry, attempt: Attempt) -> Iterator[Fault]:
    """Every fault of the bids entered, by `bid-<bidder>-<what>`."""
    for bid in attempt.bids:
        yield from bid_faults(lot, bid, attempt.opened_at)
    entered = {bid.bidder for bid in attempt.bids}
    for bidder in entry.participants:
        if bidder.id not in entered:
            yield Fault(f"bid-{bidder.id}-entry", f"「{bidder.name}」の入札・辞退・不参の別を選んでください。")


def entered_bidders(lot: Lot, attempt: Attempt) -> tuple[Bidder, ...]:
    """Those of whom the attempt has an entry, in the order of registration."""
    entered = {bid.bidder for bid in attempt.bids}
    return tuple(bidder for bidder in lot.bidders if bidder.id in entered)


def opening_faults(lot: Lot, attempt: Attempt, held_at: datetime | None, now: datetime) -> Iterator[Fault]:
    """The attempt lies between the 開札 of the round, `held_at`, and now; a rebid after the attempt before it."""
    if held_at is not None and attempt.opened_at < held_at:
        yield Fault(
            "opened_at", f"開札日時が開札の開始（{wareki_time(held_at)}）より前です。開札日時を確かめてください。"
        )
    if attempt.opened_at > now:
        yield Fault("opened_at", "開札日時が現在より後です。開札してから記録してください。")
    before = [other.opened_at for other in lot.attempts if other.number < attempt.number]
    if before and attempt.opened_at < max(before):
        yield Fault("opened_at", "開札日時が前回の開札より前です。開札日時を確かめてください。")


def asked_quantities(lot: Lot) -> dict[str, int]:
    """What is bid for: the quantity of every item that anybody asks for, in the order of the items."""
    return {item: quantity for item, quantity in total_quantities(lot).items() if quantity}


def bid_faults(lot: Lot, bid: Bid, opened_at: datetime) -> Iterator[Fault]:
    """Every fault of one bid, by `bid-<bidder>-<what>`."""
    quantities = asked_quantities(lot)
    name = next(bidder.name for bidder in lot.bidders if bidder.id == bid.bidder)
    at = f"bid-{bid.bidder}"
    if bid.entry is not Entry.BID:
        return
    yield from _price_faults(lot, quantities, bid, name)
    if bid.void and lot.rules.void_grounds and not named_ground(bid.void, lot.rules.void_grounds):
        yield Fault(
            f"{at}-void",
            f"「{name}」の無効の理由が、公告した無効の事由にありません。公告の事由を、補足は後ろに（）で付けて入力してください。",
        )
    if bid.draw_number is not None and not 0 <= bid.draw_number <= 999:
        yield Fault(f"{at}-draw_number", f"「{name}」のくじ番号は0から999までの数で入力してください。")
    if bid.received_at is not None and bid.received_at > opened_at:
        yield Fault(f"{at}-received_at", f"「{name}」の受付日時が開札より後です。受付日時を確かめてください。")


def named_ground(void: str, grounds: Sequence[str]) -> str:
    """The longest ground of the notice (施行令167条の6第2項) that the reason is, alone or with an addition in （）;
    empty where it is none.
    """
    named = (one for one in grounds if void == one or (void.startswith(f"{one}（") and void.endswith("）")))
    return max(named, key=len, default="")


def _price_faults(lot: Lot, quantities: Mapping[str, int], bid: Bid, name: str) -> Iterator[Fault]:
    at = f"bid-{bid.bidder}"
    if bid.total is None and not bid.unit_prices:
        yield Fault(f"{at}-total", f"「{name}」の入札金額か内訳の単価を入力してください。")
        return
    prices = bid.unit_prices or {}
    names = {item.id: item.name for item in lot.items}
    missing = [ref for ref in quantities if ref not in prices] if prices else []
    for ref in missing:
        yield Fault(
            f"{at}-price-{ref}", f"「{name}」の「{names[ref]}」の単価を入力してください（内訳は全品目に必要です）。"
        )
    for ref, price in prices.items():
        if price < 0 or not decimals_fit(price, lot.rules.price_decimals):
            yield Fault(
                f"{at}-price-{ref}",
                f"「{name}」の「{names[ref]}」の単価は0以上、小数{lot.rules.price_decimals}桁までで入力してください。",
            )
    yield from _total_faults(lot, quantities, bid, name, complete=bool(prices) and not missing)


def _total_faults(lot: Lot, quantities: Mapping[str, int], bid: Bid, name: str, complete: bool) -> Iterator[Fault]:
    at = f"bid-{bid.bidder}-total"
    sum_of_lines = breakdown_total(bid.unit_prices or {}, quantities) if complete else None
    total = sum_of_lines if bid.total is None else bid.total
    if total is None:
        return
    if total <= 0:
        yield Fault(at, f"「{name}」の入札金額は0より大きい金額で入力してください。")
    elif bid.total is not None and not decimals_fit(total, lot.rules.price_decimals):
        yield Fault(at, f"「{name}」の入札金額は小数{lot.rules.price_decimals}桁までで入力してください。")
    elif sum_of_lines is not None and total != sum_of_lines:
        yield Fault(
            at,
            f"「{name}」の入札金額と内訳の合計が一致しません（内訳の合計は{yen(sum_of_lines)}円）。入札書と内訳書を確かめてください。",
        )


def announce_faults(lots: Iterable[Lot], sealed: Set[str]) -> Iterator[Fault]:
    """Before the notice: something is asked for in every lot, and a ceiling to be published with it is set."""
    for lot in lots:
        if lot.cancelled:
            continue
        if not lot.demand:
            yield Fault("lots", f"「{lot.title}」には需要がありません。取止めにするか、需要登録を再開してください。")
        if lot.rules.ceiling_disclosure is CeilingDisclosure.BEFORE and lot.id not in sealed:
            yield Fault("lots", f"「{lot.title}」は予定価格を事前に公表します。公告の前に予定価格を定めてください。")


def held_faults(
    held: Opening, bidders: Set[str], opened_at: datetime, bid_date: date, now: datetime
) -> Iterator[Fault]:
    """開札 is held when bidding has ended, before bidders or an official without a part in it (施行令167条の8第1項)."""
    if opened_at > now:
        yield Fault("opened_at", "開札日時が現在より後です。開札してから始めてください。")
    if opened_at.date() < bid_date:
        yield Fault("opened_at", f"開札日が公告した入札日（{wareki(bid_date)}）より前です。入札日に開札してください。")
    for field, label in (("place", "開札の場所"), ("officer", "入札執行者"), ("recorder", "記録者")):
        if not 0 < len(getattr(held, field)) <= (200 if field == "place" else 100):
            yield Fault(field, f"{label}を入力してください。")
    if not held.witnesses:
        yield Fault(
            "witness-0-name",
            "立会人を1人以上入力してください。入札者が立ち会わないときは、入札事務に関係のない職員です。",
        )
    for index, witness in enumerate(held.witnesses):
        yield from _witness_faults(f"witness-{index}", witness, held, bidders)


def _witness_faults(at: str, witness: Witness, held: Opening, bidders: Set[str]) -> Iterator[Fault]:
    if not 0 < len(witness.name) <= 100:
        yield Fault(f"{at}-name", "立会人の氏名を100字以内で入力してください。")
    if witness.kind is WitnessKind.BIDDER and witness.affiliation not in bidders:
        yield Fault(f"{at}-affiliation", "入札者として立ち会う人は、登録した入札者から選んでください。")
    if witness.kind is WitnessKind.OFFICIAL and witness.name in (held.officer, held.recorder):
        yield Fault(f"{at}-name", "立会人の職員は、入札執行者や記録者と別の、入札事務に関係のない職員にしてください。")


def draw_faults(lot: Lot, winner: str, drawn_by: str, witness: str, drawers: Sequence[Drawer] = ()) -> Iterator[Fault]:
    """A paper draw needs its winner among the tied, who drew, and who was witness (施行令167条の9)."""
    if lot.rules.draw is not DrawMethod.PAPER:
        yield Fault("winner", "この案件のくじは電子くじです。くじ番号と受付日時を入札の記録で直してください。")
    if winner not in tied_bidders(lot):
        yield Fault("winner", "くじに当たった入札者を、同額の入札者から選んでください。")
    if not drawn_by:
        yield Fault("drawn_by", "くじを引いた人を入力してください。")
    if not witness:
        yield Fault("witness", "立会人を入力してください。")
    elif witness in {drawn_by, *(one.drawn_by for one in drawers)}:
        yield Fault("witness", "立会人は、くじを引いた人と別の人にしてください。")
    yield from _drawer_faults(lot, drawers)


def _drawer_faults(lot: Lot, drawers: Sequence[Drawer]) -> Iterator[Fault]:
    """Each of the tied draws once; for one that does not, an official who draws for no bidder of its own."""
    if drawers and sorted(one.bidder for one in drawers) != sorted(tied_bidders(lot)):
        yield Fault("drawers", "同額の入札者のそれぞれについて、くじを引いた人を1人ずつ入力してください。")
    agents = {one.drawn_by for one in drawers if not one.in_place}
    for index, one in enumerate(drawers):
        if not 0 < len(one.drawn_by) <= 100:
            yield Fault(f"drawers-{index}-drawn_by", "くじを引いた人を100字以内で入力してください。")
        elif one.in_place and one.drawn_by in agents:
            message = "代わりに引く職員は、入札者やその代理人と別の、入札事務に関係のない職員にしてください。"
            yield Fault(f"drawers-{index}-drawn_by", message)


def tied_bidders(lot: Lot) -> tuple[str, ...]:
    """Those who share the lowest eligible total of the last attempt; nobody where it needs no draw."""
    return decide(replace(lot, draw=None)).tied


def correction_faults(lot: Lot, number: int, bid: Bid) -> Iterator[Fault]:
    """A correction mends what was typed; it may not undo an attempt that was held because of it."""
    attempt = lot.attempts[number - 1]
    if bid == next((one for one in attempt.bids if one.bidder == bid.bidder), None):
        yield Fault(f"bid-{bid.bidder}-entry", "元の記録と同じ内容です。訂正する箇所を書面のとおりに直してください。")
        return
    mended = replace(attempt, bids=tuple(bid if one.bidder == bid.bidder else one for one in attempt.bids))
    attempts = (*lot.attempts[: number - 1], mended, *lot.attempts[number:])
    decided = decide_attempts(replace(lot, attempts=attempts, draw=None))
    if len(decided.attempts) < len(attempts):
        yield Fault(
            f"bid-{bid.bidder}-total",
            f"この訂正によると第{len(decided.attempts)}回で決まるため、その後の入札が成り立ちません。"
            "書面を確かめ、取止めを含めて協議してください。",
        )


def _valid_in_last(lot: Lot, result: LotResult) -> tuple[Bidder, ...]:
    valid = {bid.bidder for bid in result.attempts[-1].bids if bid.status in VALID}
    return tuple(bidder for bidder in lot.bidders if bidder.id in valid)
