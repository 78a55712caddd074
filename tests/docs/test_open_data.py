"""What docs/open-data.md says is what is served: addresses, fields, examples."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from procure.rounds.stages import Stage
from procure.settings import OpenData
from tests.people import STRANGER, Browser
from tests.web.stage import service_at

PAGE = (Path(__file__).parents[2] / "docs" / "open-data.md").read_text("utf-8")
BLOCK = re.compile(r"```(json|csv)\n(.*?)```", re.DOTALL)
FIELD = re.compile(r"^\| [^|]+ \| `([A-Za-z.\[\]]+)` \|", re.MULTILINE)


@pytest.fixture
def reader(sqlite_url: str) -> Iterator[Browser]:
    with service_at(sqlite_url, Stage.PUBLISHED) as town:
        yield town.browser(STRANGER)


def test_every_address_is_there(reader: Browser) -> None:
    addresses = set(re.findall(r"`(/(?:published|open-data)[^`…]*)`", PAGE))
    assert len(addresses) > 10
    found = {address: reader.get(address.replace("documents/", "documents/results.pdf")) for address in addresses}
    served = {address for address, answer in found.items() if answer.status_code == 200}
    assert addresses - served == set()


def test_every_field_of_the_table_is_in_the_release(reader: Browser) -> None:
    release = reader.get("/published/R3-1/release.json").json()["releases"][0]
    fields = FIELD.findall(PAGE)
    assert len(fields) > 15
    assert [field for field in fields if not list(at(release, field))] == []


def test_every_example_is_served_as_it_stands(reader: Browser) -> None:
    release = reader.get("/published/R3-1/release.json").json()["releases"][0]
    parts = [*release["awards"], *release["contracts"], *release["bids"]["details"]]
    parts += reader.get("/published/R3-1/notices.json").json()
    examples = [json.loads(text) for kind, text in BLOCK.findall(PAGE) if kind == "json"]
    assert len(examples) == 4
    for example in examples:
        assert any({name: part.get(name) for name in example} == example for part in parts), example


def test_the_table_is_served_as_it_stands(reader: Browser) -> None:
    (table,) = [text for kind, text in BLOCK.findall(PAGE) if kind == "csv"]
    assert reader.get("/published/R3-1/awards.csv").content.decode("utf-8-sig") == table.replace("\n", "\r\n")


def test_the_default_prefix_is_the_one_that_is_named() -> None:
    assert f"`{OpenData().ocid_prefix}`" in PAGE


def at(value: Any, field: str) -> Iterator[Any]:
    """What stands at a path such as `awards[].value.amount`, in every element of a list."""
    name, _, rest = field.partition(".")
    part = value.get(name.removesuffix("[]")) if isinstance(value, dict) else None
    for one in (part or []) if name.endswith("[]") else [part]:
        if one is not None:
            yield from at(one, rest) if rest else [one]
