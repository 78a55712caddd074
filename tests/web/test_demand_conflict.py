"""Two people of one body at once: nobody overwrites what the other saved without having seen it."""

import re
from html import unescape

import pytest

from procure.demand.answer import lot_field
from procure.rounds.stages import Stage
from tests.people import KATSURAGI, NARA, SECRETARIAT, Browser, Service, text_of
from tests.web.stage import REF, content_of, fields_of, lots_by_ref, service_at
from tests.web.test_demand import draft, typed, version_on

GRID, CONFLICT = f"/demand/{REF}", f"/demand/{REF}/conflict"


def test_both_values_are_shown_side_by_side_and_nothing_is_saved(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        first, second = town.browser(NARA), town.browser(NARA)
        first.post(GRID, typed(town, monitor="5"))
        before = content_of(town)
        clash = second.post(GRID, typed(town, monitor="8", remarks_pc="至急"))
        assert content_of(town) == before
    words = text_of(clash)
    assert clash.status_code == 409
    assert "奈良 太郎（市町村）が保存しました" in words
    assert "液晶ディスプレイ（本体） 5 （保存されている内容） 8 （この画面で入力した内容）" in words
    assert "パソコンの共同調達の備考 — 空欄 （保存されている内容） 至急 （この画面で入力した内容）" in words
    assert "デスクトップ" not in words


def test_the_person_chooses_field_by_field(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        second = a_clash(town, {"monitor": "5", "desktop": "1"}, {"monitor": "8", "desktop": "2"})
        fields = fields_of(town)
        picks = {f"pick-{fields['monitor']}": "mine", f"pick-{fields['desktop']}": "theirs"}
        saved = second.post(CONFLICT, {**second.form, **picks, "choice": "picked"})
        kept = draft(town)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{GRID}?done=draft_saved")
    assert (kept[fields["monitor"]], kept[fields["desktop"]]) == ("8", "1")


@pytest.mark.parametrize(("choice", "kept"), [("theirs", "5"), ("mine", "8")])
def test_all_of_one_side_is_taken_with_one_button(sqlite_url: str, choice: str, kept: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        second = a_clash(town, {"monitor": "5"}, {"monitor": "8"})
        assert second.post(CONFLICT, {**second.form, "choice": choice}).status_code == 303
        assert draft(town)[fields_of(town)["monitor"]] == kept


def test_a_field_without_a_choice_is_asked_for_again_and_the_other_choices_stay(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        second = a_clash(town, {"monitor": "5", "desktop": "1"}, {"monitor": "8", "desktop": "2"})
        before = content_of(town)
        field = fields_of(town)["monitor"]
        page = second.post(CONFLICT, {**second.form, f"pick-{field}": "mine", "choice": "picked"})
        assert content_of(town) == before
    assert page.status_code == 422
    assert "入力内容に1件の誤りがあります" in page.text
    assert re.search(rf'name="pick-{field}" value="mine"[^>]* checked', page.text)


def test_a_third_change_meanwhile_is_shown_before_anything_is_saved(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        second = a_clash(town, {"monitor": "5"}, {"monitor": "8"})
        third = town.browser(NARA)
        third.post(GRID, typed(town, version=version_on(third.get(GRID).text), monitor="6"))
        again = second.post(CONFLICT, {**second.form, "choice": "mine"})
        assert draft(town)[fields_of(town)["monitor"]] == "6"
    assert again.status_code == 409
    assert "6 （保存されている内容） 8 （この画面で入力した内容）" in text_of(again)


def test_the_same_content_is_no_conflict_whoever_saved_it(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        first, second = town.browser(NARA), town.browser(NARA)
        first.post(GRID, typed(town, monitor="5"))
        before = content_of(town)
        assert second.post(GRID, typed(town, monitor="5")).status_code == 303
        assert content_of(town) == before


def test_the_script_that_saves_is_told_the_new_version_and_the_time(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        told = browser.post(GRID, typed(town, "auto", monitor="１２台くらい"))
        again = browser.post(GRID, typed(town, "auto", str(told.json()["version"]), monitor="12"))
        assert draft(town)[fields_of(town)["monitor"]] == "12"
    assert told.json() == {"version": 1, "state": "下書き保存済み　9時00分"}
    assert again.json()["version"] == 2


def test_the_script_that_saves_is_told_of_a_conflict_with_both_values(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        first, second = town.browser(NARA), town.browser(NARA)
        first.post(GRID, typed(town, monitor="5", join_printer="yes"))
        told = second.post(GRID, typed(town, "auto", monitor="8"))
        assert draft(town)[fields_of(town)["monitor"]] == "5"
    assert told.status_code == 409
    assert told.json()["different"] == [
        {"label": "液晶ディスプレイ（本体）", "theirs": "5", "mine": "8"},
        {"label": "プリンタの共同調達の参加の有無", "theirs": "参加する", "mine": "今回は参加しない"},
    ]


def test_saving_what_has_not_changed_leaves_the_draft_and_its_request_alone(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(GRID, typed(town, monitor="5"))
        before = content_of(town)
        for action in ("auto", "draft", "confirm"):
            assert browser.post(GRID, typed(town, action, "1", monitor="5")).status_code in (200, 303)
        assert content_of(town) == before


def test_lines_of_a_remark_are_the_same_however_a_browser_sends_them(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        browser = town.browser(NARA)
        browser.post(GRID, typed(town, monitor="5", remarks_pc="本庁舎\r\n分庁舎"))
        assert browser.post(GRID, typed(town, monitor="5", remarks_pc="本庁舎\n分庁舎")).status_code == 303
        assert draft(town)[lot_field("remarks", lots_by_ref(town)["pc"])] == "本庁舎\n分庁舎"


def test_only_the_bodies_own_people_choose(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SURVEYING) as town:
        second = a_clash(town, {"monitor": "5"}, {"monitor": "8"})
        assert town.browser(SECRETARIAT).post(CONFLICT, {"choice": "mine"}).status_code == 403
        town.browser(KATSURAGI).post(CONFLICT, {**second.form, "csrf_token": "", "choice": "mine"})
        assert second.post(CONFLICT, {**second.form, "csrf_token": "", "choice": "mine"}).status_code == 403
        assert draft(town)[fields_of(town)["monitor"]] == "5"


class Clashing(Browser):
    """A browser that was shown a conflict; `form` is what its page would send."""

    form: dict[str, str]


def a_clash(town: Service, first: dict[str, str], second: dict[str, str]) -> Clashing:
    town.browser(NARA).post(GRID, typed(town, **first))
    browser = Clashing(town)
    browser.sign_in(NARA)
    page = browser.post(GRID, typed(town, **second))
    assert page.status_code == 409
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text.split("<main")[1])
    browser.form = {name: unescape(text) for name, text in hidden}
    return browser
