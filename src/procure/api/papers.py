"""What is handed out of a round: the figures of the notices, the list of its documents and each of them."""

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.awards import TAG
from procure.api.fields import Shown
from procure.api.operation import Operation, Sent, operation
from procure.api.paging import PAGING, page_of
from procure.api.report_values import NoticeList, body_shares
from procure.documents.entries import Entry, entries, entry_of
from procure.documents.kind import JSON, PDF, XLSX
from procure.documents.kinds import kind_at
from procure.documents.of_round import decided, papers_of
from procure.documents.papers import Papers
from procure.documents.savings_csv import CSV
from procure.jobs.kept import handed_out
from procure.rounds.queries import find_round
from procure.rounds.tables import RoundRow
from procure.server import Download, Visit

_READ = (Permission.READ_ROUNDS, Scope.AWARDS_READ)
FILES = (PDF, XLSX, JSON, CSV)


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


def _document(visit: Visit, ref: str, path: str, of: str = "") -> Download:
    kind = kind_at(path)
    row = find_round(visit.session, ref)
    papers = papers_of(visit.session, row, visit.settings.letterhead, visit.now)
    return sent_out(visit, row, papers, entry_of(papers, kind, of))


def sent_out(visit: Visit, row: RoundRow, papers: Papers, entry: Entry) -> Download:
    made = handed_out(visit.session, visit.database, row.id, papers, entry, visit.clock)
    return Download(made.content, made.name, made.media_type)


operations: list[Operation] = [read_notices, list_documents, get_document, get_lot_document, get_notice, get_orders]
