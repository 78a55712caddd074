"""What a record of a training course or a meeting must be before it is written, as faults field by field. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from procure.errors import Fault
from procure.meetings.kinds import Form, Kind, Organ
from procure.values.fiscal_year import fiscal_year_of

FIRST_YEAR = 1912  # 和暦 before 大正 is not read
MOST_PERSONS = 99_999
MOST_ITEMS = 30
LONGEST_ITEM = 200
LONGEST_RESULT = 2000
TITLES = {Kind.TRAINING: "研修の内容", Kind.MEETING: "会議の名称"}


@dataclass(frozen=True, slots=True)
class Record:
    """A training course or a meeting as it was held. `bodies` are codes; `persons` is None where nobody counted.

    `title` is what a training was about, or what a meeting is called. Only a training has a `speaker`; only a meeting
    has an `organ`, an `agenda` and a `result`.
    """

    kind: Kind
    title: str
    day: date
    form: Form
    place: str = ""
    bodies: tuple[str, ...] = ()
    persons: int | None = None
    speaker: str = ""
    organ: Organ | None = None
    agenda: tuple[str, ...] = ()
    result: str = ""
    is_sample: bool = False

    @property
    def fiscal_year(self) -> int:
        return fiscal_year_of(self.day)


def record_faults(record: Record, known: Collection[str], today: date) -> Iterator[Fault]:
    """`known` are the codes of the bodies that may take part."""
    if record.kind is Kind.MEETING and record.organ is None:
        yield Fault("organ", "会議体を選択してください。")
    yield from _title_faults(record)
    yield from _day_faults(record, today)
    yield from _place_faults(record)
    if record.persons is not None and not 1 <= record.persons <= MOST_PERSONS:
        yield Fault(
            "persons", f"参加者数は1から{MOST_PERSONS:,}までの整数で入力してください。不明のときは空欄にします。"
        )
    if set(record.bodies) - set(known):
        yield Fault("bodies", "一覧にない団体が選ばれています。画面を開き直して、参加団体を選び直してください。")
    yield from _longest("speaker", record.speaker, 200, "講師")
    yield from _agenda_faults(record)
    yield from _longest("result", record.result, LONGEST_RESULT, "結果")


def _title_faults(record: Record) -> Iterator[Fault]:
    label = TITLES[record.kind]
    if not record.title:
        yield Fault("title", f"{label}を入力してください。")
    yield from _longest("title", record.title, 200, label)


def _day_faults(record: Record, today: date) -> Iterator[Fault]:
    if record.day > today:
        yield Fault("day", "開催日が今日より後です。開催した後に登録してください。")
    elif record.fiscal_year < FIRST_YEAR:
        yield Fault("day", "開催日が古すぎます。年を確かめてください（例：令和3年7月8日）。")


def _place_faults(record: Record) -> Iterator[Fault]:
    if record.form.has_place and not record.place:
        yield Fault("place", "集合又は併用で開いたときは、場所を入力してください（例：奈良県庁）。")
    yield from _longest("place", record.place, 200, "場所")


def _agenda_faults(record: Record) -> Iterator[Fault]:
    if record.kind is Kind.MEETING and not record.agenda:
        yield Fault("agenda", "議題を1行に1件ずつ入力してください。")
    if len(record.agenda) > MOST_ITEMS:
        yield Fault("agenda", f"議題は{MOST_ITEMS}件までです。まとめて{MOST_ITEMS}件以内にしてください。")
    for number, item in enumerate(record.agenda, start=1):
        if len(item) > LONGEST_ITEM:
            yield Fault("agenda", f"議題の{number}件目が長すぎます。{LONGEST_ITEM}字以内で入力してください。")


def _longest(field: str, text: str, longest: int, label: str) -> Iterator[Fault]:
    if len(text) > longest:
        yield Fault(field, f"{label}は{longest:,}字以内で入力してください。")
