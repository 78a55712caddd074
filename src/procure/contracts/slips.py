"""What may be written into the ledger of a contract, and what may be taken back. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from procure.contracts.ledger import Excess, Ledger, Slip
from procure.contracts.rules import LONGEST_REASON
from procure.contracts.states import Act
from procure.errors import Fault
from procure.values.era import wareki
from procure.values.quantity import MOST_QUANTITY


@dataclass(frozen=True, slots=True)
class Note:
    """What a slip says beside its quantities: where an order goes, who accepted, why a contract was changed."""

    place: str = ""
    inspector: str = ""
    remark: str = ""


def slip_faults(
    ledger: Ledger, slip: Slip, note: Note, concluded_on: date, today: date, names: Mapping[str, str]
) -> Iterator[Fault]:
    """`names` are those of the items. A slip that takes another back is judged by `reversal_faults`."""
    label = slip.act.label
    if slip.day > today:
        yield Fault("day", f"{label}の日が今日より後です。済んだ日を入力してください。")
    if slip.day < concluded_on:
        yield Fault("day", f"{label}の日が契約の日（{wareki(concluded_on)}）より前です。日付を確かめてください。")
    if not any(slip.quantities.values()):
        yield Fault(_first_field(ledger), _NOTHING[slip.act])
    over = list(_over(ledger, slip, names))
    yield from over
    if not over:
        yield from _early(ledger, slip, names)
    yield from _note_faults(slip.act, note)


def reversal_faults(ledger: Ledger, number: int, reason: str, names: Mapping[str, str]) -> Iterator[Fault]:
    """Before a slip is taken back: why, and that nothing that follows it rests on it."""
    if not 1 <= len(reason) <= LONGEST_REASON:
        yield Fault("remark", f"取り消す理由を{LONGEST_REASON}字以内で入力してください。")
    after = ledger.with_slip(ledger.reversal(number))
    yield from (Fault("", fault.message) for fault in _emptied(after))
    for excess in _once(after):
        what = names.get(excess.item, excess.item)
        message = (
            f"「{what}」には、この数量を前提にした{excess.act.label}の記録があります。"
            f"先に{excess.act.label}の記録を取り消してください。"
        )
        yield Fault("", message)


def _over(ledger: Ledger, slip: Slip, names: Mapping[str, str]) -> Iterator[Fault]:
    """More than is left of what comes before."""
    if slip.act is Act.CHANGE:
        yield from _change_faults(ledger, slip, names)
        return
    room = ledger.room(slip.act)
    for item, quantity in slip.quantities.items():
        if quantity > room[item]:
            yield Fault(field_of(item), _TOO_MANY[slip.act].format(what=names.get(item, item), left=room[item]))


def _change_faults(ledger: Ledger, slip: Slip, names: Mapping[str, str]) -> Iterator[Fault]:
    ordered, after = ledger.sums(Act.ORDER), ledger.with_slip(slip).sums(Act.CHANGE)
    for item in slip.quantities:
        what = names.get(item, item)
        if after[item] < ordered[item]:
            message = f"「{what}」は、すでに{ordered[item]:,}を発注しています。それより少なくはできません。"
            yield Fault(field_of(item), message)
        elif after[item] > MOST_QUANTITY:
            yield Fault(field_of(item), f"「{what}」の数量が大きすぎます。{MOST_QUANTITY:,}以下にしてください。")
    yield from _emptied(ledger.with_slip(slip))


def _emptied(after: Ledger) -> Iterator[Fault]:
    """A contract of nothing is none: that is a 解除."""
    if not any(after.sums(Act.CHANGE).values()):
        message = (
            "すべての数量が0になる変更はできません。"
            "契約をやめるときは、契約の内容の画面で辞退・解除の日と理由を記入してください。"
        )
        yield Fault(_first_field(after), message)


def _early(ledger: Ledger, slip: Slip, names: Mapping[str, str]) -> Iterator[Fault]:
    """Enough by now, but not on that day."""
    for excess in _once(ledger.with_slip(slip)):
        what = names.get(excess.item, excess.item)
        message = (
            f"{wareki(excess.day)}の時点で、「{what}」の{excess.act.label}の数量が"
            f"{_BEFORE[excess.act]}数量を超えます。日付を確かめてください。"
        )
        yield Fault("day", message)


def _once(ledger: Ledger) -> Iterator[Excess]:
    """The first day of each item and act: on the days after it the same is told again."""
    told: set[tuple[str, Act]] = set()
    for excess in ledger.excesses():
        if (excess.item, excess.act) not in told:
            told.add((excess.item, excess.act))
            yield excess


def _note_faults(act: Act, note: Note) -> Iterator[Fault]:
    if act is Act.ORDER and not 1 <= len(note.place) <= 200:
        yield Fault("place", "納入場所を200字以内で入力してください。")
    if act is Act.ACCEPTANCE and not 1 <= len(note.inspector) <= 100:
        yield Fault("inspector", "検査した職員の職・氏名を100字以内で入力してください（地方自治法第234条の2）。")
    if act is Act.CHANGE and not note.remark:
        yield Fault("remark", "契約を変更する理由を入力してください。")
    if len(note.remark) > LONGEST_REASON:
        yield Fault("remark", f"{LONGEST_REASON}字以内で入力してください。")


def field_of(item: str) -> str:
    """The name of an item's field in a form."""
    return f"quantity-{item}"


def _first_field(ledger: Ledger) -> str:
    return field_of(next(iter(ledger.agreed)))


_NOTHING = {
    Act.CHANGE: "変更後の数量が今の契約数量と同じです。変更する品目の数量を入力してください。",
    Act.ORDER: "発注した数量を入力してください。",
    Act.DELIVERY: "納入された数量を入力してください。",
    Act.ACCEPTANCE: "検収した数量を入力してください。",
}
_TOO_MANY = {
    Act.ORDER: "「{what}」で発注できるのは、契約数量の残り{left:,}までです。"
    "増やすときは、先に契約変更を記録してください。",
    Act.DELIVERY: "「{what}」で納入を記録できるのは、発注の残り{left:,}までです。"
    "数量を直すか、先に発注を記録してください。",
    Act.ACCEPTANCE: "「{what}」で検収できるのは、納入済みの残り{left:,}までです。"
    "数量を直すか、先に納入を記録してください。",
}
_BEFORE = {Act.CHANGE: "契約できる", Act.ORDER: "契約", Act.DELIVERY: "発注した", Act.ACCEPTANCE: "納入された"}
