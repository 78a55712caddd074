"""Measuring within one run: the ways to do a thing take turns, and the medians of their CPU time are compared."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Compared:
    """`ours` and `bare` are seconds of CPU for one piece; the target is a bound on `ratio`."""

    what: str
    ours: float
    bare: float
    ratio: float
    target: str
    is_met: bool
    note: str = ""


def cpu_of(work: Callable[[], object]) -> float:
    """Seconds of CPU that this process and those it started spend on the work."""
    gc.collect()
    before = time.process_time() + children_cpu()
    work()
    return time.process_time() + children_cpu() - before


def children_cpu() -> float:
    """Of the processes that run now; the work must not end one."""
    found = Path("/proc/self/task").glob("*/children")
    return sum(_cpu(number) for each in found for number in each.read_text().split())


def _cpu(process: str) -> float:
    # The name of the program, in brackets, may hold blanks.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def medians(ways: dict[str, Callable[[], object]], turns: int) -> dict[str, float]:
    """The median of each way's CPU time; a first turn warms up and does not count."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns + 1):
        for name, work in ways.items():
            seconds = cpu_of(work)
            if turn:
                taken[name].append(seconds)
    return {name: median(all_of) for name, all_of in taken.items()}


def table(lines: list[Compared]) -> str:
    head = f"{'what':<46}{'ours':>10}{'bare':>10}{'ratio':>8}  {'target':<8}{'verdict':<8}"
    rows = [
        f"{line.what:<46}{line.ours * 1000:>8.1f}ms{line.bare * 1000:>8.1f}ms{line.ratio:>8.2f}  "
        f"{line.target:<8}{'met' if line.is_met else 'MISSED':<8}{line.note}"
        for line in lines
    ]
    return "\n".join([head, *rows])
