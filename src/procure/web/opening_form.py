"""The form of an opening: where it is held, by whom, and who is witness."""

from collections.abc import Iterable
from dataclasses import dataclass

from procure.server import Fields
from procure.settlement.round import Lot, Opening, Witness, WitnessKind
from procure.web.reading import Reading

MOST_WITNESSES = 4


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """A row of the form as typed."""

    name: str
    kind: str
    affiliation: str


def read_opening(reading: Reading) -> Opening:
    """What was typed; a row without a name is no witness."""
    return Opening(reading.text("place"), reading.text("officer"), reading.text("recorder"), tuple(_witnesses(reading)))


def _witnesses(reading: Reading) -> Iterable[Witness]:
    for index in range(MOST_WITNESSES):
        name = reading.text(f"witness-{index}-name")
        if name:
            is_bidder = reading.text(f"witness-{index}-kind") == WitnessKind.BIDDER.value
            bidder = reading.text(f"witness-{index}-bidder") if is_bidder else ""
            kind = WitnessKind.BIDDER if is_bidder else WitnessKind.OFFICIAL
            yield Witness(name, kind, bidder or reading.text(f"witness-{index}-affiliation"))


def opening_values(form: Fields, lots: Iterable[Lot]) -> dict[str, object]:
    bidders = dict.fromkeys(bidder.name for lot in lots for bidder in lot.bidders)
    return {
        "place": form.text("place"),
        "officer": form.text("officer"),
        "recorder": form.text("recorder"),
        "witnesses": [
            WitnessLine(
                form.text(f"witness-{index}-name"),
                form.text(f"witness-{index}-kind") or WitnessKind.OFFICIAL.value,
                form.text(f"witness-{index}-affiliation") or form.text(f"witness-{index}-bidder"),
            )
            for index in range(MOST_WITNESSES)
        ],
        "bidders": list(bidders),
    }
