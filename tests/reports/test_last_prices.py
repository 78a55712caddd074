"""前回契約単価 from the database: a comparison of its time, which nothing that is brought in later changes."""

from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session

from procure.awards.actions import publish
from procure.awards.archive import import_round
from procure.database import Database
from procure.reports.last_prices import report_with_last_prices
from procure.reports.savings_years import savings_over_years
from procure.rounds.queries import find_round
from procure.rounds.tables import RoundRow
from procure.settlement.round import Round
from tests.builders import a_lot, a_round, priced
from tests.people import NOW

ACTOR = "事務局の操作"
LATER = NOW + timedelta(days=1)
BEFORE = "R2-1"


def of_year(year: int, price: int) -> Round:
    value = a_round(
        a_lot((priced("a", pc=price),)), id=f"R{year - 2018}-1", fiscal_year=year, bid_date=date(year, 6, 11)
    )
    opened = [replace(one, opened_at=one.opened_at.replace(year=year)) for one in value.lots[0].attempts]
    return replace(value, lots=(replace(value.lots[0], attempts=tuple(opened)),))


FIRST, SECOND = of_year(2020, 90_000), of_year(2021, 80_000)


def last_of(session: Session, row: RoundRow, *, for_public: bool = False) -> list[str | None]:
    report = report_with_last_prices(session, row, for_public=for_public)
    return [item.last_price_of for lot in report.lots for item in lot.items]


def last_over_years(session: Session) -> list[str | None]:
    report = savings_over_years(session).rounds[-1].report
    return [item.last_price_of for lot in report.lots for item in lot.items]


def test_a_round_is_compared_with_those_on_record_when_it_was_decided(database: Database) -> None:
    with database.write() as session:
        import_round(session, FIRST, ACTOR, NOW)
        row = import_round(session, SECOND, ACTOR, LATER)
        assert last_of(session, row) == last_over_years(session) == ["R2-1（R2.6.11入札）"]


def test_an_older_round_that_is_brought_in_later_changes_no_report(database: Database) -> None:
    with database.write() as session:
        row = import_round(session, SECOND, ACTOR, NOW)
        before = report_with_last_prices(session, row)
        import_round(session, FIRST, ACTOR, LATER)
        assert report_with_last_prices(session, row) == before
        assert last_of(session, row) == last_over_years(session) == [None]


def test_the_public_is_told_the_prices_of_what_was_published_when_the_round_was(database: Database) -> None:
    with database.write() as session:
        publish(session, import_round(session, FIRST, ACTOR, NOW), ACTOR, NOW)
        row = import_round(session, SECOND, ACTOR, NOW)
        publish(session, row, ACTOR, LATER)
        assert last_of(session, row, for_public=True) == ["R2-1（R2.6.11入札）"]


def test_an_older_round_that_is_published_later_changes_no_public_report(database: Database) -> None:
    with database.write() as session:
        import_round(session, FIRST, ACTOR, NOW)
        row = import_round(session, SECOND, ACTOR, NOW)
        publish(session, row, ACTOR, NOW)
        assert last_of(session, row, for_public=True) == [None]
        publish(session, find_round(session, BEFORE), ACTOR, LATER)
        assert last_of(session, row, for_public=True) == [None]
        assert last_of(session, row) == ["R2-1（R2.6.11入札）"]
