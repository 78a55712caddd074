"""The 事業報告 section of a fiscal year."""

from dataclasses import replace
from datetime import date

from procure.reports.annual_report import annual_report, annual_report_text
from procure.settlement.round import NegotiationGround, Rules
from tests.builders import a_bid, a_lot, a_round, an_item
from tests.documents.opendata.published import negotiated_after
from tests.reports.reported import r3_report, report_of

EXAMPLE = """\
パソコンの共同調達
【参加市町村】１３市町村　【入札日】令和３年６月１１日
【経費削減効果】定価の約５１．６％引きで購入
プリンタの共同調達
【参加市町村】７市町村　【入札日】令和３年６月１１日
【経費削減効果】定価の約８１．４％引きで購入
"""


def test_the_example_reads_as_it_was_published() -> None:
    assert annual_report_text(annual_report([r3_report()], 2021)) == EXAMPLE


def test_rounds_stand_by_bid_date_and_then_by_id() -> None:
    won = a_lot((a_bid("a", 500_000),))
    days = {"c": date(2021, 5, 1), "b": date(2021, 6, 1), "a": date(2021, 6, 1)}
    reports = [report_of(a_round(won, id=id, bid_date=day)) for id, day in days.items()]
    assert [lot.round for lot in annual_report(reports, 2021).lots] == ["c", "a", "b"]


def test_other_years_and_lots_without_award_are_left_out() -> None:
    won, lost = a_lot((a_bid("a", 500_000),)), a_lot(id="lost", title="不落の件名")
    report = report_of(a_round(won, lost))
    assert [lot.title for lot in annual_report([report], 2021).lots] == ["パソコンの共同調達"]
    assert annual_report([report], 2022).lots == ()
    assert annual_report_text(annual_report([], 2021)) == ""


def test_a_dearer_and_an_exact_price_are_told_as_they_are() -> None:
    dearer = report_of(a_round(a_lot((a_bid("a", 1_032_000),), rules=replace(a_lot().rules, ceiling=None))))
    exact = report_of(a_round(a_lot((a_bid("a", 500_000),))))
    assert "定価の３．２％増しで購入" in annual_report_text(annual_report([dearer], 2021))
    assert "定価の５０．０％引きで購入" in annual_report_text(annual_report([exact], 2021))


def test_a_lot_without_list_prices_says_that_there_is_nothing_to_compare_with() -> None:
    lot = a_lot((a_bid("a", 500_000),), items=(an_item(list_price=None),))
    text = annual_report_text(annual_report([report_of(a_round(lot))], 2021))
    assert text.splitlines()[2] == "【経費削減効果】定価のない品目のため、定価との比較はありません"


def test_a_lot_contracted_without_an_award_says_how_and_never_that_it_was_won() -> None:
    lot = a_lot((a_bid("a", 960_000),), (a_bid("a", 950_000),), rules=Rules(ceiling=900_000, max_attempts=2))
    failed = negotiated_after(lot, NegotiationGround.FAILED_TENDER, Z商会={"pc": 80_000})
    assert annual_report_text(annual_report([report_of(a_round(failed))], 2021)) == (
        "パソコンの共同調達\n"
        "【参加市町村】１市町村　【入札日】令和３年６月１１日\n"
        "【契約方法】随意契約（地方自治法施行令第１６７条の２第１項第８号）\n"
        "【経費削減効果】定価の２０．０％引きで購入\n"
    )


def test_an_award_that_nobody_signed_keeps_its_three_lines_and_what_took_its_place_follows() -> None:
    won = a_lot((a_bid("a", 800_000),))
    refused = negotiated_after(won, NegotiationGround.NOT_SIGNED, B商会={"pc": 70_000})
    before, after = (annual_report_text(annual_report([report_of(a_round(lot))], 2021)) for lot in (won, refused))
    assert after == before + (
        "【契約方法】落札者が契約を締結しなかったため、随意契約（地方自治法施行令第１６７条の２第１項第９号）\n"
        "【契約による経費削減効果】定価の３０．０％引きで購入\n"
    )
