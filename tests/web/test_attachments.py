"""The pages for the files of a round."""

from procure.rounds.attachments import attachments_of
from procure.rounds.queries import find_round
from procure.rounds.stages import Stage
from procure.web.attachments import size_text
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Browser, Service, text_of
from tests.web.stage import REF, content_of, service_at

FILES = f"/rounds/{REF}/attachments"
PDF = b"%PDF-1.7 a specification"


def attach(browser: Browser, name: str = "仕様書.pdf", content: bytes = PDF, **fields: str):  # type: ignore[no-untyped-def]
    return browser.post(FILES, fields, files={"file": (name, content, "text/html")})


def first(town: Service) -> str:
    with town.database.read() as session:
        return str(attachments_of(session, find_round(session, REF).id)[0].id)


def test_a_file_is_added_listed_and_downloaded_byte_for_byte(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        answer = attach(browser, "C:\\仕様書\u202e.pdf")
        page, on_round = browser.get(FILES), browser.get(f"/rounds/{REF}")
        file = browser.get(f"{FILES}/{first(town)}")
    assert answer.headers["location"] == f"{FILES}?done=added"
    assert "仕様書.pdf" in text_of(page)
    assert f'href="{FILES}/' in on_round.text
    assert file.content == PDF
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E4%BB%95")


def test_nothing_chosen_and_a_wrong_file_are_told_and_nothing_is_kept(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        nothing = browser.post(FILES, files={"file": ("", b"", "application/octet-stream")})
        wrong = attach(browser, "仕様書.pdf", b"<html><script>alert(1)</script>")
        assert content_of(town) == before
    assert (nothing.status_code, wrong.status_code) == (422, 422)
    assert "ファイルを選択してください" in nothing.text
    assert "の形式ではありません" in wrong.text


def test_more_than_the_service_takes_is_refused_before_it_is_read(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        assert attach(town.browser(SECRETARIAT), content=PDF.ljust(21_000_000)).status_code == 413


def test_a_file_is_removed_after_a_question_and_only_while_the_round_is_prepared(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        attach(browser)
        path = f"{FILES}/{first(town)}/remove"
        assert "「仕様書.pdf」を削除しますか" in browser.get(path).text
        assert browser.post(path).headers["location"] == f"{FILES}?done=removed"
        assert browser.get(path).status_code == 404


def test_what_bodies_may_see_already_is_not_removed(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(SECRETARIAT)
        attach(browser)
        path = f"{FILES}/{first(town)}/remove"
        assert "削除する" not in text_of(browser.get(FILES))
        before = content_of(town)
        assert (browser.get(path).status_code, browser.post(path).status_code) == (409, 409)
        assert content_of(town) == before


def test_a_municipality_reads_the_files_once_it_is_asked(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        attach(town.browser(SECRETARIAT))
        path = f"/demand/{REF}/attachments/{first(town)}"
        nara = town.browser(NARA)
        assert f'href="{path}"' in nara.get(f"/demand/{REF}/questions").text
        assert f'href="/demand/{REF}/questions"' in nara.get(f"/demand/{REF}").text
        assert nara.get(path).content == PDF
        assert nara.get(f"/demand/{REF}/attachments/999").status_code == 404


def test_a_round_in_preparation_hides_its_files_from_municipalities(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        attach(town.browser(SECRETARIAT))
        nara = town.browser(NARA)
        assert nara.get(f"/demand/{REF}/attachments/{first(town)}").status_code == 404
        assert nara.get(f"/demand/{REF}/questions").status_code == 404


def test_nothing_is_added_after_the_notice(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.BIDDING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert attach(browser).status_code == 409
        assert content_of(town) == before
        assert "資料を登録する" not in browser.get(FILES).text


def test_who_may_not_is_kept_out(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        attach(town.browser(SECRETARIAT))
        before, number = content_of(town), first(town)
        assert town.browser(STRANGER).get(f"{FILES}/{number}").headers["location"].startswith("/sign-in")
        assert town.browser(NARA).get(f"{FILES}/{number}").status_code == 403
        assert town.browser(SECRETARIAT).get(f"/demand/{REF}/attachments/{number}").status_code == 403
        auditor = town.browser(AUDITOR)
        assert auditor.get(f"{FILES}/{number}").content == PDF
        assert attach(auditor).status_code == 403
        assert attach(town.browser(SECRETARIAT), "b.pdf", csrf_token="").status_code == 403
        after = content_of(town)
    assert {name: rows for name, rows in before.items() if name == "attachment"} == {"attachment": after["attachment"]}


def test_sizes_are_rounded_up() -> None:
    assert [size_text(size) for size in (1, 1000, 1001, 999_999, 1_000_000, 1_000_001, 20_000_000)] == [
        "1KB",
        "1KB",
        "2KB",
        "1000KB",
        "1.0MB",
        "1.1MB",
        "20.0MB",
    ]
