"""Release and record packages of the Open Contracting Data Standard 1.1, with its lots, bids and contract_buyer.

https://standard.open-contracting.org/1.1/en/
"""

import hashlib
from collections.abc import Sequence

from procure.documents.opendata.json_text import json_bytes, without_nothing
from procure.documents.opendata.ocds_award import awards, contracts
from procure.documents.opendata.ocds_tender import bids, tender
from procure.documents.opendata.organisations import Parties
from procure.documents.opendata.publisher import Publisher
from procure.reports.published_rounds import PublishedRound

VERSION = "1.1"
_EXTENSIONS = "https://raw.githubusercontent.com/open-contracting-extensions"
EXTENSIONS = (
    f"{_EXTENSIONS}/ocds_lots_extension/v1.1.5/extension.json",
    f"{_EXTENSIONS}/ocds_bid_extension/master/extension.json",
    f"{_EXTENSIONS}/ocds_contract_buyer_extension/master/extension.json",
)
COMPILED = ["compiled"]


def release_package(values: Sequence[PublishedRound], publisher: Publisher, path: str) -> bytes:
    """`path` is where the package stands. There is none without a round: the standard asks for a release."""
    releases = [release(value, publisher) for value in values]
    return json_bytes({**_package(values, publisher, path), "releases": releases})


def record_package(values: Sequence[PublishedRound], publisher: Publisher, path: str) -> bytes:
    """Every round as it stands, with the address of its release."""
    packages = [publisher.release(value.ref) for value in values]
    records = [_record(value, publisher) for value in values]
    return json_bytes({**_package(values, publisher, path), "packages": packages, "records": records})


def release(value: PublishedRound, publisher: Publisher) -> dict[str, object]:
    """The id follows from the content: what changes gets another one."""
    made = _release(value, publisher)
    name = hashlib.sha256(json_bytes(made)).hexdigest()[:12]
    return {"ocid": made["ocid"], "id": f"{made['ocid']}-{name}", **made}


def _release(value: PublishedRound, publisher: Publisher) -> dict[str, object]:
    parties = Parties(value)
    buyers = [body.reference for body in parties.bodies.values()]
    decided = awards(value, parties)
    concluded = contracts(value, parties)
    return without_nothing(
        {
            "ocid": publisher.ocid(value.ref),
            "date": value.told_at.isoformat(),
            "tag": ["tender", *(["award"] if decided else []), *(["contract"] if concluded else [])],
            "initiationType": "tender",
            "language": "ja",
            "parties": parties.written(),
            "buyer": buyers[0] if len(buyers) == 1 else None,
            "tender": tender(value, parties, publisher),
            "bids": bids(value, parties),
            "awards": decided,
            "contracts": concluded,
        }
    )


def _record(value: PublishedRound, publisher: Publisher) -> dict[str, object]:
    whole = release(value, publisher)
    linked = {"url": publisher.release(value.ref), "date": whole["date"], "tag": whole["tag"]}
    compiled = {**whole, "id": f"{whole['ocid']}-{whole['date']}", "tag": COMPILED}
    return {"ocid": whole["ocid"], "releases": [linked], "compiledRelease": compiled}


def _package(values: Sequence[PublishedRound], publisher: Publisher, path: str) -> dict[str, object]:
    return without_nothing(
        {
            "uri": publisher.page(path),
            "version": VERSION,
            "extensions": list(EXTENSIONS),
            "publishedDate": max(value.told_at for value in values).isoformat(),
            "publisher": {"name": publisher.name, "uri": publisher.address},
            "license": publisher.licence,
            "publicationPolicy": publisher.page("/open-data"),
        }
    )
