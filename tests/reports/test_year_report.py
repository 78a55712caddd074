"""The 事業報告 of a year as a whole."""

import re
from datetime import date

from procure.awards.archive import import_round
from procure.database import Database
from procure.meetings.actions import add_meeting
from procure.meetings.example import example_meetings
from procure.meetings.kinds import Form, Organ
from procure.reports.annual_report import annual_report_text
from procure.reports.year_report import YearReport, how_held, who_came, year_report, year_report_text
from tests import stages
from tests.builders import a_bid, a_lot, a_round
from tests.meetings.records import a_meeting, a_training
from tests.people import NOW
from tests.reports.reported import r3_round
from tests.reports.test_annual_report import EXAMPLE
from tests.reports.yearly import a_year_report, bought_in, held

WHOLE = f"""\
１　共同調達
{EXAMPLE}２　研修会
情報セキュリティ研修
【開催日】令和３年７月８日　【開催方法】オンライン　【参加】２団体　４１人
【講師】見本　一郎
３　会議
第１回幹事会
【開催日】令和３年６月２４日　【開催方法】集合（奈良県庁）　【参加】１２人
【議題】事業報告の案、収支決算の案
【結果】承認
"""
NOTHING = """\
１　共同調達
落札した件名はありません。
２　研修会
登録された研修会はありません。
３　会議
登録された会議はありません。
"""


def test_the_whole_reads_in_the_wording_of_the_section() -> None:
    records = (a_training(bodies=("292010", "292117")), a_meeting())
    assert year_report_text(a_year_report(r3_round(), records=records)) == WHOLE


def test_a_year_without_anything_says_so() -> None:
    assert year_report_text(a_year_report()) == NOTHING


def test_what_was_not_recorded_is_left_out() -> None:
    (plain,) = held(a_meeting(form=Form.WRITTEN, place="", persons=None, result="", organ=Organ.BOARD))
    assert (how_held(plain), who_came(plain)) == ("書面", "")
    text = year_report_text(a_year_report(records=(plain.record,)))
    assert text.endswith("【開催日】令和３年６月２４日　【開催方法】書面\n【議題】事業報告の案、収支決算の案\n")


def test_a_result_of_several_lines_stays_one_line_of_the_text() -> None:
    text = year_report_text(a_year_report(records=(a_meeting(result="承認\n次回は11月"),)))
    assert text.endswith("【結果】承認　次回は１１月\n")


def test_digits_are_full_width_wherever_they_stand() -> None:
    records = (
        a_training(title="第2回 研修", speaker="見本 3郎", persons=1234),
        a_meeting(title="第10回幹事会", place="県庁3階 A-12会議室", agenda=("予算 1,000円",), result="承認 (12対3)"),
    )
    title = "パソコン 2.0"
    text = year_report_text(a_year_report(a_round(a_lot((a_bid("a", 800_000),), title=title)), records=records))
    assert not re.search("[0-9]", text)
    for said in ("パソコン ２．０\n【", "第２回 研修\n", "１，２３４人", "県庁３階 A-１２会議室", "承認 (１２対３)"):
        assert said in text


def read(database: Database, year: int) -> YearReport:
    with database.read() as session:
        return year_report(session, year)


def test_a_year_is_read_with_the_five_before_it(database: Database) -> None:
    with database.write() as session:
        for year in (2014, 2015, 2016, 2020, 2021, 2022):
            import_round(session, bought_in(year), "取込み", NOW)
    report = read(database, 2021)
    assert [row.fiscal_year for row in report.years.rows] == [2016, 2020, 2021]
    assert [lot.round for lot in report.procurement.lots] == ["R2021"]
    assert not report.is_sample


def test_meetings_of_the_year_stand_by_day_and_kind(database: Database) -> None:
    with database.write() as session:
        for day in (date(2022, 4, 1), date(2022, 3, 31), date(2021, 4, 1), date(2021, 3, 31)):
            add_meeting(session, a_meeting(day=day), "事務局", NOW)
            add_meeting(session, a_training(day=day), "事務局", NOW)
    report = read(database, 2021)
    for kind in (report.trainings, report.meetings):
        assert [one.record.day for one in kind] == [date(2021, 4, 1), date(2022, 3, 31)]


def test_the_example_of_the_demo_makes_a_whole_report_marked_as_a_sample(database: Database) -> None:
    with database.write() as session:
        stages.published(session, NOW)
        example_meetings(session, "見本", NOW)
    report = read(database, 2021)
    assert annual_report_text(report.procurement) == EXAMPLE
    assert (len(report.trainings), len(report.meetings)) == (3, 7)
    assert report.is_sample
    assert not read(database, 2022).is_sample


def test_a_sample_round_alone_marks_the_report(database: Database) -> None:
    with database.write() as session:
        import_round(session, r3_round(), "取込み", NOW, is_sample=True)
    assert read(database, 2021).is_sample
