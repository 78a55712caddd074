"""What a body's contract is judged by: its share of the 予定価格, its own rules, the day of the decision."""

from datetime import date

from sqlmodel import Session

from procure.awards.queries import confirmation_of
from procure.contracts.queries import Agreed, Recorded, limits_of
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


def judgement_of(session: Session, agreed: Agreed, body: BodyRow) -> Judgement:
    """Whether the body's share needs its assembly, by what the body's own rules say today."""
    share, limits = agreed.share_of(body.code), limits_of(session, body.code)
    return judgement(agreed, body, limits, share.amount_with_tax)


def judgement(agreed: Agreed, body: BodyRow, limits: Limits, amount_with_tax: int | None) -> Judgement:
    own = own_ceiling(agreed.ceiling, agreed.share_of(body.code).amount, agreed.total)
    limit = assembly_limit(body.code, body.kind, limits)
    return judge_approval(agreed.lot.contract_kind, own, limit, amount_with_tax)


def basis_of(
    session: Session, row: RoundRow, agreed: Agreed, code: str, recorded: Recorded, terms: Terms, today: date
) -> Basis:
    """What the rules judge the terms by."""
    body, share, limits = session.get_one(BodyRow, code), agreed.share_of(code), limits_of(session, code)
    judged = judgement(agreed, body, limits, share.amount_with_tax)
    day = terms.concluded_on or terms.provisional_on or today
    confirmation = confirmation_of(session, row)
    return Basis(
        decided_on=confirmation.decision_date if confirmation else row.bid_date,
        today=today,
        is_needed=judged.is_needed,
        is_negotiated=agreed.is_negotiated,
        small_limit=small_limit(code, body.kind, limits, agreed.lot.contract_kind, day),
        small_share=judged.share if judged.share is not None else share.amount_with_tax,
        ledger=recorded.ledger(share),
    )
