"""`procure.round/1` ↔ Round: reads a round file with every fault of a bad one at once, and writes one."""

from collections.abc import Collection

from procure.settlement.json_text import read_json
from procure.settlement.place import Place
from procure.settlement.round import Round
from procure.settlement.round_reading import FORMAT, read_round_at
from procure.settlement.round_writing import round_json, write_round

__all__ = ["FORMAT", "BadRoundFile", "read_round", "round_json", "write_round"]


class BadRoundFile(ValueError):
    """A file that holds no valid round; each fault is one line, `path: what is wrong`."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def read_round(content: str | bytes, known: Collection[str]) -> Round:
    """The round in the file's content; `known` are the codes of the built-in municipalities. Raises BadRoundFile."""
    try:
        value = read_json(content)
    except ValueError as error:
        raise BadRoundFile((f"round: {error}",)) from None
    faults: list[str] = []
    round = read_round_at(Place(value, "", faults), known)
    if faults:
        raise BadRoundFile(tuple(faults))
    return round
