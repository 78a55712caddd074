"""Page, PDF, Excel, CSV and the data for programs tell one and the same savings, baseline by baseline."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from procure.awards.actions import publish
from procure.awards.archive import import_round
from procure.reports.last_prices import report_with_last_prices
from procure.reports.savings import BASELINES, BY_UNIT, savings_report
from procure.reports.savings_figures import round_figures, years_figures
from procure.reports.savings_years import savings_over_years
from procure.rounds.queries import find_round
from procure.rounds.tables import RoundRow
from procure.settlement.baselines import WORDING, Baseline
from procure.settlement.round import Lot
from tests import outcomes, stages
from tests.api.programs import Program, council
from tests.documents.papers import text as pdf_text
from tests.people import SECRETARIAT, Service, text_of
from tests.reports.reported import r3_report
from tests.web.rounds_at import REF, Builder
from tests.web.test_savings import a_year_later

Told = tuple[str, ...]  # 基準額, 落札額, 差, 率 as plain digits
LISTED, LAST = ("定価額", "削減額"), ("前回単価による額", "前回との差額")


def told(*amounts: object) -> Told:
    """銭 with as many decimals as it takes, however many are shown."""
    return tuple(re.sub(r"(?:\.0|(\.\d))0$", r"\1", str(amount).replace(",", "")) for amount in amounts)


def priced_in_sen(session: Session, now: datetime) -> RoundRow:
    """Two years of prices with 銭, the printers taxed by 8 %, an item of each lot without a list price."""
    for ref, year, rise in (("R2-1", 2020, Fraction(137, 100)), (REF, 2021, Fraction(45, 100))):
        lots = tuple(_in_sen(lot, rise) for lot in stages.example().lots)
        printers = replace(lots[1], rules=replace(lots[1].rules, tax_rate=Fraction(8, 100)))
        made = replace(stages.example(), id=ref, fiscal_year=year, lots=(lots[0], printers))
        row = import_round(session, replace(made, bid_date=date(year, 6, 11)), "事務局", now)
        publish(session, row, "事務局", now)
    return row


def _in_sen(lot: Lot, rise: Fraction) -> Lot:
    opened = tuple(
        replace(
            bid, total=None, unit_prices={item: price + rise for item, price in (bid.unit_prices or {}).items()} or None
        )
        for bid in lot.attempts[0].bids
    )
    items = (replace(lot.items[0], list_price=None), *lot.items[1:])
    return replace(
        lot,
        rules=replace(lot.rules, price_decimals=2),
        items=items,
        attempts=(replace(lot.attempts[0], bids=opened),),
    )


def in_words(words: str, baseline: Baseline) -> Told:
    """The first row of the baseline in a text: it is the one over the whole round."""
    wording = WORDING[baseline]
    row = rf"{wording.name}\s+{re.escape(wording.difference)}\s+([\d,.]+)\s+([\d,.]+)\s+([\d,.]+)\s+([\d.]+)"
    found = re.search(row, words)
    assert found is not None, baseline
    return told(*found.groups())


def in_sheet(content: bytes, baseline: Baseline) -> Told:
    """The last row of the baseline: the sum."""
    sheet = load_workbook(io.BytesIO(content), data_only=True)["基準別"]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[2] == WORDING[baseline].name]
    assert rows[-1][0] == "合計"
    return told(*rows[-1][4:7], Decimal(str(rows[-1][7])).quantize(Decimal("0.1")))


def in_rows(content: bytes, baseline: Baseline) -> Told:
    """The rows of the items that have a price to compare with, added up and divided once."""
    reference, difference = LISTED if baseline is Baseline.LIST_PRICE else LAST
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    compared = [row for row in rows if row[f"{reference}（税抜・円）"]]
    sums = [
        sum(Decimal(row[f"{column}（税抜・円）"]) for row in compared) for column in (reference, "契約額", difference)
    ]
    return told(*sums, round(100 * sums[2] / sums[0], 1))


def in_years(content: bytes, year: str, baseline: Baseline) -> Told:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    (row,) = (row for row in rows if (row["名称"], row["比較の基準"]) == (year, WORDING[baseline].name))
    return told(row["基準額（税抜・円）"], row["落札額（対象分、税抜・円）"], row["差（税抜・円）"], row["率（％）"])


def in_data(figures: Mapping[str, Any], baseline: Baseline) -> Told:
    found = figures["comparisons"][baseline.value]
    return told(found["reference"], found["award"], found["difference"], found["percent"])


def tellings(baseline: Baseline, outputs: Mapping[str, Any]) -> dict[str, Told]:
    """What each output tells of the baseline; by item and body only where the baseline has prices per unit."""
    said = {
        "page": in_words(outputs["page"], baseline),
        "pdf": in_words(outputs["pdf"], baseline),
        "excel": in_sheet(outputs["xlsx"], baseline),
        "csv of the years": in_years(outputs["years.csv"], "令和3年度", baseline),
        "data": in_data(outputs["data"]["total"], baseline),
        "data of the years": in_data(outputs["years"]["years"][0], baseline),
        "api": in_data(outputs["api"]["total"], baseline),
        "api of the years": in_data(outputs["api years"]["years"][0], baseline),
    }
    return said | ({"csv": in_rows(outputs["csv"], baseline)} if baseline in BY_UNIT else {})


def made(town: Service) -> dict[str, Any]:
    browser, program = town.browser(SECRETARIAT), Program(town, SECRETARIAT)
    at = f"/rounds/{REF}"
    with town.database.read() as session:
        data = round_figures(savings_report(report_with_last_prices(session, find_round(session, REF))))
        years = years_figures(savings_over_years(session))
    return {
        "page": text_of(browser.get(f"{at}/savings")),
        "pdf": pdf_text(browser.get(f"{at}/documents/savings.pdf").content),
        "xlsx": browser.get(f"{at}/documents/savings.xlsx").content,
        "csv": browser.get(f"{at}/documents/savings.csv").content,
        "years.csv": browser.get("/savings.csv").content,
        "data": data,
        "years": years,
        "api": program.get(f"{at}/savings").json(),
        "api years": program.get("/savings").json(),
        "api result": program.get(f"{at}/result").json(),
        "api csv": program.get(f"{at}/documents/savings.csv").content,
    }


def test_every_output_tells_the_same_of_every_baseline(sqlite_url: str) -> None:
    with council(sqlite_url, a_year_later) as town:
        outputs = made(town)
        for baseline in BASELINES:
            said = tellings(baseline, outputs)
            assert len(set(said.values())) == 1, said
    assert outputs["api"] == outputs["data"]
    assert outputs["api years"] == outputs["years"]
    assert outputs["api csv"] == outputs["csv"]
    api = outputs["api result"]["savings"]
    assert told(api["list_total"], api["award_total"], api["saved"], api["percent"]) == in_words(
        outputs["page"], Baseline.LIST_PRICE
    )
    assert in_data(outputs["data"]["total"], Baseline.LIST_PRICE) == ("261229800", "118529820", "142699980", "54.6")
    assert in_data(outputs["data"]["total"], Baseline.LAST_PRICE) == ("132870100", "113643760", "19226340", "14.5")
    assert in_data(outputs["data"]["total"], Baseline.CEILING) == ("128830000", "118529820", "10300180", "8.0")


def test_every_output_tells_the_same_of_prices_with_sen(sqlite_url: str) -> None:
    with council(sqlite_url, priced_in_sen) as town:
        outputs = made(town)
    for baseline in BASELINES:
        said = tellings(baseline, outputs)
        assert len(set(said.values())) == 1, said
    assert "." in in_data(outputs["data"]["total"], Baseline.LIST_PRICE)[1]
    assert outputs["data"]["total"]["comparisons"]["list_price"]["coverage_percent"] != "100.0"
    assert outputs["api"] == outputs["data"]
    assert outputs["api years"] == outputs["years"]
    assert outputs["api csv"] == outputs["csv"]


Whole = tuple[str, ...]  # 契約金額, 定価額, 削減額, 値引率 of what is bought in the end
NAMES, NOT_SIGNED = ("落札と随意契約の計", "落札により契約するものの計"), "入札（落札者が契約を締結せず）"


def whole_in_words(words: str) -> Whole:
    """The row of the sum, with the ceilings under its name."""
    ceiling = r"(?:\s*入札書比較価格.*?差金（執行\s*残）\s+[\d,]+円)?"
    found = re.search(
        rf"(?:{'|'.join(NAMES)}){ceiling}\s+\d+(?:\s件)?\s+([\d,]+)\s+([\d,]+)\s+([\d,]+)\s+([\d.]+)", words
    )
    assert found is not None
    return told(*found.groups())


def whole_in_sheet(content: bytes) -> Whole:
    *_, last = load_workbook(io.BytesIO(content), data_only=True)["契約の計"].iter_rows(min_row=2, values_only=True)
    assert last[0] in (*NAMES, "合計")
    return told(last[2], last[3], last[5], Decimal(str(last[6])).quantize(Decimal("0.1")))


def whole_in_rows(content: bytes) -> Whole:
    rows = [row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))) if row["契約の方法"] != NOT_SIGNED]
    paid, listed, saved = (
        sum(int(row[f"{column}（税抜・円）"]) for row in rows) for column in ("契約額", "定価額", "削減額")
    )
    return told(paid, listed, saved, round(Decimal(100 * saved) / listed, 1))


def whole_in_years(content: bytes) -> Whole:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    (row,) = (row for row in rows if (row["区分"], row["比較の基準"]) == ("契約の計", "定価"))
    return told(row["落札金額（税抜・円）"], row["基準額（税抜・円）"], row["差（税抜・円）"], row["率（％）"])


def whole_in_data(figures: Mapping[str, Any]) -> Whole:
    total = figures["contracted"]["total"]
    listed = total["comparisons"]["list_price"]
    return told(total["award_total"], listed["reference"], listed["difference"], listed["percent"])


@pytest.mark.parametrize(
    ("stage", "ground", "own", "expected"),
    [
        (
            outcomes.contracted_after_failing,
            "8",
            1_997_000,
            ("6883060", "261229800", "254346740", "97.4"),
        ),
        (outcomes.not_signed, "9", 1_997_000, ("6883060", "261229800", "254346740", "97.4")),
    ],
)
def test_every_output_tells_the_same_of_what_is_bought_by_negotiation(
    sqlite_url: str, stage: Builder, ground: str, own: int, expected: Whole
) -> None:
    with council(sqlite_url, stage) as town:
        outputs = made(town)
        years = town.browser(SECRETARIAT).get("/savings.xlsx").content
        said = {
            "page": whole_in_words(outputs["page"]),
            "pdf": whole_in_words(outputs["pdf"]),
            "excel": whole_in_sheet(outputs["xlsx"]),
            "csv": whole_in_rows(outputs["csv"]),
            "csv of the years": whole_in_years(outputs["years.csv"]),
            "data": whole_in_data(outputs["data"]),
            "api": whole_in_data(outputs["api"]),
            "api of the years": whole_in_data(outputs["api years"]),
        }
        year_sheet = load_workbook(io.BytesIO(years), data_only=True)["契約の計"]
    assert set(said.values()) == {expected}, said
    assert outputs["api"] == outputs["data"]
    assert outputs["api years"] == outputs["years"]
    assert [cell.value for cell in year_sheet[year_sheet.max_row]][2] == int(expected[0])
    (lot,) = outputs["api"]["negotiated"]
    assert (lot["ground"], lot["award_total"]) == (ground, own)
    assert sum(body["award_total"] for body in lot["bodies"]) == own
    assert sum(body["award_total"] for body in outputs["api"]["contracted"]["bodies"]) == int(expected[0])


def test_every_output_takes_off_an_award_that_is_tendered_again(sqlite_url: str) -> None:
    with council(sqlite_url, outcomes.repeated) as town:
        outputs = made(town)
        year = text_of(town.browser(SECRETARIAT).get("/annual/2021"))
    said = {
        "page": whole_in_words(outputs["page"]),
        "pdf": whole_in_words(outputs["pdf"]),
        "excel": whole_in_sheet(outputs["xlsx"]),
        "csv": whole_in_rows(outputs["csv"]),
        "csv of the years": whole_in_years(outputs["years.csv"]),
        "data": whole_in_data(outputs["data"]),
        "api": whole_in_data(outputs["api"]),
        "api of the years": whole_in_data(outputs["api years"]),
    }
    assert set(said.values()) == {("4886060", "26240000", "21353940", "81.4")}, said
    assert outputs["api"]["contracted"]["not_signed"]["award_total"] == 113_643_760
    assert outputs["api"]["contracted"]["grounds"] == []
    assert re.search(r"契約の計\s+1\s件\s+26,240,000\s+4,886,060\s+21,353,940\s+81.4%", year)
    assert "【契約方法】落札者が契約を締結しなかったため、再度公告入札" in year


def test_the_data_say_what_is_no_saving() -> None:
    data: Any = round_figures(savings_report(r3_report()))
    assert [one["baseline"] for one in data["definitions"] if not one["is_saving"]] == ["ceiling"]
    assert data["lots"][0]["comparisons"]["ceiling"]["is_saving"] is False
    assert {one["tax_basis"] for one in data["definitions"]} == {"税抜"}
    assert "ceiling" not in data["bodies"][0]["comparisons"]
