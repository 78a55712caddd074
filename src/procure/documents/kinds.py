"""The one table of the documents of a round: what there is, for whom, from when on, and who writes it.

The folder of `procure documents`, the downloads of the pages and the documents that are kept all follow it.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from itertools import groupby

from procure.documents.award import award_pdf
from procure.documents.ceiling import ceiling_pdf
from procure.documents.contract_prices import contract_prices_pdf
from procure.documents.decision_letters import losers_of, losers_pdf, winner_pdf
from procure.documents.excel import savings_xlsx
from procure.documents.filenames import file_name, lot_file_name
from procure.documents.letterhead import Letterhead
from procure.documents.matrix import matrix_xlsx
from procure.documents.notice import notice_pdf, notices_pdf, notified
from procure.documents.opening import is_opened, opening_pdf
from procure.documents.results import results_pdf
from procure.documents.savings import savings_pdf
from procure.documents.savings_csv import CSV, savings_csv
from procure.errors import Conflict, NotFound
from procure.reports.lot_record import LotRecord
from procure.reports.matrix import matrices
from procure.reports.report import LotReport, RoundReport
from procure.settlement.result import LotResult, Result
from procure.settlement.result_file import result_json
from procure.settlement.round import Lot, Round
from procure.settlement.round_writing import write_round

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
MEDIA_TYPES = {"pdf": PDF, "xlsx": XLSX, "json": JSON, "csv": CSV}
FORMS = {"xlsx": "Excel"}
UNDECIDED = "落札者の決定を確定するまで、この帳票は発行できません。"
UNOPENED = "このロットの入札をすべて記録するまで、開札調書は発行できません。"
NO_BIDS = "まだ開札していないため、入札比較表はありません。開札して入札を記録した後に取得してください。"


class Scope(Enum):
    """What one document is of."""

    ROUND = "案件"
    LOT = "ロット"
    BODY = "団体"


class Audience(Enum):
    """Who may have it. The pages of the round show all of them to those who may read everything."""

    PUBLIC = "公表用"
    BODIES = "参加団体用"
    ADDRESSEE = "宛先に送付"
    COUNCIL = "庁内用"


class Since(Enum):
    """From when on there may be one."""

    BEGINNING = 0
    OPENING = 1
    CONFIRMATION = 2


@dataclass(frozen=True, slots=True)
class Papers:
    """A settled round, and what stands around its documents.

    `made_at` is when its decision was confirmed, and before that the time of asking. `is_public`: the report holds no
    more than anybody may read.
    """

    report: RoundReport
    round: Round
    result: Result
    letterhead: Letterhead
    made_at: datetime
    is_confirmed: bool = True
    is_published: bool = False
    is_public: bool = False
    records: Mapping[str, LotRecord] = field(default_factory=dict)

    @property
    def evidence(self) -> str:
        """The SHA-256 of the round file and the result: other figures are another decision."""
        texts = (write_round(self.round), json.dumps(result_json(self.result), ensure_ascii=False))
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()

    def record(self, lot: str) -> LotRecord:
        """What stands on record around the lot's bids; empty for a round that is no row of the database."""
        return self.records.get(lot, LotRecord())

    def lot(self, lot: str) -> tuple[LotReport, Lot, LotResult]:
        """Raises NotFound where the round has no such lot."""
        for found in zip(self.report.lots, self.round.lots, self.result.lots, strict=True):
            if found[0].id == lot:
                return found
        raise NotFound


Write = Callable[[Papers, str], bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """A line of the table.

    `path` is the address below the documents of a round, with {of} for the lot or the body; its ending gives the form.
    `label` names it on pages and in file names. `exists` says whether a lot or body has one; `refusal` is said where
    it has none yet. `changes_when_published`: there is one document before the publication and another one after it.
    """

    path: str
    label: str
    about: str
    scope: Scope
    audience: Audience
    since: Since
    write: Write
    exists: Callable[[Papers, str], bool] = lambda papers, of: True
    refusal: str | None = None
    changes_when_published: bool = False

    @property
    def ending(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def form(self) -> str:
        """PDF, Excel"""
        return FORMS.get(self.ending, self.ending.upper())


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a round: its kind, and the lot or body it is of ("" for the round itself)."""

    kind: Kind
    of: str = ""

    @property
    def path(self) -> str:
        return self.kind.path.format(of=self.of)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind.ending]

    def edition(self, papers: Papers) -> str:
        """Tells documents apart that have the same path."""
        if papers.is_public:
            return "public"
        return "published" if self.kind.changes_when_published and papers.is_published else ""

    def title(self, papers: Papers) -> str:
        """開札調書　パソコン, 経費削減効果（Excel）"""
        form = "" if self.kind.ending == "pdf" else f"（{self.kind.form}）"
        return "　".join(filter(None, (f"{self.kind.label}{form}", self._whose(papers))))

    def file_name(self, papers: Papers) -> str:
        report, label, ending = papers.report, self.kind.label, self.kind.ending
        match self.kind.scope:
            case Scope.ROUND:
                return file_name(report, label, ending)
            case Scope.LOT:
                return lot_file_name(report, self.of, label, ending)
            case Scope.BODY:
                return file_name(report, f"{label}_{self.of}_{self._whose(papers)}", ending)

    def content(self, papers: Papers) -> bytes:
        """The same papers give the same bytes. A PDF takes a second or two."""
        return self.kind.write(papers, self.of)

    def _whose(self, papers: Papers) -> str:
        match self.kind.scope:
            case Scope.ROUND:
                return ""
            case Scope.LOT:
                return papers.lot(self.of)[0].title
            case Scope.BODY:
                return next(body.name for body in papers.report.bodies if body.code == self.of)


# ---- the writers, of one form ------------------------------------------------------------------------


def _of_round(writer: Callable[[RoundReport, Letterhead, datetime], bytes]) -> Write:
    return lambda papers, _: writer(papers.report, papers.letterhead, papers.made_at)


def _of_part(writer: Callable[[RoundReport, str, Letterhead, datetime], bytes]) -> Write:
    return lambda papers, of: writer(papers.report, of, papers.letterhead, papers.made_at)


def _ceiling(papers: Papers, lot: str) -> bytes:
    record = papers.record(lot)
    return ceiling_pdf(
        papers.report, lot, papers.letterhead, papers.made_at, is_published=papers.is_published, record=record
    )


def _opening(papers: Papers, lot: str) -> bytes:
    result = papers.lot(lot)[2]
    return opening_pdf(papers.report, papers.round, result, papers.letterhead, papers.made_at, papers.record(lot))


def _results(papers: Papers, _: str) -> bytes:
    return results_pdf(papers.report, papers.letterhead, papers.made_at, papers.records)


def _matrix(papers: Papers, lot: str) -> bytes:
    return matrix_xlsx(papers.report, matrices(*papers.lot(lot)[1:]), papers.made_at)


def _round_file(papers: Papers, _: str) -> bytes:
    return write_round(papers.round).encode()


def _result_file(papers: Papers, _: str) -> bytes:
    """The line that `procure settle` prints for the round file."""
    return f"{json.dumps(result_json(papers.result), ensure_ascii=False)}\n".encode()


def _is_notified(papers: Papers, code: str) -> bool:
    return any(body.code == code for body in notified(papers.report))


# ---- the table ---------------------------------------------------------------------------------------

KINDS = (
    Kind(
        "award.pdf",
        "落札結果",
        "件名別の落札者、落札金額、入札の経過、契約単価",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        _of_round(award_pdf),
    ),
    Kind(
        "results.pdf",
        "入札結果公表",
        "件名別の結果表。入札参加者と各回の金額、落札者、予定価格、落札率",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        _results,
    ),
    Kind(
        "prices.pdf",
        "契約単価一覧",
        "契約単価と、団体ごとの数量・金額の配分表",
        Scope.ROUND,
        Audience.BODIES,
        Since.CONFIRMATION,
        _of_round(contract_prices_pdf),
    ),
    Kind(
        "savings.pdf",
        "経費削減効果報告書",
        "定価に対する削減額と値引率、市町村別の内訳、算定の方法",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        _of_round(savings_pdf),
    ),
    Kind(
        "savings.xlsx",
        "経費削減効果",
        "報告書と同じ数値の表。計算式付き",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        _of_round(savings_xlsx),
    ),
    Kind(
        "savings.csv",
        "経費削減効果",
        "団体別、品目別の数量と金額の一覧",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        lambda papers, _: savings_csv(papers.report),
    ),
    Kind(
        "lots/{of}/ceiling.pdf",
        "予定価格調書",
        "予定価格と、そのうちの消費税及び地方消費税の額",
        Scope.LOT,
        Audience.COUNCIL,
        Since.CONFIRMATION,
        _ceiling,
        exists=lambda papers, lot: papers.lot(lot)[0].ceiling is not None,
        changes_when_published=True,  # 秘 until then
    ),
    Kind(
        "lots/{of}/opening.pdf",
        "開札調書",
        "各回の入札と、開札の結果",
        Scope.LOT,
        Audience.COUNCIL,
        Since.OPENING,
        _opening,
        exists=lambda papers, lot: is_opened(papers.lot(lot)[2]),
        refusal=UNOPENED,
    ),
    Kind(
        "lots/{of}/matrix.xlsx",
        "入札比較",
        "入札者別、品目別の単価と金額の比較。計算式付き",
        Scope.LOT,
        Audience.COUNCIL,
        Since.OPENING,
        _matrix,
        exists=lambda papers, lot: bool(matrices(*papers.lot(lot)[1:])),
        refusal=NO_BIDS,
    ),
    Kind(
        "lots/{of}/winner.pdf",
        "落札者決定通知書",
        "落札者への通知。契約の相手方となる団体と数量",
        Scope.LOT,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        _of_part(winner_pdf),
        exists=lambda papers, lot: papers.lot(lot)[0].awarded,
    ),
    Kind(
        "lots/{of}/losers.pdf",
        "非落札通知",
        "落札しなかった入札者への通知",
        Scope.LOT,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        _of_part(losers_pdf),
        exists=lambda papers, lot: bool(losers_of(papers.lot(lot)[0])),
    ),
    Kind(
        "notices.pdf",
        "結果通知（全団体）",
        "全団体への通知を1つにまとめたもの。印刷用",
        Scope.ROUND,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        _of_round(notices_pdf),
        exists=lambda papers, _: bool(notified(papers.report)),
    ),
    Kind(
        "notices/{of}.pdf",
        "結果通知",
        "団体への通知。数量、金額、契約の手続",
        Scope.BODY,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        _of_part(notice_pdf),
        exists=_is_notified,
    ),
    Kind(
        "result.json",
        "結果データ",
        "計算結果の全体。予定価格を含む",
        Scope.ROUND,
        Audience.COUNCIL,
        Since.CONFIRMATION,
        _result_file,
    ),
    Kind(
        "round.json",
        "案件データ",
        "案件の全体。保存、移行、再計算に使う。予定価格を含む",
        Scope.ROUND,
        Audience.COUNCIL,
        Since.BEGINNING,
        _round_file,
    ),
)
_BY_PATH = {kind.path: kind for kind in KINDS}


def kind_at(path: str) -> Kind:
    """`award.pdf`, `lots/{of}/opening.pdf`. Raises NotFound."""
    if path not in _BY_PATH:
        raise NotFound
    return _BY_PATH[path]


def entry_of(papers: Papers, kind: Kind, of: str = "") -> Entry:
    """Raises Conflict before its time, NotFound where there is none."""
    if kind.since is Since.CONFIRMATION and not papers.is_confirmed:
        raise Conflict(UNDECIDED)
    if not kind.exists(papers, of):
        raise Conflict(kind.refusal) if kind.refusal else NotFound
    return Entry(kind, of)


def entries(papers: Papers) -> Iterator[Entry]:
    """Every document that there is by now: those of the round, lot by lot, body by body."""
    for scope, group in groupby(KINDS, key=lambda kind: kind.scope):
        kinds = [kind for kind in group if papers.is_confirmed or kind.since is not Since.CONFIRMATION]
        for of in _parts(papers, scope):
            yield from (Entry(kind, of) for kind in kinds if kind.exists(papers, of))


def _parts(papers: Papers, scope: Scope) -> tuple[str, ...]:
    match scope:
        case Scope.ROUND:
            return ("",)
        case Scope.LOT:
            return tuple(lot.id for lot in papers.report.lots)
        case Scope.BODY:
            return tuple(body.code for body in papers.report.bodies)
