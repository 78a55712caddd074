"""The 事業報告 of a 年度 as a whole: 共同調達 with the years before, 研修会, 会議."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from procure.meetings.kinds import Kind
from procure.meetings.queries import Held, held_in, of_kind
from procure.reports.annual_report import AnnualReport, annual_report, annual_report_text
from procure.reports.years import MOST_YEARS, Years, decided_by_year, years_table
from procure.values.era import wareki
from procure.values.text import fullwidth

NOTHING_BOUGHT = "落札した件名はありません。"
NOTHING_HELD = "登録された{}はありません。"


@dataclass(frozen=True, slots=True)
class YearReport:
    """`years` is this one and those before it in which something was decided, six at most.

    `is_sample` says that something of this year is sample data (見本).
    """

    fiscal_year: int
    procurement: AnnualReport
    years: Years
    trainings: tuple[Held, ...]
    meetings: tuple[Held, ...]
    is_sample: bool


def year_report(session: Session, fiscal_year: int) -> YearReport:
    """`fiscal_year` is the Gregorian year of its 1 April."""
    decided = decided_by_year(session, fiscal_year - MOST_YEARS + 1, fiscal_year)
    own, held = decided.get(fiscal_year, ()), held_in(session, fiscal_year)
    return YearReport(
        fiscal_year=fiscal_year,
        procurement=annual_report((one.report for one in own), fiscal_year),
        years=years_table(decided),
        trainings=of_kind(held, Kind.TRAINING),
        meetings=of_kind(held, Kind.MEETING),
        is_sample=any(one.is_sample for one in own) or any(one.record.is_sample for one in held),
    )


def year_report_text(report: YearReport) -> str:
    """The whole in the council's wording: three numbered sections, digits full width, a line each."""
    bought = annual_report_text(report.procurement) or f"{NOTHING_BOUGHT}\n"
    return (
        f"１　共同調達\n{bought}"
        f"２　研修会\n{_section(report.trainings, Kind.TRAINING)}"
        f"３　会議\n{_section(report.meetings, Kind.MEETING)}"
    )


def how_held(held: Held) -> str:
    """集合（奈良県庁）, オンライン."""
    record = held.record
    return f"{record.form.label}（{record.place}）" if record.place else record.form.label


def who_came(held: Held) -> str:
    """20団体　41人; what was not recorded is left out."""
    bodies = f"{len(held.bodies)}団体" if held.bodies else ""
    persons = "" if held.record.persons is None else f"{held.record.persons:,}人"
    return "　".join(filter(None, (bodies, persons)))


def _section(held: Iterable[Held], kind: Kind) -> str:
    return (
        "".join(f"{fullwidth(line)}\n" for one in held for line in _lines(one))
        or f"{NOTHING_HELD.format(kind.label)}\n"
    )


def _lines(held: Held) -> Iterator[str]:
    record = held.record
    yield record.title
    parts = (
        ("開催日", wareki(record.day)),
        ("開催方法", how_held(held)),
        ("参加", who_came(held)),
    )
    yield "　".join(f"【{label}】{said}" for label, said in parts if said)
    result = "　".join(record.result.split("\n"))
    more = (("講師", record.speaker), ("議題", "、".join(record.agenda)), ("結果", result))
    yield from (f"【{label}】{said}" for label, said in more if said)
