"""What a lot waits for after its bids were recorded, and what the law allows to be done about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from procure.awards.retender import repeatable_lots
from procure.bids.after_queries import negotiation_of, waiting_correction
from procure.bids.negotiations import possible_ground
from procure.bids.queries import attempts_of
from procure.bids.rules import next_entry
from procure.bids.tables import AttemptRow
from procure.reports.report import LotReport
from procure.rounds.queries import repeated_lots
from procure.rounds.stages import Act, Stage, may
from procure.rounds.tables import LotRow, RoundRow
from procure.settlement.bids import standing
from procure.settlement.labels import attempt_label
from procure.settlement.result import LotResult, Outcome
from procure.settlement.round import Lot, NegotiationGround
from procure.values.money import Yen
from procure.web.ranking import UNCHECKED

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
    """What may be done about a lot without a contract; `href` is None where it is only told."""

    label: str
    law: str
    text: str
    href: str | None = None


def unchecked_attempt(session: Session, lot: LotRow) -> AttemptRow | None:
    return next((row for row in attempts_of(session, lot) if row.checked_at is None), None)


def waiting_for(session: Session, row: RoundRow, lot: LotRow) -> Waiting | None:
    """The check, the correction or the negotiated contract that waits for a second person."""
    path = f"/rounds/{row.ref}/lots/{lot.ref}"
    if (attempt := unchecked_attempt(session, lot)) is not None:
        label = attempt_label(attempt.number)
        text = f"{label}は、記録した人と別の人がまだ書面と照合していません。照合が終わるまで判定しません。"
        return Waiting(UNCHECKED, text, f"{path}/attempts/{attempt.number}/check", "書面と照合する")
    if (correction := waiting_correction(session, lot)) is not None:
        text = "承認を待っている訂正があります。承認または却下されるまで、落札者を決定できません。"
        return Waiting(CORRECTING, text, f"{path}/attempts/{correction.number}/correct", "訂正を見る")
    negotiation = negotiation_of(session, lot)
    if negotiation is not None and negotiation.approved_at is None:
        text = f"{negotiation.proposed_by}が申請した随意契約を、別の人が承認するまで、契約に進めません。"
        return Waiting(PROPOSED, text, f"{path}/negotiation", "随意契約の申請を見る")
    return None


def rebid_of(lot: Lot, result: LotResult) -> Rebid | None:
    """None where the lot does not wait for another attempt."""
    entry, last = next_entry(lot), standing(result.attempts[-1]) if result.attempts else None
    if result.outcome is not Outcome.REBID or entry is None or last is None:
        return None
    names = tuple(bidder.name for bidder in entry.participants)
    return Rebid(attempt_label(entry.number), last.lowest, names, lot.rules.rebid_must_be_lower)


def options_of(session: Session, row: RoundRow, lot: LotRow, report: LotReport) -> tuple[Option, ...]:
    """For a lot that came to no contract, and for one whose winner may not sign; none while something waits."""
    if negotiation_of(session, lot) is not None or waiting_for(session, row, lot) is not None:
        return ()
    return tuple(_options(session, row, lot, report))


def _options(session: Session, row: RoundRow, lot: LotRow, report: LotReport) -> Iterator[Option]:
    is_over = not may(Act.NEGOTIATE, row.stage) or lot.ref in repeated_lots(session, row.ref)
    ground = None if is_over else possible_ground(session, row, lot)
    path = f"/rounds/{row.ref}/lots/{lot.ref}"
    if ground is not None:
        yield _negotiation(ground, path)
    if report.outcome in (Outcome.NO_BIDS, Outcome.NO_AWARD, Outcome.CANCELLED):
        yield _again(session, row, lot)
    if report.outcome in (Outcome.NO_BIDS, Outcome.NO_AWARD) and row.confirmed_at is None:
        text = "このロットの調達を行わないこととします。取り止めた理由は公表します。"
        yield Option("取り止める", "", text, f"{path}/cancel" if row.stage is Stage.OPENING else None)


def _negotiation(ground: NegotiationGround, path: str) -> Option:
    if ground is NegotiationGround.NOT_SIGNED:
        return Option(
            "落札者が契約を締結しないとき、随意契約による",
            "地方自治法施行令第167条の2第1項第9号、同条第3項",
            "落札金額の範囲内で、履行期限を除く条件を変えずに、ほかの者と契約します。"
            "2番目に低い入札をした者を、繰り上げて落札者とすることはできません。",
            f"{path}/negotiation",
        )
    return Option(
        "随意契約による",
        "地方自治法施行令第167条の2第1項第8号、同条第2項",
        "予定価格の範囲内で、契約保証金と履行期限を除く条件を変えずに契約します。"
        "予定価格を分けて計算できるときは、品目ごとに分けて契約できます（同条第4項）。",
        f"{path}/negotiation",
    )


def _again(session: Session, row: RoundRow, lot: LotRow) -> Option:
    text = "予定価格、仕様、期限を見直し、新しい案件として公告し直します。需要の数量は引き継げます。"
    is_open = any(one.id == lot.id for one in repeatable_lots(session, row))
    if not is_open and row.confirmed_at is None:
        text += "この結果の決定を確定した後に作成できます。"
    href = f"/rounds/{row.ref}/retender?lot={lot.ref}"
    return Option("再度公告入札に付す", "地方自治法施行令第167条の6第1項", text, href if is_open else None)
