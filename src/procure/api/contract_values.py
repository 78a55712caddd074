"""A body's contract as the API takes and shows it: its terms, the slips of its ledger, what they come to."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from procure.api.fields import LINES, Body, Line, Quantity, Reason, Shown, amount, shown
from procure.contracts.states import Act, Approval, Ground, Resolution, Status
from procure.reports.contract_report import ContractReport, Figure, Measure, SlipReport
from procure.rounds.tables import RoundRow

Number = Annotated[str, Meta(max_length=100)]
Because = Annotated[str, Meta(max_length=1000, extra=LINES)]


# ---- what is sent ------------------------------------------------------------------------------------


class TermsBody(Body, frozen=True, kw_only=True):
    """契約の内容の全体。approval は議決の要否を団体で決めたとき、failed_on は辞退・解除のときに指定する。"""

    ground: Ground | None = None
    approval: bool | None = None
    approval_reason: Because = ""
    contract_number: Number = ""
    provisional_on: date | None = None
    submitted_on: date | None = None
    resolved_on: date | None = None
    resolution: Resolution | None = None
    concluded_on: date | None = None
    failed_on: date | None = None
    failure_reason: Because = ""


class SlipBody(Body, frozen=True, kw_only=True):
    """発注、納入、検収、契約変更の記録。quantities は品目ごとの数量で、契約変更では変更後の数量。

    resolved_on は、変更後の額が議会の議決を要する契約変更について、議決（専決処分を含む）の日。
    """

    act: Act
    day: date
    quantities: dict[str, Quantity]
    place: Line = ""
    inspector: Number = ""
    remark: Because = ""
    resolved_on: date | None = None


class ReversalBody(Body, frozen=True, kw_only=True):
    """記録の取消し。"""

    reason: Reason


class BehalfTerms(TermsBody, frozen=True, kw_only=True):
    """事務局が団体に代わって記入する契約の内容。on_behalf は代わって記入する理由。"""

    on_behalf: Reason


class BehalfSlip(SlipBody, frozen=True, kw_only=True):
    """事務局が団体に代わって行う記録。on_behalf は代わって記入する理由。"""

    on_behalf: Reason


class BehalfReversal(ReversalBody, frozen=True, kw_only=True):
    """事務局が団体に代わって行う記録の取消し。on_behalf は代わって記入する理由。"""

    on_behalf: Reason


# ---- what is answered --------------------------------------------------------------------------------


class TermsShown(Shown, frozen=True, kw_only=True):
    """契約の内容。"""

    ground: Ground | None
    approval: bool | None
    approval_reason: str
    contract_number: str
    provisional_on: date | None
    submitted_on: date | None
    resolved_on: date | None
    resolution: Resolution | None
    concluded_on: date | None
    failed_on: date | None
    failure_reason: str


class ContractItemShown(Shown, frozen=True, kw_only=True):
    """品目ごとの数量と契約単価（税抜・円）。"""

    id: str
    name: str
    unit: str
    unit_price: int | str | None
    planned: int
    contracted: int
    ordered: int
    delivered: int
    accepted: int


class FigureShown(Shown, frozen=True, kw_only=True):
    """予定数量、契約数量、検収数量のそれぞれによる額。saved は定価との差（税抜・円）。"""

    measure: Measure
    quantity: int
    amount: int | str | None
    amount_with_tax: int | str | None
    saved: int | str | None
    percent: str | None


class SlipItemShown(Shown, frozen=True, kw_only=True):
    """記録した品目の数量。取消しと、減らす契約変更では負になる。"""

    name: str
    unit: str
    quantity: int


class SlipShown(Shown, frozen=True, kw_only=True):
    """1件の記録。reverses は、取り消した記録の番号。"""

    number: int
    act: Act
    day: date
    items: tuple[SlipItemShown, ...]
    place: str
    inspector: str
    remark: str
    on_behalf: str | None
    recorded_at: datetime
    recorded_by: str
    reverses: int | None
    resolved_on: date | None
    is_reversed: bool


class ContractShown(Shown, frozen=True, kw_only=True):
    """1団体の1ロットの契約。approval_judged は、政令と条例による議決の要否の判定。"""

    ref: str
    lot: str
    lot_title: str
    code: str
    name: str
    supplier: str
    status: Status
    status_label: str
    approval_judged: Approval
    deadline: date | None
    is_overdue: bool
    terms: TermsShown
    items: tuple[ContractItemShown, ...]
    figures: tuple[FigureShown, ...]
    slips: tuple[SlipShown, ...]
    on_behalf: str | None
    version: int


class ContractList(Shown, frozen=True, kw_only=True):
    """契約。自団体の一覧は案件を単位に区切り、新しい順。"""

    items: tuple[ContractShown, ...]
    next: str | None


# ---- from one to the other ---------------------------------------------------------------------------


def contract_shown(row: RoundRow, report: ContractReport) -> ContractShown:
    found: ContractShown = shown(
        ContractShown,
        report,
        ref=row.ref,
        status_label=report.status.label,
        approval_judged=report.judgement.approval,
        terms=shown(TermsShown, report.terms),
        items=tuple(shown(ContractItemShown, one, unit_price=amount(one.unit_price)) for one in report.items),
        figures=tuple(_figure(one) for one in report.figures),
        slips=tuple(_slip(one) for one in report.slips),
    )
    return found


def _figure(figure: Figure) -> FigureShown:
    return FigureShown(
        measure=figure.measure,
        quantity=figure.quantity,
        amount=amount(figure.amount),
        amount_with_tax=amount(figure.amount_with_tax),
        saved=amount(figure.saved),
        percent=None if figure.percent is None else str(figure.percent),
    )


def _slip(slip: SlipReport) -> SlipShown:
    found: SlipShown = shown(SlipShown, slip, items=tuple(shown(SlipItemShown, one) for one in slip.items))
    return found
