"""The press: processes of their own that turn markup into PDFs, watched over time and memory."""

import json
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from multiprocessing import Pipe
from pathlib import Path
from queue import LifoQueue
from subprocess import DEVNULL, Popen
from threading import Event, Lock, Thread
from time import monotonic

from procure.errors import Refusal
from procure.settings import PdfLimits

OUT_OF_MEMORY = 3  # the exit status of a process that met its limit
MADE, FAILED = b"+", b"-"  # how the answer of a process begins
SECONDS_A_LETTER = 2  # more for each further letter of one PDF
SECONDS_BETWEEN_LOOKS = 0.1
MEGABYTE = 1024 * 1024


class Variant(StrEnum):
    """What a PDF is made for: to be read aloud by every reader, or to be kept for decades (and tagged too)."""

    ACCESSIBLE = "pdf/ua-1"
    ARCHIVAL = "pdf/a-3a"


class NotPrinted(Refusal):
    """PDFを作成する処理が途中で止まりました。もう一度お試しください。続くときは、システムの管理者にお知らせください。"""

    status = 503


class TookTooLong(NotPrinted):
    """PDFの作成が制限時間内に終わらなかったため、中止しました。時間をおいてもう一度お試しください。続くときは、システムの管理者に制限時間の見直しを依頼してください。"""


class TookTooMuchMemory(NotPrinted):
    """PDFの作成に必要なメモリが上限を超えたため、中止しました。システムの管理者に上限の見直しを依頼してください。"""


def write_pdf(*markups: str, variant: Variant = Variant.ACCESSIBLE) -> bytes:
    """One PDF of one or more pieces of markup, each with page numbers of its own. The same markup gives the same bytes.

    Made by the press in use, else in this process, one at a time and without limits. Raises NotPrinted where the press
    had to give up, `RuntimeError` where the markup asks for any URL: our templates do not, so text escaped its place.
    """
    press = _in_use.get()
    if press is not None:
        return press.write(markups, variant)
    # Loading the renderer takes a second and 60 MB: only who prints pays for it.
    from procure.documents.pdf import render  # noqa: PLC0415

    return render(markups, variant)


class Press:
    """So many processes, started when they are first needed, each replaced after so many documents.

    Any thread may write; it waits for a free process. `niceness` gives way to other processes of the machine.
    """

    def __init__(self, limits: PdfLimits, niceness: int = 0) -> None:
        self._limits = limits
        self._niceness = niceness
        self._free: LifoQueue[_Printer | None] = LifoQueue()  # the one used last is the warmest
        for _ in range(limits.processes):
            self._free.put(None)
        self._printers: set[_Printer] = set()
        self._lock = Lock()
        self._is_closed = False

    def write(self, markups: Sequence[str], variant: Variant) -> bytes:
        order = {"markups": markups, "variant": variant, "seconds": self._seconds(len(markups))}
        printer = self._free.get()
        try:
            if printer is None or printer.is_gone:
                printer = self._replaced(printer)
            return printer.write(json.dumps(order).encode(), self._seconds(len(markups)))
        finally:
            self._free.put(self._next(printer))

    @property
    def processes(self) -> int:
        return self._limits.processes

    def close(self) -> None:
        """Ends every process; whoever waits for one is refused."""
        with self._lock:
            self._is_closed = True
            printers = tuple(self._printers)
        for printer in printers:
            printer.stop()
        for printer in printers:
            printer.wait()

    def _seconds(self, letters: int) -> int:
        return self._limits.seconds + SECONDS_A_LETTER * (letters - 1)

    def _next(self, printer: "_Printer | None") -> "_Printer | None":
        """For the next document; a new process gets ready while nobody waits for it."""
        if printer is None or printer.is_gone:
            self._forget(printer)
            return None
        if printer.made < self._limits.documents or self._is_closed:
            return printer
        printer.stop()
        return self._replaced(printer)

    def _replaced(self, printer: "_Printer | None") -> "_Printer":
        self._forget(printer)
        with self._lock:
            if self._is_closed:
                raise NotPrinted
            made = _Printer(self._limits, self._niceness)
            self._printers.add(made)
            return made

    def _forget(self, printer: "_Printer | None") -> None:
        if printer is not None:
            printer.wait()
            with self._lock:
                self._printers.discard(printer)


class _Printer:
    """A process that makes one PDF after another; `made` counts them."""

    def __init__(self, limits: PdfLimits, niceness: int) -> None:
        self._limits = limits
        self._wire, far = Pipe()
        with far:
            # A session of its own: Ctrl+C stops the service, which then ends its processes.
            self._process = Popen(  # noqa: S603  (our own program)
                [
                    *(sys.executable, "-P", "-m", "procure.documents.printer"),
                    *(str(number) for number in (far.fileno(), limits.megabytes, niceness)),
                ],
                pass_fds=[far.fileno()],
                stdin=DEVNULL,
                start_new_session=True,
            )
        self.made = 0
        self._use = Lock()  # of the wire: whoever closes it while it is written to may close what another has opened
        self._is_stopped = False
        self._refusal: NotPrinted | None = None

    @property
    def is_gone(self) -> bool:
        return self._is_stopped or self._process.poll() is not None

    def write(self, order: bytes, seconds: float) -> bytes:
        with self._watched(seconds):
            answer = self._answer(order)
        self.made += 1
        if answer.startswith(FAILED):
            self.stop()  # whatever went wrong in it, the next document has a fresh one
            raise RuntimeError(answer.removeprefix(FAILED).decode())
        return answer.removeprefix(MADE)

    def stop(self) -> None:
        """It may live for a moment more, but takes no order any more."""
        self._is_stopped = True
        self._process.kill()

    def wait(self) -> None:
        """Until it is gone: no process is left as a zombie. Who closes the press and who was refused may both wait."""
        self._process.wait()
        with self._use:
            self._wire.close()

    def _answer(self, order: bytes) -> bytes:
        try:
            with self._use:
                self._wire.send_bytes(order)
                return self._wire.recv_bytes()
        except (EOFError, OSError) as gone:  # the process has ended, or the wire was closed before
            raise self._failure() from gone

    def _failure(self) -> NotPrinted:
        status = self._process.wait()
        if status == -signal.SIGXCPU:
            return TookTooLong()
        if status == OUT_OF_MEMORY:
            return TookTooMuchMemory()
        return self._refusal or NotPrinted()

    @contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        is_done = Event()
        watch = Thread(target=self._watch, args=(monotonic() + seconds, is_done), name="press-watch", daemon=True)
        watch.start()
        try:
            yield
        finally:
            is_done.set()
            watch.join()

    def _watch(self, until: float, is_done: Event) -> None:
        while not is_done.wait(SECONDS_BETWEEN_LOOKS):
            self._refusal = self._excess(until)
            if self._refusal:
                self.stop()
                return

    def _excess(self, until: float) -> NotPrinted | None:
        if monotonic() > until:
            return TookTooLong()
        return TookTooMuchMemory() if self._megabytes() > self._limits.megabytes else None

    def _megabytes(self) -> int:
        """Of memory in use; 0 on systems that do not tell."""
        try:
            _, resident, *_ = Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()
        except (OSError, ValueError):
            return 0
        return int(resident) * resource.getpagesize() // MEGABYTE


# ---- the press in use --------------------------------------------------------------------------------

_in_use: ContextVar[Press | None] = ContextVar("press", default=None)


@contextmanager
def running_press(limits: PdfLimits, niceness: int = 0) -> Iterator[Press | None]:
    """A press that is closed on leaving; None where the settings want no processes."""
    press = Press(limits, niceness) if limits.processes else None
    try:
        yield press
    finally:
        if press is not None:
            press.close()


@contextmanager
def printing_on(press: Press | None) -> Iterator[None]:
    """What this thread prints is made by the press; by None in this process."""
    before = _in_use.set(press)
    try:
        yield
    finally:
        _in_use.reset(before)
