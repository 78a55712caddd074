"""Made-up training courses and meetings of 令和3年度, all marked as samples, for the demo."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from procure.history.record import Actor
from procure.meetings.actions import add_meeting
from procure.meetings.kinds import Form, Kind, Organ
from procure.meetings.queries import held_in
from procure.meetings.rules import Record
from procure.parties.queries import members

FISCAL_YEAR = 2021
HALL = "見本会館　大会議室"
HALF, FEW = 2, 6  # every second body, and the few that a section has


def example_meetings(session: Session, actor: Actor, at: datetime) -> None:
    """The council's bodies take part, as many as there are; where the year has records already, nothing is added."""
    if held_in(session, FISCAL_YEAR):
        return
    codes = [row.code for row in members(session)]
    for entered in (*_trainings(codes), *_meetings(codes)):
        add_meeting(session, entered, actor, at)


def _trainings(codes: Sequence[str]) -> tuple[Record, ...]:
    half = tuple(codes[::HALF])
    return (
        _training("情報セキュリティの基礎（見本）", date(2021, 7, 8), half, 41, "見本　一郎（見本大学）"),
        _training("自治体の情報システムの標準化（見本）", date(2021, 10, 21), tuple(codes), 68, "見本　花子"),
        _training("やさしい調達仕様書の書き方（見本）", date(2022, 1, 19), half, 33, "協議会事務局"),
    )


def _meetings(codes: Sequence[str]) -> tuple[Record, ...]:
    everybody, few = tuple(codes), tuple(codes[:FEW])
    reports = ("前年度の事業報告及び収支決算の案", "共同調達の入札結果")
    plans = ("次年度の事業計画及び予算の案", "次年度の共同調達の品目")
    return (
        _meeting(Organ.SECTION, "調整部会（見本）", date(2021, 5, 13), few, 9, ("共同調達の共通仕様書",), "了承"),
        _meeting(Organ.COMMITTEE, "第１回幹事会（見本）", date(2021, 6, 24), everybody, 46, reports, "承認"),
        _meeting(Organ.BOARD, "役員会（見本）", date(2021, 8, 5), few, 8, reports[:1], "議決", Form.WRITTEN),
        _meeting(Organ.SECTION, "基盤部会（見本）", date(2021, 9, 16), few, 11, ("回線の更新の時期",), "継続して協議"),
        _meeting(Organ.COMMITTEE, "第２回幹事会（見本）", date(2021, 11, 18), everybody, 43, plans[1:], "了承"),
        _meeting(Organ.SECTION, "汎用受付部会（見本）", date(2021, 12, 9), few, 10, ("電子申請の手続の追加",), "了承"),
        _meeting(Organ.COMMITTEE, "第３回幹事会（見本）", date(2022, 2, 17), everybody, 45, plans, "承認", Form.HYBRID),
    )


def _training(title: str, day: date, codes: tuple[str, ...], persons: int, speaker: str) -> Record:
    return Record(
        Kind.TRAINING, title, day, Form.ONLINE, bodies=codes, persons=persons, speaker=speaker, is_sample=True
    )


def _meeting(
    organ: Organ,
    title: str,
    day: date,
    codes: tuple[str, ...],
    persons: int,
    agenda: tuple[str, ...],
    result: str,
    form: Form = Form.IN_PERSON,
) -> Record:
    return Record(
        kind=Kind.MEETING,
        organ=organ,
        title=title,
        day=day,
        form=form,
        place=HALL if form.has_place else "",
        bodies=codes,
        persons=persons,
        agenda=agenda,
        result=result,
        is_sample=True,
    )
