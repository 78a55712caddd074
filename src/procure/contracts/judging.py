"""What a body's contract is judged by: its share of the 予定価格, its own rules, the day of the decision."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session

from procure.awards.queries import confirmation_of
from procure.contracts.agreed import Agreed
from procure.contracts.changes import Changed
from procure.contracts.ledger import Ledger
from procure.contracts.queries import Recorded, limits_of
from procure.contracts.rules import Basis, Terms, needs_assembly
from procure.contracts.states import Act, Ground
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
from procure.values.money import Yen


def judgement(agreed: Agreed, body: BodyRow, limits: Limits, quantities: Mapping[str, int] | None = None) -> Judgement:
    """Whether the body's share needs its assembly, by what the body's own rules say today.

    `quantities` are those of a contract that was changed; without them, what the body asked for.
    """
    wanted = agreed.quantities_of(body.code) if quantities is None else quantities
    amount, amount_with_tax = agreed.come_to(wanted)
    share = own_ceiling(agreed.ceiling, amount, agreed.total)
    limit = assembly_limit(body.code, body.kind, limits)
    return judge_approval(agreed.lot.contract_kind, share, limit, amount_with_tax)


def basis_of(
    session: Session, row: RoundRow, agreed: Agreed, body: BodyRow, recorded: Recorded, terms: Terms, today: date
) -> Basis:
    """What the rules judge the terms by."""
    limits, confirmation = limits_of(session, body.code), confirmation_of(session, row)
    ledger = recorded.ledger(agreed.quantities_of(body.code))
    decided_on = confirmation.decision_date if confirmation else row.bid_date
    negotiation = agreed.lot.negotiation if agreed.negotiated is not None else None
    day = terms.concluded_on or terms.provisional_on or today
    return Basis(
        decided_on=max(decided_on, negotiation.agreed_on) if negotiation else decided_on,
        today=today,
        is_needed=judgement(agreed, body, limits).is_needed,
        negotiated=agreed.negotiated,
        small_limit=small_limit(body.code, body.kind, limits, agreed.lot.contract_kind, day),
        small_share=_most(_held(agreed, body, limits, one) for one in (ledger.agreed, ledger.sums(Act.CHANGE))),
        ledger=ledger,
    )


def changed(session: Session, agreed: Agreed, body: BodyRow, recorded: Recorded, after: Ledger) -> Changed:
    """What the contract comes to with the quantities of `after`, beside what holds it."""
    limits, terms, quantities = limits_of(session, body.code), recorded.terms, after.sums(Act.CHANGE)
    judged, before = judgement(agreed, body, limits, quantities), judgement(agreed, body, limits)
    # A word against the judgement holds on; one given while nothing was to be judged says nothing of more.
    own_word = terms.approval is True or (terms.approval is False and before.is_needed is True)
    day = terms.concluded_on or terms.provisional_on
    return Changed(
        needs_resolution=(needs_assembly(terms, judged.is_needed) if own_word else judged.is_needed) is True,
        share=_held(agreed, body, limits, quantities),
        small_limit=None
        if terms.ground is not Ground.SMALL or day is None
        else small_limit(body.code, body.kind, limits, agreed.lot.contract_kind, day),
    )


def _held(agreed: Agreed, body: BodyRow, limits: Limits, quantities: Mapping[str, int]) -> Yen | None:
    """What is held against a limit: the body's share of the 予定価格, else its contract amount, both with tax."""
    share = judgement(agreed, body, limits, quantities).share
    return share if share is not None else agreed.come_to(quantities)[1]


def _most(amounts: Iterable[Yen | None]) -> Yen | None:
    return max((amount for amount in amounts if amount is not None), default=None)
