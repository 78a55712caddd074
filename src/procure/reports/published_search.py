"""Published rounds found by year, item, body and supplier. Only what is published is searched."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from procure.bids.after_tables import NegotiatedContractRow
from procure.bids.tables import BidderRow
from procure.demand.tables import DemandRow
from procure.parties.directory import search
from procure.parties.queries import directory
from procure.reports.queries import settled_round
from procure.reports.report import LotReport, RoundReport
from procure.rounds.queries import rounds_in
from procure.rounds.stages import Stage
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.values.text import search_key


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; an empty text looks for nothing, `year` None for every year. Every word has to be found."""

    year: int | None = None
    item: str = ""
    body: str = ""
    supplier: str = ""

    @property
    def has_words(self) -> bool:
        return bool(self.item or self.body or self.supplier)


def found_rounds(session: Session, wanted: Wanted) -> Sequence[RoundRow]:
    """Newest first."""
    rows = [row for row in rounds_in(session, Stage.PUBLISHED) if wanted.year in (None, row.fiscal_year)]
    if not wanted.has_words:
        return rows
    codes = frozenset(body.code for body in search(wanted.body, directory(session).values()))
    likely = _likely(session, wanted, codes)
    return [
        row
        for row in rows
        if row.id in likely and _is_wanted(settled_round(session, row, for_public=True).report, wanted, codes)
    ]


def holds(text: str, typed: str) -> bool:
    """Whether every typed word is in the text, however either is written (width, case, variants of a kanji)."""
    within = search_key(text)
    return all(word in within for word in search_key(typed).split())


def _is_wanted(report: RoundReport, wanted: Wanted, codes: frozenset[str]) -> bool:
    return (
        (not wanted.item or any(holds(text, wanted.item) for lot in report.lots for text in _things(lot)))
        and (not wanted.body or any(share.code in codes for lot in report.lots for share in lot.municipalities))
        and (not wanted.supplier or any(holds(name, wanted.supplier) for name in _suppliers(report)))
    )


def _suppliers(report: RoundReport) -> Iterator[str]:
    """Of whom something is bought."""
    return (supplied.winner or "" for lot in report.lots for supplied in lot.suppliers)


def _things(lot: LotReport) -> Iterator[str]:
    return (_thing(lot.title, item.name, item.specification) for item in lot.items)


def _thing(*texts: str) -> str:
    return "\n".join(texts)


def _likely(session: Session, wanted: Wanted, codes: frozenset[str]) -> frozenset[int]:
    """The rounds that may be wanted, by the names in the tables: reports are made for these alone."""
    sets = []
    if wanted.item:
        sets.append(_ids(_with_item(session, wanted.item)))
    if wanted.body:
        sets.append(_ids(_with_body(session, codes)))
    if wanted.supplier:
        sets.append(_ids(_with_supplier(session, wanted.supplier)))
    return frozenset.intersection(*sets)


def _ids(found: Iterable[int]) -> frozenset[int]:
    return frozenset(found)


def _with_item(session: Session, typed: str) -> Iterator[int]:
    joined = select(LotRow.round_id, LotRow.title, ItemRow.name, ItemRow.specification)
    rows = session.exec(joined.join(ItemRow, col(ItemRow.lot_id) == col(LotRow.id)))
    return (id for id, *texts in rows if holds(_thing(*texts), typed))


def _with_body(session: Session, codes: frozenset[str]) -> Iterator[int]:
    joined = (
        select(LotRow.round_id)
        .join(ItemRow, col(ItemRow.lot_id) == col(LotRow.id))
        .join(DemandRow, col(DemandRow.item_id) == col(ItemRow.id))
    )
    return iter(session.exec(joined.where(col(DemandRow.body_code).in_(codes)).distinct()))


def _with_supplier(session: Session, typed: str) -> Iterator[int]:
    """Among those who bid, and those who deliver by 随意契約."""
    bidders = select(LotRow.round_id, BidderRow.name).join(BidderRow, col(BidderRow.lot_id) == col(LotRow.id))
    contractors = select(LotRow.round_id, NegotiatedContractRow.contractor).join(
        NegotiatedContractRow, col(NegotiatedContractRow.lot_id) == col(LotRow.id)
    )
    return (id for id, name in (*session.exec(bidders), *session.exec(contractors)) if holds(name, typed))
