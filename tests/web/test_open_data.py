"""The files for other programs: there for anybody once a round is published, and the same until it changes."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from procure.bids.after_queries import waiting_negotiations
from procure.bids.negotiations import approve_negotiation
from procure.parties.suppliers import Supplier, change_supplier, find_supplier, suppliers
from procure.reports.published_rounds import published_row, published_value
from procure.rounds.queries import find_lot, find_round, items_of
from procure.rounds.stages import Stage
from procure.rounds.tables import LotRow
from procure.settings import OpenData, Settings
from procure.settlement.round import CeilingDisclosure
from tests import outcomes_waiting
from tests.api.programs import council
from tests.documents.opendata.standard import faults
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Service, service, text_of
from tests.web.stage import REF, content_of, service_at

ONE = tuple(f"/published/{REF}/{name}" for name in ("release.json", "record.json", "notices.json", "awards.csv"))
ALL = tuple(f"/published/{name}" for name in ("releases.json", "records.json", "notices.json", "awards.csv"))
PACKAGES = (*ONE[:2], *ALL[:2])
CSV = (ONE[3], ALL[3])
UNPUBLISHED = [stage for stage in Stage if stage is not Stage.PUBLISHED]


@pytest.mark.parametrize("person", [STRANGER, NARA, SECRETARIAT, AUDITOR])
def test_anybody_gets_the_same_files(sqlite_url: str, person: object) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        known, anybody = town.browser(person), town.browser(STRANGER)  # type: ignore[arg-type]
        for path in (*ONE, *ALL):
            answer = known.get(path)
            assert answer.status_code == 200
            assert answer.content == anybody.get(path).content


@pytest.mark.parametrize("stage", UNPUBLISHED)
def test_before_the_publication_there_is_nothing_of_a_round(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        browser = town.browser(STRANGER)
        assert [browser.get(path).status_code for path in (*ONE, *ALL)] == [404] * 6 + [200] * 2
        assert browser.get(ALL[2]).json() == []
        assert browser.get(ALL[3]).content == b"\xef\xbb\xbf"
        assert REF not in browser.get("/open-data").text


def test_a_round_that_does_not_exist_and_a_file_that_does_not_are_not_found(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        for path in ("/published/nope/release.json", f"/published/{REF}/result.json", f"/published/{REF}/round.json"):
            assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", PACKAGES)
def test_the_packages_that_are_served_are_valid_by_the_standard(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        answer = town.browser(STRANGER).get(path)
    assert answer.headers["content-type"] == "application/json"
    assert faults(answer.content) == []
    assert answer.json()["uri"] == f"http://127.0.0.1:8000{path}"


def test_the_figures_are_those_of_the_page(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        awards = browser.get(ONE[0]).json()["releases"][0]["awards"]
        rows = list(csv.reader(io.StringIO(browser.get(ONE[3]).content.decode("utf-8-sig"))))
        page = text_of(browser.get(f"/published/{REF}"))
        with town.database.read() as session:
            report = published_value(session, published_row(session, REF)).report
    assert [one["value"]["amount"] for one in awards] == [lot.award_total for lot in report.awarded]
    assert [row[3] for row in rows] == [f"{lot.award_with_tax}.00" for lot in report.awarded]
    assert all(f"{one['value']['amount']:,}円" in page for one in awards)


@pytest.mark.parametrize("path", [*ONE, *ALL])
def test_a_file_may_be_read_from_any_site_and_kept_for_a_while(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        headers = town.browser(STRANGER).get(path, {"origin": "https://elsewhere.example"}).headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "public, max-age=300"
    assert "set-cookie" not in headers
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("path", ["/", "/published", f"/published/{REF}", "/open-data", "/published/nope/release.json"])
def test_nothing_else_may_be_read_from_other_sites_or_kept(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        headers = town.browser(STRANGER).get(path, {"origin": "https://elsewhere.example"}).headers
    assert "access-control-allow-origin" not in headers
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [*ONE, *ALL])
def test_who_has_a_file_already_is_told_that_it_has_not_changed(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        first = browser.get(path)
        tag = first.headers["etag"]
        assert tag.startswith('"')
        for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            again = browser.get(path, {"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert again.headers["access-control-allow-origin"] == "*"
        for unknown in ('"other"', tag.strip('"'), ""):
            assert browser.get(path, {"if-none-match": unknown}).content == first.content


def test_a_change_gives_another_tag(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        before = browser.get(ONE[0]).headers["etag"]
        with town.database.write() as session:
            find_round(session, REF).note = "単位を訂正した。"
        after = browser.get(ONE[0], {"if-none-match": before})
    assert after.status_code == 200
    assert after.headers["etag"] != before


def test_a_release_is_as_new_as_the_register_of_suppliers_that_it_shows(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        before = browser.get(ONE[0]).json()
        town.wait(timedelta(days=3))
        with town.database.write() as session:
            row = next(row for row in suppliers(session) if row.name == winner_in(before))
            same = Supplier(row.name, row.corporate_number, row.address, row.representative)
            change_supplier(session, row, same, "試験", town.now)
        unchanged = browser.get(ONE[0]).json()
        with town.database.write() as session:
            row = find_supplier(session, row.id)
            change_supplier(session, row, replace(same, address="奈良市登大路町30"), "試験", town.now)
        after, record = browser.get(ONE[0]).json(), browser.get(ONE[1]).json()["records"][0]
    old, new = before["releases"][0], after["releases"][0]
    assert unchanged == before
    assert "奈良市登大路町30" in json.dumps(new, ensure_ascii=False)
    assert new["date"] == after["publishedDate"] == record["releases"][0]["date"] == town.now.isoformat()
    assert (new["date"] > old["date"], new["id"] != old["id"]) == (True, True)
    assert record["compiledRelease"]["id"] == f"{new['ocid']}-{new['date']}"


def test_a_release_is_as_new_as_the_negotiated_contract_that_it_shows(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes_waiting.published_waiting) as town:
        before = town.browser(STRANGER).get(ONE[0]).json()["releases"][0]
        town.wait(timedelta(days=3))
        with town.database.write() as session:
            row = find_round(session, REF)
            (ref,) = waiting_negotiations(session, row.id)
            approve_negotiation(session, row, find_lot(session, row.id, ref), "承認する人", town.now)
        after = town.browser(STRANGER).get(ONE[0]).json()["releases"][0]
    assert [one["status"] for one in after["awards"]] != [one["status"] for one in before["awards"]]
    assert (before["date"] < after["date"], after["date"]) == (True, town.now.isoformat())
    assert before["id"] != after["id"]


def winner_in(package: Any) -> str:
    name: str = package["releases"][0]["awards"][0]["suppliers"][0]["name"]
    return name


@pytest.mark.parametrize("path", [*ONE, *ALL])
def test_head_tells_the_same_without_the_content(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        client = town.browser(STRANGER).client
        head, whole = client.head(path), client.get(path)
    assert head.content == b""
    assert [head.headers[name] for name in ("etag", "content-length", "content-type")] == [
        whole.headers[name] for name in ("etag", "content-length", "content-type")
    ]


@pytest.mark.parametrize("path", CSV)
def test_the_table_comes_in_cp932_when_it_is_asked_for(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        utf8, cp932, other = (browser.get(f"{path}{query}") for query in ("", "?encoding=cp932", "?encoding=latin"))
    assert utf8.headers["content-type"] == "text/csv; charset=utf-8"
    assert cp932.headers["content-type"] == "text/csv; charset=Shift_JIS"
    assert cp932.content.decode("cp932") == utf8.content.decode("utf-8-sig")
    assert cp932.headers["etag"] != utf8.headers["etag"]
    assert other.content == utf8.content


SAVINGS = (f"/published/{REF}/documents/savings.csv", f"/rounds/{REF}/documents/savings.csv", "/savings.csv")


@pytest.mark.parametrize("path", SAVINGS)
def test_savings_come_in_cp932_when_it_is_asked_for(sqlite_url: str, path: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(SECRETARIAT)
        usual, asked = browser.get(path), browser.get(f"{path}?encoding=cp932")
    assert usual.content.startswith(b"\xef\xbb\xbf")
    assert (asked.status_code, asked.headers["content-type"]) == (200, "text/csv; charset=Shift_JIS")
    assert asked.headers["content-disposition"] == usual.headers["content-disposition"]
    assert asked.content.decode("cp932") == usual.content.decode("utf-8-sig")


def test_what_savings_lose_in_cp932_stands_on_the_page(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        before = town.browser(STRANGER).get(f"/published/{REF}").text
        with town.database.write() as session:
            round_id = find_round(session, REF).id
            items_of(session, round_id)[0].specification = "𠮷野の杉"
        browser = town.browser(STRANGER)
        page = browser.get(f"/published/{REF}").text
        table = browser.get(f"{SAVINGS[0]}?encoding=cp932").content.decode("cp932")
    assert "〓」に置き換えます：𠮷" in page
    assert "〓」に置き換えます：𠮷" not in before
    assert "〓野の杉" in table


def test_what_cp932_loses_stands_on_the_pages(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        assert "〓" not in browser.get("/open-data").text
        with town.database.write() as session:
            session.exec(select(LotRow).where(LotRow.ref == "pc")).one().title = "森鷗外記念館のパソコン"
        for page in ("/open-data", f"/published/{REF}"):
            assert "次の文字を「〓」に置き換えます：鷗" in text_of(browser.get(page)).replace(
                "次の文字は", "次の文字を"
            )
        assert "森〓外".encode("cp932") in browser.get(f"{CSV[0]}?encoding=cp932").content


def test_a_ceiling_that_is_never_told_is_in_no_file(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        with town.database.write() as session:
            for lot in session.exec(select(LotRow)):
                lot.ceiling_disclosure = CeilingDisclosure.NEVER
        browser = town.browser(STRANGER)
        texts = [browser.get(path).content.decode() for path in (*ONE, *ALL)]
    for figure in ("122730000", "135003000", "6100000", "6710000", "92.60", "80.10", "128830000"):
        assert not any(figure in text for text in texts)


def test_prefix_and_licence_are_the_installations(sqlite_url: str) -> None:
    data = OpenData("ocds-a1b2c3", "https://creativecommons.org/licenses/by/4.0/")
    with service_at(sqlite_url, Stage.PUBLISHED):
        pass
    with service(sqlite_url, settings=Settings(open_data=data)) as town:
        browser = town.browser(STRANGER)
        package = browser.get(ONE[0]).json()
        page = browser.get("/open-data").text
    assert package["releases"][0]["ocid"] == f"ocds-a1b2c3-{REF}"
    assert package["license"] == data.licence
    assert f'href="{data.licence}"' in page


def test_without_a_licence_none_is_claimed(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        assert "license" not in browser.get(ONE[0]).json()
        assert "利用条件は定められていません" in browser.get("/open-data").text


def test_the_pages_lead_to_the_files(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        assert all(f'href="{path}"' in browser.get("/open-data").text for path in ALL)
        page = browser.get(f"/published/{REF}").text
        assert all(f'href="{path}"' in page for path in (ONE[0], ONE[2], ONE[3]))


@pytest.mark.parametrize(
    ("name", "media_type"), [("results.pdf", "application/pdf"), ("savings.xlsx", "spreadsheetml")]
)
def test_public_documents_are_for_anybody(sqlite_url: str, name: str, media_type: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(STRANGER)
        assert f'href="/published/{REF}/documents/{name}"' in browser.get(f"/published/{REF}").text
        answer = browser.get(f"/published/{REF}/documents/{name}")
    assert answer.status_code == 200
    assert media_type in answer.headers["content-type"]


@pytest.mark.parametrize("name", ["result.json", "round.json", "prices.pdf", "notices.pdf", "nope.pdf", "ceiling.pdf"])
def test_other_documents_are_not_there(sqlite_url: str, name: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        for person in (STRANGER, NARA, SECRETARIAT):
            assert town.browser(person).get(f"/published/{REF}/documents/{name}").status_code == 404


def test_reading_changes_nothing(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        before = content_of(town)
        for path in (*ONE, *ALL, "/open-data"):
            town.browser(STRANGER).get(path)
        assert content_of(town) == before


def test_a_sample_is_marked_in_every_file(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        mark_as_sample(town)
        browser = town.browser(STRANGER)
        for path in (*ONE, *ALL):
            assert "【見本】" in browser.get(path).content.decode()


def mark_as_sample(town: Service) -> None:
    with town.database.write() as session:
        find_round(session, REF).is_sample = True


def test_json_is_written_in_readable_characters(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        content = town.browser(STRANGER).get(ONE[0]).content
    assert "見本システム株式会社".encode() in content
    assert json.loads(content)["version"] == "1.1"
