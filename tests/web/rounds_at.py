"""The service with the Reiwa 3 round as one of the builders of tests/stages.py leaves it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlmodel import Session

from procure.bids.queries import load_round
from procure.database import Database
from procure.rounds.queries import find_round
from procure.rounds.tables import RoundRow
from procure.settings import PdfLimits
from procure.settlement.round import Round
from tests.people import IN_THIS_PROCESS, NOW, Service, service
from tests.stages import example

REF = example().id
Builder = Callable[[Session, datetime], RoundRow]


@contextmanager
def council(url: str, build: Builder, pdf: PdfLimits = IN_THIS_PROCESS) -> Iterator[Service]:
    database = Database(url)
    with database.write() as session:
        build(session, NOW)
    database.close()
    with service(url, pdf=pdf) as town:
        yield town


def row_in(town: Service) -> RoundRow:
    with town.database.read() as session:
        return find_round(session, REF)


def round_in(town: Service) -> Round:
    with town.database.read() as session:
        return load_round(session, find_round(session, REF))
