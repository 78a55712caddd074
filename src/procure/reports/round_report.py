"""A round and its result become the one value that is shown of them."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace

from procure.parties.directory import Body
from procure.reports.bids import attempt_report
from procure.reports.items import item_rows, largest_price, list_total
from procure.reports.negotiated import negotiation_report
from procure.reports.negotiated_lots import with_contracts
from procure.reports.published import published
from procure.reports.reconcile import reconcile, require_agreement
from procure.reports.report import DrawReport, LotReport, Participant, RoundReport
from procure.reports.shares import share_row
from procure.reports.sums import total
from procure.settlement.baselines import highest_valid_bid
from procure.settlement.explain import explain, explain_draw, may_name_ceiling
from procure.settlement.labels import DRAW_METHOD, OUTCOME, reason_label
from procure.settlement.result import Draw, LotResult, Result
from procure.settlement.round import Lot, Round
from procure.settlement.savings import savings_of_contracts
from procure.values.money import Yen, whole_or_exact
from procure.values.tax import ceiling_with_tax


def round_report(
    round_: Round,
    result: Result,
    names: Mapping[str, Body],
    members: int,
    *,
    for_public: bool = False,
    is_confirmed: bool = True,
    repeated: Set[str] = frozenset(),
) -> RoundReport:
    """What is shown of a settled round. Raises `SumsDisagree` rather than show sums that do not add up.

    `names` holds the council's bodies by code, those that take no part included; organisations of the round are added.
    `members` is the number of the council's bodies. `for_public` leaves out what may not be published. Until the
    decision `is_confirmed`, the sentences speak of a 落札候補者. `repeated` are the ids of lots that another round has
    put out to tender again.
    """
    bodies = _with_organisations(round_, names)
    largest = largest_price(result)
    lots = tuple(
        replace(_lot(lot, judged, bodies, largest, is_confirmed), is_repeated=lot.id in repeated)
        for lot, judged in zip(round_.lots, result.lots, strict=True)
    )
    for lot in lots:
        for one in (lot, *lot.contracts):
            require_agreement(one)
    report = _report(round_, result, lots, _participants(round_, bodies), members)
    return published(report) if for_public else report


def _report(
    round_: Round, result: Result, lots: tuple[LotReport, ...], bodies: tuple[Participant, ...], members: int
) -> RoundReport:
    awarded = tuple(lot for lot in lots if lot.awarded)
    return RoundReport(
        id=round_.id,
        title=round_.title,
        fiscal_year=round_.fiscal_year,
        bid_date=round_.bid_date,
        council=round_.council,
        note=round_.note,
        participants=result.participants,
        members=members,
        savings=result.savings,
        award_total=sum(lot.award_total or 0 for lot in awarded),
        award_with_tax=sum(lot.award_with_tax or 0 for lot in awarded),
        rounding_gap=total(lot.rounding_gap for lot in awarded),
        lots=lots,
        bodies=bodies,
        reconciliation=reconcile(awarded),
        contracted_total=whole_or_exact(sum(one.award_total or 0 for lot in lots for one in lot.suppliers)),
        contracted_savings=savings_of_contracts(bought_results(result, lots)),
    )


def bought_results(result: Result, lots: Iterable[LotReport]) -> Iterator[LotResult]:
    """The results of the lots that are bought in the end. `lots` are the result's, as they are shown."""
    return (judged for judged, lot in zip(result.lots, lots, strict=True) if lot.suppliers)


def _lot(lot: Lot, judged: LotResult, bodies: Mapping[str, Body], largest: Yen, is_confirmed: bool) -> LotReport:
    items = item_rows(lot, judged, largest)
    award, rules = judged.award, lot.rules
    bidders = {bidder.id: bidder.name for bidder in lot.bidders}
    shown = LotReport(
        id=lot.id,
        title=lot.title,
        contract_kind=lot.contract_kind,
        outcome=judged.outcome,
        outcome_label=OUTCOME[judged.outcome],
        reason=None if judged.reason is None else reason_label(judged.reason),
        explanation=tuple(str(sentence) for sentence in explain(lot, judged, is_confirmed=is_confirmed)),
        participants=judged.participants,
        bidders=_bidders(judged),
        tax_rate=rules.tax_rate,
        max_attempts=rules.max_attempts,
        ceiling_disclosure=rules.ceiling_disclosure,
        ceiling_may_be_named=may_name_ceiling(lot, judged),
        ceiling=rules.ceiling,
        ceiling_with_tax=ceiling_with_tax(rules.ceiling_with_tax, rules.ceiling, rules.tax_rate),
        ceiling_ratio_percent=award.ceiling_ratio_percent if award else None,
        winner=bidders[award.bidder] if award else None,
        award_attempt=award.attempt if award else None,
        award_total=award.total if award else None,
        award_with_tax=award.total_with_tax if award else None,
        savings=judged.savings,
        items=items,
        attempts=tuple(attempt_report(lot, attempt, list_total(items)) for attempt in judged.attempts),
        draw=_draw(lot, judged.draw, bidders, is_confirmed) if judged.draw else None,
        municipalities=tuple(share_row(share, bodies[share.code], items) for share in judged.municipalities),
        rounding_gap=judged.rounding_gap,
        highest_bid=_highest_bid(judged),
        negotiation=negotiation_report(lot, judged),
    )
    return with_contracts(shown, lot, judged, bodies, largest)


def _bidders(judged: LotResult) -> int:
    """How many handed in a bid in the first attempt: 辞退 and 不参 are not counted."""
    return sum(bid.total is not None for bid in judged.attempts[0].bids) if judged.attempts else 0


def _highest_bid(judged: LotResult) -> Yen | None:
    """Of the attempt that decided; None where no attempt did."""
    number = judged.award.attempt if judged.award else None
    deciding = next((attempt for attempt in judged.attempts if attempt.number == number), None)
    return highest_valid_bid(deciding) if deciding else None


def _draw(lot: Lot, draw: Draw, bidders: Mapping[str, str], is_confirmed: bool) -> DrawReport:
    return DrawReport(
        method_label=DRAW_METHOD[draw.method],
        sentence="".join(str(sentence) for sentence in explain_draw(lot, draw, is_confirmed=is_confirmed)),
        tied=tuple(bidders[bidder] for bidder in draw.tied),
        winner=bidders[draw.winner],
        drawn_by=lot.draw.drawn_by if lot.draw else None,
        witness=lot.draw.witness if lot.draw else None,
    )


def _with_organisations(round_: Round, names: Mapping[str, Body]) -> dict[str, Body]:
    outside = {o.code: Body(o.code, o.name, o.name, "", o.kind, "") for o in round_.organisations}
    return outside | dict(names)


def _participants(round_: Round, bodies: Mapping[str, Body]) -> tuple[Participant, ...]:
    joined = {body: _lots_joined(round_, body) for body in bodies}
    return tuple(
        Participant(code, body.name, body.display_name, body.kind, joined[code])
        for code, body in sorted(bodies.items())
    )


def _lots_joined(round_: Round, code: str) -> frozenset[str]:
    return frozenset(
        lot.id for lot in round_.lots for demand in lot.demand if demand.municipality == code and demand.quantities
    )
