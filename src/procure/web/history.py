"""The record of who did what, when, and from what to what: of a round, and of everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from procure.accounts.roles import Role
from procure.clock import JAPAN
from procure.contracts.states import Ground, Resolution
from procure.history.queries import Change, Event, events_of_round, latest_events
from procure.meetings.kinds import Form, Organ
from procure.parties.directory import Body
from procure.parties.queries import directory
from procure.rounds.queries import find_round
from procure.rounds.stages import STAGE_LABELS
from procure.server import Answer, Fields, Page, Permission, Visit, get
from procure.settlement.labels import CEILING_DISCLOSURE, CONTRACT_KIND, DRAW_METHOD, REVIEW, TENDER_METHOD
from procure.values.era import wareki, wareki_time

AT_ONCE = 100

_WHAT = {
    "title": "件名",
    "note": "備考",
    "fiscal_year": "年度",
    "bid_date": "入札日",
    "council": "協議会名",
    "is_sample": "見本の案件",
    "stage": "段階",
    "deadline": "登録期限",
    "reason": "理由",
    "file": "ファイル",
    "opened_at": "開札日時",
    "contract_kind": "契約の種類",
    "tax_rate": "税率",
    "ceiling": "入札書比較価格",
    "minimum": "最低制限価格",
    "ceiling_disclosure": "予定価格の公表",
    "max_attempts": "入札の回数",
    "rebid_must_be_lower": "再度入札は前回の最低額未満",
    "price_decimals": "単価の小数",
    "draw": "くじの方法",
    "winner": "くじの当選者",
    "drawn_by": "くじを引いた人",
    "drawers": "くじを引いた順",
    "witness": "立会人",
    "decision_number": "決裁番号",
    "decision_date": "決裁日",
    "sha256": "証拠の照合値（SHA-256）",
    "files": "写した資料の数",
    "lots": "写したロットの数",
    "source": "写した案件",
    "failed_lots": "再度入札に付すロット",
    "retender": "再度公告入札の案件",
    "either_acquisition": "購入と賃貸借の選択",
    "question": "質問",
    "answer": "回答",
    "role": "役割",
    "body_code": "団体コード",
    "needs_approval": "課長などの承認",
    "mail": "メールアドレス",
    "is_approver": "承認者",
    "held_on": "開催日",
    "held_as": "開催方法",
    "place": "場所",
    "persons": "参加者数",
    "bodies": "参加団体",
    "speaker": "講師",
    "organ": "会議体",
    "agenda": "議題",
    "outcome": "結果",
    "ground": "契約の根拠",
    "approval": "議決の要否（団体の判断）",
    "approval_reason": "議決の要否の理由",
    "contract_number": "契約番号",
    "provisional_on": "仮契約の日",
    "submitted_on": "議案の提出日",
    "resolved_on": "議決の日",
    "resolution": "議決の結果",
    "concluded_on": "契約の日",
    "failed_on": "辞退・解除の日",
    "failure_reason": "不成立の理由",
    "on_behalf": "事務局が代わって記入した理由",
    "number": "記録の番号",
    "day": "日付",
    "inspector": "検査した職員",
    "remark": "備考・理由",
    "reversed": "取り消した記録",
    "assembly": "議決を要する基準額",
    "small": "少額随意契約の限度額",
    "small_since": "限度額の施行日",
    "ordinance": "条例・規則",
    "ceiling_with_tax": "予定価格（税込）",
    "commitment": "確認値（SHA-256）",
    "nonce": "確認用の乱数",
    "tender_method": "入札の方式",
    "review": "参加資格の審査",
    "void_grounds": "無効の事由",
    "name": "名称",
    "corporate_number": "法人番号",
    "address": "所在地",
    "representative": "代表者",
    "days": "期間",
    "officer": "入札執行者",
    "recorder": "記録者",
    "witnesses": "立会人",
}
_FLAGS = {"True": "はい", "False": "いいえ"}


@dataclass(frozen=True, slots=True)
class Line:
    """An event as it is shown."""

    number: int
    at: datetime
    actor: str
    label: str
    subject: str
    round_ref: str | None
    changes: tuple[Change, ...]


@get("/history", Permission.READ_HISTORY)
def show_history(visit: Visit) -> Answer:
    events = latest_events(visit.session, AT_ONCE + 1, _before(visit.query))
    return _page(visit, events, "/history")


@get("/rounds/{ref}/history", Permission.READ_HISTORY)
def show_round_history(visit: Visit, ref: str) -> Answer:
    row = find_round(visit.session, ref)
    events = events_of_round(visit.session, row.ref, AT_ONCE + 1, _before(visit.query))
    return _page(visit, events, f"/rounds/{row.ref}/history", row.ref, row.title)


def _before(query: Fields) -> int | None:
    """The number of the event to read on from; what is no number is not one of ours, and is ignored."""
    text = query.text("before")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _page(visit: Visit, events: Sequence[Event], path: str, ref: str | None = None, title: str | None = None) -> Page:
    shown = events[:AT_ONCE]
    more = f"{path}?before={shown[-1].number}" if len(events) > AT_ONCE else None
    bodies = directory(visit.session)
    lines = tuple(_line(event, bodies) for event in shown)
    return Page("history.html", {"ref": ref, "title": title, "lines": lines, "more": more})


def _line(event: Event, bodies: Mapping[str, Body]) -> Line:
    """What was done to a body's demand is recorded by its code, and read by its name."""
    subject = bodies[event.subject].display_name if event.subject in bodies else event.subject
    changes = tuple(in_words(change) for change in event.changes)
    return Line(event.number, event.at, event.actor, event.label, subject, event.round_ref, changes)


def in_words(change: Change) -> Change:
    """The change as it is read aloud: columns by their Japanese names, days and times in 和暦."""
    what = _WHAT.get(change.what) or (
        f"品目 {change.what.removeprefix('item ')}" if change.what.startswith("item ") else change.what
    )
    return Change(what, _value(change.what, change.before), _value(change.what, change.after))


def _value(what: str, text: str | None) -> str | None:
    if text is None:
        return None
    return _WORDS[what](text) if what in _WORDS else text


def _among(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: labels.get(text, text)


def _day(text: str) -> str:
    return wareki(date.fromisoformat(text))


def _days(text: str) -> str:
    """2026-12-11〜2027-03-10"""
    return "から".join(_day(day) for day in text.split("〜"))


def _time(text: str) -> str:
    return wareki_time(datetime.fromisoformat(text).astimezone(JAPAN))


_WORDS: dict[str, Callable[[str], str]] = {
    "stage": _among({stage.value: label for stage, label in STAGE_LABELS.items()}),
    "contract_kind": _among({kind.value: label for kind, label in CONTRACT_KIND.items()}),
    "ceiling_disclosure": _among({kind.value: label for kind, label in CEILING_DISCLOSURE.items()}),
    "draw": _among({method.value: label for method, label in DRAW_METHOD.items()}),
    "tender_method": _among({method.value: label for method, label in TENDER_METHOD.items()}),
    "review": _among({review.value: label for review, label in REVIEW.items()}),
    "days": _days,
    "held_as": _among({form.value: form.label for form in Form}),
    "organ": _among({organ.value: organ.label for organ in Organ}),
    "held_on": _day,
    "role": _among({role.value: role.label for role in Role}),
    "is_sample": _among(_FLAGS),
    "needs_approval": _among(_FLAGS),
    "is_approver": _among(_FLAGS),
    "either_acquisition": _among(_FLAGS),
    "rebid_must_be_lower": _among(_FLAGS),
    "ground": _among({ground.value: ground.label for ground in Ground}),
    "resolution": _among({one.value: one.label for one in Resolution}),
    "approval": _among({"True": "必要", "False": "不要"}),
    "provisional_on": _day,
    "submitted_on": _day,
    "resolved_on": _day,
    "concluded_on": _day,
    "failed_on": _day,
    "day": _day,
    "small_since": _day,
    "bid_date": _day,
    "decision_date": _day,
    "deadline": _time,
    "opened_at": _time,
}

routes = [show_history, show_round_history]
