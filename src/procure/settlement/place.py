"""A place in a JSON document: what stands there, its path, and the list that its faults are added to."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SIMPLE_KEY = re.compile(r'[^\s.\[\]"\\]+')
_LONGEST_SHOWN = 60


class Missing:
    """Stands where a value should: its fault is noted already, so whoever reads it stays silent."""


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class Literal:
    """A number that JSON allows and the formats do not: `text` as written, `fault` what is wrong with it."""

    text: str
    fault: str


class Pairs(dict[str, object]):
    """A JSON object that remembers which keys it held more than once."""

    repeated: tuple[str, ...] = ()


@dataclass(slots=True)
class Place:
    value: object
    path: str
    faults: list[str]

    def fault(self, message: str) -> None:
        self.faults.append(f"{self.path or 'round'}: {message}")

    def wrong(self, expected: str) -> None:
        """Note that the value is not what was expected, unless its absence is noted already."""
        if isinstance(self.value, Literal):
            self.fault(f"{shown(self.value)} {self.value.fault}; {expected}")
        elif self.value is not MISSING:
            self.fault(f"{shown(self.value)} is wrong; {expected}")

    @property
    def is_given(self) -> bool:
        """Whether anything but null stands here."""
        return self.value is not None and self.value is not MISSING

    def members(self, required: Sequence[str], optional: Sequence[str] = ()) -> Mapping[str, "Place"]:
        """The object's values by key, each known key once; MISSING where absent, which is noted if it is required."""
        found: Mapping[str, object] = {}
        if isinstance(self.value, Pairs):
            found = self.value
            self._note_keys(self.value, {*required, *optional})
        else:
            self.wrong("an object is needed")
        places = {
            key: Place(found.get(key, MISSING), _below(self.path, key), self.faults) for key in (*required, *optional)
        }
        if isinstance(self.value, Pairs):
            for key in required:
                if key not in found:
                    places[key].fault("is missing")
        return places

    def elements(self, at_least: int = 0) -> list["Place"]:
        if not isinstance(self.value, list):
            self.wrong("a list is needed")
            return []
        if len(self.value) < at_least:
            self.fault("is empty; one or more are needed")
        return [Place(value, f"{self.path}[{index}]", self.faults) for index, value in enumerate(self.value)]

    def entries(self) -> list[tuple[str, "Place"]]:
        """The keys and values of an object whose keys are ids."""
        if not isinstance(self.value, Pairs):
            self.wrong("an object is needed")
            return []
        self._note_repeated(self.value)
        return [(key, Place(value, _below(self.path, key), self.faults)) for key, value in self.value.items()]

    def _note_keys(self, pairs: Pairs, known: set[str]) -> None:
        self._note_repeated(pairs)
        for key in pairs:
            if key not in known:
                self.faults.append(f"{_below(self.path, key)}: is an unknown key")

    def _note_repeated(self, pairs: Pairs) -> None:
        for key in pairs.repeated:
            self.faults.append(f"{_below(self.path, key)}: the key stands more than once")


def note_repeated(elements: Sequence[Place], ids: Sequence[str], key: str) -> None:
    """Note every element whose `key` an earlier element holds already; empty ids are noted elsewhere."""
    seen: set[str] = set()
    for element, identity in zip(elements, ids, strict=True):
        if identity and identity in seen:
            element.faults.append(
                f"{_below(element.path, key)}: {shown(identity)} stands already in {_parent(element)}"
            )
        seen.add(identity)


def _parent(element: Place) -> str:
    return element.path.rpartition("[")[0]


def shown(value: object) -> str:
    """A value as a message may quote it: on one line, not too long."""
    match value:
        case Literal():
            text = value.text
        case str():
            text = _one_line(json.dumps(value, ensure_ascii=False))
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            text = json.dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _below(path: str, key: str) -> str:
    name = _one_line(key[: 2 * _LONGEST_SHOWN])
    if not _SIMPLE_KEY.fullmatch(name):
        return f"{path}[{_one_line(json.dumps(key, ensure_ascii=False))}]"
    return f"{path}.{name}" if path else name


def _one_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode-escape", "surrogatepass").decode() for c in text)
