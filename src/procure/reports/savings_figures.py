"""Savings as plain values for programs: amounts as the formats write them, percentages as text with their decimals."""

from collections.abc import Iterable

from procure.reports.savings import Line, SavingsReport
from procure.reports.savings_years import SavingsOverYears
from procure.settlement.baselines import TAX_BASIS, WORDING, Compared
from procure.values.money import Yen, amount_to_json

Figures = dict[str, object]


def round_figures(savings: SavingsReport) -> Figures:
    """A round: the whole, lot by lot with its items and bodies, and the suppliers and bodies over all lots."""
    report = savings.report
    return {
        "round": report.id,
        "fiscal_year": report.fiscal_year,
        "definitions": definitions(),
        "total": line_figures(savings.total),
        "lots": [
            line_figures(lot.line)
            | {"winner": lot.report.winner, "items": _lines(lot.items), "bodies": _lines(lot.bodies)}
            for lot in savings.lots
        ],
        "suppliers": _lines(savings.suppliers),
        "bodies": _lines(savings.bodies),
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
