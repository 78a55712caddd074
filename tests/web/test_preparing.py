"""The pages on which a round is copied, and items come from an Excel list."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from httpx import Response

from procure.rounds.item_list import HEADINGS, TypedList, TypedRow
from procure.rounds.queries import find_lot, find_round, items_of, lots_of
from procure.rounds.stages import Stage
from procure.web.preparing import packed, unpacked
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER, Browser, Service, text_of
from tests.web.stage import REF, content_of, service_at
from tests.web.test_lots import on_page

COPY = f"/rounds/{REF}/copy"
PC = f"/rounds/{REF}/lots/pc"
UPLOAD, CONFIRM, TEMPLATE = f"{PC}/items/upload", f"{PC}/items/confirm", f"{PC}/items/template"


def sheet(*rows: list[Any], headings: list[str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in (headings or list(HEADINGS.values()), *rows):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def upload(browser: Browser, content: bytes, name: str = "一覧.xlsx", **fields: str) -> Response:
    return browser.post(UPLOAD, fields, files={"file": (name, content, "application/octet-stream")})


def hidden(page: Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(version|list|filename)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in found}


def items_in(town: Service, lot: str = "pc") -> list[tuple[Any, ...]]:
    with town.database.read() as session:
        row = find_round(session, REF)
        number = find_lot(session, row.id, lot).id
        of_lot = [item for item in items_of(session, row.id) if item.lot_id == number]
        return [(i.ref, i.name, i.specification, i.unit, i.list_price, i.list_price_source) for i in of_lot]


# ---- a copy ------------------------------------------------------------------------------------------


def test_the_form_suggests_the_next_round(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        page = town.browser(SECRETARIAT).get(COPY)
    form = on_page(page)
    assert form["ref"] == "R9-1"
    assert form["fiscal_year"] == "令和9年度"
    assert form["bid_date"] == "令和9年6月11日"
    assert "資料も写す" not in page.text


def test_a_round_is_copied_as_it_was_typed(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        browser = town.browser(SECRETARIAT)
        form = on_page(browser.get(COPY)) | {"ref": "R9-7", "title": "令和9年度の調達"}
        answer = browser.post(COPY, form)
        page = browser.get("/rounds/R9-7")
        with town.database.read() as session:
            row, source = find_round(session, "R9-7"), find_round(session, REF)
            assert row.stage is Stage.PREPARING
            copied = [lot.ref for lot in lots_of(session, row.id)]
            assert copied == [lot.ref for lot in lots_of(session, source.id)]
    assert answer.headers["location"] == "/rounds/R9-7?done=copied"
    assert "令和9年度の調達" in page.text


@pytest.mark.parametrize("changes", [{"ref": REF}, {"title": ""}, {"bid_date": "いつか"}])
def test_a_copy_with_faults_is_shown_again_and_not_made(sqlite_url: str, changes: dict[str, str]) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        form = on_page(browser.get(COPY)) | {"note": "備考として入力した文"} | changes
        before = content_of(town)
        page = browser.post(COPY, form)
        assert content_of(town) == before
    assert page.status_code == 422
    assert "備考として入力した文" in page.text
    assert 'aria-invalid="true"' in page.text


# ---- items -------------------------------------------------------------------------------------------


def test_the_template_is_an_empty_list_that_the_service_reads(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        file = browser.get(TEMPLATE)
        (rows,) = [list(one.values) for one in openpyxl.load_workbook(BytesIO(file.content)).worksheets]
        page = upload(browser, file.content)
    assert rows == [tuple(HEADINGS.values())]
    assert file.headers["content-disposition"].startswith("attachment")
    assert page.status_code == 422
    assert "品目の行がありません" in page.text


def test_a_list_is_previewed_then_taken_over(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        old = items_in(town)
        first = list(old[0])
        rows = [[*first[:4], 1234, "新しいカタログ"], ["dock", "拡張台", "", "個", None, None]]
        before = content_of(town)
        page = upload(browser, sheet(*rows))
        assert content_of(town) == before
        answer = browser.post(CONFIRM, hidden(page))
        assert items_in(town) == [
            (*old[0][:4], 1234, "新しいカタログ"),
            *old[1:],
            ("dock", "拡張台", "", "個", None, None),
        ]
    words = text_of(page)
    for expected in ("追加 1 件", "変更 1 件", f"そのまま残る品目 {len(old) - 1} 件", "一覧.xlsx", "新しいカタログ"):
        assert expected in words
    assert answer.headers["location"] == f"{PC}?done=imported"


def test_faults_are_told_by_their_cells_and_nothing_is_taken_over(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        page = upload(browser, sheet(["a", "", "", "台", "=1+1", ""], ["b", "品", "", "", -1, ""]))
        assert content_of(town) == before
    assert page.status_code == 422
    assert all(f">{cell}：" in page.text for cell in ("B2", "E2", "D3", "E3"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"a,b,c\n", "Excelのファイル（.xlsx）ではありません"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (sheet(headings=["数量"]), "見出しの行が見つかりません"),
    ],
)
def test_what_is_no_list_is_refused_by_name(sqlite_url: str, content: bytes, said: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        page = upload(town.browser(SECRETARIAT), content)
    assert page.status_code == 422
    assert said in page.text


def test_a_list_that_changes_nothing_says_so(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        page = upload(town.browser(SECRETARIAT), sheet(*(list(item) for item in items_in(town))))
    assert "変更する内容はありません" in page.text
    assert "この内容で取り込む" not in page.text


def test_a_lot_changed_since_the_preview_is_previewed_again(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        fields = hidden(upload(browser, sheet(["dock", "拡張台", "", "個", None, None])))
        browser.post(PC, on_page(browser.get(PC)))
        before = content_of(town)
        again = browser.post(CONFIRM, fields)
        assert content_of(town) == before
        assert browser.post(CONFIRM, hidden(again)).status_code == 303
        assert items_in(town)[-1][0] == "dock"
    assert again.status_code == 409
    assert "まだ取り込んでいません" in again.text


@pytest.mark.parametrize(
    "sent",
    ["", "[]", "{}", '{"columns":{},"rows":[]}', '{"columns":1,"rows":1}', "[" * 100_000, '{"columns":{"name":"A"'],
)
def test_a_list_that_no_preview_made_is_refused(sqlite_url: str, sent: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        assert browser.post(CONFIRM, {"list": sent, "version": "1"}).status_code == 422
        assert content_of(town) == before


def test_a_packed_list_is_the_same_list_again() -> None:
    typed = TypedList({"name": "B", "unit": "C"}, (TypedRow(7, {"name": "葛\U000e0100\"<'", "unit": "台"}),))
    assert unpacked(packed(typed)) == typed


@pytest.mark.parametrize("stage", [Stage.SURVEYING, Stage.BIDDING])
def test_items_come_from_a_list_only_before_bodies_are_asked(sqlite_url: str, stage: Stage) -> None:
    with service_at(sqlite_url, stage) as town:
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        pages = (browser.get(UPLOAD), upload(browser, sheet(["a", "品", "", "台", 1, ""])), browser.post(CONFIRM))
        assert [page.status_code for page in pages] == [409, 409, 409]
        assert content_of(town) == before


def test_who_may_not_is_kept_out(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        for path in (COPY, UPLOAD, TEMPLATE):
            assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in")
            assert town.browser(NARA).get(path).status_code == 403
            assert town.browser(AUDITOR).get(path).status_code == 403
        browser = town.browser(SECRETARIAT)
        before = content_of(town)
        for path in (COPY, CONFIRM):
            assert browser.post(path, {"csrf_token": ""}).status_code == 403
        assert upload(browser, sheet(), csrf_token="").status_code == 403
        assert browser.get("/rounds/R0-0/copy").status_code == 404
        assert browser.get(f"/rounds/{REF}/lots/none/items/upload").status_code == 404
        assert content_of(town) == before


# ---- list prices -------------------------------------------------------------------------------------


def test_a_list_price_is_ticked_as_checked_and_a_new_price_is_not(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.PREPARING) as town:
        browser = town.browser(SECRETARIAT)
        ticks = {"item-0-checked": "1", "item-1-checked": "1", "either": "1"}
        browser.post(PC, on_page(browser.get(PC)) | ticks)
        page = browser.get(PC)
        assert page.text.count(" checked>") == 2
        assert "事務局　花子（事務局）　R8.11.24" in page.text
        browser.post(PC, on_page(page) | ticks | {"item-0-list_price": "1,234"})
        with town.database.read() as session:
            row = find_round(session, REF)
            checked = [item.list_price_checked_by for item in items_of(session, row.id)[:3]]
            assert find_lot(session, row.id, "pc").either_acquisition
    assert checked == [None, "事務局　花子（事務局）", None]


def test_a_list_price_changes_after_the_freeze_with_its_reason(sqlite_url: str) -> None:
    with service_at(sqlite_url, Stage.SPECIFIED) as town:
        browser = town.browser(SECRETARIAT)
        form = on_page(browser.get(PC)) | {"item-0-list_price": "1,234"}
        before = content_of(town)
        refused = browser.post(PC, form | {"price_reason": ""})
        assert content_of(town) == before
        answer = browser.post(PC, form | {"price_reason": "カタログの改定"})
        assert items_in(town)[0][4] == 1234
        assert "カタログの改定" in browser.get(f"/rounds/{REF}/history").text
    assert refused.status_code == 422
    assert 'value="1,234"' in refused.text
    assert 'href="#price_reason"' in refused.text
    assert answer.status_code == 303
