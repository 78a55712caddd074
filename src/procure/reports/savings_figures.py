"""Savings as plain values for programs: amounts as the formats write them, percentages as text with their decimals."""

from collections.abc import Iterable

from procure.reports.contracted import Contracted, contracted_in
from procure.reports.savings import Line, LotSavings, NegotiatedSavings, SavingsReport
from procure.reports.savings_years import SavingsOverYears
from procure.settlement.baselines import TAX_BASIS, WORDING, Compared
from procure.settlement.labels import NEGOTIATION_GROUND
from procure.values.money import Yen, amount_to_json

Figures = dict[str, object]


def round_figures(savings: SavingsReport) -> Figures:
    """A round: the whole, lot by lot with its items and bodies, and the suppliers and bodies over all lots.

    `total`, `lots`, `suppliers` and `bodies` are over the awarded lots; `negotiated` are those of 随意契約, and
    `contracted` is what is bought in the end, null where every lot was awarded and signed.
    """
    report = savings.report
    return {
        "round": report.id,
        "fiscal_year": report.fiscal_year,
        "definitions": definitions(),
        "total": line_figures(savings.total),
        "lots": [_lot(lot) | {"winner": lot.report.winner} for lot in savings.lots],
        "suppliers": _lines(savings.suppliers),
        "bodies": _lines(savings.bodies),
        "negotiated": [_negotiated(lot) for lot in savings.negotiated],
        "contracted": _contracted(contracted_in(savings)),
    }


def years_figures(savings: SavingsOverYears) -> Figures:
    """All confirmed rounds, by year, kind of item, supplier and body."""
    return {
        "definitions": definitions(),
        "total": line_figures(savings.total),
        "years": _lines(savings.years),
        "kinds": _lines(savings.kinds),
        "suppliers": _lines(savings.suppliers),
        "bodies": _lines(savings.bodies),
        "contracted": _contracted(savings.contracted),
        "contracted_years": _lines(savings.contracted_years) if savings.contracted else [],
    }


def definitions() -> list[Figures]:
    """What each baseline is called, how it is divided, and whether what lies between is a saving."""
    return [
        {
            "baseline": baseline.value,
            "name": wording.name,
            "difference": wording.difference,
            "rate": wording.rate,
            "formula": wording.formula,
            "source": wording.source,
            "tax_basis": TAX_BASIS,
            "is_saving": wording.is_saving,
        }
        for baseline, wording in WORDING.items()
    ]


def line_figures(line: Line) -> Figures:
    """`comparisons` has the baselines that there is something to compare with, by their key."""
    return {
        "id": line.id,
        "name": line.name,
        "lots": line.lots,
        "award_total": _amount(line.award_total),
        "comparisons": {found.baseline.value: _compared(found) for found in line.all},
    }


def _lot(lot: LotSavings) -> Figures:
    return line_figures(lot.line) | {"items": _lines(lot.items), "bodies": _lines(lot.bodies)}


def _negotiated(lot: NegotiatedSavings) -> Figures:
    return line_figures(lot.line) | {
        "ground": lot.ground.value,
        "law": NEGOTIATION_GROUND[lot.ground],
        "bodies": _lines(lot.bodies),
        "contracts": [_lot(contract) | {"contractor": contract.report.winner} for contract in lot.contracts],
    }


def _contracted(contracted: Contracted | None) -> Figures | None:
    if contracted is None:
        return None
    return {
        "awarded": line_figures(contracted.awarded),
        "not_signed": line_figures(contracted.not_signed) if contracted.not_signed else None,
        "standing": line_figures(contracted.standing),
        "grounds": _lines(contracted.grounds),
        "total": line_figures(contracted.whole),
        "bodies": _lines(contracted.bodies),
        "suppliers": _lines(contracted.suppliers),
    }


def _lines(lines: Iterable[Line]) -> list[Figures]:
    return [line_figures(line) for line in lines]


def _compared(found: Compared) -> Figures:
    return {
        "reference": _amount(found.reference),
        "award": _amount(found.award),
        "difference": _amount(found.difference),
        "percent": str(found.percent),
        "exact": found.exact,
        "covered_items": found.covered_items,
        "items": found.items,
        "coverage_percent": None if found.coverage_percent is None else str(found.coverage_percent),
        "is_saving": WORDING[found.baseline].is_saving,
    }


def _amount(amount: Yen | None) -> int | str | None:
    return None if amount is None else amount_to_json(amount)
