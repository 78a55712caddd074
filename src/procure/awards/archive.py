"""Rounds as files: taking one in whole, and giving one out."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from itertools import chain
from math import floor

from sqlmodel import Session, col, select

from procure.awards.actions import keep_evidence
from procure.awards.rules import undecided_lots
from procure.awards.storage import sealing_faults, storage_faults
from procure.bids.actions import write_attempts, write_opening
from procure.bids.after_actions import write_aftermath
from procure.bids.bidders import write_bidders
from procure.bids.draw_text import drawers_text
from procure.bids.queries import load_round
from procure.bids.tables import DrawRow
from procure.ceilings.actions import write_seal
from procure.ceilings.ceiling import Basis, Ceiling
from procure.ceilings.vault import Vault
from procure.clock import JAPAN
from procure.demand.answer import Line
from procure.demand.ledger import write_lines
from procure.demand.states import Way
from procure.demand.tables import AnswerRow, SubmissionRow
from procure.errors import Conflict, refuse
from procure.history.record import Actor, account_of, label_of, record
from procure.parties.actions import know
from procure.parties.directory import Body
from procure.parties.directory import body as built_in
from procure.rounds.actions import write_lot
from procure.rounds.queries import find_round
from procure.rounds.stages import Stage
from procure.rounds.tables import ItemRow, LotRow, RoundRow
from procure.settlement.result import Outcome, Result
from procure.settlement.round import CeilingDisclosure, Demand, Lot, Organisation, PaperDraw, Round
from procure.settlement.round_file import write_round
from procure.settlement.settle import settle
from procure.values.tax import least_with_tax
from procure.values.text import plain

NO_KEY = Vault()
FROM_FILE = "案件ファイルの入札書比較価格による"  # the basis of a ceiling that came without one
ARCHIVED = "取込み"  # stands for the 決裁番号 of a round that was decided before it came here


def import_round(
    session: Session, value: Round, actor: Actor, at: datetime, is_sample: bool = False, vault: Vault = NO_KEY
) -> RoundRow:
    """Writes a round file whole. A round whose every lot is decided arrives as decided, never as published.

    That holds for a command. One account alone decides nothing: what it takes in waits for 決定の申請 and the second
    person who confirms it, as if the bids had been recorded here.

    The ceilings of a round that is not opened yet are sealed; without the key they are left out (`left_out`).

    Raises Invalid, by the paths of the file, where the tables cannot hold it; Conflict where the installation has a
    round of that id.
    """
    result = settle(value)
    stage = _stage(value, result)
    sealed = [index for index, lot in enumerate(value.lots) if _is_sealed(lot, stage)] if vault.has_key else []
    refuse(chain(storage_faults(value), sealing_faults(value, sealed)))
    if session.exec(select(RoundRow.id).where(col(RoundRow.ref) == value.id)).first() is not None:
        raise Conflict(f"案件番号「{value.id}」は、すでに登録されています。")
    row = _write_round(session, value, stage, is_sample, actor, at)
    for demand in (demand for lot in value.lots for demand in lot.demand):
        know(session, _body(demand.municipality, value.organisations))
    for position, lot in enumerate(value.lots):
        _write_ceiling(session, row, _write_lot(session, row, position, lot, actor, at), lot, vault, actor, at)
    if value.opening is not None:
        write_opening(session, row, value.opening)
    _write_submissions(session, row, value, actor, at)
    record(session, at, actor, "round_imported", round_ref=row.ref, subject=row.title)
    if row.stage is Stage.OPENING and not undecided_lots(result) and account_of(actor) is None:
        keep_evidence(session, row, value, result, ARCHIVED, value.bid_date, actor, at)
    return row


def left_out(value: Round, vault: Vault) -> tuple[str, ...]:
    """The ceilings of the file, by path, that an import leaves out: they would have to be sealed, and have no key."""
    if vault.has_key:
        return ()
    stage = _stage(value, settle(value))
    return tuple(f"lots[{index}].rules.ceiling" for index, lot in enumerate(value.lots) if _is_sealed(lot, stage))


def export_round(session: Session, ref: str) -> str:
    """The round file of a round; ceilings that are sealed are not in it. Raises NotFound."""
    return write_round(load_round(session, find_round(session, ref)))


def _write_round(session: Session, value: Round, stage: Stage, is_sample: bool, actor: Actor, at: datetime) -> RoundRow:
    row = RoundRow(
        ref=value.id,
        title=value.title,
        note=value.note,
        fiscal_year=value.fiscal_year,
        bid_date=value.bid_date,
        council=value.council,
        is_sample=is_sample,
        stage=stage,
        created_at=at,
        follows=value.follows,
        opened_at=_opened_at(value, at),
        imported_at=at,
        imported_by=label_of(actor),
    )
    session.add(row)
    session.flush()
    return row


def _opened_at(value: Round, at: datetime) -> datetime | None:
    """When the first attempt was opened; of an opening before any attempt is recorded the file has only the 入札日."""
    opened = [attempt.opened_at for lot in value.lots for attempt in lot.attempts]
    if opened or value.opening is None:
        return min(opened, default=None)
    return min(datetime.combine(value.bid_date, time.min, JAPAN), at)


def _stage(value: Round, result: Result) -> Stage:
    """How far the round has come, from what the file holds of it."""
    has_attempts = any(lot.attempts for lot in value.lots)
    if has_attempts or value.opening is not None or all(lot.outcome is Outcome.CANCELLED for lot in result.lots):
        return Stage.OPENING
    if any(lot.bidders for lot in value.lots):
        return Stage.BIDDING
    return Stage.SPECIFIED if any(lot.demand for lot in value.lots) else Stage.PREPARING


def _is_sealed(lot: Lot, stage: Stage) -> bool:
    """Whether its ceiling is nobody's to read yet: until the opening, or the notice that publishes it."""
    is_published = stage is Stage.BIDDING and lot.rules.ceiling_disclosure is CeilingDisclosure.BEFORE
    return lot.rules.ceiling is not None and not is_published and stage is not Stage.OPENING


def _write_ceiling(
    session: Session, row: RoundRow, written: LotRow, lot: Lot, vault: Vault, actor: Actor, at: datetime
) -> None:
    without, said = lot.rules.ceiling, lot.rules.ceiling_with_tax
    if without is None:
        return
    if not _is_sealed(lot, row.stage):
        written.ceiling, written.ceiling_with_tax = without, said
    elif vault.has_key:
        with_tax = least_with_tax(without, lot.rules.tax_rate) if said is None else floor(said)
        write_seal(session, row, written, Ceiling(with_tax, without, Basis(note=FROM_FILE)), vault, actor, at)


def _write_lot(session: Session, row: RoundRow, position: int, lot: Lot, actor: Actor, at: datetime) -> LotRow:
    written = write_lot(session, row, position, lot)
    written.cancelled = lot.cancelled
    items = {item.ref: item.id for item in session.exec(select(ItemRow).where(col(ItemRow.lot_id) == written.id))}
    for demand in lot.demand:
        _write_demand(session, written, items, demand, actor, at)
    bidders = write_bidders(session, written, [(bidder.id, bidder.name) for bidder in lot.bidders])
    write_attempts(session, written, lot.attempts, actor, at)
    if lot.draw is not None:
        _write_draw(session, written, lot.draw, bidders[lot.draw.winner].id, actor, at)
    write_aftermath(session, written, lot, {ref: bidder.id for ref, bidder in bidders.items()}, actor, at)
    return written


def _write_demand(
    session: Session, lot: LotRow, items: Mapping[str, int], demand: Demand, actor: Actor, at: datetime
) -> None:
    code = demand.municipality
    session.add(AnswerRow(lot_id=lot.id, body_code=code, participates=bool(demand.quantities)))
    lines = {items[ref]: Line(quantity, demand.spares.get(ref, 0)) for ref, quantity in demand.quantities.items()}
    write_lines(session, tuple(lines), code, lines, Way.FILE, label_of(actor), at)


def _write_draw(session: Session, row: LotRow, draw: PaperDraw, bidder_id: int, actor: Actor, at: datetime) -> None:
    session.add(
        DrawRow(
            lot_id=row.id,
            bidder_id=bidder_id,
            drawn_by=draw.drawn_by,
            witness=draw.witness,
            drawers=drawers_text(draw.drawers),
            recorded_at=at,
            recorded_by=label_of(actor),
        )
    )
    session.flush()


def _write_submissions(session: Session, row: RoundRow, value: Round, actor: Actor, at: datetime) -> None:
    for code in sorted({demand.municipality for lot in value.lots for demand in lot.demand}):
        session.add(
            SubmissionRow(
                round_id=row.id,
                body_code=code,
                receipt_number=f"{row.ref}-{code}-01",
                submitted_at=at,
                submitted_by=label_of(actor),
            )
        )
    session.flush()


def _body(code: str, organisations: Iterable[Organisation]) -> Body:
    known = built_in(code)
    if known is not None:
        return known
    outside = next(organisation for organisation in organisations if organisation.code == code)
    return Body(code, plain(outside.name), outside.name, "", outside.kind, "")
