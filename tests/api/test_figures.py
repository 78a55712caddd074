"""The API says what the pages say, page by page."""

import base64
import io
import json
from zipfile import ZipFile

import pytest

from procure.api.rounds import OUTLINE
from procure.awards.queries import confirmation_of
from procure.bids.queries import load_round
from procure.demand.queries import lines_of
from procure.rounds.queries import find_round
from procure.settlement.result_file import result_json
from procure.settlement.settle import settle
from procure.templates import yen
from tests import stages
from tests.api.exchanges import ALL, LOT, OWN, ROUND, check_body, documents_made, unchecked
from tests.api.programs import ADDRESS, Program, council, faults, problem
from tests.people import KATSURAGI, SECOND, SECRETARIAT, STRANGER, text_of

NINTH = "/rounds/R3-9"
BY_PROGRAM = "事務局　花子（事務局・API「試験」）"


def test_a_published_result_has_the_figures_of_its_page(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        told = Program(town).get("/published/R3-1").json()
        listed = Program(town).get("/published").json()["items"]
        page = text_of(town.browser(STRANGER).get("/published/R3-1"))
    assert yen(told["award_with_tax"]) in page
    assert told["savings"]["percent"] in page
    for lot in told["lots"]:
        assert lot["winner"] in page
        assert yen(lot["award_total"]) in page
        assert all(
            yen(bid["amount"]) in page for attempt in lot["attempts"] for bid in attempt["bids"] if bid["amount"]
        )
    assert listed == [{name: told[name] for name in listed[0]}]


def test_a_body_reads_the_amount_that_its_page_and_its_notice_say(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        own = Program(town, KATSURAGI).get("/results/R3-1").json()["result"]
        notices = Program(town, SECRETARIAT).get("/rounds/R3-1/notices?limit=200").json()["items"]
        page = text_of(town.browser(KATSURAGI).get("/results/R3-1"))
    assert own in notices
    assert [yen(lot["amount_with_tax"]) in page for lot in own["lots"]] == [True]


def test_the_result_and_the_round_file_are_those_of_the_engine(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        program = Program(town, SECRETARIAT)
        result, file = program.get(f"{ROUND}/result").json(), program.get(f"{ROUND}/file").json()
        with town.database.read() as session:
            value = load_round(session, find_round(session, "R3-1"))
    assert result == result_json(settle(value))
    assert (file["format"], file["id"]) == ("procure.round/1", "R3-1")


def test_a_round_that_was_given_out_can_be_taken_in_again(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        program = Program(town, SECRETARIAT)
        file = program.get(f"{ROUND}/file").json()
        sent = program.send("POST", "/round-files", {**file, "id": "R3-9"})
        before, after = program.get(f"{ROUND}/result").json(), program.get("/rounds/R3-9/result").json()
    assert (sent.status_code, sent.headers["location"]) == (201, f"{ADDRESS}/rounds/R3-9")
    assert after == {**before, "round": "R3-9"}


def test_what_one_account_takes_in_is_published_once_another_has_confirmed_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        program, other = Program(town, SECRETARIAT), Program(town, SECOND)
        file = program.get(f"{ROUND}/file").json()
        taken = program.send("POST", "/round-files", {**file, "id": "R3-9"}).json()
        alone = program.send("POST", f"{NINTH}/publish", {}, seen=NINTH)
        program.send("POST", f"{NINTH}/award/propose", ALL["propose_award"].example, seen=NINTH)
        lots = program.get(f"{NINTH}/award").json()["lots"]
        amounts = {"amounts": {lot["ref"]: lot["award_with_tax"] for lot in lots if lot["winner"]}}
        own = program.send("POST", f"{NINTH}/award/confirm", amounts, seen=NINTH)
        second = other.send("POST", f"{NINTH}/award/confirm", amounts, seen=NINTH)
        published = program.send("POST", f"{NINTH}/publish", {}, seen=NINTH)
        office = [town.browser(SECRETARIAT).get(path) for path in (NINTH, f"{NINTH}/lots/pc/decision")]
        public = town.browser(STRANGER).get("/published/R3-9")
        release = town.browser(STRANGER).get("/published/R3-9/release.json").json()["releases"][0]
    assert (taken["stage"], taken["confirmed_at"], taken["imported_by"]) == ("opening", None, BY_PROGRAM)
    assert (problem(alone), problem(own)) == ((409, "conflict"), (409, "conflict"))
    assert (second.status_code, published.status_code) == (200, 200)
    told = "入札の記録は、{}令和8年11月24日（火）9時00分に案件ファイルから取り込んだものです。"
    by = f"{BY_PROGRAM}が".replace("　", " ")
    assert all(told.format(by) in text_of(page) for page in office)
    assert told.format("") in text_of(public)
    assert all(told.format("") in award["description"] for award in release["awards"])
    assert BY_PROGRAM not in public.text


def test_a_file_that_is_no_round_is_refused_by_its_places(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        file = program.get(f"{ROUND}/file").json()
        wrong = program.send("POST", "/round-files", {**file, "id": 3, "x": 1})
        same = program.send("POST", "/round-files", file)
        text = program.send("POST", "/round-files", b"{")
    assert sorted(faults(wrong)) == ["id", "x"]
    assert problem(same) == (409, "conflict")
    assert problem(text) == (400, "unreadable")


def test_demand_goes_the_whole_way_from_draft_to_acceptance(sqlite_url: str) -> None:
    joined = {**ALL["save_demand"].example["lots"][0], "budget_with_tax": 3000000}
    body = {"lots": [joined, {"ref": "printer", "participates": False}]}
    with council(sqlite_url, stages.surveying) as town:
        own, secretariat = Program(town, KATSURAGI), Program(town, SECRETARIAT)
        drafted = own.send("PUT", OWN, body, seen=OWN).json()
        submitted = own.send("POST", f"{OWN}/submit", {}, seen=OWN).json()
        answer = f"{ROUND}/demand/{KATSURAGI.body_code}"
        accepted = secretariat.send("POST", f"{answer}/accept", {}, seen=answer).json()
        page = text_of(town.browser(SECRETARIAT).get(f"/rounds/R3-1/survey/{KATSURAGI.body_code}"))
        with town.database.read() as session:
            lines = lines_of(session, find_round(session, "R3-1").id, str(KATSURAGI.body_code))
    assert drafted["status"] == "draft"
    assert drafted["draft"]["lots"][0]["items"] == joined["items"]
    assert submitted["receipt_number"] == "R3-1-292117-01"
    assert submitted["draft"] is None
    assert submitted["submitted"]["lots"] == drafted["draft"]["lots"]
    assert accepted["status"] == "accepted"
    assert accepted["quantities"] == {"pc": 12, "printer": 0}
    assert [(line.quantity, line.spares) for line in lines.values()] == [(12, 2)]
    assert "3,000,000" in page


def test_a_draft_that_cannot_be_submitted_says_what_is_missing(sqlite_url: str) -> None:
    with council(sqlite_url, stages.surveying) as town:
        program = Program(town, KATSURAGI)
        empty = program.send("POST", f"{OWN}/submit", {}, seen=OWN)
        program.send("PUT", OWN, {"lots": []}, seen=OWN)
        unanswered = program.send("POST", f"{OWN}/submit", {}, seen=OWN)
        strange = program.send(
            "PUT", OWN, {"lots": [{"ref": "x", "participates": True}, {"ref": "x", "participates": None}]}, seen=OWN
        )
    assert problem(empty) == (409, "conflict")
    assert faults(unanswered) == ["lots.pc.participates", "lots.printer.participates"]
    assert faults(strange) == ["lots[0].ref", "lots[1].ref"]


def test_nothing_is_registered_after_the_deadline(sqlite_url: str) -> None:
    with council(sqlite_url, stages.surveying) as town:
        program, tag = Program(town, KATSURAGI), Program(town, KATSURAGI).tag(OWN)
        town.wait(stages.timedelta(days=stages.SURVEY_DAYS))
        late = program.send("PUT", OWN, ALL["save_demand"].example, if_match=tag)
    assert problem(late) == (409, "conflict")


def test_a_second_person_confirms_and_not_the_same_one_through_a_token(sqlite_url: str) -> None:
    """Whoever proposes on the page cannot confirm with a token of his own."""
    with council(sqlite_url, stages.decided) as town:
        program = Program(town, SECRETARIAT)
        propose = ALL["propose_award"].example
        assert program.send("POST", f"{ROUND}/award/propose", propose, seen=ROUND).status_code == 200
        other = Program(town, SECRETARIAT)
        amounts = {
            lot["ref"]: lot["award_with_tax"] for lot in other.get(f"{ROUND}/award").json()["lots"] if lot["winner"]
        }
        refused = other.send("POST", f"{ROUND}/award/confirm", {"amounts": amounts}, seen=ROUND)
        with town.database.read() as session:
            kept = confirmation_of(session, find_round(session, "R3-1"))
    assert problem(refused) == (409, "conflict")
    assert kept is None


def test_a_check_names_what_differs_and_leaves_the_attempt_unchecked(sqlite_url: str) -> None:
    body = check_body()
    body["found"][0]["total"] = 1
    body["found"][1]["draw_number"] = 7
    with council(sqlite_url, unchecked) as town:
        program = Program(town, SECRETARIAT)
        differing = program.send("POST", f"{LOT}/attempts/1/check", body, seen=ROUND).json()
        same = program.send("POST", f"{LOT}/attempts/1/check", check_body(), seen=ROUND).json()
    assert [one["bidder"] for one in differing["differences"]] == [one["bidder"] for one in body["found"][:2]]
    assert differing["differences"][1]["found"].endswith("、くじ番号 007")
    assert differing["bids"]["attempts"][0]["checked_at"] is None
    assert same["differences"] == []
    assert same["bids"]["attempts"][0]["checked_by"] == "事務局　花子（事務局・API「試験」）"


@pytest.mark.parametrize("name", ["all.zip", "notices.zip"])
def test_a_program_gets_the_archives_of_the_page_once_every_document_is_made(sqlite_url: str, name: str) -> None:
    with council(sqlite_url, documents_made) as town:
        got = Program(town, SECRETARIAT).get(f"{ROUND}/document-archives/{name}")
        shown = town.browser(SECRETARIAT).get(f"{ROUND}/documents/archives/{name}")
        unknown = Program(town, SECRETARIAT).get(f"{ROUND}/document-archives/some.zip")
    assert (got.status_code, got.headers["content-type"]) == (200, "application/zip")
    assert got.content == shown.content
    assert f"notices/{KATSURAGI.body_code}.pdf".encode() in files_in(got.content)
    assert problem(unknown) == (404, "not_found")


def test_there_is_no_archive_before_every_document_is_made(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        early = Program(town, SECRETARIAT).get(f"{ROUND}/document-archives/all.zip")
    assert problem(early) == (409, "conflict")


def files_in(content: bytes) -> list[bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


# ---- page by page ------------------------------------------------------------------------------------


def test_lists_are_read_page_by_page_without_gap_or_repetition(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        program = Program(town, SECRETARIAT)
        for path, size in (("/bodies", 7), ("/history", 3), (f"{ROUND}/demand", 10), (f"{ROUND}/history", 4)):
            whole = program.get(f"{path}?limit=200").json()["items"]
            pages, address = [], f"{path}?limit={size}"
            while address:
                answer = program.get(address)
                pages.append(answer.json()["items"])
                following = answer.json()["next"]
                assert answer.headers.get("link") == (f'<{following}>; rel="next"' if following else None)
                address = following.removeprefix(ADDRESS) if following else ""
            assert json.dumps([one for page in pages for one in page]) == json.dumps(whole)
            assert {len(page) for page in pages[:-1]} == {size}


def test_what_is_filtered_stays_filtered_on_the_next_page(sqlite_url: str) -> None:
    with council(sqlite_url, stages.answered) as town:
        program = Program(town, SECRETARIAT)
        first = program.get(f"{ROUND}/demand?status=submitted&limit=1").json()
        assert "status=submitted" in first["next"]
        second = program.get(first["next"].removeprefix(ADDRESS)).json()
        nothing = program.get("/rounds?stage=published").json()["items"]
    assert {one["status"] for one in (*first["items"], *second["items"])} == {"submitted"}
    assert first["items"] != second["items"]
    assert nothing == []


def test_a_line_that_leaves_the_list_between_two_pages_takes_no_other_with_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        for ref, bid_date in (("R9-1", "2027-06-11"), ("R9-2", "2027-06-10"), ("R9-3", "2027-06-09")):
            program.send("POST", "/rounds", {"ref": ref, **OUTLINE, "bid_date": bid_date})
        first = program.get("/rounds?fiscal_year=2027&limit=1").json()
        moved = {**OUTLINE, "fiscal_year": 2028, "bid_date": "2028-06-09"}
        assert program.send("PUT", "/rounds/R9-1", moved, seen="/rounds/R9-1").status_code == 200
        rest = program.get(first["next"].removeprefix(ADDRESS).replace("limit=1", "limit=9")).json()
    assert [one["ref"] for one in first["items"]] == ["R9-1"]
    assert [one["ref"] for one in rest["items"]] == ["R9-2", "R9-3"]


@pytest.mark.parametrize("place", ['"R3-1"', "[1]", '["x", 1]', "{}", "[[1]]", "[NaN]", "[" * 800])
def test_a_cursor_of_another_list_is_refused(sqlite_url: str, place: str) -> None:
    cursor = base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
    with council(sqlite_url, stages.preparing) as town:
        answer = Program(town, SECRETARIAT).get(f"/bodies?cursor={cursor}")
    assert problem(answer) == (422, "invalid")
    assert faults(answer) == ["cursor"]
