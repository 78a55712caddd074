"""The checks of the Open Contracting Data Standard 1.1 itself, without a network.

The schema is the standard's with the extensions that our packages name, and nothing else. It is made strict: a field
that none of them knows is a fault, as is a code that no codelist has.
"""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

FOLDER = Path(__file__).parent / "ocds"
RELEASE = "https://standard.open-contracting.org/schema/1__1__5/release-schema.json"
_EXTENSIONS = "https://raw.githubusercontent.com/open-contracting-extensions"
EXTENSIONS = {
    f"{_EXTENSIONS}/ocds_lots_extension/v1.1.5/extension.json": "lots",
    f"{_EXTENSIONS}/ocds_bid_extension/master/extension.json": "bids",
    f"{_EXTENSIONS}/ocds_contract_buyer_extension/master/extension.json": "contract_buyer",
}
URI = re.compile(r"https?://(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-F]{2})+")  # RFC 3986


def faults(content: bytes) -> list[str]:
    """What is wrong with a package: by its schema, by its codelists, by the references in it."""
    package = json.loads(content)
    kind = "record" if "records" in package else "release"
    errors = _validator(kind, tuple(package["extensions"])).iter_errors(package)
    found = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors]
    for release in releases_of(package):
        found += [*_unknown_codes(release), *_dangling(release), *_repeated(release, "release"), *_bad_ocid(release)]
        found += [*_misnamed(release), *_miscounted(release)]
    return found + [f"not an address: {text}" for text in _addresses(package) if not URI.fullmatch(text)]


def releases_of(package: dict[str, Any]) -> list[dict[str, Any]]:
    return package.get("releases") or [record["compiledRelease"] for record in package["records"]]


@cache
def _validator(kind: str, extensions: tuple[str, ...]) -> Draft4Validator:
    release = _read("release-schema")
    for address in extensions:
        _merge(release, _read(EXTENSIONS[address]))
    resource = Resource.from_contents(_strict(release), default_specification=DRAFT4)
    registry: Registry[Any] = Registry().with_resource(RELEASE, resource)
    package = _strict(_read(f"{kind}-package-schema"))
    checker = Draft4Validator.FORMAT_CHECKER
    assert "date-time" in checker.checkers  # it needs rfc3339-validator, and says nothing without it
    return Draft4Validator(package, registry=registry, format_checker=checker)


def _read(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return value


def _merge(target: dict[str, Any], patch: dict[str, Any]) -> None:
    """JSON Merge Patch (RFC 7396), by which extensions change the schema."""
    for name, value in patch.items():
        if value is None:
            target.pop(name, None)
        elif isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], value)
        else:
            target[name] = value


def _strict(schema: Any) -> Any:
    """The schema with no room for fields that it does not name."""
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _strict(part) for name, part in schema.items()}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object":
        made["additionalProperties"] = False
    return made


def _codes(codelist: str) -> set[str]:
    with (FOLDER / "codelists" / f"{codelist}.csv").open(encoding="utf-8") as lines:
        return {row["Code"] for row in csv.DictReader(lines)}


def _unknown_codes(release: dict[str, Any]) -> Iterator[str]:
    tender = release["tender"]
    used = {
        "partyRole": {role for party in release["parties"] for role in party["roles"]},
        "documentType": {document["documentType"] for document in tender["documents"]},
        "awardCriteria": {tender["awardCriteria"]},
        "statistic": {line["measure"] for line in release.get("bids", {}).get("statistics", [])},
    }
    for codelist, codes in used.items():
        yield from (f"{codelist} has no {code}" for code in codes - _codes(codelist))


def _dangling(release: dict[str, Any]) -> Iterator[str]:
    """References to parties, lots, bids and awards that are not there."""
    groups = {
        "parties": release["parties"],
        "lots": release["tender"]["lots"],
        "bids": release.get("bids", {}).get("details", []),
        "awards": release.get("awards", []),
    }
    ids = {name: [part["id"] for part in parts] for name, parts in groups.items()}
    for name, wanted in _references(release):
        yield from (f"{name} has no {one}" for one in wanted if one not in ids[name])


def _repeated(value: Any, where: str) -> Iterator[str]:
    """Lists, however deep, in which an id stands twice: readers merge what has the same one."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _repeated(part, f"{where}/{name}")
    elif isinstance(value, list):
        ids = [part["id"] for part in value if isinstance(part, dict) and "id" in part]
        if len(ids) != len(set(ids)):
            yield f"an id stands twice in {where}"
        for part in value:
            yield from _repeated(part, where)


def _misnamed(release: dict[str, Any]) -> Iterator[str]:
    """References to a party under another name than its own."""
    names = {party["id"]: party["name"] for party in release["parties"]}
    for party in _named_parties(release):
        if party["name"] != names.get(party["id"], party["name"]):
            yield f"{party['id']} is called {party['name']} as well"


def _named_parties(release: dict[str, Any]) -> Iterator[dict[str, Any]]:
    tender = release["tender"]
    yield from (tender["procuringEntity"], *tender.get("tenderers", []))
    yield from (one for bid in release.get("bids", {}).get("details", []) for one in bid["tenderers"])
    for award in release.get("awards", []):
        yield from (*award["suppliers"], *award.get("buyers", []))
    yield from (contract["buyer"] for contract in release.get("contracts", []))


def _miscounted(release: dict[str, Any]) -> Iterator[str]:
    tender = release["tender"]
    counted = len({one["id"] for one in tender.get("tenderers", [])})
    if tender.get("numberOfTenderers", counted) != counted:
        yield f"numberOfTenderers is not {counted}"


def _references(release: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    tender, bids = release["tender"], release.get("bids", {})
    yield "parties", [tender["procuringEntity"]["id"], *(one["id"] for one in tender.get("tenderers", []))]
    yield "lots", [item["relatedLot"] for item in tender["items"]]
    yield "lots", [line["relatedLot"] for line in bids.get("statistics", [])]
    for bid in bids.get("details", []):
        yield "parties", [one["id"] for one in bid["tenderers"]]
        yield "lots", bid["relatedLots"]
    for award in release.get("awards", []):
        yield "parties", [one["id"] for one in award["suppliers"] + award.get("buyers", [])]
        yield "lots", award["relatedLots"]
        yield "bids", award.get("relatedBids", [])
    for contract in release.get("contracts", []):
        yield "parties", [contract["buyer"]["id"]]
        yield "awards", [contract["awardID"]]
        yield "bids", contract.get("relatedBids", [])


def _bad_ocid(release: dict[str, Any]) -> Iterator[str]:
    if not re.match(r"ocds-[a-z0-9]{6}-.", release.get("ocid", "")):
        yield f"{release.get('ocid')} has no prefix of the standard"


def _addresses(value: Any) -> Iterator[str]:
    """Every text that the standard wants to be an address."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in ("uri", "url", "license", "publicationPolicy") and isinstance(part, str):
                yield part
            yield from _addresses(part)
    elif isinstance(value, list):
        for part in value:
            yield from _addresses(part)
