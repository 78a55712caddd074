"""When a round's decision may be confirmed, and when its result may be published. Pure."""

from collections.abc import Iterator
from datetime import date

from procure.bids.rules import is_final
from procure.errors import Fault
from procure.settlement.result import Result


def undecided_lots(result: Result) -> tuple[str, ...]:
    """The lots that still wait for bids, a draw or another attempt."""
    return tuple(lot.id for lot in result.lots if not is_final(lot))


def decision_faults(decision_number: str, decision_date: date, bid_date: date, today: date) -> Iterator[Fault]:
    if not decision_number or len(decision_number) > 100:
        yield Fault("decision_number", "決裁番号を100字以内で入力してください（例：奈電推協決第12号）。")
    if decision_date < bid_date:
        yield Fault("decision_date", "決裁日が入札日より前です。決裁日を確かめてください。")
    if decision_date > today:
        yield Fault("decision_date", "決裁日が今日より後です。決裁日を確かめてください。")
