"""Whatever stands in a file, it is read or its faults are named: never anything else."""

import copy
import json
import re
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from procure.parties.directory import known_codes
from procure.settlement.result_file import result_json
from procure.settlement.round import PaperDraw
from procure.settlement.round_file import BadRoundFile, read_round
from procure.settlement.settle import settle
from tests.builders import a_bid, a_lot, priced, r3_text, round_value
from tests.settlement.records import HELD, failed_lot, reviewed_lot

KNOWN = known_codes()
LINE = re.compile(r"\S[^\n]*: [^\n]+")

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["0", "-1", "pc", "a"])
)
junk = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)

SAMPLE = round_value(
    a_lot((a_bid("a", 700_000), a_bid("b", 700_000), priced("c", pc=99_000)), draw=PaperDraw("b")),
    a_lot((a_bid("a", 990_000),), (a_bid("a", 900_000),), id="cancelled", cancelled="仕様の誤り"),
    replace(reviewed_lot(), id="reviewed"),
    failed_lot(),
    opening=HELD,
)


def settles_or_names_its_faults(content: str | bytes) -> None:
    faults = faults_of(content)

    assert faults is None or all(LINE.fullmatch(fault) for fault in faults)


def faults_of(content: str | bytes) -> tuple[str, ...] | None:
    """The faults as they can be printed; None where the file settles, and its result can be printed."""
    try:
        round = read_round(content, KNOWN)
    except BadRoundFile as bad:
        "".join(bad.faults).encode()
        return bad.faults
    json.dumps(result_json(settle(round)), ensure_ascii=False).encode()
    return None


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in the value with every key of it."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_one_value_replaced_by_junk(data: st.DataObject) -> None:
    value = copy.deepcopy(SAMPLE)
    container, key = data.draw(st.sampled_from(places(value)))
    container[key] = data.draw(junk)

    settles_or_names_its_faults(json.dumps(value))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(r3_text()) - 1), st.text(max_size=2))
def test_a_file_cut_or_spoilt_somewhere(where: int, inserted: str) -> None:
    text = r3_text()

    settles_or_names_its_faults(text[:where])
    settles_or_names_its_faults(text[:where] + inserted + text[where:])


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=40))
def test_bytes_of_any_kind(content: bytes) -> None:
    settles_or_names_its_faults(content)


def test_nothing_is_too_large_to_be_printed() -> None:
    value = round_value(a_lot((priced("a", pc=10**999),)))
    value["lots"][0]["demand"][0]["quantities"]["pc"] = 10**999

    settles_or_names_its_faults(json.dumps(value))
    assert settle(read_round(json.dumps(value), KNOWN)).lots[0].award is None
