"""再度公告入札: a new round from the lots that came to no contract."""

from collections.abc import Sequence
from dataclasses import dataclass

from procure.awards.retender import require_repeatable, retender, retender_faults
from procure.bids.queries import load_round
from procure.contracts.signing import signing_in
from procure.errors import Fault, Invalid
from procure.rounds.attachments import attachments_of
from procure.rounds.queries import find_round, locked_round, rounds_newest_first
from procure.rounds.rules import outline_faults
from procure.rounds.tables import LotRow, RoundRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.settlement.settle import settle
from procure.values.fiscal_year import fiscal_year_name, fiscal_year_of
from procure.web.reading import Reading
from procure.web.rounds import OutlineForm, next_ref, read_outline, typed_outline

KEEP, ASK = "keep", "ask"
DEMANDS = (
    (KEEP, "仕様確定の数量を引き継ぐ（「締切・仕様確定」から始めます）"),
    (ASK, "需要をもう一度尋ねる（「準備」から始めます）"),
)


@dataclass(frozen=True, slots=True)
class Repeatable:
    lot: LotRow
    is_awarded: bool

    @property
    def label(self) -> str:
        return f"{self.lot.title}（落札者が契約を締結しないため）" if self.is_awarded else self.lot.title


@get("/rounds/{ref}/retender", Permission.MANAGE_ROUNDS)
def show_retender(visit: Visit, ref: str) -> Answer:
    source = find_round(visit.session, ref)
    lots = _repeatable(visit, source)
    chosen = _suggested_lots(lots, visit.query.text("lot"))
    return _page(visit, source, lots, _suggested(visit, source), chosen, KEEP, with_attachments=True)


@post("/rounds/{ref}/retender", Permission.MANAGE_ROUNDS)
def tender_again(visit: Visit, ref: str) -> Answer:
    source = locked_round(visit.session, ref)
    lots = _repeatable(visit, source)
    reading = Reading(visit.form)
    outline = read_outline(reading, reading.text("ref"))
    chosen, demand = set(visit.form.texts("lots")), visit.form.text("demand")
    with_attachments = reading.is_checked("with_attachments")
    if demand not in (KEEP, ASK):
        reading.faults.append(Fault("demand", "需要の扱いを選択してください。"))
    ruled = [*outline_faults(outline), *retender_faults([one.lot for one in lots if one.lot.ref in chosen], chosen)]
    faults = reading.judged(ruled)
    if not faults:
        try:
            row = retender(
                visit.session,
                source,
                outline,
                chosen,
                visit.person,
                visit.now,
                signed=signing_in(visit.session, source).signed,
                keeps_demand=demand == KEEP,
                with_attachments=with_attachments,
            )
        except Invalid as invalid:
            faults = invalid.faults
        else:
            return Goto(f"/rounds/{row.ref}", Done.retendered)
    form = typed_outline(visit.form, outline.bid_date, faults)
    return _page(visit, source, lots, form, chosen, demand, with_attachments, faults)


def _repeatable(visit: Visit, source: RoundRow) -> tuple[Repeatable, ...]:
    """Raises Conflict."""
    lots = require_repeatable(visit.session, source, signing_in(visit.session, source).signed)
    awarded = {lot.id for lot in settle(load_round(visit.session, source)).lots if lot.award is not None}
    return tuple(Repeatable(lot, lot.ref in awarded) for lot in lots)


def _suggested_lots(lots: Sequence[Repeatable], asked: str) -> set[str]:
    """An award is only given up where somebody asks for it by name."""
    if asked:
        return {one.lot.ref for one in lots if one.lot.ref == asked}
    return {one.lot.ref for one in lots if not one.is_awarded}


def _suggested(visit: Visit, source: RoundRow) -> OutlineForm:
    """In the 年度 of today, without a day: when it is tendered again is for the council to say."""
    year = fiscal_year_of(visit.now.date())
    return OutlineForm(
        ref=next_ref([row.ref for row in rounds_newest_first(visit.session)], year),
        title=f"{source.title}（再度公告入札）",
        fiscal_year=fiscal_year_name(year),
        bid_date="",
        council=source.council,
        note="",
        is_sample=source.is_sample,
    )


def _page(
    visit: Visit,
    source: RoundRow,
    lots: Sequence[Repeatable],
    form: OutlineForm,
    chosen: set[str],
    demand: str,
    with_attachments: bool,
    faults: Sequence[Fault] = (),
) -> Page:
    values = {
        "ref": source.ref,
        "title": source.title,
        "lots": [(one.lot.ref, one.label, one.lot.ref in chosen) for one in lots],
        "demands": DEMANDS,
        "demand": demand,
        "files": tuple(file.name for file in attachments_of(visit.session, source.id)),
        "with_attachments": with_attachments,
        "form": form,
        "faults": faults,
    }
    return Page("awards/retender.html", values, status=422 if faults else 200)


routes = [show_retender, tender_again]
