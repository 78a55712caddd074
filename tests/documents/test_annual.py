"""事業報告 on paper and for word processors: whole, with its headings, on every page."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from procure.documents.annual import annual_html, annual_pdf, annual_sheet
from procure.documents.sheet import markup
from procure.documents.year_charts import participation_chart, savings_chart
from procure.meetings.rules import Record
from procure.reports.year_report import YearReport
from procure.settlement.round import Round
from tests.builders import a_bid, a_lot, an_item
from tests.documents.papers import LETTERHEAD, MADE_AT, pages
from tests.meetings.records import a_meeting, a_training
from tests.reports.reported import r3_round
from tests.reports.yearly import a_year_report, bought_in

ALLOWED = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "br", "strong", "table", "colgroup"}
ALLOWED |= {"col", "thead", "tbody", "tfoot", "tr", "th", "td"}


def in_year(year: int) -> Round:
    return replace(r3_round(), id=f"R{year}", fiscal_year=year, bid_date=date(year, 6, 11))


def thirty_meetings() -> tuple[Record, ...]:
    """One every twelve days; every fifth with the longest name that may be stored."""
    first = date(2021, 4, 1)
    return tuple(
        a_meeting(
            title="会" * 200 if number % 5 == 0 else f"第{number}回幹事会", day=first + timedelta(days=12 * number)
        )
        for number in range(30)
    )


def printed(report: YearReport) -> tuple[str, ...]:
    return pages(annual_pdf(report, LETTERHEAD, MADE_AT))


def test_the_three_sections_stand_in_their_order_with_the_wording_of_the_council() -> None:
    said = "".join("".join(printed(a_year_report(r3_round(), records=(a_training(), a_meeting())))).split())
    wording = ("【参加市町村】１３市町村", "【経費削減効果】定価の約８１．４％引きで購入")
    places = [said.index(part) for part in ("１共同調達", *wording, "２研修会", "３会議")]
    assert places == sorted(places)


@pytest.mark.parametrize(("years", "charts"), [((), 0), ((2021,), 0), (range(2016, 2022), 2)], ids=["0", "1", "6"])
def test_charts_look_back_on_two_years_or_more(years: tuple[int, ...], charts: int) -> None:
    report = a_year_report(*map(in_year, years))
    said = markup(annual_sheet(report, LETTERHEAD, MADE_AT))
    assert said.count("<svg") == charts
    assert ("合計" in said) == bool(charts)
    assert len(printed(report)) == (1 if charts == 0 else 2)


def test_every_page_of_a_long_report_is_headed_and_numbered() -> None:
    found = printed(a_year_report(in_year(2021), records=thirty_meetings()))
    assert len(found) > 3
    for number, page in enumerate(found, start=1):
        assert f"{number} ／ {len(found)}" in page
        assert LETTERHEAD.council in page
    for page in found[1:]:
        assert "議題と結果" in page
        assert "令和3年度　事業報告" in page


@pytest.mark.parametrize("lines", range(14, 32, 3))
def test_no_heading_stands_alone_at_the_foot_of_a_page(lines: int) -> None:
    records = (*(a_training(title=f"研修{number}") for number in range(lines)), a_meeting())
    found = printed(a_year_report(in_year(2021), records=records))
    (headed,) = (page for page in found if "３会議" in "".join(page.split()))
    assert "第１回幹事会" in headed


def test_the_longest_texts_stay_within_their_columns() -> None:
    records = (a_training(title="L" * 200, speaker="S" * 200, place="P" * 200),)
    said = "".join("".join(printed(a_year_report(records=records))).split())
    assert "L" * 200 in said
    assert said.count("S") >= 200


# ---- for word processors -----------------------------------------------------------------------------


class Elements(HTMLParser):
    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_html_has_headings_and_tables_and_nothing_that_runs_or_loads() -> None:
    report = a_year_report(*map(in_year, (2020, 2021)), records=(a_training(), a_meeting()))
    elements = Elements(annual_html(report, LETTERHEAD)).found
    assert {tag for tag, _ in elements} <= ALLOWED
    assert [tag for tag, _ in elements if re.fullmatch("h[1-3]", tag)] == ["h1", "h2", "h3", "h3", "h3", "h2", "h2"]
    assert sum(tag == "table" for tag, _ in elements) == 3
    attributes = {name for _, attrs in elements for name in attrs}
    assert attributes.isdisjoint({"style", "class", "href", "src", "onclick"})
    assert all("scope" in attrs for tag, attrs in elements if tag == "th")


def test_the_html_escapes_what_was_typed() -> None:
    evil = "<script>alert(1)</script>{{7*7}}"
    content = annual_html(a_year_report(records=(a_meeting(title=evil, result=evil),)), LETTERHEAD).decode()
    assert "<script" not in content
    assert content.count("&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}") == 2


# ---- charts ------------------------------------------------------------------------------------------


def widths(chart: str) -> list[float]:
    """The bars in their order, without those of the legend."""
    return [float(width) for width in re.findall(r'<rect x="66\.0"[^>]*width="([0-9.]+)"', chart)]


def test_bars_are_as_long_as_their_amounts_on_one_scale() -> None:
    half, tenth = a_lot((a_bid("a", 500_000),)), a_lot((a_bid("a", 800_000),), items=(an_item(list_price=200_000),))
    years = a_year_report(bought_in(2020, half), bought_in(2021, tenth)).years.rows
    legend, *bars = widths(savings_chart(years))
    assert legend == 16.0
    assert bars == [113.0, 56.5, 226.0, 90.4]


def test_a_year_without_list_prices_says_so_and_draws_no_bar() -> None:
    plain = a_lot((a_bid("a", 500_000),), items=(an_item(list_price=None),))
    years = a_year_report(bought_in(2020), bought_in(2021, plain)).years.rows
    chart = savings_chart(years)
    assert chart.count("定価との比較なし") == 2  # drawn, and told
    assert widths(chart) == [16.0, 226.0, 113.0]  # one of the legend stands there, too


def test_years_without_an_award_draw_an_empty_chart() -> None:
    lost = a_lot((a_bid("a", 900_001),))
    years = a_year_report(bought_in(2020, lost), bought_in(2021, lost)).years.rows
    assert widths(participation_chart(years)) == [0.0, 0.0]
    assert (savings_chart(()), participation_chart(())) == ("", "")
