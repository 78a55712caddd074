"""A process of the press: orders come over a pipe, PDFs go back. Start: FILE_NUMBER MEGABYTES NICENESS."""

import gc
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from math import ceil
from multiprocessing.connection import Connection

from procure.documents.pdf import render
from procure.documents.press import FAILED, MADE, MEGABYTE, OUT_OF_MEMORY, Variant

BETWEEN_COLLECTIONS = 20  # documents
ADDRESSES = 1024  # megabytes above the limit of memory: what is mapped, and what the press has not seen yet


def main(arguments: Sequence[str]) -> None:
    """Until the other end of the pipe is closed."""
    number, megabytes, niceness = map(int, arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_AS, ((megabytes + ADDRESSES) * MEGABYTE,) * 2)
    _serve(Connection(number))


def _serve(wire: "Connection[bytes, bytes]") -> None:
    # What is loaded stays, and a document is done before its rubbish matters: no collection in between.
    gc.disable()
    gc.freeze()
    made = 0
    while (order := _next_order(wire)) is not None:
        wire.send_bytes(_answer(order))
        made += 1
        if made % BETWEEN_COLLECTIONS == 0:
            gc.collect()


def _next_order(wire: "Connection[bytes, bytes]") -> bytes | None:
    try:
        return wire.recv_bytes()
    except EOFError:
        return None


def _answer(order: bytes) -> bytes:
    asked = json.loads(order)
    _limit_time(asked["seconds"])
    try:
        return MADE + render(asked["markups"], Variant(asked["variant"]))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # told to whoever ordered
        return FAILED + f"{type(error).__name__}: {error}".encode()


def _limit_time(seconds: int) -> None:
    """Also ends a process that nobody watches any more."""
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(time.process_time()) + seconds, hardest))


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)
