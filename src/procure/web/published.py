"""What anybody may read of a published round: its result, its public documents, and lists of such rounds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from sqlmodel import Session

from procure.documents import savings_csv
from procure.documents.entries import Entry, entries, entry_of
from procure.documents.kind import Audience, Scope
from procure.documents.kinds import kind_at
from procure.documents.method import last_rounds
from procure.documents.of_round import decided
from procure.documents.opendata import portal
from procure.documents.opendata.csv_text import lost_in_cp932
from procure.documents.papers import Papers
from procure.errors import NotFound
from procure.jobs.kept import handed_out
from procure.reports.businesses import Business
from procure.reports.published_rounds import PublishedRound, published_row, published_value
from procure.reports.queries import settled_round
from procure.reports.report import LotReport, RoundReport
from procure.reports.savings import LotSavings, savings_report
from procure.rounds.tables import RoundRow
from procure.server import Answer, Download, Page, Permission, Visit, get
from procure.settlement.result import Savings
from procure.templates import yen
from procure.values.fiscal_year import fiscal_year_name, parse_fiscal_year
from procure.values.money import Yen
from procure.values.rounding import percent
from procure.values.unreadable import Unreadable
from procure.web.encodings import in_encoding
from procure.web.round_view import LotView, Totals, lot_view, savings_note, totals_of


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """A published round in a list. Tax-exclusive yen; `savings` is None where nothing can be compared."""

    ref: str
    title: str
    is_sample: bool
    bid_date: date
    published_at: datetime | None
    participants: int
    members: int
    award_total: Yen
    savings: Savings | None

    @property
    def path(self) -> str:
        return f"/published/{self.ref}"


@dataclass(frozen=True, slots=True)
class Years:
    """The fiscal years to choose from, newest first, and the one that is shown (None: that year has nothing)."""

    options: tuple[tuple[str, str], ...]
    chosen: int | None

    @property
    def value(self) -> str:
        return "" if self.chosen is None else str(self.chosen)


@dataclass(frozen=True, slots=True)
class PublicLot:
    """A lot as anybody may read it. `ceiling` is 入札書比較価格, tax-exclusive; None where it is not published."""

    view: LotView
    report: LotReport
    suppliers: tuple[Business, ...] = ()

    @property
    def facts(self) -> list[tuple[str, ...]]:
        """What stands on the card of the lot, label and value."""
        return [*self._award(), *self._contracts(), *self._ceiling(), *self._tender()]

    @property
    def links(self) -> list[tuple[str, str]]:
        return [(f"{one.name}の契約の実績", f"/published/suppliers/{one.key}") for one in self.suppliers]

    def _award(self) -> Iterator[tuple[str, ...]]:
        if self.report.awarded:
            yield ("落札者", self.report.winner or "")
            yield ("落札額（税抜）", _yen(self.report.award_total), *(("main",) if self.report.award_stands else ()))
            yield ("落札額（税込）", _yen(self.report.award_with_tax))
        elif self.report.reason:
            yield ("理由", self.report.reason)
        if self.report.instead:
            yield ("落札の後", self.report.instead)

    def _contracts(self) -> Iterator[tuple[str, ...]]:
        for contract in self.report.contracts:
            yield ("契約の相手方", f"{contract.winner}　{contract.way}")
            yield ("契約額（税抜）", _yen(contract.award_total), "main")
            yield ("契約額（税込）", _yen(contract.award_with_tax))

    def _ceiling(self) -> Iterator[tuple[str, ...]]:
        """Only where it is published."""
        if self.report.ceiling is not None:
            yield ("入札書比較価格（税抜）", _yen(self.report.ceiling))
            if self.report.ceiling_ratio_percent is not None:
                yield ("落札率", f"{self.report.ceiling_ratio_percent}%")

    def _tender(self) -> Iterator[tuple[str, ...]]:
        yield ("定価計（税抜）", _yen(self.view.list_total), "rule")
        savings = self.report.bought_savings
        yield ("削減率", "—" if savings is None else f"{savings.percent}%")
        yield ("参加団体", f"{self.view.participants}団体")
        yield ("入札者", f"{self.report.bidders}者")


@dataclass(frozen=True, slots=True)
class LastTime:
    """A lot with 前回契約単価, and the rounds that they are from."""

    savings: LotSavings
    rounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document for everybody."""

    label: str
    about: str
    form: str
    path: str


@dataclass(frozen=True, slots=True)
class PublicRound:
    """`lost` are the characters that the tables of awards and savings lose in CP932."""

    ref: str
    report: RoundReport
    is_sample: bool
    published_at: datetime | None
    participation: Decimal | None
    lots: tuple[PublicLot, ...]
    totals: Totals
    last: tuple[LastTime, ...]
    papers: tuple[Paper, ...]
    lost: tuple[str, ...]

    @property
    def views(self) -> tuple[LotView, ...]:
        return tuple(lot.view for lot in self.lots)

    @property
    def item_count(self) -> int:
        return sum(len(lot.view.items) for lot in self.lots)

    @property
    def has_shares(self) -> bool:
        return any(one.municipalities for lot in self.report.lots for one in lot.suppliers)

    @property
    def savings_note(self) -> str | None:
        return savings_note(self.report, "落札した")


@get("/published/{ref}", Permission.PUBLIC)
def show_published(visit: Visit, ref: str) -> Answer:
    row = published_row(visit.session, ref)
    value = published_value(visit.session, row)
    papers = public_papers(visit, row)
    values = {"round": public_round(row, value, papers), "taken_in": value.taken_in}
    return Page("published_round.html", values)


@get("/published/{ref}/documents/{name}", Permission.PUBLIC)
def download_published(visit: Visit, ref: str, name: str) -> Answer:
    """A document of the round that is for everybody. Raises NotFound for any other."""
    row = published_row(visit.session, ref)
    papers = public_papers(visit, row)
    kind = kind_at(name)
    if kind.audience is not Audience.PUBLIC:
        raise NotFound
    made = handed_out(visit.session, visit.database, row.id, papers, entry_of(papers, kind), visit.clock)
    return in_encoding(visit, Download(made.content, made.name, made.media_type, is_for_everybody=True))


def public_papers(visit: Visit, row: RoundRow) -> Papers:
    """With the report as anybody may read it."""
    return decided(visit.session, row, visit.settings.letterhead, for_public=True)


def published_lines(session: Session, rows: Iterable[RoundRow]) -> tuple[PublishedLine, ...]:
    return tuple(_line(row, settled_round(session, row, for_public=True).report) for row in rows)


def years_of(rows: Iterable[RoundRow], typed: str) -> Years:
    """The year that was asked for, or else the newest that has a round."""
    found = sorted({row.fiscal_year for row in rows}, reverse=True)
    options = tuple((str(year), fiscal_year_name(year)) for year in found)
    try:
        wanted = parse_fiscal_year(typed)
    except Unreadable:
        return Years(options, None)
    chosen = found[0] if wanted is None and found else wanted
    return Years(options, chosen if chosen in found else None)


def public_round(row: RoundRow, value: PublishedRound, papers: Papers) -> PublicRound:
    report = value.report
    return PublicRound(
        ref=row.ref,
        report=report,
        is_sample=row.is_sample,
        published_at=row.published_at,
        participation=percent(report.participants, report.members, 1) if report.members else None,
        lots=_lots(row, value, [[bidder.name for bidder in lot.bidders] for lot in papers.round.lots]),
        totals=totals_of(report),
        last=tuple(_last_times(papers.report)),
        papers=tuple(_paper(row.ref, entry) for entry in entries(papers) if _is_public(entry)),
        lost=lost_in_cp932(chain(portal.texts([value]), savings_csv.texts(papers.report))),
    )


def _is_public(entry: Entry) -> bool:
    return entry.kind.audience is Audience.PUBLIC and entry.kind.scope is Scope.ROUND


def _paper(ref: str, entry: Entry) -> Paper:
    return Paper(entry.kind.label, entry.kind.about, entry.kind.form, f"/published/{ref}/documents/{entry.path}")


def _yen(amount: Yen | None) -> str:
    return "—" if amount is None else f"{yen(amount)}円"


def _lots(row: RoundRow, value: PublishedRound, bidders: Sequence[Sequence[str]]) -> tuple[PublicLot, ...]:
    return tuple(
        PublicLot(lot_view(row, lot, tuple(names), is_confirmed=True), lot, _suppliers(value, lot))
        for lot, names in zip(value.report.lots, bidders, strict=True)
    )


def _suppliers(value: PublishedRound, lot: LotReport) -> tuple[Business, ...]:
    return tuple(value.party_to(deal) for deal in value.standing if deal.lot.id == lot.id)


def _last_times(report: RoundReport) -> Iterator[LastTime]:
    """What stands in 経費削減効果報告書 too."""
    for lot in savings_report(report).lots:
        if lot.line.last is not None:
            yield LastTime(lot, last_rounds(lot.report))


def _line(row: RoundRow, report: RoundReport) -> PublishedLine:
    return PublishedLine(
        ref=row.ref,
        title=row.title,
        is_sample=row.is_sample,
        bid_date=row.bid_date,
        published_at=row.published_at,
        participants=report.participants,
        members=report.members,
        award_total=report.award_total,
        savings=report.savings,
    )


routes = [show_published, download_published]
