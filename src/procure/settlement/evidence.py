"""What a decision keeps as evidence: the round file and the result as they stand, as texts."""

import hashlib
import json
from dataclasses import dataclass

from procure.settlement.result import Result
from procure.settlement.result_file import result_json
from procure.settlement.round import Round
from procure.settlement.round_file import write_round


@dataclass(frozen=True, slots=True)
class Evidence:
    """Later changes of the program, or of what was recorded, leave these texts as they are."""

    round_file: str
    result: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(f"{self.round_file}\n{self.result}".encode()).hexdigest()


def evidence_of(value: Round, result: Result) -> Evidence:
    return Evidence(write_round(value), json.dumps(result_json(result), ensure_ascii=False))
