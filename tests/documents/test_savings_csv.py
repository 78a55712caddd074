"""経費削減効果.csv: a row for each item of each body, harmless and exact."""

import csv
import io

from procure.documents.savings_csv import HEADINGS, savings_csv
from procure.reports.report import RoundReport
from procure.settlement.round import Rules
from tests.builders import NARA, YAMATOTAKADA, a_demand, a_lot, a_round, an_item, priced
from tests.reports.reported import r3_report, report_of

TWO = (an_item("pc", list_price_source="総合カタログ（2021年4月）"), an_item("open", None, name="=1+1"))


def rows(report: RoundReport) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(savings_csv(report).decode("utf-8-sig"))))


def two_items() -> RoundReport:
    demand = (a_demand(NARA, pc=4, open=2), a_demand(YAMATOTAKADA, pc=6))
    return report_of(a_round(a_lot((priced("a", pc=103_200, open=30_000),), items=TWO, demand=demand, rules=Rules())))


def test_it_opens_in_a_spreadsheet_with_a_row_for_each_item_of_each_body() -> None:
    content = savings_csv(r3_report())
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 1 + sum(
        len(share.items) for lot in r3_report().lots for share in lot.municipalities
    )
    assert tuple(rows(r3_report())[0]) == HEADINGS


def test_a_body_is_written_as_programs_know_it() -> None:
    names = {row["団体名"] for row in rows(r3_report())}
    assert "葛城市" in names
    assert not any("\U000e0100" in name for name in names)


def test_its_amounts_add_up_to_the_award() -> None:
    assert sum(int(row["契約額（税抜・円）"]) for row in rows(r3_report())) == r3_report().award_total


def test_what_is_dearer_has_a_minus_and_an_open_price_is_empty_and_never_zero() -> None:
    computer, memory, _ = rows(two_items())
    assert (computer["削減額（税抜・円）"], computer["値引率（％）"]) == ("-12800", "-3.2")
    assert [memory[f"{column}（税抜・円）"] for column in ("定価", "定価額", "削減額")] == [""] * 3
    assert computer["定価の出典"] == "総合カタログ（2021年4月）"


def test_a_text_is_never_a_formula() -> None:
    assert rows(two_items())[1]["品目"] == "'=1+1"
