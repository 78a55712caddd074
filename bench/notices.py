"""The notices of 179 bodies: the press against the bare library in one process."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from bench.measure import Compared, cpu_of
from procure import templates
from procure.clock import JAPAN
from procure.documents.letterhead import Letterhead
from procure.documents.notice import notice_sheet
from procure.documents.press import Variant, printing_on, running_press
from procure.documents.sheet import markup, pdf
from procure.parties.directory import bodies_of
from procure.reports.report import RoundReport
from procure.reports.round_report import round_report
from procure.settings import PdfLimits
from procure.settlement.round import Attempt, Bid, Bidder, ContractKind, Demand, Entry, Item, Lot, Round, Rules
from procure.settlement.settle import settle

BODIES, ITEMS = 179, 10
SLICES = 5
TARGET = 0.85
MADE_AT = datetime(2026, 12, 11, 17, 15, tzinfo=JAPAN)


LETTERHEAD = Letterhead("協議会", "第1号", date(2026, 12, 11), "会長", "事務局", "担当")


@dataclass(frozen=True, slots=True)
class Slice:
    """What one notice took in a part of the run: seconds of CPU, and by the clock."""

    cpu: float
    wall: float


def measured(processes: int) -> Compared:
    report = a_report()
    codes = [body.code for body in report.bodies]
    alone = bare_writer()
    with running_press(PdfLimits(processes=processes)) as press, ThreadPoolExecutor(processes) as threads:

        def pressed(code: str) -> bytes:
            with printing_on(press):
                return pdf(notice_sheet(report, code, LETTERHEAD, MADE_AT))

        def bare(code: str) -> bytes:
            return alone(markup(notice_sheet(report, code, LETTERHEAD, MADE_AT)))

        list(threads.map(pressed, codes[: 2 * processes]))  # warms up
        bare(codes[0])
        parts = [codes[number::SLICES] for number in range(SLICES)]
        pairs = [(_taken(threads.map, pressed, part), _taken(map, bare, part[::2])) for part in parts]
    ours, theirs = (Slice(median(s.cpu for s in way), median(s.wall for s in way)) for way in zip(*pairs, strict=True))
    ratio = theirs.cpu / ours.cpu
    note = f"{processes} processes; by the clock {theirs.wall / ours.wall:.2f} × one bare, {1 / ours.wall:.1f} a second"
    return Compared(
        f"notices of {BODIES} bodies, each", ours.cpu, theirs.cpu, ratio, f"≥ {TARGET}", ratio >= TARGET, note
    )


def _taken(mapped: Callable[..., Iterable[bytes]], write: Callable[[str], bytes], codes: Sequence[str]) -> Slice:
    began = time.monotonic()
    cpu = cpu_of(lambda: list(mapped(write, codes)))
    return Slice(cpu / len(codes), (time.monotonic() - began) / len(codes))


def bare_writer() -> Callable[[str], bytes]:
    """The library with fonts and style sheet loaded once, as a script would use it."""
    fonts = FontConfiguration()
    style = CSS(string=(Path(templates.FOLDER) / "documents" / "print.css").read_text("utf-8"), font_config=fonts)

    def write(text: str) -> bytes:
        options = {"stylesheets": [style], "font_config": fonts, "pdf_variant": Variant.ACCESSIBLE.value}
        return bytes(HTML(string=text).write_pdf(**options))

    return write


def a_report() -> RoundReport:
    bodies = bodies_of("北海道")[:BODIES]
    items = tuple(Item(f"i{n}", f"品目{n}　事務用の機器", "標準の仕様", "台", 10_000 * n) for n in range(1, ITEMS + 1))
    demand = tuple(Demand(body.code, {item.id: 1 + n % 7 for item in items}) for n, body in enumerate(bodies))
    total = sum(quantity for each in demand for quantity in each.quantities.values())
    prices = {item.id: 5_000 * n for n, item in enumerate(items, start=1)}
    amount = sum(prices[item] * quantity for each in demand for item, quantity in each.quantities.items())
    bids = (Bid("a", Entry.BID, total=amount, unit_prices=prices), Bid("b", Entry.BID, total=amount + total))
    lot = Lot(
        id="pc",
        title="パソコンの共同調達",
        contract_kind=ContractKind.PURCHASE,
        rules=Rules(ceiling=2 * amount),
        items=items,
        bidders=(Bidder("a", "甲株式会社"), Bidder("b", "乙株式会社")),
        demand=demand,
        attempts=(Attempt(1, MADE_AT, bids),),
    )
    value = Round("R8-1", "令和８年度　共同調達", 2026, date(2026, 12, 11), "協議会", (lot,))
    return round_report(value, settle(value), {body.code: body for body in bodies}, len(bodies))
