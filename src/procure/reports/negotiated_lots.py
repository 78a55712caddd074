"""A lot's 随意契約, each as a lot of what one contractor delivers, so that what adds up an award adds up a contract."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from procure.parties.directory import Body
from procure.reports.items import item_rows
from procure.reports.negotiated import NegotiationReport
from procure.reports.report import LotReport
from procure.reports.shares import share_row
from procure.settlement.result import LotResult, NegotiatedPart
from procure.settlement.round import Lot
from procure.values.money import Yen


def with_contracts(
    shown: LotReport, lot: Lot, result: LotResult, bodies: Mapping[str, Body], largest: Yen
) -> LotReport:
    """The lot as it is shown, with its contracts where it has any. `bodies` are by code."""
    if shown.negotiation is None or result.negotiation is None:
        return shown
    return replace(shown, contracts=tuple(_contracts(shown, shown.negotiation, lot, result, bodies, largest)))


def _contracts(
    shown: LotReport,
    negotiation: NegotiationReport,
    lot: Lot,
    result: LotResult,
    bodies: Mapping[str, Body],
    largest: Yen,
) -> Iterator[LotReport]:
    parts = result.negotiation.contracts if result.negotiation else ()
    for number, (part, named) in enumerate(zip(parts, negotiation.contracts, strict=True), start=1):
        yield _contract(shown, f"{lot.id}-{number}", named.name, part, lot, result, bodies, largest)


def _contract(
    shown: LotReport,
    id: str,
    contractor: str,
    part: NegotiatedPart,
    lot: Lot,
    result: LotResult,
    bodies: Mapping[str, Body],
    largest: Yen,
) -> LotReport:
    """Of the ceiling, the bids and why they failed, which are those of the lot as a whole, a contract tells nothing."""
    items = item_rows(lot, replace(result, items=part.items), largest)
    served = [share for share in part.municipalities if share.items]
    return replace(
        shown,
        id=id,
        reason=None,
        participants=len(served),
        ceiling=None,
        ceiling_with_tax=None,
        ceiling_may_be_named=False,
        ceiling_ratio_percent=None,
        winner=contractor,
        award_attempt=None,
        award_total=part.total,
        award_with_tax=part.total_with_tax,
        savings=part.savings,
        items=items,
        attempts=(),
        draw=None,
        explanation=(),
        municipalities=tuple(share_row(share, bodies[share.code], items) for share in served),
        rounding_gap=part.rounding_gap,
        highest_bid=None,
    )
