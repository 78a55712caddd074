"""Two people of one body at once: what each has, side by side, and the choice between them. Nothing is overwritten."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from procure.demand.actions import CHANGED_MEANWHILE
from procure.demand.answer import AskedLot, lot_field, paid_field, quantity_field, spares_field
from procure.demand.queries import answer_version, asked_lots, typed_or_submitted
from procure.demand.sheet import CHOICES
from procure.errors import Fault
from procure.rounds.tables import RoundRow
from procure.server import Fields, Json, Page
from procure.web.demand_view import Survey

SIDES = ("theirs", "mine")
UNPICKED = "保存されている内容と、この画面の内容のどちらにするか選んでください。"
LABELS_BEFORE = {"join": "参加の有無", "mode": "取得方法"}
LABELS_AFTER = {"month": "希望納期", "places": "納入場所", "remarks": "備考", "budget": "予算額（税込）"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which what is saved (`theirs`) is not what was typed here (`mine`), both as a person reads them.

    `pick` is the side that was chosen, `error` what is wrong with the choice.
    """

    field: str
    label: str
    theirs: str
    mine: str
    pick: str = ""
    error: str | None = None

    @property
    def choice(self) -> str:
        """The name of its choice."""
        return f"pick-{self.field}"


@dataclass(frozen=True, slots=True)
class Saved:
    """What the database holds of a body's answer, and in what it differs from what was typed."""

    version: int
    typed: Mapping[str, str]
    differences: tuple[Difference, ...]

    def clashes_with(self, seen_version: int) -> bool:
        """Whether saving would overwrite something that the person has not seen."""
        return bool(self.differences) and self.version != seen_version


def saved_of(session: Session, row: RoundRow, body_code: str, mine: Mapping[str, str]) -> Saved:
    theirs = typed_or_submitted(session, row, body_code)
    return Saved(answer_version(session, row.id, body_code), theirs, differences(session, row, theirs, mine))


def differences(
    session: Session, row: RoundRow, theirs: Mapping[str, str], mine: Mapping[str, str]
) -> tuple[Difference, ...]:
    """In the order of the grid."""
    return tuple(
        Difference(field, label, _shown(field, theirs.get(field, "")), _shown(field, mine.get(field, "")))
        for lot in asked_lots(session, row.id)
        for field, label in _labels(lot)
        if theirs.get(field, "") != mine.get(field, "")
    )


def picks_in(form: Fields, found: Sequence[Difference]) -> dict[str, str]:
    """The side chosen for each field: all of one side by its button, else field by field; "" where none was chosen."""
    every = form.text("choice")
    sides = {one.field: every if every in SIDES else form.text(one.choice) for one in found}
    return {field: side if side in SIDES else "" for field, side in sides.items()}


def chosen_of(saved: Saved, mine: Mapping[str, str], picks: Mapping[str, str]) -> dict[str, str]:
    """The fields as the choice makes them."""
    return {field: text if picks.get(field) == "mine" else saved.typed.get(field, "") for field, text in mine.items()}


def clash_page(at: Survey, saved: Saved, mine: Mapping[str, str], picks: Mapping[str, str] | None = None) -> Page:
    """409, or 422 where `picks` leaves a field open."""
    found = saved.differences if picks is None else tuple(_picked(one, picks[one.field]) for one in saved.differences)
    values = {
        "survey": at,
        "message": CHANGED_MEANWHILE,
        "by": by(at),
        "found": found,
        "mine": mine,
        "version": saved.version,
        "faults": [Fault(one.choice, f"「{one.label}」：{one.error}") for one in found if one.error],
    }
    return Page("demand_conflict.html", values, status=409 if picks is None else 422)


def told_clash(at: Survey, saved: Saved) -> Json:
    """The same for the script that saves the draft."""
    different = [{"label": one.label, "theirs": one.theirs, "mine": one.mine} for one in saved.differences]
    return Json({"message": CHANGED_MEANWHILE, "by": by(at), "different": different}, status=409)


def by(at: Survey) -> str:
    """Who saved what the database holds."""
    return at.draft.saved_by if at.draft else at.receipt.by if at.receipt else ""


def _picked(one: Difference, side: str) -> Difference:
    return replace(one, pick=side, error=None if side else UNPICKED)


def _labels(lot: AskedLot) -> Iterator[tuple[str, str]]:
    for what, label in LABELS_BEFORE.items():
        yield lot_field(what, lot.id), f"{lot.title}の{label}"
    for item in lot.items:
        yield quantity_field(item.id), f"{item.name}（本体）"
        yield spares_field(item.id), f"{item.name}（予備）"
        yield paid_field(item.id), f"{item.name}（前回単価）"
    for what, label in LABELS_AFTER.items():
        yield lot_field(what, lot.id), f"{lot.title}の{label}"


def _shown(field: str, typed: str) -> str:
    return CHOICES.get(field.partition("-")[0], {}).get(typed, typed)
