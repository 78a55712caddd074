"""Records of training courses and meetings for tests."""

from datetime import date
from typing import Any

from procure.meetings.kinds import Form, Kind, Organ
from procure.meetings.rules import Record

DAY = date(2021, 6, 24)


def a_meeting(**other: Any) -> Record:
    plain: dict[str, Any] = {
        "kind": Kind.MEETING,
        "organ": Organ.COMMITTEE,
        "title": "第１回幹事会",
        "day": DAY,
        "form": Form.IN_PERSON,
        "place": "奈良県庁",
        "persons": 12,
        "agenda": ("事業報告の案", "収支決算の案"),
        "result": "承認",
    }
    return Record(**{**plain, **other})


def a_training(**other: Any) -> Record:
    plain: dict[str, Any] = {
        "kind": Kind.TRAINING,
        "title": "情報セキュリティ研修",
        "day": date(2021, 7, 8),
        "form": Form.ONLINE,
        "speaker": "見本　一郎",
        "persons": 41,
    }
    return Record(**{**plain, **other})
