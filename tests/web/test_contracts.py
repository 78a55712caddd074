"""契約・検収 on its pages: a body records its own, the secretariat those of all with a reason, the auditor reads."""

import re

import pytest
from sqlmodel import select

from procure.contracts.queries import agreed_lot, recorded_of
from procure.contracts.slips import field_of
from procure.contracts.states import Act, Status
from procure.contracts.tables import ContractRow, ContractSlipRow
from procure.history.queries import events_of_round
from procure.reports.contracts import contract_board
from procure.rounds.queries import find_round
from procure.rounds.tables import LotRow
from procure.settlement.round import CeilingDisclosure
from tests.contracts.contracting import CODE, contracted, contracted_unpublished, performing
from tests.people import AUDITOR, KATSURAGI, NARA, NOW, SECRETARIAT, STRANGER, Person, Service, text_of
from tests.stages import confirmed, decided, published
from tests.web.rounds_at import Builder, council
from tests.web.stage import content_of

OWN = "/contracts/R3-1/pc"
BOARD = "/rounds/R3-1/contracts"
THEIRS = f"{BOARD}/{CODE}/pc"
BELOW = ("/terms", "/record/order", "/record/delivery", "/record/acceptance", "/record/change", "/slips/1/reverse")
OWN_PAGES = ("/contracts", "/contracts/settings", OWN, *(OWN + page for page in BELOW))
COUNCIL_PAGES = (BOARD, f"{BOARD}.xlsx", f"{BOARD}/deadlines", THEIRS, *(THEIRS + page for page in BELOW))
READ_BY_AUDITOR = (BOARD, f"{BOARD}.xlsx", THEIRS, f"/bodies/{CODE}/contracts")
OWN_FORMS = ("/contracts/settings", *(OWN + page for page in BELOW))
COUNCIL_FORMS = (f"{BOARD}/deadlines", f"/bodies/{CODE}/contracts", *(THEIRS + page for page in BELOW))
SIGNED = {
    "ground": "joint",
    "contract_number": "葛情第12号",
    "concluded_on": "R8.11.24",
    "approval": "",
    "resolution": "",
}


def version_in(town: Service) -> str:
    with town.database.read() as session:
        row = session.exec(select(ContractRow).where(ContractRow.body_code == CODE)).one_or_none()
        return str(row.version if row else 0)


def item_of(town: Service) -> tuple[str, int]:
    with town.database.read() as session:
        agreed = agreed_lot(session, find_round(session, "R3-1"), "pc")
        return next(iter(agreed.quantities_of(CODE).items()))


def status_in(town: Service) -> Status:
    with town.database.read() as session:
        board = contract_board(session, find_round(session, "R3-1"), NOW.date())
        return next(one for one in board.contracts if one.code == CODE and one.lot == "pc").status


# ---- the whole way -----------------------------------------------------------------------------------


def test_a_body_contracts_orders_receives_and_accepts(sqlite_url: str) -> None:
    with council(sqlite_url, published) as town:
        browser = town.browser(KATSURAGI)
        assert "未契約" in browser.get("/contracts").text
        answer = browser.post(f"{OWN}/terms", {"version": "0", **SIGNED})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{OWN}?done=contract_saved")
        for act in (Act.ORDER, Act.DELIVERY, Act.ACCEPTANCE):
            page = f"{OWN}/record/{act.value}"
            fields = typed_of(browser.get(f"{page}?fill=all").text) | {"place": "庁舎", "inspector": "主査　葛城花子"}
            assert browser.post(page, fields | {"version": version_in(town)}).status_code == 303
        page = text_of(browser.get(OWN))
        assert status_in(town) is Status.COMPLETE
    assert "完了" in page
    assert "検査した職員：主査 葛城花子" in page
    assert page.count("13,174,540") == 3  # planned, contracted and accepted come to the same


def typed_of(page: str) -> dict[str, str]:
    """The fields of the form as they stand."""
    fields = dict(re.findall(r'<input [^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    return {name: value for name, value in fields.items() if name != "csrf_token"}


def test_the_secretariat_writes_for_a_body_with_a_reason(sqlite_url: str) -> None:
    with council(sqlite_url, published) as town:
        browser = town.browser(SECRETARIAT)
        refused = browser.post(f"{THEIRS}/terms", {"version": "0", **SIGNED})
        assert refused.status_code == 422
        assert "代わって記入する理由" in refused.text
        given = {"version": "0", **SIGNED, "on_behalf": "電話の連絡による"}
        assert browser.post(f"{THEIRS}/terms", given).status_code == 303
        own = text_of(town.browser(KATSURAGI).get(OWN))
        with town.database.read() as session:
            (event,) = (one for one in events_of_round(session, "R3-1") if one.action == "contract_changed")
    assert "電話の連絡による" in own
    assert event.actor == "事務局　花子（事務局）"
    assert ("on_behalf", None, "電話の連絡による") in [(one.what, one.before, one.after) for one in event.changes]


def test_a_change_that_needs_the_assembly_asks_for_the_day_of_its_vote(sqlite_url: str) -> None:
    with council(sqlite_url, contracted) as town:
        browser, (item, quantity) = town.browser(KATSURAGI), item_of(town)
        page = f"{OWN}/record/change"
        fields = {
            "day": "R8.11.24",
            "remark": "学級増",
            field_of(item): str(quantity * 20),
            "version": version_in(town),
        }
        refused = browser.post(page, fields)
        assert refused.status_code == 422
        assert "変更後の額は議会の議決が必要です" in refused.text
        assert browser.post(page, fields | {"resolved_on": "R8.11.24"}).status_code == 303
        assert "変更の議決： 令和8年11月24日" in text_of(browser.get(OWN))


def test_a_record_is_taken_back_and_stays_to_be_read(sqlite_url: str) -> None:
    with council(sqlite_url, performing) as town:
        browser = town.browser(KATSURAGI)
        page = f"{OWN}/slips/3/reverse"
        assert "記録は消えません" in browser.get(page).text
        assert browser.post(page, {"version": version_in(town), "remark": "数量の誤り"}).status_code == 303
        shown = text_of(browser.get(OWN))
        assert browser.get(page).status_code == 409
    assert "取消済み" in shown
    assert "第3号の取消し" in shown


# ---- who may read and write --------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*OWN_PAGES, *COUNCIL_PAGES])
def test_a_stranger_is_sent_to_the_sign_in(sqlite_url: str, page: str) -> None:
    with council(sqlite_url, performing) as town:
        answer = town.browser(STRANGER).get(page)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


def test_everybody_opens_the_pages_that_are_theirs_and_looking_changes_nothing(sqlite_url: str) -> None:
    with council(sqlite_url, performing) as town:
        browsers = {person: town.browser(person) for person in (KATSURAGI, SECRETARIAT, AUDITOR)}
        before = content_of(town)
        found = {
            (person, page): browser.get(page).status_code
            for person, browser in browsers.items()
            for page in (*OWN_PAGES, *COUNCIL_PAGES, f"/bodies/{CODE}/contracts")
        }
        assert content_of(town) == before
    own = {page: found[KATSURAGI, page] for page in OWN_PAGES}
    assert set(own.values()) == {200}
    assert {found[KATSURAGI, page] for page in COUNCIL_PAGES} == {403}
    assert {found[SECRETARIAT, page] for page in COUNCIL_PAGES} == {200}
    assert {found[SECRETARIAT, page] for page in OWN_PAGES} == {403}
    assert {found[AUDITOR, page] for page in READ_BY_AUDITOR} == {200}
    assert {found[AUDITOR, page] for page in set(COUNCIL_PAGES) - set(READ_BY_AUDITOR)} == {403}


@pytest.mark.parametrize("page", [OWN, *(OWN + page for page in BELOW)])
def test_another_body_finds_nothing(sqlite_url: str, page: str) -> None:
    with council(sqlite_url, performing) as town:
        browser, before = town.browser(NARA), content_of(town)
        answers = [browser.get(page)] + ([] if page == OWN else [browser.post(page, {"version": "4"})])
        assert [answer.status_code for answer in answers] == [404] * len(answers)
        assert {name: rows for name, rows in content_of(town).items() if name.startswith("contract")} == {
            name: rows for name, rows in before.items() if name.startswith("contract")
        }


def test_the_amounts_of_other_bodies_are_not_on_its_pages(sqlite_url: str) -> None:
    with council(sqlite_url, performing) as town:
        browser = town.browser(KATSURAGI)
        pages = "".join(browser.get(page).text for page in OWN_PAGES)
    assert not any(amount in pages for amount in ("7,540,742", "113,643,760", "118,529,820"))


OF_OTHERS = [(KATSURAGI, COUNCIL_FORMS), (AUDITOR, (*COUNCIL_FORMS, *OWN_FORMS)), (SECRETARIAT, OWN_FORMS)]


@pytest.mark.parametrize(("person", "forms"), OF_OTHERS)
def test_the_forms_of_others_are_refused(sqlite_url: str, person: Person, forms: tuple[str, ...]) -> None:
    with council(sqlite_url, performing) as town:
        browser, before = town.browser(person), content_of(town)
        assert {browser.post(form).status_code for form in forms} == {403}
        assert content_of(town) == before


@pytest.mark.parametrize(("person", "forms"), [(KATSURAGI, OWN_FORMS), (SECRETARIAT, COUNCIL_FORMS)])
def test_without_the_token_of_the_sign_in_nothing_is_written(
    sqlite_url: str, person: Person, forms: tuple[str, ...]
) -> None:
    with council(sqlite_url, performing) as town:
        browser, before = town.browser(person), content_of(town)
        assert {browser.post(form, {"csrf_token": "x"}).status_code for form in forms} == {403}
        assert content_of(town) == before


def test_before_the_confirmation_a_body_finds_nothing_and_the_secretariat_is_told_why(sqlite_url: str) -> None:
    with council(sqlite_url, decided) as town:
        own, council_ = town.browser(KATSURAGI), town.browser(SECRETARIAT)
        assert "まだありません" in own.get("/contracts").text
        assert {own.get(OWN + page).status_code for page in ("", *BELOW)} == {404}
        assert {council_.get(page).status_code for page in COUNCIL_PAGES} == {409}
        assert {council_.post(form).status_code for form in COUNCIL_FORMS if "/rounds/" in form} == {409}


@pytest.mark.parametrize("page", BELOW[1:5])
def test_before_there_is_a_contract_nothing_is_recorded_of_it(sqlite_url: str, page: str) -> None:
    with council(sqlite_url, published) as town:
        browser = town.browser(KATSURAGI)
        assert browser.get(OWN + page).status_code == 409
        assert browser.post(OWN + page, {"version": "0"}).status_code == 409


NO_PARTS = ("/record/none", "/slips/x/reverse", "/slips/99/reverse")
NOWHERE = ("/contracts/R3-1/none", "/contracts/none/pc", *(OWN + page for page in NO_PARTS))


@pytest.mark.parametrize("page", NOWHERE)
def test_what_is_not_there_is_not_found(sqlite_url: str, page: str) -> None:
    with council(sqlite_url, performing) as town:
        assert town.browser(KATSURAGI).get(page).status_code == 404


# ---- what is wrong comes back as it was typed --------------------------------------------------------


def test_a_faulty_contract_comes_back_with_everything_that_is_wrong(sqlite_url: str) -> None:
    with council(sqlite_url, published) as town:
        wrong = SIGNED | {
            "ground": "",
            "concluded_on": "R8.2.30",
            "approval": "yes",
            "failure_reason": "途中で気付いた",
        }
        answer = town.browser(KATSURAGI).post(f"{OWN}/terms", {"version": "0", **wrong})
        assert version_in(town) == "0"
    assert answer.status_code == 422
    assert "契約の日：その日付は暦にありません" in answer.text
    assert "その理由を1000字以内で" in answer.text
    assert "不成立の理由があります" in answer.text
    assert "R8.2.30" in answer.text
    assert "途中で" in answer.text


def test_a_faulty_order_comes_back_as_it_was_typed(sqlite_url: str) -> None:
    with council(sqlite_url, contracted) as town:
        item, quantity = item_of(town)
        wrong = {"day": "きのう", f"quantity-{item}": f"{quantity + 1}台", "place": "", "remark": "至急"}
        answer = town.browser(KATSURAGI).post(f"{OWN}/record/order", {"version": version_in(town), **wrong})
        assert version_in(town) == "1"
    assert answer.status_code == 422
    assert "日付を読み取れません" in answer.text
    assert f"残り{quantity}まで" in answer.text
    assert "納入場所を200字以内で" in answer.text
    assert all(text in answer.text for text in ("きのう", f"{quantity + 1}台", "至急"))


@pytest.mark.parametrize("version", ["3", "x", ""])
def test_a_stale_page_keeps_what_was_typed_and_writes_nothing(sqlite_url: str, version: str) -> None:
    with council(sqlite_url, performing) as town:
        item, _ = item_of(town)
        typed = {"day": "R8.11.24", f"quantity-{item}": "1", "inspector": "主査　後から", "version": version}
        answer = town.browser(KATSURAGI).post(f"{OWN}/record/acceptance", typed)
        terms = town.browser(KATSURAGI).post(f"{OWN}/terms", SIGNED | {"contract_number": "後から", "version": version})
        back = town.browser(KATSURAGI).post(f"{OWN}/slips/3/reverse", {"remark": "後から", "version": version})
        assert version_in(town) == "4"
    for page in (answer, terms, back):
        assert page.status_code == 409
        assert "ほかの人が先に記録しました" in page.text
        assert "後から" in page.text
        assert 'name="version" value="4"' in page.text


# ---- the assembly and the ceiling --------------------------------------------------------------------


def with_secret_ceiling(town: Service) -> None:
    with town.database.write() as session:
        for lot in session.exec(select(LotRow)):
            lot.ceiling_disclosure = CeilingDisclosure.NEVER


@pytest.mark.parametrize(("build", "is_shown"), [(contracted, True), (contracted_unpublished, False)])
def test_a_body_learns_its_share_of_the_ceiling_once_the_result_is_public(
    sqlite_url: str, build: Builder, is_shown: bool
) -> None:
    with council(sqlite_url, build) as town:
        own = town.browser(KATSURAGI).get(OWN).text
        theirs = town.browser(SECRETARIAT).get(THEIRS).text
        with_secret_ceiling(town)
        secret = town.browser(KATSURAGI).get(OWN).text
    assert ("15,650,682" in own) is is_shown
    assert "15,650,682" in theirs
    assert "15,650,682" not in secret
    assert "基準額に達しません" in secret


def test_a_town_whose_share_reaches_its_amount_is_told_to_ask_its_assembly(sqlite_url: str) -> None:
    with council(sqlite_url, published) as town:
        page = text_of(town.browser(SECRETARIAT).get(f"{BOARD}/294268/pc"))
    assert "仮契約を記入します" in page
    assert "7,000,000" in page


def test_a_body_and_the_secretariat_set_the_amounts_of_its_ordinance(sqlite_url: str) -> None:
    with council(sqlite_url, published) as town:
        own, council_ = town.browser(KATSURAGI), town.browser(SECRETARIAT)
        wrong = own.post("/contracts/settings", {"version": "0", "assembly": "10,000,000円", "small_since": "いつか"})
        assert wrong.status_code == 422
        assert all(
            text in wrong.text for text in ("20,000,000円を下回れません", "日付を読み取れません", "10,000,000円")
        )
        good = {"version": "0", "assembly": "３０，０００，０００", "small": "1,000,000", "small_since": "R7.10.1"}
        assert own.post("/contracts/settings", good).status_code == 303
        stale = council_.post(f"/bodies/{CODE}/contracts", good | {"ordinance": "条例第3条"})
        assert stale.status_code == 409
        assert "条例第3条" in stale.text
        page = f"/bodies/{CODE}/contracts"
        assert council_.post(page, good | {"version": "1", "ordinance": "条例第3条"}).status_code == 303
        assert "30,000,000" in own.get(OWN).text
        assert council_.get("/bodies/999999/contracts").status_code == 404


# ---- the way there, and the history ----------------------------------------------------------------


def test_the_round_and_the_body_lead_to_their_contracts(sqlite_url: str) -> None:
    with council(sqlite_url, confirmed) as town:
        browser = town.browser(SECRETARIAT)
        assert f'href="{BOARD}"' in browser.get("/rounds/R3-1").text
        assert f'href="/bodies/{CODE}/contracts"' in browser.get(f"/bodies/{CODE}").text
        assert 'href="/contracts"' in town.browser(KATSURAGI).get("/").text


def test_the_history_reads_in_japanese(sqlite_url: str) -> None:
    with council(sqlite_url, performing) as town:
        page = text_of(town.browser(AUDITOR).get("/rounds/R3-1/history"))
        with town.database.read() as session:
            agreed = agreed_lot(session, find_round(session, "R3-1"), "pc")
            assert len(recorded_of(session, agreed.lot_id, CODE).slips) == 3
            assert len(session.exec(select(ContractSlipRow)).all()) == 3
    assert all(text in page for text in ("契約の内容を記入", "検収を記録", "検査した職員", "令和8年11月24日"))
