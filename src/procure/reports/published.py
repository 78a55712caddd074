"""What of a round may be published: the one place that keeps ceilings, open tenders and demand from the public."""

from dataclasses import replace

from procure.reports.report import LotReport, RoundReport


def published(report: RoundReport) -> RoundReport:
    """The report as anybody may read it. Applying it twice changes nothing.

    The ceiling (予定価格) stays where it was announced before the tender, and after the award where its disclosure is
    `after`: a lot without an award may still be contracted under the same ceiling (施行令167条の2第2項). Otherwise it
    goes, and with it the ratio that would give it away. A lot whose tender did not come to its end shows neither bids
    nor what each body asks for.
    """
    return replace(report, lots=tuple(_without_ceiling(_without_tender(lot)) for lot in report.lots))


def _without_ceiling(lot: LotReport) -> LotReport:
    if lot.ceiling_may_be_named:
        return lot
    negotiation = lot.negotiation and replace(lot.negotiation, ceiling_ratio_percent=None)
    return replace(lot, ceiling=None, ceiling_with_tax=None, ceiling_ratio_percent=None, negotiation=negotiation)


def _without_tender(lot: LotReport) -> LotReport:
    if lot.concluded:
        return lot
    return replace(lot, attempts=(), draw=None, municipalities=(), explanation=())
