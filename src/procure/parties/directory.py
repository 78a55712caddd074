"""The built-in list of municipalities (市町村・特別区): who there is, by code, prefecture, name or reading."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from procure.values.text import search_key

# Official forms that the plain character does not show everywhere: 葛城市告示 writes the 葛 with ヒ (U+845B U+E0100).
_OFFICIAL_NAMES = {"292117": "葛\U000e0100城市"}
_KATAKANA = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)})


@dataclass(frozen=True, slots=True)
class Body:
    """A municipality. `name` is plain, for search, sorting and files; `display_name` bears the official glyphs."""

    code: str
    name: str
    display_name: str
    kana: str
    kind: str
    prefecture: str


def all_bodies() -> tuple[Body, ...]:
    """Every body in the order of the codes."""
    return tuple(_by_code().values())


def known_codes() -> frozenset[str]:
    return _codes()


def body(code: str) -> Body | None:
    return _by_code().get(code)


def bodies_of(prefecture: str) -> tuple[Body, ...]:
    """The bodies of a prefecture (奈良県), in the order of the codes."""
    return tuple(body for body in all_bodies() if body.prefecture == prefecture)


def search(text: str, among: Iterable[Body] | None = None) -> tuple[Body, ...]:
    """Those whose name, reading (either kana) or code holds the text; variants of a kanji make no difference."""
    wanted = _key(text.strip())
    return tuple(body for body in (all_bodies() if among is None else among) if wanted in _search_text(body))


def _search_text(body: Body) -> str:
    return _key(f"{body.name}\n{body.prefecture}{body.name}\n{body.kana}\n{body.code}")


def _key(text: str) -> str:
    return search_key(text).translate(_KATAKANA)


@cache
def _by_code() -> dict[str, Body]:
    with files("procure").joinpath("parties", "municipalities.csv").open(encoding="utf-8") as lines:
        bodies = [_body(row) for row in csv.DictReader(lines)]
    return {body.code: body for body in sorted(bodies, key=lambda body: body.code)}


@cache
def _codes() -> frozenset[str]:
    return frozenset(_by_code())


def _body(row: dict[str, str]) -> Body:
    code, name = row["code"], row["name"]
    return Body(code, name, _OFFICIAL_NAMES.get(code, name), row["kana"], row["type"], row["prefecture"])
