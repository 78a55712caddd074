"""What was bought together year by year, and what it saved: one line for each 年度. Amounts are tax-exclusive yen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from procure.awards.queries import confirmation_of
from procure.reports.queries import SettledRound, settled_round
from procure.reports.sums import places
from procure.rounds.queries import rounds_newest_first
from procure.settlement.result import Savings
from procure.settlement.savings import savings_of_contracts, savings_of_lots, savings_of_negotiated
from procure.values.fiscal_year import fiscal_year_name
from procure.values.money import Yen

MOST_YEARS = 6  # a year and the five before it
WIDE = 10**12  # digits, those after the point included


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The awarded lots of the decided rounds of a 年度; of several years where `fiscal_year` is None.

    `participants` counts a body once, `joined` once for each lot. `award_total` is over everything that was bought,
    `savings` over the items with a list price, and None where there is none. `negotiated` is over 随意契約, which are
    in none of these, `unsigned` over the awards whose winner did not sign, `contracted` over what is bought in the end.
    """

    fiscal_year: int | None
    rounds: int
    lots: int
    participants: int
    joined: int
    award_total: Yen
    savings: Savings | None
    negotiated_lots: int = 0
    negotiated: Savings | None = None
    unsigned_lots: int = 0
    unsigned: Savings | None = None
    contracted: Savings | None = None

    @property
    def is_partly_covered(self) -> bool:
        """Whether something was bought that has no list price."""
        return bool(self.lots) and (self.savings is None or self.savings.covered_items < self.savings.items)


@dataclass(frozen=True, slots=True)
class YearsStep:
    """A row of the way from the awards of the years to 契約の計."""

    name: str
    lots: int
    savings: Savings | None


@dataclass(frozen=True, slots=True)
class Years:
    """Years in their order, oldest first, and their sums: added and divided once, never averaged."""

    rows: tuple[YearFigures, ...]
    total: YearFigures

    @property
    def is_several(self) -> bool:
        """Whether there is anything to add up, and to look back on."""
        return len(self.rows) > 1

    @property
    def is_partly_covered(self) -> bool:
        return self.total.is_partly_covered

    @property
    def is_otherwise_bought(self) -> bool:
        """Whether something was bought without an award, or an award came to no contract."""
        return bool(self.total.negotiated_lots or self.total.unsigned_lots)

    @property
    def steps(self) -> tuple[YearsStep, ...]:
        """From the awards to what was bought in the end, which is the last."""
        return tuple(self._steps())

    @property
    def steps_note(self) -> str:
        unsigned = "落札者が契約を締結しなかった件名の落札額は、計に含めません。" if self.total.unsigned_lots else ""
        law = "随意契約は、地方自治法施行令第167条の2第1項第8号又は第9号によるものです。"
        return f"{law if self.total.negotiated_lots else ''}{unsigned}"

    def _steps(self) -> Iterator[YearsStep]:
        whole = self.total
        yield YearsStep("落札によるもの", whole.lots, whole.savings)
        if whole.unsigned_lots:
            yield YearsStep("落札者が契約を締結しなかったもの（除く）", whole.unsigned_lots, whole.unsigned)
        for row in self.rows:
            if row.negotiated_lots and row.fiscal_year is not None:
                name = f"随意契約によるもの（{fiscal_year_name(row.fiscal_year)}）"
                yield YearsStep(name, row.negotiated_lots, row.negotiated)
        lots = whole.lots - whole.unsigned_lots + whole.negotiated_lots
        yield YearsStep("契約の計", lots, whole.contracted)

    @property
    def places(self) -> int:
        """The decimals that every amount is written with, so that columns line up."""
        told = (one for row in self.rows for one in (row.savings, row.negotiated, row.unsigned, row.contracted) if one)
        return places(amount for one in told for amount in _amounts(one))

    @property
    def is_wide(self) -> bool:
        largest = max((row.savings.list_total for row in (*self.rows, self.total) if row.savings), default=0)
        return bool(largest * 10**self.places >= WIDE)


def years_table(decided: Mapping[int, Sequence[SettledRound]]) -> Years:
    """Every year with its decided rounds, none of them left out where it has none."""
    rows = tuple(year_figures(year, decided[year]) for year in sorted(decided))
    return Years(rows, year_figures(None, [one for rounds in decided.values() for one in rounds]))


def year_figures(fiscal_year: int | None, rounds: Sequence[SettledRound]) -> YearFigures:
    awarded = [lot for one in rounds for lot in one.report.awarded]
    pairs = [pair for one in rounds for pair in zip(one.result.lots, one.report.lots, strict=True)]
    judged = [lot for lot, _ in pairs]
    unsigned = [lot for lot, shown in pairs if shown.awarded and not shown.award_stands]
    return YearFigures(
        fiscal_year=fiscal_year,
        rounds=len(rounds),
        lots=len(awarded),
        participants=len({share.code for lot in awarded for share in lot.municipalities}),
        joined=sum(lot.participants for lot in awarded),
        award_total=sum((lot.award_total or 0 for lot in awarded), 0),
        savings=savings_of_lots(judged),
        negotiated_lots=sum(1 for lot in judged if lot.negotiation),
        negotiated=savings_of_negotiated(
            part for lot in judged if lot.negotiation for part in lot.negotiation.contracts
        ),
        unsigned_lots=len(unsigned),
        unsigned=savings_of_lots(unsigned),
        contracted=savings_of_contracts(lot for lot, shown in pairs if shown.suppliers),
    )


def decided_by_year(
    session: Session, first: int | None = None, last: int | None = None
) -> Mapping[int, tuple[SettledRound, ...]]:
    """The rounds whose decision is confirmed, by 年度 from `first` to `last`: what an annual report may speak of."""
    found: dict[int, list[SettledRound]] = defaultdict(list)
    for row in rounds_newest_first(session):
        is_asked_for = (first is None or row.fiscal_year >= first) and (last is None or row.fiscal_year <= last)
        if is_asked_for and confirmation_of(session, row) is not None:
            found[row.fiscal_year].append(settled_round(session, row))
    return {year: tuple(reversed(found[year])) for year in sorted(found)}


def _amounts(savings: Savings) -> Iterable[Yen]:
    return (savings.list_total, savings.award_total, savings.saved)
