"""A sealed ceiling is nowhere before the opening: on no page, in no file, log or row, for nobody."""

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import chain
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from sqlmodel import Session

from procure.awards.archive import export_round
from procure.bids.actions import announce, open_bids
from procure.bids.bidders import Registration, save_bidders
from procure.ceilings.actions import seal_ceiling
from procure.ceilings.ceiling import Basis, Ceiling
from procure.database import Database
from procure.rounds.queries import find_round, lots_of
from procure.rounds.tables import RoundRow
from tests import stages
from tests.api import programs
from tests.api.exchanges import ALL, address_of
from tests.harness import pdf
from tests.people import AUDITOR, KATSURAGI, NARA, NOW, SECOND, SECRETARIAT, STRANGER, Person, Service
from tests.server.test_matrix import routes_of
from tests.stages import ACTOR, OPENED, VAULT
from tests.web.rounds_at import REF, council
from tests.web.stage import content_of

WITH_TAX, WITHOUT_TAX = 987_654_321, 897_867_564
BASIS = Basis(list_total=1_234_567_890, quotations=3, average_quotation=912_345_678, note="極秘の算定根拠")
CEILING = Ceiling(WITH_TAX, WITHOUT_TAX, BASIS)
EVERYBODY = (STRANGER, SECRETARIAT, SECOND, KATSURAGI, NARA, AUDITOR)
PAGE = f"/rounds/{REF}/lots/pc/ceiling"


def sealed(session: Session, now: datetime) -> RoundRow:
    """Announced, with the bidders registered and both ceilings under their seals, one of them set anew."""
    row = stages.specified(session, now)
    both = frozenset(lot.ref for lot in lots_of(session, row.id))
    save_bidders(session, row, [Registration("a", "甲社", both), Registration("b", "乙社", both)], ACTOR, now)
    for lot in lots_of(session, row.id):
        seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, now)
    seal_ceiling(session, row, lot, CEILING, VAULT, ACTOR, now, "見積の追加")
    announce(session, row, VAULT, ACTOR, now)
    return row


def secrets_() -> Iterator[bytes]:
    """The amounts and the basis in every way in which a text, a file or a database may write them."""
    for amount in (WITH_TAX, WITHOUT_TAX, BASIS.list_total, BASIS.average_quotation):
        for number in (int(amount or 0), int(amount or 0) * 100):  # yen, and sen
            length = -(-number.bit_length() // 8)
            yield from (number.to_bytes(length, "big"), number.to_bytes(length, "little"))
            yield from written(f"{number}")
            yield from written(f"{number:,}")
    yield from written(BASIS.note)
    yield BASIS.note.encode("unicode_escape")


def written(words: str) -> Iterator[bytes]:
    yield from (words.encode("utf-8"), words.encode("utf-16-le"), words.encode("utf-16-be"))


def found_in(content: bytes) -> list[bytes]:
    return [secret for secret in secrets_() if secret in content]


def inside(content: bytes) -> bytes:
    """A PDF as its words, a workbook or an archive as its parts, anything else as it is."""
    if content.startswith(b"%PDF"):
        return pdf.text(content).encode()
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as parts:
            return b"\n".join(inside(parts.read(name)) for name in parts.namelist())
    return content


def everything_shown(town: Service) -> Iterator[tuple[str, bytes]]:
    for person in EVERYBODY:
        browser = town.browser(person)
        for route in routes_of(town, "GET"):
            answer = browser.get(route.address)
            words = inside(answer.content) + str(answer.headers).encode()
            yield f"{person.login if person else 'stranger'} {route.address}", words


def rows_of(town: Service) -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as bytes."""
    for table, rows in content_of(town).items():
        cells = chain.from_iterable(rows)
        yield table, b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)


def files_of(url: str) -> Iterator[tuple[str, bytes]]:
    """The file of the database, with what SQLite keeps beside it."""
    file = Path(url.removeprefix("sqlite:///"))
    for part in sorted(file.parent.glob(f"{file.name}*")):
        yield part.name, part.read_bytes()


def exported(town: Service) -> bytes:
    with town.database.read() as session:
        return export_round(session, REF).encode()


def test_the_crawl_meets_every_page_of_a_round(sqlite_url: str) -> None:
    with council(sqlite_url, sealed) as town:
        addresses = {route.address for route in routes_of(town, "GET")}
    assert {PAGE, f"/rounds/{REF}/history", f"/rounds/{REF}/lots/pc", f"/rounds/{REF}/open", "/history"} <= addresses


def test_before_the_opening_a_ceiling_is_on_no_page_in_no_file_and_in_no_log(
    sqlite_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with council(sqlite_url, sealed) as town:
        places = dict(everything_shown(town))
        places["export"] = exported(town)
        places |= dict(files_of(sqlite_url))
    places |= dict(files_of(sqlite_url))
    places["the log"] = "".join(capfd.readouterr()).encode()
    assert {place: found for place, content in places.items() if (found := found_in(content))} == {}


def test_before_the_opening_no_program_reads_a_ceiling(sqlite_url: str) -> None:
    reading = [operation for operation in ALL.values() if not operation.writes]
    with programs.council(sqlite_url, sealed) as town:
        told = {
            (person.login, operation.id): program.get(address_of(operation))
            for person in (SECRETARIAT, KATSURAGI, AUDITOR)
            for program in (programs.Program(town, person),)
            for operation in reading
        }
    assert {answer.status_code for answer in told.values()} >= {200}
    assert {place: found for place, answer in told.items() if (found := found_in(inside(answer.content)))} == {}


def test_before_the_opening_a_ceiling_is_in_no_row(database_url: str) -> None:
    with council(database_url, sealed) as town:
        rows = dict(rows_of(town))
    assert len(rows["sealed_ceiling"]) > 3 * 16 * 1024
    assert {table: found for table, content in rows.items() if (found := found_in(content))} == {}


def test_a_ceiling_typed_on_the_page_leaves_no_trace_either(sqlite_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither where it is sealed, nor where it is refused."""
    typed = {"with_tax": f"{WITH_TAX:,}", "without_tax": f"{WITHOUT_TAX:,}", "note": BASIS.note}
    with council(sqlite_url, stages.specified) as town:
        browser = town.browser(SECRETARIAT)
        with town.database.read() as session:
            version = str(find_round(session, REF).version)
        refused = [browser.post(PAGE, typed | {"version": version} | bad) for bad in ({"note": ""}, {"version": "0"})]
        answer = browser.post(PAGE, typed | {"version": version})
        shown = browser.get(answer.headers["location"])
        places = dict(rows_of(town)) | {"the page": shown.content, "the answer": str(answer.headers).encode()}
    places |= dict(files_of(sqlite_url)) | {"the log": "".join(capfd.readouterr()).encode()}
    assert [page.status_code for page in refused] == [422, 409]
    assert {page.headers["cache-control"] for page in refused} == {"no-store"}
    assert answer.status_code == 303
    assert {place: found for place, content in places.items() if (found := found_in(content))} == {}


def test_every_row_that_is_sealed_is_of_one_length(database: Database) -> None:
    with database.write() as session:
        row = stages.specified(session, NOW)
        lots = lots_of(session, row.id)
        small = seal_ceiling(session, row, lots[0], Ceiling(2, 1, Basis(note="－")), VAULT, ACTOR, NOW)
        large = seal_ceiling(session, row, lots[1], CEILING, VAULT, ACTOR, NOW)
        assert len(small.sealed) == len(large.sealed)


@pytest.mark.parametrize("person", [SECRETARIAT, AUDITOR], ids=["secretariat", "auditor"])
def test_after_the_opening_it_is_there_for_those_who_hold_the_tender(sqlite_url: str, person: Person) -> None:
    with council(sqlite_url, sealed) as town:
        with town.database.write() as session:
            open_bids(session, find_round(session, REF), NOW, OPENED, VAULT, ACTOR, NOW)
        browser = town.browser(person)
        lot, history = (browser.get(f"/rounds/{REF}/{page}").text for page in ("lots/pc", "history"))
        theirs = town.browser(SECRETARIAT).get(PAGE).text
        outside = b"".join(
            town.browser(other).get(route.address).content
            for other in (STRANGER, KATSURAGI)
            for route in routes_of(town, "GET")
        )
    assert f"{WITH_TAX:,}" in lot
    assert f"{WITHOUT_TAX:,}" in lot
    assert str(WITH_TAX) in re.sub(",", "", history)
    assert BASIS.note in theirs
    assert found_in(outside) == []
