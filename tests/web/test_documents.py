"""The documents of a round, to save."""

from datetime import datetime
from io import BytesIO
from urllib.parse import unquote

import pytest
from pypdf import PdfReader
from sqlmodel import Session

from procure.awards.archive import import_round
from procure.parties.directory import known_codes
from procure.rounds.tables import RoundRow
from procure.settlement.result_file import result_json
from procure.settlement.round_file import read_round
from procure.settlement.settle import settle
from tests import stages
from tests.people import AUDITOR, SECRETARIAT
from tests.web.rounds_at import REF, council, round_in

AT = f"/rounds/{REF}/documents"
DECIDED_ONLY = ("award.pdf", "savings.pdf", "savings.xlsx", "result.json", "notices/292036.pdf")


def sample(session: Session, now: datetime) -> RoundRow:
    return import_round(session, stages.example(), stages.ACTOR, now, is_sample=True)


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("name", "begins", "saved_as"),
    [
        ("award.pdf", b"%PDF", "落札結果"),
        ("savings.pdf", b"%PDF", "経費削減効果報告書"),
        ("savings.xlsx", b"PK", "経費削減効果"),
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
