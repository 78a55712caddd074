"""What a round and its lots must be before they are written, as faults field by field. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from procure.errors import Fault
from procure.rounds.void_grounds import LONGEST, MOST
from procure.settlement.round import ContractKind, Item, Lot
from procure.values.fiscal_year import first_day
from procure.values.money import Yen, decimals_fit
from procure.values.quantity import MOST_YEN

# Another page stands at the address that a round or a lot of such an id would have.
_FILES = ("releases.json", "records.json", "notices.json", "awards.csv")
NO_ROUNDS = frozenset({"new", "settings", "limits", "items", "suppliers", "bodies", *_FILES})
NO_LOTS = frozenset({"new"})
_TAKEN = "ほかのページのアドレスになるためです。別の"


@dataclass(frozen=True, slots=True)
class Outline:
    """What the secretariat says of a round: its number, title, 年度 and 入札日."""

    ref: str
    title: str
    fiscal_year: int
    bid_date: date
    council: str
    note: str | None = None
    is_sample: bool = False


def outline_faults(outline: Outline) -> Iterator[Fault]:
    if not _is_plain_id(outline.ref):
        yield Fault("ref", "案件番号は、英数字とハイフンで64字以内で入力してください（例：R8-1）。")
    elif outline.ref in NO_ROUNDS:
        yield Fault("ref", f"案件番号「{outline.ref}」は使えません。{_TAKEN}番号にしてください（例：R8-1）。")
    yield from _length("title", outline.title, 200, "件名")
    yield from _length("council", outline.council, 200, "協議会名")
    if outline.bid_date < earliest_bid_date(outline.fiscal_year):
        yield Fault("bid_date", "入札日が年度の始まり（４月１日）の半年以上前です。年度か入札日を直してください。")


def earliest_bid_date(fiscal_year: int) -> date:
    """1 October before the 年度, when its budget begins to be made: 準備行為 need some of it to be known."""
    return date(fiscal_year - 1, 10, 1)


def is_before_its_year(fiscal_year: int, bid_date: date) -> bool:
    """Whether the tender is a preparation (準備行為) for a 年度 that has not begun, as with a contract on 1 April."""
    return bid_date < first_day(fiscal_year)


def survey_faults(lots: Sequence[Lot], deadline: datetime, now: datetime) -> Iterator[Fault]:
    """Before the survey opens: something to ask for, and time to answer."""
    if deadline <= now:
        yield Fault("deadline", "登録期限は、現在より後の日時にしてください。")
    if not lots:
        yield Fault("lots", "ロットがありません。ロットと品目を登録してから需要登録を始めてください。")
    for lot in lots:
        if not lot.items:
            yield Fault("lots", f"「{lot.title}」に品目がありません。品目を登録してください。")


def reopening_faults(reason: str, deadline: datetime, now: datetime) -> Iterator[Fault]:
    """Before the survey opens again: why, and time to answer."""
    if not reason or len(reason) > 1000:
        yield Fault("reason", "再開の理由を1000字以内で入力してください。")
    if deadline <= now:
        yield Fault("deadline", "登録期限は、現在より後の日時にしてください。")


def price_reason_faults(reason: str) -> Iterator[Fault]:
    """Before a list price changes after 仕様確定, where a copy of it was kept."""
    if not reason or len(reason) > 1000:
        yield Fault("price_reason", "仕様確定の後に定価を変更するときは、変更の理由を1000字以内で入力してください。")


def lot_faults(lot: Lot) -> Iterator[Fault]:
    yield from _length("title", lot.title, 200, "ロット名")
    if not _is_plain_id(lot.id):
        yield Fault("ref", "ロットの記号は、英数字とハイフンで64字以内で入力してください（例：pc）。")
    elif lot.id in NO_LOTS:
        yield Fault("ref", f"記号「{lot.id}」は使えません。{_TAKEN}記号にしてください（例：pc）。")
    yield from _rule_faults(lot)
    repeated = {ref for ref, times in Counter(item.id for item in lot.items).items() if times > 1}
    for index, item in enumerate(lot.items):
        yield from _item_faults(index, item)
        if item.id in repeated:
            yield Fault(f"item-{index}-ref", f"品目コード「{item.id}」が重なっています。別のコードにしてください。")


def _rule_faults(lot: Lot) -> Iterator[Fault]:
    rules = lot.rules
    if not 0 <= rules.tax_rate < 1:
        yield Fault("tax_rate", "税率は0以上100未満の数で入力してください（例：10）。")
    if rules.minimum is not None and lot.contract_kind is not ContractKind.WORKS:
        yield Fault(
            "minimum",
            "最低制限価格は、工事又は製造その他の請負に限り設けられます（地方自治法施行令第167条の10第2項）。"
            "物品購入と賃貸借では空欄にしてください。",
        )
    else:
        yield from _amount_faults("minimum", rules.minimum, "最低制限価格")
    if not 1 <= rules.max_attempts <= 3:
        yield Fault("max_attempts", "入札の回数は1回から3回までです。")
    if not 0 <= rules.price_decimals <= 2:
        yield Fault("price_decimals", "単価の小数は0桁から2桁までです。")
    if len(rules.void_grounds) > MOST or any(len(ground) > LONGEST for ground in rules.void_grounds):
        yield Fault("void_grounds", f"無効の事由は、1行{LONGEST}字以内、{MOST}行以内で入力してください。")


def _item_faults(index: int, item: Item) -> Iterator[Fault]:
    at = f"item-{index}"
    if not _is_plain_id(item.id):
        yield Fault(f"{at}-ref", "品目コードは、英数字とハイフンで64字以内で入力してください（例：note-a）。")
    yield from _length(f"{at}-name", item.name, 200, "品名")
    yield from _length(f"{at}-unit", item.unit, 20, "単位")
    if len(item.specification) > 2000:
        yield Fault(f"{at}-specification", "規格は2000字以内で入力してください。")
    yield from _amount_faults(f"{at}-list_price", item.list_price, "定価")


def _amount_faults(field: str, amount: Yen | None, label: str) -> Iterator[Fault]:
    if amount is None:
        return
    if amount <= 0:
        yield Fault(field, f"{label}は0より大きい金額で入力してください。")
    elif amount > MOST_YEN:
        yield Fault(field, f"{label}が大きすぎます。{MOST_YEN:,}円以内で入力してください。")
    elif not decimals_fit(amount, 2):
        yield Fault(field, f"{label}は小数第2位（銭）までで入力してください。")


def _length(field: str, text: str, longest: int, label: str) -> Iterator[Fault]:
    if not text:
        yield Fault(field, f"{label}を入力してください。")
    elif len(text) > longest:
        yield Fault(field, f"{label}は{longest}字以内で入力してください。")


def _is_plain_id(ref: str) -> bool:
    return 1 <= len(ref) <= 64 and ref.isascii() and all(sign.isalnum() or sign in "-_." for sign in ref)
