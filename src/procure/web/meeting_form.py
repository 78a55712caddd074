"""The form of a training course or a meeting: as stored, as typed, and read back into a record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from procure.errors import Fault
from procure.meetings.kinds import Form, Kind, Organ
from procure.meetings.rules import Record, record_faults
from procure.server import Fields
from procure.values.era import parse_date, wareki
from procure.values.quantity import parse_quantity
from procure.values.unreadable import Unreadable
from procure.web.reading import Reading

FORMS = tuple((form.value, form.label) for form in Form)
ORGANS = tuple((organ.value, organ.label) for organ in Organ)


@dataclass(frozen=True, slots=True)
class MeetingForm:
    """The form as it stands on the page: texts as typed, and the day that was read of them."""

    kind: Kind
    title: str = ""
    day: str = ""
    form: str = ""
    place: str = ""
    bodies: frozenset[str] = frozenset()
    persons: str = ""
    speaker: str = ""
    organ: str = ""
    agenda: str = ""
    result: str = ""
    is_sample: bool = False
    read_day: date | None = None

    @property
    def is_training(self) -> bool:
        return self.kind is Kind.TRAINING


def stored_form(record: Record) -> MeetingForm:
    return MeetingForm(
        kind=record.kind,
        title=record.title,
        day=wareki(record.day),
        form=record.form.value,
        place=record.place,
        bodies=frozenset(record.bodies),
        persons="" if record.persons is None else str(record.persons),
        speaker=record.speaker,
        organ=record.organ.value if record.organ else "",
        agenda="\n".join(record.agenda),
        result=record.result,
        is_sample=record.is_sample,
        read_day=record.day,
    )


def typed_form(form: Fields, kind: Kind) -> MeetingForm:
    """Everything that was typed, right or wrong."""
    return MeetingForm(
        kind=kind,
        title=form.text("title"),
        day=form.text("day"),
        form=form.text("form"),
        place=form.text("place"),
        bodies=frozenset(form.texts("bodies")),
        persons=form.text("persons"),
        speaker=form.text("speaker"),
        organ=form.text("organ"),
        agenda=form.text("agenda"),
        result=form.text("result"),
        is_sample="is_sample" in form,
        read_day=_readable_day(form.text("day")),
    )


def read_record(form: Fields, kind: Kind, known: Collection[str], today: date) -> tuple[Record, Sequence[Fault]]:
    """The record, and everything that is wrong with it in the order of the form; what cannot be read is made up."""
    reading = Reading(form)
    is_training = kind is Kind.TRAINING
    day = reading.value("day", parse_date, "開催日を入力してください（例：令和3年7月8日）。")
    record = Record(
        kind=kind,
        organ=None if is_training else reading.choice("organ", Organ, "会議体"),
        title=reading.text("title"),
        day=day or today,
        form=reading.choice("form", Form, "開催方法") or Form.ONLINE,
        place=reading.text("place"),
        bodies=tuple(sorted(set(form.texts("bodies")))),
        persons=reading.value("persons", lambda typed: parse_quantity(typed, "人")),
        speaker=reading.text("speaker") if is_training else "",
        agenda=() if is_training else _lines(reading.text("agenda", lines=True)),
        result="" if is_training else reading.text("result", lines=True),
        is_sample=reading.is_checked("is_sample"),
    )
    faults = reading.judged(record_faults(record, known, today))
    return record, sorted(faults, key=lambda fault: _ORDER.index(fault.field))


_ORDER = ("organ", "title", "day", "form", "place", "persons", "bodies", "speaker", "agenda", "result")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.replace("\t", " ").split("\n") if line.strip())


def _readable_day(typed: str) -> date | None:
    try:
        return parse_date(typed)
    except Unreadable:
        return None
