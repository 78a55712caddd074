"""Signs to look at: the pages, who sees them, and that they are nowhere else."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from markupsafe import escape
from sqlmodel import Session

from procure.app import page_handlers
from procure.awards.archive import import_round
from procure.rounds.tables import RoundRow
from procure.signs.kinds import METHODS
from tests import stages
from tests.builders import a_bid, a_lot, a_round, declined, some_bidders
from tests.harness import pdf
from tests.people import AUDITOR, KATSURAGI, NARA, SECRETARIAT, STRANGER, Person, Service, text_of
from tests.signs.looking import a_tender
from tests.web.rounds_at import REF, Builder, council
from tests.web.stage import content_of

PAGE = f"/rounds/{REF}/signs"
PAGES = ("/signs", PAGE)
CAUTION = "確認のきっかけであり、不正を示すものではありません。"
FOUND = (
    "見本システム株式会社の単価に対する株式会社見本電機、みほん事務機株式会社の単価の比が、"
    "5品目のすべてでほぼ一定です。"
)
HARD = "<img src=x>{{7*7}}"
INSIDE = pytest.mark.parametrize("person", [SECRETARIAT, AUDITOR], ids=["secretariat", "auditor"])


def rebid(session: Session, now: datetime) -> RoundRow:
    lot = a_lot(
        (a_bid("a", 990_000), a_bid("b", 991_000), a_bid("c", 1_200_000)),
        (a_bid("a", 890_000), declined("b"), a_bid("c", 980_000)),
        bidders=some_bidders("a", "b", "c"),
    )
    return import_round(session, a_round(lot, id=REF), stages.ACTOR, now)


def years(session: Session, now: datetime) -> RoundRow:
    """Four rounds that 甲 and 乙 win in turn, and the Reiwa 3 round."""
    for year in range(4):
        totals = {"甲": 700_000 + 60_000 * (year % 2), HARD: 730_000}
        round = a_round(
            a_tender(totals), id=f"Y{year}", title=f"第{year}回", bid_date=now.date().replace(year=2010 + year)
        )
        import_round(session, round, stages.ACTOR, now)
    return stages.decided(session, now)


@INSIDE
@pytest.mark.parametrize("path", PAGES)
def test_who_reads_rounds_reads_it_and_looking_changes_nothing(sqlite_url: str, path: str, person: Person) -> None:
    with council(sqlite_url, stages.decided) as town:
        browser = town.browser(person)
        before = content_of(town)
        page = browser.get(path)
        assert (page.status_code, content_of(town)) == (200, before)
    assert CAUTION in page.text


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_sign_in_and_a_municipality_refused(sqlite_url: str, path: str) -> None:
    with council(sqlite_url, stages.published) as town:
        assert town.browser(STRANGER).get(path).headers["location"].startswith("/sign-in?next=")
        assert [town.browser(person).get(path).status_code for person in (NARA, KATSURAGI)] == [403, 403]


def test_a_round_that_does_not_exist_is_not_found(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        assert town.browser(SECRETARIAT).get("/rounds/none/signs").status_code == 404


@pytest.mark.parametrize("build", [stages.preparing, stages.bidding, stages.opening])
def test_before_the_first_bid_is_recorded_it_says_so(sqlite_url: str, build: Builder) -> None:
    with council(sqlite_url, build) as town:
        browser = town.browser(SECRETARIAT)
        own, everything = browser.get(PAGE), browser.get("/signs")
        round = browser.get(f"/rounds/{REF}")
    assert "開札前です。" in own.text
    assert "開札した案件はまだありません。" in everything.text
    assert f'href="{PAGE}"' not in round.text


def test_it_shows_what_was_found_on_which_figures_what_was_not_and_what_could_not_be_looked_for(
    sqlite_url: str,
) -> None:
    with council(sqlite_url, stages.decided) as town:
        page = text_of(town.browser(SECRETARIAT).get(PAGE))
    for words in (
        FOUND,
        "株式会社見本電機÷見本システム株式会社 1.0628～1.0630",
        "該当なし 一者応札、同じ入札金額、同じ単価、最低額に近い2番目、小さいばらつき、等間隔の入札金額",
        "離れた最低額：有効な入札が4者に足りません。",
        "変わらない1番目：再度の入札がありません。",
    ):
        assert words in page


def test_every_way_of_looking_is_told_with_its_threshold_and_source(sqlite_url: str) -> None:
    with council(sqlite_url, rebid) as town:
        browser = town.browser(AUDITOR)
        pages = text_of(browser.get(PAGE)) + text_of(browser.get("/signs"))
    for method in METHODS.values():
        told = (method.label, method.formula, method.threshold, method.source)
        assert [words for words in told if words not in pages] == []


def test_attempts_and_the_whole_lot_have_parts_of_their_own(sqlite_url: str) -> None:
    with council(sqlite_url, rebid) as town:
        page = town.browser(SECRETARIAT).get(PAGE).text
    heads = [page.index(f"<h3>{label}</h3>") for label in ("初度入札", "再度入札", "ロット全体")]
    found = [page.index(words) for words in ("0.10%です", "前回2番目だったB商会が", "A商会のまま変わっていません")]
    assert sorted(heads + found) == [place for pair in zip(heads, found, strict=True) for place in pair]


def test_over_all_rounds_it_shows_patterns_and_leads_to_lots_and_rounds(sqlite_url: str) -> None:
    with council(sqlite_url, years) as town:
        answer = town.browser(SECRETARIAT).get("/signs")
    assert f"すべてのロットの落札者が、甲、{escape(HARD)}の順で、4件続いています。" in answer.text
    assert HARD not in answer.text
    assert 'href="/rounds/Y2/lots/pc/matrix"' in answer.text
    assert f'href="{PAGE}"' in answer.text
    assert "一定の比の単価 2件" in text_of(answer)


def test_the_menu_and_the_round_lead_to_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        for person in (SECRETARIAT, AUDITOR):
            browser = town.browser(person)
            assert 'href="/signs"' in browser.get("/").text
            assert f'href="{PAGE}"' in browser.get(f"/rounds/{REF}").text


# ---- nowhere else ----------------------------------------------------------------------------------------


def addresses(town: Service) -> Iterator[str]:
    """Every page and file of the service, for the Reiwa 3 round."""
    for handler in page_handlers(town.instance.addresses):
        (path,), (method,) = handler.paths, handler.http_methods
        if method == "GET":
            for part, value in IN_PLACE_OF.items():
                path = path.replace(part, value)
            yield path


IN_PLACE_OF = {
    "{ref:str}": REF,
    "lots/{lot:str}/{name:str}": "lots/pc/winner.pdf",
    "{lot:str}": "pc",
    "{number:str}": "1",
    "{code:str}": str(KATSURAGI.body_code),
    "notices/{name:str}": f"notices/{KATSURAGI.body_code}.pdf",
    "{name:str}": "award.pdf",
}


def words_in(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return pdf.text(content)
    if is_zipfile(BytesIO(content)):  # spreadsheets are, too
        with ZipFile(BytesIO(content)) as files:
            return "".join(words_in(files.read(name)) for name in files.namelist())
    return content.decode("utf-8", errors="replace")


def traces(words: str) -> list[str]:
    own = ("気付きの手がかり", "ほぼ一定", "一定の比の単価", CAUTION)
    return [trace for trace in own if trace in words]


def test_nothing_of_it_reaches_the_public_or_a_municipality(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        found = {
            (person, path): traces(words_in(browser.get(path).content))
            for person in (STRANGER, NARA, KATSURAGI)
            for browser in [town.browser(person)]
            for path in addresses(town)
        }
    assert len(found) > 50
    assert {where: own for where, own in found.items() if own} == {}


def test_no_document_and_no_export_carries_it(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        browser = town.browser(SECRETARIAT)
        answers = {path: browser.get(path) for path in addresses(town)}
    files = {path: answer for path, answer in answers.items() if "content-disposition" in answer.headers}
    assert len(files) > 5
    assert {path: own for path, answer in files.items() if (own := traces(words_in(answer.content)))} == {}
    assert traces(answers[PAGE].text) != []
