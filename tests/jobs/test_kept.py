"""Documents of a decision: made once, kept, and handed out as they were made."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select, update

from procure.contracts.settings import set_deadlines
from procure.database import Database
from procure.documents.entries import Entry, entry_of
from procure.documents.kinds import kind_at
from procure.documents.of_round import papers_of
from procure.documents.papers import Papers
from procure.jobs.kept import Tampered, content_of, handed_out, keep
from procure.jobs.tables import KeptDocumentRow
from procure.reports.last_prices import LastPrice, item_key, with_last_prices
from procure.rounds.queries import find_round, locked_round
from tests import stages
from tests.builders import NARA
from tests.jobs.papers import REF, SETTINGS, confirmed, kept_in, papers_in
from tests.people import NOW

PRICES = Entry(kind_at("savings.xlsx"))


def download(database: Database, path: str = "savings.xlsx", of: str = "") -> bytes:
    with database.read() as session:
        row, papers = find_round(session, REF), papers_in(session)
        made = handed_out(session, database, row.id, papers, entry_of(papers, kind_at(path), of), lambda: NOW)
    return made.content()


def test_what_was_handed_out_once_is_handed_out_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.write() as session:
        confirmed(session)
    first = download(database)
    monkeypatch.setattr("procure.documents.entries.Entry.content", lambda *_: b"what a later version would make")
    assert download(database) == first
    assert kept_in(database) == {"savings.xlsx": first}
    assert download(database, "award.pdf") == b"what a later version would make"


def test_a_deadline_that_is_set_later_makes_the_order_forms_anew_and_nothing_else(database: Database) -> None:
    with database.write() as session:
        confirmed(session)
    award, notice = download(database, "award.pdf"), download(database, "notices/{of}.pdf", NARA)
    with database.write() as session:
        set_deadlines(session, locked_round(session, REF), {"pc": date(2021, 10, 29)}, "事務局", NOW)
    assert download(database, "award.pdf") == award
    later = download(database, "notices/{of}.pdf", NARA)
    assert later != notice
    assert download(database, "notices/{of}.pdf", NARA) == later


def test_the_same_papers_give_the_same_bytes(database: Database) -> None:
    with database.write() as session:
        confirmed(session)
    with database.read() as session:
        papers, again = papers_in(session), papers_in(session)
    for path in ("award.pdf", "notices.pdf", "savings.xlsx", "result.json"):
        assert Entry(kind_at(path)).content(papers) == Entry(kind_at(path)).content(again)


def test_a_kept_document_has_its_sum_its_name_and_when_it_was_made(database: Database) -> None:
    with database.write() as session:
        confirmed(session)
    content = download(database)
    with database.read() as session:
        row = session.exec(select(KeptDocumentRow)).one()
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert (row.name, row.made_at) == ("令和3年度_R3-1_経費削減効果.xlsx", NOW)


def test_the_first_who_keeps_a_document_decides_what_it_is(database: Database) -> None:
    with database.write() as session:
        row = confirmed(session)
        papers = papers_in(session)
        keep(session, row.id, papers, PRICES, b"first", NOW)
        assert keep(session, row.id, papers, PRICES, b"second", NOW).content == b"first"
    assert download(database) == b"first"


def test_who_keeps_a_document_at_the_same_moment_as_another_gets_what_is_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        row = confirmed(session)
        papers = papers_in(session)
        keep(session, row.id, papers, PRICES, b"first", NOW)
    monkeypatch.setattr("procure.jobs.kept.find_kept", lambda *_: None)  # as long as the other has not committed
    with database.write() as session:
        assert keep(session, row.id, papers, PRICES, b"second", NOW).content == b"first"
    assert kept_in(database) == {PRICES.path: b"first"}


@pytest.mark.parametrize("act", ["change", "delete"])
def test_the_database_refuses_to_change_or_delete_it(database: Database, act: str) -> None:
    with database.write() as session:
        confirmed(session)
    content = download(database)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
        if act == "change":
            session.connection().execute(update(KeptDocumentRow).values(content=b"other"))
        else:
            session.delete(session.exec(select(KeptDocumentRow)).one())
    assert kept_in(database) == {"savings.xlsx": content}


def test_content_that_does_not_fit_its_sum_is_not_handed_out() -> None:
    row = KeptDocumentRow(name="x.pdf", sha256=hashlib.sha256(b"a").hexdigest(), content=b"b")
    with pytest.raises(Tampered, match=r"x\.pdf"):
        content_of(row)


def test_before_the_confirmation_a_document_is_made_anew_each_time(database: Database) -> None:
    with database.write() as session:
        stages.decided(session, NOW)
    with database.read() as session:
        row = find_round(session, REF)
        papers = papers_of(session, row, SETTINGS.letterhead, NOW)
        opening = entry_of(papers, kind_at("lots/{of}/opening.pdf"), "pc")
        made = handed_out(session, database, row.id, papers, opening, lambda: NOW)
    assert made.content().startswith(b"%PDF")
    assert kept_in(database) == {}


def test_what_everybody_may_read_is_kept_apart_from_what_the_council_reads(database: Database) -> None:
    with database.write() as session:
        row = confirmed(session)
        papers = papers_in(session)
    kind = kind_at("award.pdf")
    assert {Entry(kind).edition(papers), Entry(kind).edition(_public(papers))} == {"", "public"}
    with database.write() as session:
        keep(session, row.id, papers, Entry(kind), b"inside", NOW)
        assert keep(session, row.id, _public(papers), Entry(kind), b"outside", NOW).content == b"outside"


def _public(papers: Papers) -> Papers:
    return replace(papers, is_public=True)


def test_other_last_prices_beside_the_result_are_another_decision(database: Database) -> None:
    with database.write() as session:
        confirmed(session)
        papers = papers_in(session)
    (lot,) = papers.report.lots
    last = {item_key(lot, item): LastPrice(90_000, "R2-1", date(2020, 6, 11)) for item in lot.items}
    compared = replace(papers, report=with_last_prices(papers.report, last))
    assert compared.evidence != papers.evidence
    assert replace(compared, report=papers.report).evidence == papers.evidence


def test_another_decision_has_documents_of_its_own(database: Database) -> None:
    with database.write() as session:
        row = confirmed(session)
        papers = papers_in(session)
        keep(session, row.id, papers, PRICES, b"first", NOW)
        row.title = "令和３年度　訂正後の共同調達"
        session.flush()
        corrected = papers_in(session)
        assert corrected.evidence != papers.evidence
        assert keep(session, row.id, corrected, PRICES, b"second", NOW).content == b"second"
        kept = session.exec(select(KeptDocumentRow.content).order_by(col(KeptDocumentRow.id))).all()
    assert list(kept) == [b"first", b"second"]
