"""The press: PDFs from processes of their own, which may die without anybody else noticing."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from procure.documents.pdf import render
from procure.documents.press import (
    NotPrinted,
    Press,
    TookTooLong,
    TookTooMuchMemory,
    Variant,
    printing_on,
    running_press,
    write_pdf,
)
from procure.settings import PdfLimits

SMALL = "<html lang=ja><title>小さい</title><p>小さな文書"
ENDLESS = f"<html lang=ja><title>終わらない</title><p>{'あ' * 350_000}"
HUGE = f"<html lang=ja><title>大きい</title><table>{'<tr><td>1<td>2' * 4000}</table>"
ASKING = "<html lang=ja><title>x</title><img src='http://127.0.0.1:9/x'>"
UA = Variant.ACCESSIBLE


@contextmanager
def a_press(processes: int = 1, seconds: int = 60, megabytes: int = 1000, documents: int = 200) -> Iterator[Press]:
    with running_press(PdfLimits(processes, seconds, megabytes, documents)) as press:
        assert press is not None
        yield press


def children() -> set[int]:
    """The processes that this one started and has not taken leave of, zombies among them."""
    return {int(number) for task in Path("/proc/self/task").iterdir() for number in _started_by(task)}


def _started_by(task: Path) -> list[str]:
    return (task / "children").read_text().split()


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_pdf_of_the_press_is_the_one_that_is_made_without_it() -> None:
    with a_press() as press:
        for variant in Variant:
            assert press.write([SMALL], variant) == render([SMALL], variant)


def test_only_what_is_written_while_it_is_in_use_is_made_by_the_press() -> None:
    before = children()
    with a_press() as press:
        write_pdf(SMALL)
        assert children() == before
        with printing_on(press):
            assert write_pdf(SMALL) == render([SMALL], UA)
            assert len(children() - before) == 1
        with printing_on(None):
            write_pdf(SMALL)


def test_a_document_that_does_not_end_is_given_up_while_others_are_made() -> None:
    with a_press(processes=2, seconds=5) as press, ThreadPoolExecutor(2) as threads:
        press.write([SMALL], UA)
        endless = threads.submit(press.write, [ENDLESS], UA)
        others = [threads.submit(press.write, [SMALL], UA) for _ in range(3)]
        assert all(other.result().startswith(b"%PDF") for other in others)
        assert not endless.done()
        with pytest.raises(TookTooLong, match="制限時間") as refused:
            endless.result()
        assert refused.value.status == 503
        assert press.write([SMALL], UA) == render([SMALL], UA)


def test_a_document_that_eats_memory_is_given_up_and_the_next_one_is_made() -> None:
    with a_press(megabytes=200) as press:
        with pytest.raises(TookTooMuchMemory, match="メモリ"):
            press.write([HUGE], UA)
        assert press.write([SMALL], UA) == render([SMALL], UA)


def test_a_process_that_is_killed_is_a_refusal_and_no_hang() -> None:
    before = children()
    with a_press() as press, ThreadPoolExecutor(1) as threads:
        press.write([SMALL], UA)
        (process,) = children() - before
        refused = threads.submit(press.write, [ENDLESS], UA)
        time.sleep(0.3)
        os.kill(process, signal.SIGKILL)
        with pytest.raises(NotPrinted, match="途中で止まりました"):
            refused.result(timeout=20)
        assert press.write([SMALL], UA).startswith(b"%PDF")


def test_a_process_that_died_between_two_documents_is_replaced_unnoticed() -> None:
    before = children()
    with a_press() as press:
        press.write([SMALL], UA)
        (process,) = children() - before
        os.kill(process, signal.SIGKILL)
        until(lambda: Path(f"/proc/{process}/stat").read_text().split()[2] == "Z")
        assert press.write([SMALL], UA).startswith(b"%PDF")
        assert process not in children()


def test_what_is_wrong_with_a_document_is_said_and_does_not_stop_the_press() -> None:
    with a_press() as press:
        with pytest.raises(RuntimeError, match="a document asked for"):
            press.write([ASKING], UA)
        assert press.write([SMALL], UA).startswith(b"%PDF")


def test_a_process_is_replaced_after_so_many_documents() -> None:
    before = children()
    with a_press(documents=2) as press:
        found = []
        for _ in range(5):
            found.append(children() - before)
            press.write([SMALL], UA)
    assert [len(each) for each in found] == [0, 1, 1, 1, 1]
    assert found[1] != found[2] == found[3] != found[4]


def test_many_threads_share_few_processes() -> None:
    before = children()
    with a_press(processes=2) as press, ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _: press.write([SMALL], UA), range(16)))
        assert len(children() - before) == 2
    assert made == {render([SMALL], UA)}


def test_a_closed_press_leaves_no_process_and_refuses_whoever_waits() -> None:
    before, threads_before = children(), threading.active_count()
    with ThreadPoolExecutor(2) as threads:
        with a_press() as press:
            waiting = [threads.submit(press.write, [ENDLESS], UA) for _ in range(2)]
            until(lambda: children() - before)
            time.sleep(0.5)
        for each in waiting:
            with pytest.raises(NotPrinted):
                each.result(timeout=20)
        with pytest.raises(NotPrinted):
            press.write([SMALL], UA)
    assert children() == before
    assert threading.active_count() == threads_before


def test_several_pieces_of_markup_are_one_pdf() -> None:
    with a_press() as press, printing_on(press):
        both = write_pdf(SMALL, SMALL.replace("小さな", "次の"))
    assert both == render([SMALL, SMALL.replace("小さな", "次の")], UA)
    assert both != render([SMALL], UA)
