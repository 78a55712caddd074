"""What the amount of a changed contract asks for: the assembly's vote, or a ground other than 1号. Pure.

A change makes a further contract of the amount after it: whether the law lets the body conclude that is judged anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from procure.contracts.ledger import Ledger, Slip
from procure.contracts.states import Act
from procure.errors import Fault
from procure.values.era import wareki
from procure.values.money import Yen


@dataclass(frozen=True, slots=True)
class Changed:
    """A contract after a change. Amounts are in yen with tax.

    `needs_resolution`: its amount is one on which the assembly votes (地方自治法96条1項8号). `share` is the body's
    share of the 予定価格 in proportion, else the amount; `small_limit` is None where the contract does not rest on
    施行令167条の2第1項1号.
    """

    needs_resolution: bool
    share: Yen | None
    small_limit: Yen | None


def amount_faults(after: Ledger, slip: Slip, changed: Changed, concluded_on: date) -> Iterator[Fault]:
    """`after` is the ledger with the slip in it, be it a change or one that takes a change back."""
    yield from _vote_day_faults(slip, concluded_on)
    if slip.act is not Act.CHANGE or not _is_beyond(after, slip):
        return
    if changed.needs_resolution and not _is_resolved(after, slip):
        yield Fault("resolved_on", _TAKEN_BACK if slip.reverses else _UNRESOLVED)
    if changed.small_limit is not None and changed.share is not None and changed.share > changed.small_limit:
        message = (
            f"変更後の団体の分が少額随意契約の限度額（{changed.small_limit:,}円、税込）を超えます。"
            "第1号による契約は、この数量には変更できません（地方自治法施行令第167条の2第1項第1号）。"
        )
        yield Fault("", message)


def _is_beyond(after: Ledger, slip: Slip) -> bool:
    """Not where a change was taken back and the contract is again as it was concluded."""
    return slip.reverses is None or dict(after.sums(Act.CHANGE)) != dict(after.agreed)


def _is_resolved(after: Ledger, slip: Slip) -> bool:
    """By a vote of its own; where a change is taken back, by that on another change that stands."""
    if slip.reverses is None:
        return slip.resolved_on is not None
    return any(one.resolved_on is not None for one in after.standing)


def _vote_day_faults(slip: Slip, concluded_on: date) -> Iterator[Fault]:
    if slip.resolved_on is None:
        return
    if slip.act is not Act.CHANGE:
        yield Fault("resolved_on", "議決の日を記録するのは、契約変更だけです。空欄にしてください。")
    elif slip.resolved_on < concluded_on:
        message = f"変更の議決の日が契約の日（{wareki(concluded_on)}）より前です。日付を確かめてください。"
        yield Fault("resolved_on", message)
    elif slip.resolved_on > slip.day:
        yield Fault("day", f"契約変更の日が議決の日（{wareki(slip.resolved_on)}）より前です。日付を確かめてください。")


_UNRESOLVED = (
    "変更後の額は議会の議決が必要です（地方自治法第96条第1項第8号）。"
    "変更の議決（第180条の専決処分を含む）を得てから、その日を入力してください。"
)
_TAKEN_BACK = (
    "取り消した後の額は議会の議決が必要ですが、変更の議決の記録がありません。"
    "先に増やした契約変更を取り消すか、議決の日を入れた契約変更を記録してください。"
)
