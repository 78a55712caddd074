"""What a municipality gets and pays by the published rounds: its figures, notice and order forms."""

from datetime import date

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.fields import Shown
from procure.api.operation import Operation, Sent, operation
from procure.api.paging import PAGING, page_of, place_of_round
from procure.api.papers import sent_out
from procure.api.report_values import BodyShares, body_shares
from procure.documents.entries import entry_of
from procure.documents.kind import PDF, XLSX
from procure.documents.kinds import kind_at
from procure.documents.of_round import decided
from procure.errors import NotFound
from procure.reports.queries import settled_round
from procure.rounds.queries import find_round, rounds_in
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.server import Download, Visit

TAG = "結果（市町村）"
_OWN = (Permission.READ_OWN_RESULTS, Scope.AWARDS_READ)


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


@operation("GET", "/results", *_OWN, "自団体の結果の一覧", tag=TAG, answer=OwnResultList, query=PAGING)
def list_results(visit: Visit) -> Sent:
    page, following = page_of(visit, rounds_in(visit.session, Stage.PUBLISHED), place_of_round)
    return Sent(OwnResultList(items=tuple(_own(visit, row) for row in page), next=following), next=following)


@operation("GET", "/results/{ref}", *_OWN, "自団体の結果を読む", tag=TAG, answer=OwnResult)
def read_own_result(visit: Visit, ref: str) -> Sent:
    return Sent(_own(visit, _published(visit, ref)))


@operation(
    "GET",
    "/results/{ref}/notice.pdf",
    *_OWN,
    "自団体の結果通知を取得する",
    tag=TAG,
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
    tag=TAG,
    files=(XLSX,),
    waits=True,
)
def get_own_orders(visit: Visit, ref: str) -> Download:
    return _own_document(visit, ref, "orders/{of}.xlsx")


def _own_document(visit: Visit, ref: str, path: str) -> Download:
    row = _published(visit, ref)
    papers = decided(visit.session, row, visit.settings.letterhead)
    return sent_out(visit, row, papers, entry_of(papers, kind_at(path), visit.body_code))


def _published(visit: Visit, ref: str) -> RoundRow:
    """Raises NotFound before 公表: until then nobody outside knows that the round has a result."""
    row = find_round(visit.session, ref)
    if row.stage is not Stage.PUBLISHED:
        raise NotFound
    return row


def _own(visit: Visit, row: RoundRow) -> OwnResult:
    shares = body_shares(settled_round(visit.session, row).report, visit.body_code)
    return OwnResult(ref=row.ref, title=row.title, fiscal_year=row.fiscal_year, bid_date=row.bid_date, result=shares)


operations: list[Operation] = [list_results, read_own_result, get_own_notice, get_own_orders]
