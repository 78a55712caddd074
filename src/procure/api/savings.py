"""経費削減効果 of a round and over all years, against every baseline, with the figures of the pages and documents."""

from typing import Any

import msgspec

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.fields import Shown
from procure.api.operation import Operation, Sent, operation
from procure.documents.kinds import UNDECIDED
from procure.errors import Conflict
from procure.reports.last_prices import report_with_last_prices
from procure.reports.savings import savings_report
from procure.reports.savings_figures import round_figures, years_figures
from procure.reports.savings_years import savings_over_years
from procure.rounds.queries import find_round
from procure.server import Visit
from procure.settlement.baselines import Baseline
from procure.settlement.round import NegotiationGround

TAG = "決定と結果"
_READ = (Permission.READ_ROUNDS, Scope.AWARDS_READ)


class BaselineShown(Shown, frozen=True, kw_only=True):
    """比較の基準の名前と算式。is_saving が false の差（予定価格との差）は、削減効果ではない。"""

    baseline: Baseline
    name: str
    difference: str
    rate: str
    formula: str
    source: str
    tax_basis: str
    is_saving: bool


class ComparedShown(Shown, frozen=True, kw_only=True):
    """1つの基準との比較（税抜・円）。percent は四捨五入した小数第1位までの十進表記。"""

    reference: int | str | None
    award: int | str | None
    difference: int | str | None
    percent: str
    exact: bool
    covered_items: int
    items: int
    coverage_percent: str | None
    is_saving: bool


class SavingsLine(Shown, frozen=True, kw_only=True):
    """件名、品目、団体などの1行。comparisons は、比べられる基準だけを、その名で含む。"""

    id: str
    name: str
    lots: int
    award_total: int | str | None
    comparisons: dict[str, ComparedShown]


class ContractSavingsShown(SavingsLine, frozen=True, kw_only=True):
    """随意契約の相手方ごとの額と、その品目別、団体別の内訳。award_total は契約金額（税抜）で、落札金額ではない。"""

    contractor: str | None
    items: tuple[SavingsLine, ...]
    bodies: tuple[SavingsLine, ...]


class NegotiatedSavingsShown(SavingsLine, frozen=True, kw_only=True):
    """随意契約（施行令167条の2第1項8号、9号）によるロット。落札によるロットの額には含めない。"""

    ground: NegotiationGround
    law: str
    bodies: tuple[SavingsLine, ...]
    contracts: tuple[ContractSavingsShown, ...]


class ContractedSavings(Shown, frozen=True, kw_only=True):
    """落札によるもの（awarded）から、締結されなかった落札（not_signed）を除き、随意契約（grounds）を加えた計（total）。"""

    awarded: SavingsLine
    not_signed: SavingsLine | None
    standing: SavingsLine
    grounds: tuple[SavingsLine, ...]
    total: SavingsLine
    bodies: tuple[SavingsLine, ...]
    suppliers: tuple[SavingsLine, ...]


class LotSavingsShown(SavingsLine, frozen=True, kw_only=True):
    """落札したロットと、その品目別、団体別の内訳。"""

    winner: str | None
    items: tuple[SavingsLine, ...]
    bodies: tuple[SavingsLine, ...]


class RoundSavings(Shown, frozen=True, kw_only=True):
    """案件の経費削減効果。total、lots、suppliers、bodies は落札によるもの。contracted は随意契約がないとき null。"""

    round: str
    fiscal_year: int
    definitions: tuple[BaselineShown, ...]
    total: SavingsLine
    lots: tuple[LotSavingsShown, ...]
    suppliers: tuple[SavingsLine, ...]
    bodies: tuple[SavingsLine, ...]
    negotiated: tuple[NegotiatedSavingsShown, ...]
    contracted: ContractedSavings | None


class SavingsOfYears(Shown, frozen=True, kw_only=True):
    """確定したすべての案件の経費削減効果。年度別、品目の種類別、落札者別、団体別。"""

    definitions: tuple[BaselineShown, ...]
    total: SavingsLine
    years: tuple[SavingsLine, ...]
    kinds: tuple[SavingsLine, ...]
    suppliers: tuple[SavingsLine, ...]
    bodies: tuple[SavingsLine, ...]
    contracted: ContractedSavings | None
    contracted_years: tuple[SavingsLine, ...]


@operation("GET", "/rounds/{ref}/savings", *_READ, "案件の経費削減効果を読む", tag=TAG, answer=RoundSavings, waits=True)
def read_savings(visit: Visit, ref: str) -> Sent:
    """Raises Conflict before the decision is confirmed."""
    row = find_round(visit.session, ref)
    if row.confirmed_at is None:
        raise Conflict(UNDECIDED)
    figures = round_figures(savings_report(report_with_last_prices(visit.session, row)))
    return Sent(_typed(figures, RoundSavings), version=row.version)


@operation("GET", "/savings", *_READ, "年度別の経費削減効果を読む", tag=TAG, answer=SavingsOfYears)
def read_savings_of_years(visit: Visit) -> Sent:
    return Sent(_typed(years_figures(savings_over_years(visit.session)), SavingsOfYears))


def _typed(figures: dict[str, object], kind: type[Any]) -> Any:
    """A figure that the documentation does not know, or one that is missing, is an error here."""
    return msgspec.convert(figures, kind)


operations: list[Operation] = [read_savings, read_savings_of_years]
