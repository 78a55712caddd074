"""What a body's contract is judged by: its share of the 予定価格, its own rules, the day of the decision."""

from datetime import date

from sqlmodel import Session

from procure.awards.queries import confirmation_of
from procure.contracts.agreed import Agreed
from procure.contracts.queries import Recorded, limits_of
from procure.contracts.rules import Basis, Terms
from procure.contracts.thresholds import (
    Judgement,
    Limits,
    assembly_limit,
    judge_approval,
    own_ceiling,
    small_limit,
)
from procure.parties.tables import BodyRow
from procure.rounds.tables import RoundRow


def judgement(agreed: Agreed, body: BodyRow, limits: Limits) -> Judgement:
    """Whether the body's share needs its assembly, by what the body's own rules say today."""
    amount, amount_with_tax = agreed.come_to(agreed.quantities_of(body.code))
    share = own_ceiling(agreed.ceiling, amount, agreed.total)
    limit = assembly_limit(body.code, body.kind, limits)
    return judge_approval(agreed.lot.contract_kind, share, limit, amount_with_tax)


def basis_of(
    session: Session, row: RoundRow, agreed: Agreed, body: BodyRow, recorded: Recorded, terms: Terms, today: date
) -> Basis:
    """What the rules judge the terms by."""
    limits, confirmation = limits_of(session, body.code), confirmation_of(session, row)
    asked = agreed.quantities_of(body.code)
    judged = judgement(agreed, body, limits)
    day = terms.concluded_on or terms.provisional_on or today
    return Basis(
        decided_on=confirmation.decision_date if confirmation else row.bid_date,
        today=today,
        is_needed=judged.is_needed,
        negotiated=agreed.negotiated,
        small_limit=small_limit(body.code, body.kind, limits, agreed.lot.contract_kind, day),
        small_share=judged.share if judged.share is not None else agreed.come_to(asked)[1],
        ledger=recorded.ledger(asked),
    )
