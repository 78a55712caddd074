"""The form of an opening: where it is held, by whom, and who is witness."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from procure.errors import Fault
from procure.server import Fields
from procure.settlement.round import Lot, Opening, Witness, WitnessKind
from procure.web.reading import Reading

MOST_WITNESSES = 5
KINDS = ((WitnessKind.OFFICIAL.value, "職員"), (WitnessKind.BIDDER.value, "入札者"))


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """A row of the form as typed; `at` begins the names of its fields."""

    at: str
    name: str
    kind: str
    bidder: str
    affiliation: str


def read_opening(reading: Reading) -> Opening:
    """What was typed; a row without a name is no witness, and is a fault where anything else stands in it."""
    rows = [_witness(reading, at) for at in _rows()]
    witnesses = tuple(witness for witness in rows if witness is not None)
    return Opening(reading.text("place"), reading.text("officer"), reading.text("recorder"), witnesses)


def _witness(reading: Reading, at: str) -> Witness | None:
    name = reading.text(f"{at}-name")
    kind = WitnessKind.BIDDER if _is_bidder(reading.form, at) else WitnessKind.OFFICIAL
    said = reading.text(f"{at}-{_place(kind)}")
    if name:
        return Witness(name, kind, said)
    if said and not any(fault.field == f"{at}-name" for fault in reading.faults):
        reading.faults.append(Fault(f"{at}-name", "立会人の氏名を入力するか、この行の所属を消してください。"))
    return None


def placed(form: Fields, faults: Iterable[Fault]) -> list[Fault]:
    """The rules number the witnesses there are, and speak of their affiliation: here are the rows and the fields."""
    named = [at for at in _rows() if form.text(f"{at}-name").strip()]
    return [_placed(form, named, fault) for fault in faults]


def _placed(form: Fields, named: Sequence[str], fault: Fault) -> Fault:
    before, number, what = (*fault.field.split("-"), "", "")[:3]
    if before != "witness" or not number.isdecimal() or int(number) >= len(named):
        return fault
    at = named[int(number)]
    return replace(fault, field=f"{at}-{'bidder' if what == 'affiliation' and _is_bidder(form, at) else what}")


def opening_values(form: Fields, lots: Iterable[Lot]) -> dict[str, object]:
    bidders = dict.fromkeys(bidder.name for lot in lots for bidder in lot.bidders)
    return {
        "place": form.text("place"),
        "officer": form.text("officer"),
        "recorder": form.text("recorder"),
        "witnesses": [
            WitnessLine(at, *(form.text(f"{at}-{what}") for what in ("name", "kind", "bidder", "affiliation")))
            for at in _rows()
        ],
        "kinds": KINDS,
        "bidders": [("", "選んでください"), *((name, name) for name in bidders)],
    }


def _rows() -> tuple[str, ...]:
    return tuple(f"witness-{place}" for place in range(MOST_WITNESSES))


def _is_bidder(form: Fields, at: str) -> bool:
    return form.text(f"{at}-kind") == WitnessKind.BIDDER.value


def _place(kind: WitnessKind) -> str:
    return "bidder" if kind is WitnessKind.BIDDER else "affiliation"
