"""When a round's decision may be confirmed, and when its result may be published. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from procure.bids.rules import is_final
from procure.errors import Fault
from procure.settlement.result import LotResult, Result
from procure.settlement.round import Round
from procure.values.era import wareki


def undecided_lots(result: Result) -> tuple[str, ...]:
    """The lots that still wait for bids, a draw or another attempt."""
    return tuple(lot.id for lot in result.lots if not is_final(lot))


def amount_to_repeat(lot: LotResult) -> int | None:
    """契約金額 (yen with tax) of the lot: of all contracts of its 随意契約 where one followed, else of the award."""
    if lot.negotiation is not None:
        return lot.negotiation.total_with_tax
    return lot.award.total_with_tax if lot.award else None


def amount_faults(result: Result, amounts: Mapping[str, int | None]) -> Iterator[Fault]:
    """The second person repeats 契約金額 (yen with tax) from the paper of the decision, lot by lot."""
    for lot in result.lots:
        amount = amount_to_repeat(lot)
        if amount is None:
            continue
        typed = amounts.get(lot.id)
        if typed is None:
            yield Fault(f"amount-{lot.id}", "決裁の書面にある契約金額（税込）を入力してください。")
        elif typed != amount:
            yield Fault(
                f"amount-{lot.id}",
                f"入力した{typed:,}円は、記録から計算した契約金額（税込）と違います。書面と記録を確かめてください。",
            )


def last_opening(round: Round) -> date:
    """The day of the last attempt of any lot, on which the award can first be decided; 入札日 without any."""
    return max((attempt.opened_at.date() for lot in round.lots for attempt in lot.attempts), default=round.bid_date)


def decision_faults(decision_number: str, decision_date: date, opened: date, today: date) -> Iterator[Fault]:
    """`opened` is the day of the last opening."""
    if not decision_number or len(decision_number) > 100:
        yield Fault("decision_number", "決裁番号を100字以内で入力してください（例：奈電推協決第12号）。")
    if decision_date < opened:
        yield Fault(
            "decision_date", f"決裁日が最後の開札の日（{wareki(opened)}）より前です。決裁日を確かめてください。"
        )
    if decision_date > today:
        yield Fault("decision_date", "決裁日が今日より後です。決裁日を確かめてください。")
