"""The documents of a round, to save."""

import time
from datetime import datetime
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlmodel import Session

from procure.awards.archive import import_round
from procure.bids.actions import record_attempt
from procure.jobs.workshop import Workshop
from procure.parties.directory import known_codes
from procure.rounds.queries import find_round, locked_round, lots_of
from procure.rounds.tables import RoundRow
from procure.settings import PdfLimits
from procure.settlement.result_file import result_json
from procure.settlement.round_file import read_round
from procure.settlement.settle import settle
from tests import stages
from tests.people import AUDITOR, NARA, NOW, SECRETARIAT, Service
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


# ---- all of them at once -----------------------------------------------------------------------------

JOBS = f"{AT}/jobs"


def finished(town: Service, path: str) -> str:
    """The page of a job once it is over."""
    deadline = time.monotonic() + 120
    while "残り" in (page := town.browser(AUDITOR).get(path).text):
        assert time.monotonic() < deadline
        time.sleep(0.3)
    return page


def test_all_documents_are_made_outside_the_request_and_saved_as_archives(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed, pdf=PdfLimits(processes=2)) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.get(f"{AT}/archives/all.zip").status_code == 409
        answer = browser.post(JOBS)
        path = answer.headers["location"]
        assert (answer.status_code, path) == (303, f"{JOBS}/1")
        page = finished(town, path)
        assert f'href="{AT}/archives/all.zip"' in page
        assert f'href="{AT}/{LOT}/opening.pdf"' in page
        files = files_in(browser.get(f"{AT}/archives/all.zip").content)
        notices = files_in(browser.get(f"{AT}/archives/notices.zip").content)
        assert "令和3年度_R3-1_結果通知_292036_大和郡山市.pdf" in notices
        assert notices.items() < files.items()
        assert browser.get(f"{AT}/award.pdf").content == files["令和3年度_R3-1_落札結果.pdf"]
        whole = PdfReader(BytesIO(browser.get(f"{AT}/notices.pdf").content))
        assert len(whole.pages) == sum(len(PdfReader(BytesIO(one)).pages) for one in notices.values())
        assert "まとめて作成・保存" in (documents := browser.get(AT).text)
        assert f'href="{AT}/archives/notices.zip"' in documents


def test_a_job_is_shown_while_it_waits_and_may_be_called_off(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        browser = town.browser(SECRETARIAT)
        path = browser.post(JOBS).headers["location"]
        assert browser.post(JOBS).headers["location"] == path
        page = browser.get(path).text
        assert "順番待ち" in page
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
        assert "中止する" not in town.browser(AUDITOR).get(path).text
        assert browser.post(f"{path}/cancel").headers["location"] == f"{path}?done=documents_cancelled"
        assert "noscript" not in browser.get(path).text
        assert browser.post(f"{path}/cancel").status_code == 409


def test_a_job_whose_decision_changed_afterwards_offers_no_archive(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procure.documents.entries.Entry.content", lambda entry, _: entry.path.encode())
    with council(sqlite_url, stages.confirmed) as town:
        browser = town.browser(SECRETARIAT)
        path = browser.post(JOBS).headers["location"]
        assert Workshop(town.database, town.settings, lambda: NOW, lambda *_: None).work_once()
        assert f'href="{AT}/archives/all.zip"' in browser.get(path).text
        with town.database.write() as session:
            find_round(session, REF).title = "令和３年度　訂正後の共同調達"
        page = browser.get(path).text
        assert "作成の後に、決定の内容が変わりました" in page
        assert "all.zip" not in page
        assert "すべての帳票を作成する" in browser.get(AT).text


def test_only_the_secretariat_asks_for_all_documents_or_calls_that_off(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        path = town.browser(SECRETARIAT).post(JOBS).headers["location"]
        for person in (AUDITOR, NARA):
            assert town.browser(person).post(JOBS).status_code == 403
            assert town.browser(person).post(f"{path}/cancel").status_code == 403
        assert town.browser(SECRETARIAT).post(JOBS, {"csrf_token": "other"}).status_code == 403
        assert town.browser(NARA).get(path).status_code == 403
        assert town.browser(None).get(path).headers["location"].startswith("/sign-in")


def test_a_round_that_is_not_decided_has_nothing_to_make(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        browser = town.browser(SECRETARIAT)
        assert browser.post(JOBS).status_code == 409
        assert browser.get(f"{AT}/archives/all.zip").status_code == 409
        assert [browser.get(f"{JOBS}/{number}").status_code for number in ("1", "x", "１", "9" * 20)] == [404] * 4
        assert browser.get(f"{AT}/archives/other.zip").status_code == 404


def test_a_document_that_was_saved_once_stays_as_it_is(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with council(sqlite_url, stages.published) as town:
        browser = town.browser(AUDITOR)
        paths = (f"{AT}/savings.xlsx", f"{AT}/result.json", f"/published/{REF}/documents/savings.xlsx")
        before = [browser.get(path).content for path in paths]
        monkeypatch.setattr("procure.documents.entries.Entry.content", lambda *_: b"what a later version would make")
        assert [browser.get(path).content for path in paths] == before


def files_in(archive: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
