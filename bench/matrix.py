"""The page of 39 bodies × 20 items: what the service does against a raw read with the same template."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pysqlite3 import dbapi2

from bench.measure import Compared, medians
from procure.accounts.roles import Role
from procure.accounts.viewer import Viewer
from procure.clock import JAPAN
from procure.database import Database
from procure.demand.actions import save_draft, submit
from procure.demand.answer import YES, lot_field, quantity_field
from procure.migrations import upgrade
from procure.parties.actions import add_members
from procure.parties.directory import bodies_of
from procure.reports.consolidated import BodyCounts, Column, Consolidated, Count, LotCounts, consolidated
from procure.rounds.actions import create_round, open_survey, save_lot
from procure.rounds.queries import find_round, items_of
from procure.rounds.rules import Outline
from procure.settlement.round import ContractKind, Item, Lot, Rules
from procure.templates import environment
from procure.web.consolidated import Asked

ITEMS = 20
PAGES = 5  # in one turn
TURNS = 9
TARGET = 2.0
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN)
ACTOR = "bench"
VIEWER = Viewer(1, "bench", "計測", Role.SECRETARIAT, None, None, "token")
LINES = """
SELECT b.code, b.display_name, i.ref, coalesce(d.quantity, 0), coalesce(d.spares, 0)
FROM body b CROSS JOIN item i JOIN lot l ON l.id = i.lot_id JOIN round r ON r.id = l.round_id
LEFT JOIN demand d ON d.item_id = i.id AND d.body_code = b.code
WHERE r.ref = ? AND b.is_member ORDER BY b.code, i.position
"""


def measured() -> Compared:
    template = environment()
    template.globals["asset"] = lambda name: f"/static/{name}"
    page = template.get_template("consolidated.html")

    def shown(table: Consolidated) -> str:
        (lot,) = table.lots
        asked = Asked("", None, None, "", "", ())
        values = {"table": table, "lot": lot, "asked": asked, "faults": (), "path": "/x", "pdf": "/x", "xlsx": "/x"}
        frame = {"viewer": VIEWER, "nav": [], "council_name": "協議会", "flash": None}
        return page.render(tabs=[], **values, **frame)

    with _filled() as path:
        database, raw = Database(f"sqlite:///{path}"), dbapi2.connect(path)

        def ours() -> str:
            with database.read() as session:
                table = consolidated(session, find_round(session, "R8-1"), NOW)
            return shown(table)

        def bare() -> str:
            return shown(_read(raw))

        if ours() != bare():
            raise ValueError("the two pages differ")
        found = medians({"ours": lambda: _times(ours), "bare": lambda: _times(bare)}, TURNS)
        raw.close()
        database.close()
    ours_each, bare_each = found["ours"] / PAGES, found["bare"] / PAGES
    ratio = ours_each / bare_each
    return Compared(f"page of 39 bodies × {ITEMS} items", ours_each, bare_each, ratio, f"≤ {TARGET:g}", ratio <= TARGET)


def _times(work: Any) -> None:
    for _ in range(PAGES):
        work()


def _read(raw: Any) -> Consolidated:
    rows = raw.execute(LINES, ("R8-1",)).fetchall()
    starts = range(0, len(rows), ITEMS)
    counts = [[Count(quantity, spares) for *_, quantity, spares in rows[at : at + ITEMS]] for at in starts]
    bodies = tuple(
        BodyCounts(rows[at][0], rows[at][1], tuple(own), _sum(own)) for at, own in zip(starts, counts, strict=True)
    )
    columns = tuple(_column(n, [own[n] for own in counts]) for n in range(ITEMS))
    lot = LotCounts("pc", "パソコンの共同調達", columns, bodies, _sum([column.total for column in columns]))
    day = date(2027, 1, 15)
    return Consolidated("R8-1", "令和８年度　共同調達", "協議会", 2026, day, False, NOW, None, None, (lot,))


def _column(place: int, counts: list[Count]) -> Column:
    takers = sum(count.quantity > 0 for count in counts)
    return Column(f"i{place + 1}", f"品目{place + 1}", "仕様", "台", _sum(counts), takers)


def _sum(counts: list[Count]) -> Count:
    return Count(sum(count.quantity for count in counts), sum(count.spares for count in counts))


@contextmanager
def _filled() -> Iterator[Path]:
    """A database in which 39 bodies have answered for 20 items."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        upgrade(f"sqlite:///{path}")
        database = Database(f"sqlite:///{path}")
        with database.write() as session:
            _fill(session)
        database.close()
        yield path


def _fill(session: Any) -> None:
    members = bodies_of("奈良県")
    add_members(session, members, ACTOR, NOW)
    outline = Outline("R8-1", "令和８年度　共同調達", 2026, date(2027, 1, 15), "協議会", None)
    row = create_round(session, outline, ACTOR, NOW)
    items = tuple(Item(f"i{n}", f"品目{n}", "仕様", "台", 10_000) for n in range(1, ITEMS + 1))
    save_lot(session, row, Lot("pc", "パソコンの共同調達", ContractKind.PURCHASE, Rules(), items), ACTOR, NOW)
    open_survey(session, row, NOW + timedelta(days=14), ACTOR, NOW)
    rows = items_of(session, row.id)
    for number, body in enumerate(members):
        typed = {quantity_field(item.id): str((number * 7 + item.id) % 90 + 1) for item in rows}
        save_draft(session, row, body.code, typed | {lot_field("join", rows[0].lot_id): YES}, 0, ACTOR, NOW)
        submit(session, row, body.code, ACTOR, NOW)
