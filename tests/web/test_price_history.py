"""What published rounds tell over the years, of an item, a supplier and a body."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from procure.parties.tables import SupplierRow
from procure.reports.businesses import name_key
from procure.reports.price_history import body_history, item_history, supplier_history
from procure.rounds.queries import find_round
from procure.rounds.stages import Stage
from procure.settlement.round import Round
from tests.people import AUDITOR, NARA, NOW, SECRETARIAT, STRANGER, Service, text_of
from tests.web.published_years import cancel_printers, council_over_years, round_of
from tests.web.stage import content_of, service_at

WINNER = "見本システム株式会社"
ITEM = "/published/items/pc:note-standard"
SUPPLIER = f"/published/suppliers/{name_key(WINNER)}"
BODY = "/published/bodies/292117"
PAGES = (ITEM, SUPPLIER, BODY)


@pytest.fixture
def years(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Reiwa 2 at ninety percent of the prices of Reiwa 3."""
    with council_over_years(sqlite_url, monkeypatch, round_of(2020, 90), round_of(2021)) as town:
        yield town


@contextmanager
def published(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, *rounds: Round) -> Iterator[Service]:
    with council_over_years(sqlite_url, monkeypatch, *rounds) as town:
        yield town


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_everybody(years: Service, page: str) -> None:
    for person in (STRANGER, NARA, SECRETARIAT, AUDITOR):
        assert years.browser(person).get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PUBLISHED])
def test_before_the_publication_there_is_nothing_to_tell(sqlite_url: str, stage: Stage, page: str) -> None:
    with service_at(sqlite_url, stage) as town:
        for person in (STRANGER, NARA, SECRETARIAT):
            assert town.browser(person).get(page).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/published/items/nope",
        "/published/items/pc:nope",
        "/published/items/printer:note-standard",
        "/published/items/:",
        "/published/suppliers/nope",
        f"/published/suppliers/{name_key('株式会社サンプル商会')}",  # it bid, and won nothing
        "/published/bodies/292010",  # a member that took no part
        "/published/bodies/nope",
    ],
)
def test_of_what_was_never_awarded_there_is_no_page(years: Service, page: str) -> None:
    assert years.browser(STRANGER).get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_looking_changes_nothing(years: Service, page: str) -> None:
    before = content_of(years)
    years.browser(STRANGER).get(page)
    assert content_of(years) == before


def test_an_item_is_told_year_by_year_with_the_difference(years: Service) -> None:
    with years.database.read() as session:
        history = item_history(session, "pc", "note-standard")
    told = [(line.of.ref, line.item.list_price, line.item.unit_price, line.change) for line in history.lines]
    assert told == [("R3-1", 198_000, 91_570, 9_157), ("R2-1", 198_000, 82_413, None)]
    assert str(history.lines[0].change_percent) == "11.1"
    assert history.largest == 198_000


def test_the_page_of_an_item_shows_its_prices_and_leads_on(years: Service) -> None:
    answer = years.browser(STRANGER).get(ITEM)
    words = text_of(answer)
    for expected in ("ノートパソコン（標準型）", "91,570", "82,413", "198,000", "＋9,157", "53.8%"):
        assert expected in words
    for path in ("/published/R3-1", "/published/R2-1", SUPPLIER):
        assert f'href="{path}"' in answer.text


def test_prices_of_another_unit_are_not_compared(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old = round_of(2020)
    items = tuple(replace(item, unit="箱") for item in old.lots[0].items)
    old = replace(old, lots=(replace(old.lots[0], items=items), *old.lots[1:]))
    with published(sqlite_url, monkeypatch, old, round_of(2021)) as town:
        with town.database.read() as session:
            history = item_history(session, "pc", "note-standard")
        words = text_of(town.browser(STRANGER).get(ITEM))
    assert ([line.of.ref for line in history.lines], history.left_out) == (["R3-1"], 1)
    assert "異なる1件は、比べられないため載せていません" in words


def test_a_supplier_is_told_with_what_it_won(years: Service) -> None:
    with years.database.read() as session:
        history = supplier_history(session, name_key(WINNER))
    assert [(one.of.ref, one.deal.lot.id) for one in history.deals] == [("R3-1", "pc"), ("R2-1", "pc")]
    assert history.total == sum(one.deal.total for one in history.deals)
    answer = years.browser(STRANGER).get(SUPPLIER)
    assert f"{history.total:,}" in text_of(answer)
    assert "113,643,760" in text_of(answer)


def test_a_supplier_is_the_same_however_its_name_is_typed() -> None:
    assert name_key("見本システム株式会社") == name_key("見本ｼｽﾃﾑ株式会社") != name_key("見本電機株式会社")


def known_suppliers(session: Session) -> Sequence[SupplierRow]:
    return session.exec(select(SupplierRow)).all()


def test_a_supplier_with_a_corporate_number_is_found_by_it(years: Service) -> None:
    number = "7000012050002"
    with years.database.write() as session:
        session.add(SupplierRow(name="別の会社", corporate_number=number, address="", changed_at=NOW))
    assert years.browser(STRANGER).get(f"/published/suppliers/{number}").status_code == 404
    with years.database.write() as session:
        for row in known_suppliers(session):
            row.corporate_number = "4000012050005" if row.name == WINNER else None
    browser = years.browser(STRANGER)
    answer = browser.get("/published/suppliers/4000012050005")
    assert answer.status_code == 200
    assert "4000012050005" in text_of(answer)
    assert 'href="/published/suppliers/4000012050005"' in browser.get("/published/R3-1").text


def test_a_body_is_told_with_what_it_bought(years: Service) -> None:
    with years.database.read() as session:
        history = body_history(session, "292117")
    assert [(bought.of.ref, bought.deal.lot.id) for bought in history.purchases] == [("R3-1", "pc"), ("R2-1", "pc")]
    assert history.amount == sum(bought.share.amount or 0 for bought in history.purchases)
    answer = years.browser(STRANGER).get(BODY)
    words = text_of(answer)
    for expected in ("葛\U000e0100城市", "13,174,540", "14,491,994", f"{history.amount_with_tax:,}"):
        assert expected in words
    for path in ("/published/R3-1", ITEM, SUPPLIER):
        assert f'href="{path}"' in answer.text


def test_a_cancelled_lot_is_told_of_nobody(sqlite_url: str) -> None:
    pages = (
        "/published/bodies/294276",
        "/published/items/printer:a3-mono",
        f"/published/suppliers/{name_key('みほん事務機株式会社')}",
    )
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        assert [browser.get(page).status_code for page in pages] == [200, 200, 200]
        cancel_printers(town)
        assert [browser.get(page).status_code for page in pages] == [404, 404, 404]


def test_samples_are_never_told_among_real_rounds(years: Service) -> None:
    with years.database.write() as session:
        find_round(session, "R3-1").is_sample = True
    browser = years.browser(STRANGER)
    for page in PAGES:
        text = browser.get(page).text
        assert "/published/R2-1" in text
        assert "/published/R3-1" not in text
    with years.database.write() as session:
        find_round(session, "R2-1").is_sample = True
    assert all("（見本）" in browser.get(page).text for page in PAGES)


def test_the_round_leads_to_items_bodies_and_winners(years: Service) -> None:
    text = years.browser(STRANGER).get("/published/R3-1").text
    assert all(f'href="{path}"' in text for path in PAGES)
