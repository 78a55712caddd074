"""The page of a ceiling: set with its basis, sealed, and shown after the opening."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import Session, select

from procure.awards.archive import import_round
from procure.ceilings.actions import open_ceilings
from procure.ceilings.queries import basis_of, seals_of
from procure.demand.tables import DemandRow
from procure.rounds.queries import find_lot, find_round, lots_of
from procure.rounds.tables import RoundRow
from procure.settings import Settings
from procure.settlement.round import CeilingDisclosure
from tests import stages
from tests.people import AUDITOR, NARA, NOW, SECRETARIAT, STRANGER, Service, service, text_of
from tests.stages import ACTOR, VAULT
from tests.web.rounds_at import REF, council, row_in

PAGE = f"/rounds/{REF}/lots/pc/ceiling"
SECRET = ("987,654,321", "897,867,564", "987654321", "897867564")


def form(town: Service, **changes: str) -> dict[str, str]:
    fields = {
        "version": str(row_in(town).version),
        "with_tax": "987,654,321",
        "without_tax": "",
        "note": "参考見積による",
    }
    return fields | changes


def seals(town: Service) -> int:
    with town.database.read() as session:
        row = find_round(session, REF)
        return len(seals_of(session, find_lot(session, row.id, "pc")))


def test_a_ceiling_is_sealed_and_shown_to_nobody(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        answer = town.browser(SECRETARIAT).post(PAGE, form(town))
        assert answer.headers["location"] == f"{PAGE}?done=ceiling_sealed"
        page = town.browser(SECRETARIAT).get(PAGE).text
    assert "封印されています" in page
    assert not [secret for secret in SECRET if secret in page]


def test_the_amount_that_was_left_empty_follows_from_the_other(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        town.browser(SECRETARIAT).post(PAGE, form(town, discount="４８．５％", list_total="1,000"))
        with town.database.write() as session:
            row = find_round(session, REF)
            open_ceilings(session, row, CeilingDisclosure, VAULT, ACTOR, NOW)
            lot = find_lot(session, row.id, "pc")
            basis = basis_of(session, lot)
            assert (lot.ceiling_with_tax, lot.ceiling) == (987_654_321, 897_867_564)
        page = text_of(town.browser(SECRETARIAT).get(PAGE))
    assert basis is not None
    assert (basis.list_total, str(basis.discount_percent)) == (1000, "97/2")
    assert "987,654,321" in page
    assert "48.5％" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"with_tax": ""}, "with_tax"),
        ({"with_tax": "千円"}, "with_tax"),
        ({"with_tax": "1,000,000", "without_tax": "909,091"}, "without_tax"),
        ({"with_tax": "1,000,000", "without_tax": "909,089"}, "below_limit"),
        ({"note": ""}, "note"),
        ({"discount": "百"}, "discount"),
        ({"discount": "100"}, "discount"),
        ({"lowest_quotation": "10"}, "quotations"),
    ],
)
def test_what_does_not_fit_is_shown_again_as_it_was_typed(sqlite_url: str, changes: dict[str, str], field: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        fields = form(town, **changes)
        page = town.browser(SECRETARIAT).post(PAGE, fields)
        assert seals(town) == 0
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert all(
        f'value="{typed}"' in page.text for name, typed in fields.items() if typed and name in ("with_tax", "discount")
    )


def test_a_comparison_price_below_the_limit_is_sealed_once_it_is_acknowledged(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        fields = form(town, with_tax="1,000,000", without_tax="909,089", below_limit="1")
        assert town.browser(SECRETARIAT).post(PAGE, fields).status_code == 303


def test_setting_it_anew_needs_a_reason_and_keeps_the_first_seal(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        browser = town.browser(SECRETARIAT)
        browser.post(PAGE, form(town))
        assert browser.post(PAGE, form(town)).status_code == 422
        assert browser.post(PAGE, form(town, reason="見積の追加")).status_code == 303
        assert seals(town) == 2
        assert "見積の追加" in browser.get(PAGE).text


def test_without_the_key_the_page_says_what_is_missing(sqlite_url: str) -> None:
    with service(sqlite_url, settings=Settings()) as town:
        with town.database.write() as session:
            stages.specified(session, NOW)
        page = town.browser(SECRETARIAT).get(PAGE)
        refused = town.browser(SECRETARIAT).post(PAGE, form(town))
        assert seals(town) == 0
    assert "PROCURE_SEALING_KEY" in page.text
    assert 'name="with_tax"' not in page.text
    assert refused.status_code == 409
    assert "PROCURE_SEALING_KEY" in refused.text


def after_an_award(session: Session, now: datetime) -> RoundRow:
    """The example once more, after it was awarded the year before."""
    earlier = stages.example()
    import_round(session, replace(earlier, id="R2-1", bid_date=earlier.bid_date.replace(year=2020)), ACTOR, now)
    return stages.specified(session, now)


def test_earlier_discounts_of_the_same_items_propose_a_ceiling(sqlite_url: str) -> None:
    with council(sqlite_url, after_an_award) as town:
        browser = town.browser(SECRETARIAT)
        shown = text_of(browser.get(PAGE))
        taken = browser.post(PAGE, form(town, with_tax="", take_over="1", note="この案による"))
        assert seals(town) == 0
    assert "113,643,760円" in shown  # the same list prices and quantities as a year before
    assert "51.6％引き" in shown
    assert 'value="113,643,760"' in taken.text
    assert 'value="125,008,136"' in taken.text
    assert "この案による" in taken.text


def test_where_nothing_was_awarded_before_there_is_no_proposal(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        page = town.browser(SECRETARIAT).get(PAGE).text
        refused = town.browser(SECRETARIAT).post(PAGE, form(town, take_over="1"))
    assert "take_over" not in page
    assert refused.status_code == 409


def test_a_ceiling_is_the_secretariats_alone(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        assert town.browser(STRANGER).get(PAGE).status_code == 303
        for person in (NARA, AUDITOR):
            assert town.browser(person).get(PAGE).status_code == 403
            assert town.browser(person).post(PAGE, form(town)).status_code == 403
        assert town.browser(SECRETARIAT).post(PAGE, form(town) | {"csrf_token": ""}).status_code == 403
        assert town.browser(SECRETARIAT).get(f"/rounds/{REF}/lots/no/ceiling").status_code == 404
        assert seals(town) == 0


def test_after_the_opening_it_stands(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        page = town.browser(SECRETARIAT).get(PAGE)
        refused = town.browser(SECRETARIAT).post(PAGE, form(town, reason="訂正"))
        assert seals(town) == 1
    assert page.status_code == 200
    assert "開封した予定価格" in page.text
    assert refused.status_code == 409


def test_what_was_typed_on_an_old_page_is_kept_and_not_sealed(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        page = town.browser(SECRETARIAT).post(PAGE, form(town, version="0"))
        assert seals(town) == 0
    assert page.status_code == 409
    assert 'value="987,654,321"' in page.text


def test_a_lot_that_was_called_off_has_no_ceiling_to_set(sqlite_url: str) -> None:
    def called_off(session: Session, now: datetime) -> RoundRow:
        row = stages.specified(session, now)
        lots_of(session, row.id)[0].cancelled = "仕様の誤り"
        return row

    with council(sqlite_url, called_off) as town:
        assert town.browser(SECRETARIAT).post(PAGE, form(town)).status_code == 409
        assert 'name="with_tax"' not in town.browser(SECRETARIAT).get(PAGE).text


def sealed_for_less(session: Session, now: datetime) -> RoundRow:
    """A body asks for more computers after the ceilings were sealed."""
    row = stages.specified(session, now)
    stages.seal_all(session, row, now)
    line = session.exec(select(DemandRow)).first()
    assert line is not None
    line.quantity += 500
    return row


def test_the_page_says_which_lots_were_sealed_for_other_quantities_and_what_to_do(sqlite_url: str) -> None:
    with council(sqlite_url, sealed_for_less) as town:
        browser = town.browser(SECRETARIAT)
        first, second = (text_of(browser.get(f"/rounds/{REF}/lots/{lot}/ceiling")) for lot in ("pc", "printer"))
    for page in (first, second):
        assert "「パソコンの共同調達」は、封印した後に数量が変わりました" in page
        assert "いまの数量で予定価格を定め直してください" in page
