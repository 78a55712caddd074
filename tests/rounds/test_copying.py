"""A new round from an earlier one, and what is suggested for it."""

from datetime import date

import pytest
from sqlmodel import Session

from procure.database import Database
from procure.errors import Invalid
from procure.history.queries import events_of_round
from procure.rounds.attachments import add_attachment, attachments_of
from procure.rounds.copying import copy_round, suggested_bid_date, suggested_title, suggested_year
from procure.rounds.list_prices import check_list_prices
from procure.rounds.queries import items_of, lots_of
from procure.rounds.rules import Outline
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.rounds.values import lot_values
from procure.settlement.round import Lot
from tests.people import NOW
from tests.stages import ACTOR, preparing, published

OUTLINE = Outline("R9-1", "令和9年度 共同調達", 2027, date(2027, 6, 11), "協議会")
PDF = b"%PDF-1.7 a specification"


def test_lots_rules_and_items_are_taken_over_and_the_prices_of_the_bidding_are_not(database: Database) -> None:
    with database.write() as session:
        source = published(session, NOW)
        row = copy_round(session, source, OUTLINE, False, ACTOR, NOW)
        old, new = _lots(session, source), _lots(session, row)
    assert (row.stage, row.survey_deadline, row.confirmed_at) == (Stage.PREPARING, None, None)
    assert [lot.items for lot in new] == [lot.items for lot in old]
    assert [(lot.id, lot.title, lot.contract_kind) for lot in new] == [
        (lot.id, lot.title, lot.contract_kind) for lot in old
    ]
    assert any(lot.rules.ceiling for lot in old)
    assert all(lot.rules.ceiling is None and lot.rules.minimum is None for lot in new)
    assert [lot.rules.tax_rate for lot in new] == [lot.rules.tax_rate for lot in old]


def test_a_cancelled_lot_is_copied_as_one_to_buy(database: Database) -> None:
    with database.write() as session:
        source = preparing(session, NOW)
        lots_of(session, source.id)[0].cancelled = "予算の都合"
        lots_of(session, source.id)[0].either_acquisition = True
        row = copy_round(session, source, OUTLINE, False, ACTOR, NOW)
        first = lots_of(session, row.id)[0]
        assert (first.cancelled, first.either_acquisition) == (None, True)


def test_list_prices_keep_their_source_and_have_to_be_checked_again(database: Database) -> None:
    with database.write() as session:
        source = preparing(session, NOW)
        lot, item = lots_of(session, source.id)[0], items_of(session, source.id)[0]
        check_list_prices(session, source, lot, {item.ref}, (), ACTOR, NOW)
        row = copy_round(session, source, OUTLINE, False, ACTOR, NOW)
        copied = items_of(session, row.id)[0]
        assert item.list_price_checked_by == ACTOR
        assert (copied.list_price, copied.list_price_source) == (item.list_price, item.list_price_source)
        assert (copied.list_price_checked_by, copied.list_price_checked_at) == (None, None)


@pytest.mark.parametrize("with_attachments", [True, False])
def test_attachments_come_along_only_where_it_is_wanted(database: Database, with_attachments: bool) -> None:
    with database.write() as session:
        source = preparing(session, NOW)
        kept = add_attachment(session, source, "仕様書.pdf", PDF, ACTOR, NOW)
        row = copy_round(session, source, OUTLINE, with_attachments, "写した人", NOW)
        copied = attachments_of(session, row.id)
        assert [(file.name, file.sha256) for file in copied] == [("仕様書.pdf", kept.sha256)] * with_attachments
        assert len(attachments_of(session, source.id)) == 1


def test_the_history_says_where_the_round_came_from(database: Database) -> None:
    with database.write() as session:
        source = preparing(session, NOW)
        copy_round(session, source, OUTLINE, False, ACTOR, NOW)
        latest = events_of_round(session, "R9-1")[0]
    assert latest.label == "過去の案件から複写"
    assert ("source", None, source.ref) in [(change.what, change.before, change.after) for change in latest.changes]


def test_a_number_in_use_is_refused_and_nothing_is_made(database: Database) -> None:
    with database.write() as session:
        source = preparing(session, NOW)
        taken = Outline(source.ref, "件名", 2027, date(2027, 6, 11), "協議会")
        with pytest.raises(Invalid):
            copy_round(session, source, taken, True, ACTOR, NOW)
        assert len(lots_of(session, source.id)) == len(_lots(session, source))


@pytest.mark.parametrize(
    ("last", "today", "suggested"),
    [
        (date(2026, 6, 11), date(2026, 11, 24), date(2027, 6, 11)),
        (date(2025, 12, 12), date(2026, 11, 24), date(2026, 12, 14)),  # a Saturday
        (date(2024, 2, 29), date(2024, 6, 1), date(2025, 2, 28)),
        (date(2021, 6, 11), date(2026, 11, 24), date(2027, 6, 11)),  # five years ago: the next June
        (date(2026, 5, 3), date(2026, 6, 1), date(2027, 5, 6)),  # 憲法記念日 to こどもの日
    ],
)
def test_the_bid_date_suggested_is_a_working_day_a_year_later_and_ahead(
    last: date, today: date, suggested: date
) -> None:
    assert suggested_bid_date(last, today) == suggested


@pytest.mark.parametrize(
    ("title", "suggested"),
    [
        ("令和7年度 共同調達", "令和8年度 共同調達"),
        ("令和７年度　共同調達", "令和８年度　共同調達"),
        ("共同調達", "共同調達"),
    ],
)
def test_the_title_suggested_names_the_new_year_as_the_old_one_was_written(title: str, suggested: str) -> None:
    assert suggested_title(title, 2025, 2026) == suggested


def test_a_bid_in_march_for_the_year_that_follows_stays_one() -> None:
    assert suggested_year(2026, date(2026, 3, 10), date(2027, 3, 10)) == 2027


def _lots(session: Session, row: RoundRow) -> tuple[Lot, ...]:
    return lot_values(lots_of(session, row.id), items_of(session, row.id))
