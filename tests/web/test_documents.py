"""The documents of a round, to save."""

from datetime import datetime
from io import BytesIO
from urllib.parse import unquote

import pytest
from pypdf import PdfReader
from sqlmodel import Session

from procure.awards.archive import import_round
from procure.bids.actions import record_attempt
from procure.parties.directory import known_codes
from procure.rounds.queries import locked_round, lots_of
from procure.rounds.tables import RoundRow
from procure.settlement.result_file import result_json
from procure.settlement.round_file import read_round
from procure.settlement.settle import settle
from tests import stages
from tests.people import AUDITOR, NARA, NOW, SECRETARIAT
from tests.web.rounds_at import REF, council, round_in

AT = f"/rounds/{REF}/documents"
LOT = "lots/pc"
DECIDED_ONLY = (
    "award.pdf",
    "results.pdf",
    "prices.pdf",
    "savings.pdf",
    "savings.xlsx",
    "result.json",
    "notices/292036.pdf",
    f"{LOT}/ceiling.pdf",
    f"{LOT}/winner.pdf",
    f"{LOT}/losers.pdf",
)


def sample(session: Session, now: datetime) -> RoundRow:
    return import_round(session, stages.example(), stages.ACTOR, now, is_sample=True)


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("name", "begins", "saved_as"),
    [
        ("award.pdf", b"%PDF", "落札結果"),
        ("results.pdf", b"%PDF", "入札結果公表"),
        ("prices.pdf", b"%PDF", "契約単価一覧"),
        (f"{LOT}/opening.pdf", b"%PDF", "開札調書_1_パソコンの共同調達"),
        (f"{LOT}/winner.pdf", b"%PDF", "落札者決定通知書_1_パソコンの共同調達"),
        (f"{LOT}/losers.pdf", b"%PDF", "非落札通知_1_パソコンの共同調達"),
        ("savings.pdf", b"%PDF", "経費削減効果報告書"),
        ("savings.xlsx", b"PK", "経費削減効果"),
        ("savings.csv", "\ufeff".encode(), "経費削減効果"),
        ("notices/292036.pdf", b"%PDF", "結果通知_292036_大和郡山市"),
    ],
)
def test_a_document_of_a_confirmed_round_is_saved_under_its_name(
    sqlite_url: str, name: str, begins: bytes, saved_as: str
) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        answer = town.browser(AUDITOR).get(f"{AT}/{name}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert saved_as in unquote(answer.headers["content-disposition"])


@pytest.mark.parametrize("name", DECIDED_ONLY)
def test_before_the_confirmation_there_is_no_document(sqlite_url: str, name: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert town.browser(SECRETARIAT).get(f"{AT}/{name}").status_code == 409


def test_the_opening_may_be_put_on_record_once_its_bids_are_in(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        assert town.browser(SECRETARIAT).get(f"{AT}/{LOT}/opening.pdf").status_code == 409
        with town.database.write() as session:
            row = locked_round(session, REF)
            (attempt,) = stages.example().lots[0].attempts
            record_attempt(session, row, lots_of(session, row.id)[0], attempt, stages.ACTOR, NOW)
        browser = town.browser(AUDITOR)
        assert browser.get(f"{AT}/{LOT}/opening.pdf").content.startswith(b"%PDF")
        page = browser.get(AT).text
    assert f'href="{AT}/{LOT}/opening.pdf"' in page
    assert "winner.pdf" not in page


def test_the_ceiling_is_on_record_for_those_who_read_all_and_secret_until_published(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        assert town.browser(NARA).get(f"{AT}/{LOT}/ceiling.pdf").status_code == 403
        assert "ceiling.pdf" in town.browser(AUDITOR).get(AT).text
        browser = town.browser(SECRETARIAT)
        assert "秘" in words(browser.get(f"{AT}/{LOT}/ceiling.pdf").content)
        assert browser.post(f"/rounds/{REF}/publish").status_code == 303
        assert "秘" not in words(browser.get(f"{AT}/{LOT}/ceiling.pdf").content)


@pytest.mark.parametrize("name", ["opening.pdf", "ceiling.pdf", "winner.pdf", "losers.pdf", "other.pdf"])
def test_a_lot_that_does_not_exist_has_no_papers(sqlite_url: str, name: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        assert town.browser(SECRETARIAT).get(f"{AT}/lots/none/{name}").status_code == 404


def test_a_body_that_takes_no_part_has_no_notice(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        assert town.browser(SECRETARIAT).get(f"{AT}/notices/292010.pdf").status_code == 404


def test_the_round_file_is_to_be_had_at_any_time_and_settles_the_same(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        answer = town.browser(SECRETARIAT).get(f"{AT}/round.json")
        assert read_round(answer.content, known_codes()) == round_in(town)


def test_the_result_is_that_of_the_engine(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        result = town.browser(SECRETARIAT).get(f"{AT}/result.json").json()
        assert result == result_json(settle(round_in(town)))


def test_every_page_of_a_sample_says_so(sqlite_url: str) -> None:
    with council(sqlite_url, sample) as town:
        pdf = town.browser(SECRETARIAT).get(f"{AT}/award.pdf").content
    assert all("見本" in page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_the_day_of_the_decision_stands_on_the_notice(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        assert "令和８年11月24日" in words(town.browser(SECRETARIAT).get(f"{AT}/notices/292036.pdf").content)


def test_the_list_offers_what_there_is(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        page = town.browser(SECRETARIAT).get(AT).text
    assert all(f'href="{AT}/{name}"' in page for name in (*DECIDED_ONLY, "round.json"))


def test_the_list_of_an_undecided_round_offers_the_round_file_alone(sqlite_url: str) -> None:
    with council(sqlite_url, stages.opening) as town:
        page = town.browser(SECRETARIAT).get(AT).text
    assert f'href="{AT}/round.json"' in page
    assert "award.pdf" not in page
