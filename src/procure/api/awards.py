"""The decision and what follows: proposing and confirming, publishing, figures of notices, documents."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.fields import Body, Shown, faults_named, shown
from procure.api.operation import Operation, Sent, operation
from procure.api.paging import PAGING, page_of, place_of_round
from procure.api.report_values import BodyShares, LotOutcome, NoticeList, body_shares, lot_outcome
from procure.api.round_values import Nothing, RoundWithLots
from procure.api.rounds import round_sent
from procure.api.shared import held_round
from procure.awards.actions import confirm, propose, publish, withdraw_proposal
from procure.awards.queries import confirmation_of, proposal_of
from procure.bids.negotiation_evidence import negotiated_evidence
from procure.documents.entries import Entry, entries, entry_of
from procure.documents.kind import JSON, PDF, XLSX
from procure.documents.kinds import kind_at
from procure.documents.of_round import decided, papers_of
from procure.documents.papers import Papers
from procure.documents.savings_csv import CSV
from procure.errors import NotFound
from procure.jobs.kept import handed_out
from procure.reports.queries import settled_round
from procure.rounds.queries import find_lot, find_round, rounds_in
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Download, Visit
from procure.values.quantity import MOST_YEN

TAG = "決定と結果"
_READ = (Permission.READ_ROUNDS, Scope.AWARDS_READ)
_OWN = (Permission.READ_OWN_RESULTS, Scope.AWARDS_READ)
_CONFIRM = (Permission.CONFIRM_AWARDS, Scope.AWARDS_WRITE)
FILES = (PDF, XLSX, JSON, CSV)
Contract = Annotated[int, Meta(ge=0, le=MOST_YEN, description="契約金額（税込・円）")]


class ProposalBody(Body, frozen=True, kw_only=True):
    """落札者の決定の申請。"""

    decision_number: Annotated[str, Meta(min_length=1, max_length=100, description="決裁番号")]
    decision_date: date


class ConfirmationBody(Body, frozen=True, kw_only=True):
    """別の人による確定。amounts は、落札または随意契約によるロットごとの契約金額（税込・円）。"""

    amounts: dict[str, Contract]


class NegotiationEvidence(Shown, frozen=True, kw_only=True):
    """決定の確定の後に承認した随意契約。sha256 は、その時点の案件データと結果の確認値。"""

    lot: str
    decision_number: str
    proposed_by: str
    approved_at: datetime
    approved_by: str
    sha256: str


class AwardShown(Shown, frozen=True, kw_only=True):
    """決定の状態。sha256 は、決定の証拠として残した案件データと結果の確認値。"""

    decision_number: str | None
    decision_date: date | None
    proposed_at: datetime | None
    proposed_by: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    sha256: str | None
    lots: tuple[LotOutcome, ...]
    negotiated_later: tuple[NegotiationEvidence, ...]


class PaperShown(Shown, frozen=True, kw_only=True):
    """帳票。path は、この一覧の宛先に続けて取得する宛先。"""

    label: str
    about: str
    of: str | None
    media_type: str
    path: str


class PaperList(Shown, frozen=True, kw_only=True):
    """案件の帳票。"""

    items: tuple[PaperShown, ...]


class OwnResult(Shown, frozen=True, kw_only=True):
    """自団体が得るものと支払う額。result は、参加していなければ null。"""

    ref: str
    title: str
    fiscal_year: int
    bid_date: date
    result: BodyShares | None


class OwnResultList(Shown, frozen=True, kw_only=True):
    """公表された案件での自団体の結果。"""

    items: tuple[OwnResult, ...]
    next: str | None


# ---- the decision ------------------------------------------------------------------------------------


@operation("GET", "/rounds/{ref}/lots/{lot}/decision", *_READ, "ロットの結果と理由を読む", tag=TAG, answer=LotOutcome)
def read_a_decision(visit: Visit, ref: str, lot: str) -> Sent:
    row = find_round(visit.session, ref)
    found = find_lot(visit.session, row.id, lot)
    report = settled_round(visit.session, row).report
    return Sent(next(lot_outcome(one) for one in report.lots if one.id == found.ref), version=row.version)


@operation("GET", "/rounds/{ref}/award", *_READ, "落札者の決定を読む", tag=TAG, answer=AwardShown)
def read_award(visit: Visit, ref: str) -> Sent:
    return _award_sent(visit, find_round(visit.session, ref))


@operation(
    "POST",
    "/rounds/{ref}/award/propose",
    *_CONFIRM,
    "落札者の決定を申請する",
    tag=TAG,
    body=ProposalBody,
    answer=AwardShown,
    matches=True,
    example={"decision_number": "奈電推協決第12号", "decision_date": "2026-11-24"},
)
def propose_award(visit: Visit, ref: str, body: ProposalBody) -> Sent:
    row = held_round(visit, ref)
    propose(visit.session, row, body.decision_number, body.decision_date, visit.person, visit.now)
    return _award_sent(visit, row)


@operation(
    "POST",
    "/rounds/{ref}/award/withdraw",
    *_CONFIRM,
    "決定の申請を取り下げる",
    tag=TAG,
    body=Nothing,
    answer=AwardShown,
    matches=True,
    example={},
)
def withdraw_award(visit: Visit, ref: str, body: Nothing) -> Sent:
    row = held_round(visit, ref)
    withdraw_proposal(visit.session, row, visit.person, visit.now)
    visit.session.flush()
    return _award_sent(visit, row)


@operation(
    "POST",
    "/rounds/{ref}/award/confirm",
    *_CONFIRM,
    "別の人が落札者の決定を確定する",
    tag=TAG,
    body=ConfirmationBody,
    answer=AwardShown,
    matches=True,
)
def confirm_award(visit: Visit, ref: str, body: ConfirmationBody) -> Sent:
    row = held_round(visit, ref)
    with faults_named(lambda field: field.replace("amount-", "amounts.", 1)):
        confirm(visit.session, row, body.amounts, visit.person, visit.now)
    return _award_sent(visit, row)


@operation(
    "POST",
    "/rounds/{ref}/publish",
    Permission.PUBLISH,
    Scope.AWARDS_WRITE,
    "結果を公表する",
    tag="段階",
    body=Nothing,
    answer=RoundWithLots,
    matches=True,
    example={},
)
def publish_a_round(visit: Visit, ref: str, body: Nothing) -> Sent:
    row = held_round(visit, ref)
    publish(visit.session, row, visit.person, visit.now)
    return round_sent(visit, row)


# ---- notices and documents ---------------------------------------------------------------------------


@operation(
    "GET",
    "/rounds/{ref}/notices",
    *_READ,
    "全団体の結果通知の数値",
    tag=TAG,
    answer=NoticeList,
    query=PAGING,
    waits=True,
)
def read_notices(visit: Visit, ref: str) -> Sent:
    """Raises Conflict before the confirmation: until then there is nothing to tell anybody."""
    row = find_round(visit.session, ref)
    report = decided(visit.session, row, visit.settings.letterhead).report
    page, following = page_of(visit, [one for one in report.bodies if one.lots], lambda body: (body.code,))
    shares = [body_shares(report, body.code) for body in page]
    return Sent(NoticeList(items=tuple(one for one in shares if one), next=following), next=following)


@operation("GET", "/rounds/{ref}/documents", *_READ, "帳票の一覧", tag=TAG, answer=PaperList)
def list_documents(visit: Visit, ref: str) -> Sent:
    row = find_round(visit.session, ref)
    papers = papers_of(visit.session, row, visit.settings.letterhead, visit.now)
    items = tuple(
        PaperShown(
            label=entry.kind.label,
            about=entry.kind.about,
            of=entry.of or None,
            media_type=entry.media_type,
            path=entry.path,
        )
        for entry in entries(papers)
    )
    return Sent(PaperList(items=items), version=row.version)


@operation("GET", "/rounds/{ref}/documents/{name}", *_READ, "案件の帳票を取得する", tag=TAG, files=FILES, waits=True)
def get_document(visit: Visit, ref: str, name: str) -> Download:
    return _document(visit, ref, name)


@operation(
    "GET",
    "/rounds/{ref}/documents/lots/{lot}/{name}",
    *_READ,
    "ロットの帳票を取得する",
    tag=TAG,
    files=FILES,
    waits=True,
)
def get_lot_document(visit: Visit, ref: str, lot: str, name: str) -> Download:
    return _document(visit, ref, f"lots/{{of}}/{name}", lot)


@operation(
    "GET",
    "/rounds/{ref}/documents/notices/{name}",
    *_READ,
    "団体の結果通知を取得する",
    tag=TAG,
    files=(PDF,),
    waits=True,
)
def get_notice(visit: Visit, ref: str, name: str) -> Download:
    code, _, ending = name.partition(".")
    return _document(visit, ref, f"notices/{{of}}.{ending}", code)


@operation(
    "GET",
    "/rounds/{ref}/documents/orders/{name}",
    *_READ,
    "団体の発注書を取得する",
    tag=TAG,
    files=(XLSX,),
    waits=True,
)
def get_orders(visit: Visit, ref: str, name: str) -> Download:
    code, _, ending = name.partition(".")
    return _document(visit, ref, f"orders/{{of}}.{ending}", code)


# ---- a municipality's own results --------------------------------------------------------------------


@operation("GET", "/results", *_OWN, "自団体の結果の一覧", tag="結果（市町村）", answer=OwnResultList, query=PAGING)
def list_results(visit: Visit) -> Sent:
    page, following = page_of(visit, rounds_in(visit.session, Stage.PUBLISHED), place_of_round)
    return Sent(OwnResultList(items=tuple(_own(visit, row) for row in page), next=following), next=following)


@operation("GET", "/results/{ref}", *_OWN, "自団体の結果を読む", tag="結果（市町村）", answer=OwnResult)
def read_own_result(visit: Visit, ref: str) -> Sent:
    return Sent(_own(visit, _published(visit, ref)))


@operation(
    "GET",
    "/results/{ref}/notice.pdf",
    *_OWN,
    "自団体の結果通知を取得する",
    tag="結果（市町村）",
    files=(PDF,),
    waits=True,
)
def get_own_notice(visit: Visit, ref: str) -> Download:
    return _own_document(visit, ref, "notices/{of}.pdf")


@operation(
    "GET",
    "/results/{ref}/orders.xlsx",
    *_OWN,
    "自団体の発注書を取得する",
    tag="結果（市町村）",
    files=(XLSX,),
    waits=True,
)
def get_own_orders(visit: Visit, ref: str) -> Download:
    return _own_document(visit, ref, "orders/{of}.xlsx")


# ---- parts -------------------------------------------------------------------------------------------


def _award_sent(visit: Visit, row: RoundRow) -> Sent:
    kept, waiting = confirmation_of(visit.session, row), proposal_of(visit.session, row)
    known = kept or waiting
    value = AwardShown(
        decision_number=known.decision_number if known else None,
        decision_date=known.decision_date if known else None,
        proposed_at=waiting.proposed_at if waiting else None,
        proposed_by=known.proposed_by if known else None,
        confirmed_at=kept.confirmed_at if kept else None,
        confirmed_by=kept.confirmed_by if kept else None,
        sha256=known.sha256 if known else None,
        lots=tuple(lot_outcome(lot) for lot in settled_round(visit.session, row).report.lots),
        negotiated_later=tuple(
            shown(NegotiationEvidence, kept, lot=lot) for lot, kept in negotiated_evidence(visit.session, row.id)
        ),
    )
    return Sent(value, version=row.version)


def _document(visit: Visit, ref: str, path: str, of: str = "") -> Download:
    kind = kind_at(path)
    row = find_round(visit.session, ref)
    papers = papers_of(visit.session, row, visit.settings.letterhead, visit.now)
    return _handed_out(visit, row, papers, entry_of(papers, kind, of))


def _own_document(visit: Visit, ref: str, path: str) -> Download:
    row = _published(visit, ref)
    papers = decided(visit.session, row, visit.settings.letterhead)
    return _handed_out(visit, row, papers, entry_of(papers, kind_at(path), visit.body_code))


def _handed_out(visit: Visit, row: RoundRow, papers: Papers, entry: Entry) -> Download:
    made = handed_out(visit.session, visit.database, row.id, papers, entry, visit.clock)
    return Download(made.content, made.name, made.media_type)


def _published(visit: Visit, ref: str) -> RoundRow:
    """Raises NotFound before 公表: until then nobody outside knows that the round has a result."""
    row = find_round(visit.session, ref)
    if row.stage is not Stage.PUBLISHED:
        raise NotFound
    return row


def _own(visit: Visit, row: RoundRow) -> OwnResult:
    shares = body_shares(settled_round(visit.session, row).report, visit.body_code)
    return OwnResult(ref=row.ref, title=row.title, fiscal_year=row.fiscal_year, bid_date=row.bid_date, result=shares)


operations: list[Operation] = [
    read_a_decision,
    read_award,
    propose_award,
    withdraw_award,
    confirm_award,
    publish_a_round,
    read_notices,
    list_documents,
    get_document,
    get_lot_document,
    get_notice,
    get_orders,
    list_results,
    read_own_result,
    get_own_notice,
    get_own_orders,
]
