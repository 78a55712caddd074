"""The papers of a round: its settled values and what stands around them, from which every document is written."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from procure.documents.letterhead import Letterhead
from procure.errors import NotFound
from procure.reports.lot_record import LotRecord
from procure.reports.orders import Order, orders_of
from procure.reports.report import LotReport, RoundReport
from procure.settlement.result import LotResult, Result
from procure.settlement.result_file import result_json
from procure.settlement.round import Lot, Round
from procure.settlement.round_writing import write_round
from procure.values.money import amount_to_json


@dataclass(frozen=True, slots=True)
class Papers:
    """A settled round, and what stands around its documents.

    `made_at` is when its decision was confirmed, and before that the time of asking. `is_public`: the report holds no
    more than anybody may read.
    """

    report: RoundReport
    round: Round
    result: Result
    letterhead: Letterhead
    made_at: datetime
    is_confirmed: bool = True
    is_published: bool = False
    is_public: bool = False
    records: Mapping[str, LotRecord] = field(default_factory=dict)

    @property
    def evidence(self) -> str:
        """The SHA-256 of round file, result, last prices and the lots tendered again: others are another decision."""
        texts = (
            write_round(self.round),
            json.dumps(result_json(self.result), ensure_ascii=False),
            *_last_prices(self.report),
            *(lot.id for lot in self.report.not_signed if lot.is_repeated),
        )
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()

    def record(self, lot: str) -> LotRecord:
        """What stands on record around the lot's bids; empty for a round that is no row of the database."""
        return self.records.get(lot, LotRecord())

    def orders(self, code: str) -> tuple[Order, ...]:
        """What the body of this code orders of whom."""
        return orders_of(self.report, self.round.lots, self.records, code)

    @property
    def delivery(self) -> str:
        """Tells apart where to and until when is delivered; "" where nothing is known of that."""
        known = [
            (lot, record.deadline.isoformat() if record.deadline else "", sorted(record.places.items()))
            for lot, record in sorted(self.records.items())
            if record.deadline or record.places
        ]
        return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16] if known else ""

    def lot(self, lot: str) -> tuple[LotReport, Lot, LotResult]:
        """Raises NotFound where the round has no such lot."""
        for found in zip(self.report.lots, self.round.lots, self.result.lots, strict=True):
            if found[0].id == lot:
                return found
        raise NotFound


def _last_prices(report: RoundReport) -> Iterator[str]:
    for lot in (one for whole in report.lots for one in (whole, *whole.contracts)):
        for item in lot.items:
            if item.last_price is not None:
                yield f"{lot.id} {item.id} {amount_to_json(item.last_price)} {item.last_price_of}"
