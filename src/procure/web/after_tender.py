"""What a lot waits for after its bids were recorded, and what the law allows to be done about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from procure.awards.retender import FAILED, repeatable_lots
from procure.awards.waiting import obstacle_of, waiting_in
from procure.bids.after_queries import negotiation_of
from procure.bids.after_tables import CorrectionRow, NegotiationRow
from procure.bids.negotiations import possible_ground
from procure.bids.queries import attempts_of
from procure.bids.rules import next_entry
from procure.bids.tables import AttemptRow
from procure.contracts.signing import signing_in
from procure.reports.queries import SettledRound
from procure.reports.report import LotReport
from procure.rounds.queries import lots_of, repeated_lots
from procure.rounds.stages import Act, may
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.bids import standing
from procure.settlement.labels import attempt_label
from procure.settlement.result import LotResult, Outcome
from procure.settlement.round import Lot, NegotiationGround
from procure.values.money import Yen
from procure.web.ranking import UNCHECKED

WITHOUT_AWARD = FAILED | {Outcome.CANCELLED}
CORRECTING, PROPOSED = "訂正の承認待ち", "随意契約の承認待ち"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why the lot is not decided, or not to be contracted yet; `href` is where that is done."""

    label: str
    text: str
    href: str
    link: str


@dataclass(frozen=True, slots=True)
class Rebid:
    """What is told to those who may bid again: the lowest valid total (tax-exclusive yen), never whose."""

    label: str
    lowest: Yen
    participants: tuple[str, ...]
    must_be_lower: bool


@dataclass(frozen=True, slots=True)
class Option:
    """What may be done about a lot without a contract; `action` are the words on its button, `href` is None where it
    is only told.
    """

    label: str
    law: str
    text: str
    action: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class LotWays:
    """A lot without a contract, and what the law allows to be done about it."""

    lot: LotReport
    options: tuple[Option, ...]


def unchecked_attempt(session: Session, lot: LotRow) -> AttemptRow | None:
    return next((row for row in attempts_of(session, lot) if row.checked_at is None), None)


def waiting_for(session: Session, row: RoundRow, lot: Lot, result: LotResult) -> Waiting | None:
    """The check, the correction or the negotiated contract that waits for a second person."""
    path = f"/rounds/{row.ref}/lots/{lot.id}"
    match obstacle_of(lot, result, waiting_in(session, row)):
        case AttemptRow(number=number):
            label = attempt_label(number)
            text = f"{label}は、記録した人と別の人がまだ書面と照合していません。照合が終わるまで判定しません。"
            return Waiting(UNCHECKED, text, f"{path}/attempts/{number}/check", "書面と照合する")
        case CorrectionRow(number=number):
            text = "承認を待っている訂正があります。承認または却下されるまで、落札者を決定できません。"
            return Waiting(CORRECTING, text, f"{path}/attempts/{number}/correct", "訂正を見る")
        case NegotiationRow(proposed_by=by):
            text = f"{by}が申請した随意契約を、別の人が承認するまで、契約に進めません。"
            return Waiting(PROPOSED, text, f"{path}/negotiation", "随意契約の申請を見る")
    return None


def rebid_of(lot: Lot, result: LotResult) -> Rebid | None:
    """None where the lot does not wait for another attempt."""
    entry, last = next_entry(lot), standing(result.attempts[-1]) if result.attempts else None
    if result.outcome is not Outcome.REBID or entry is None or last is None:
        return None
    names = tuple(bidder.name for bidder in entry.participants)
    return Rebid(attempt_label(entry.number), last.lowest, names, lot.rules.rebid_must_be_lower)


def ways_in(session: Session, row: RoundRow, settled: SettledRound) -> tuple[LotWays, ...]:
    """For every lot that came to no contract: 不調, 不落, 取止め, and an award that some body could not sign."""
    unsigned = signing_in(session, row).failed if row.confirmed_at is not None else frozenset()
    found = (
        LotWays(report, options_of(session, row, lot_row, lot, result))
        for lot_row, lot, result, report in zip(
            lots_of(session, row.id), settled.round.lots, settled.result.lots, settled.report.lots, strict=True
        )
        if result.outcome in WITHOUT_AWARD or lot.id in unsigned
    )
    return tuple(one for one in found if one.options)


def options_of(session: Session, row: RoundRow, lot_row: LotRow, lot: Lot, result: LotResult) -> tuple[Option, ...]:
    """For a lot that came to no contract, and for one whose winner may not sign.

    None while something waits, nor where the way was taken: a negotiated contract, or a new tender.
    """
    is_taken = negotiation_of(session, lot_row) is not None or lot.id in repeated_lots(session, row.ref)
    if is_taken or waiting_for(session, row, lot, result) is not None:
        return ()
    return tuple(_options(session, row, lot_row, result))


def _options(session: Session, row: RoundRow, lot: LotRow, result: LotResult) -> Iterator[Option]:
    path = f"/rounds/{row.ref}/lots/{lot.ref}"
    ground = possible_ground(session, row, lot) if may(Act.NEGOTIATE, row.stage) else None
    if ground is not None and lot.ref not in signing_in(session, row).signed:
        yield _negotiation(ground, path)
    if result.outcome in WITHOUT_AWARD or ground is NegotiationGround.NOT_SIGNED:
        yield _again(session, row, lot, result)
    if result.outcome in FAILED and row.confirmed_at is None and may(Act.CANCEL_LOT, row.stage):
        text = "このロットの調達を行わないこととします。取り止めた理由は公表します。"
        yield Option("取り止める", "", text, "取止めへ進む", f"{path}/cancel")


def _negotiation(ground: NegotiationGround, path: str) -> Option:
    if ground is NegotiationGround.NOT_SIGNED:
        return Option(
            "落札者が契約を締結しないとき、随意契約による",
            "地方自治法施行令第167条の2第1項第9号、同条第3項",
            "落札金額の範囲内で、履行期限を除く条件を変えずに、ほかの者と契約します。"
            "2番目に低い入札をした者を、繰り上げて落札者とすることはできません。"
            "落札金額を分けて計算できるときは、品目ごとに分けて契約できます（同条第4項）。",
            "随意契約を申請する",
            f"{path}/negotiation",
        )
    return Option(
        "随意契約による",
        "地方自治法施行令第167条の2第1項第8号、同条第2項",
        "予定価格の範囲内で、契約保証金と履行期限を除く条件を変えずに契約します。"
        "予定価格を分けて計算できるときは、品目ごとに分けて契約できます（同条第4項）。",
        "随意契約を申請する",
        f"{path}/negotiation",
    )


def _again(session: Session, row: RoundRow, lot: LotRow, result: LotResult) -> Option:
    label = "再度公告入札に付す"
    text = "予定価格、仕様、期限を見直し、新しい案件として公告し直します。需要の数量は引き継げます。"
    law, action, href = "地方自治法施行令第167条の6第1項", "再度公告入札の案件を作成する", None
    if any(one.id == lot.id for one in repeatable_lots(session, row, signing_in(session, row).signed)):
        href = f"/rounds/{row.ref}/retender?lot={lot.ref}"
    elif row.confirmed_at is None:
        text += "この結果の決定を確定した後に作成できます。"
    elif result.award is not None:
        text += "契約を締結した団体があるため、この案件からは作成できません。"
        text += "締結していない団体の分は、新しい案件として作成してください。"
    return Option(label, law, text, action, href)
