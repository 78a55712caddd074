"""The documents that there are of a round by now, each of its kind, with its name, its address and its content."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from procure.documents.filenames import file_name, lot_file_name
from procure.documents.kind import Kind, Scope, Since
from procure.documents.kinds import KINDS, UNDECIDED
from procure.documents.papers import Papers
from procure.errors import Conflict, NotFound


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
        return self.kind.media_type

    def edition(self, papers: Papers) -> str:
        """Tells documents apart that have the same path."""
        if papers.is_public:
            return "public"
        if self.kind.tells_delivery:
            return papers.delivery
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
