"""Records of bids that came in a file say so: to the council by whom, to the public only when."""

from datetime import datetime

from procure.documents.opening import opening_sheet
from procure.documents.results import results_sheet
from procure.reports.lot_record import LotRecord
from procure.reports.taken_in import TakenIn
from procure.settlement.settle import settle
from procure.templates import prose
from tests.documents.papers import LETTERHEAD, MADE_AT
from tests.reports.reported import r3_report, r3_round

FROM_FILE = TakenIn("事務局　花子（事務局）", datetime.fromisoformat("2026-11-24T09:00:00+09:00"), is_decided=False)
RECORD = LotRecord(taken_in=FROM_FILE)


def opening_facts(record: LotRecord) -> dict[str, str]:
    report, result = r3_report(), settle(r3_round()).lots[0]
    return dict(opening_sheet(report, r3_round(), result, LETTERHEAD, MADE_AT, record).values["facts"])


def result_facts(record: LotRecord) -> dict[str, str]:
    lots = results_sheet(r3_report(), LETTERHEAD, MADE_AT, {"pc": record}).values["lots"]
    return dict(lots[0][1])


def test_the_record_of_the_opening_says_that_its_bids_were_taken_in_by_whom_and_when() -> None:
    assert opening_facts(RECORD)["取込み"] == prose(FROM_FILE.text)
    assert "取込み" not in opening_facts(LotRecord())


def test_the_posted_result_says_that_its_bids_were_taken_in_and_names_nobody() -> None:
    assert result_facts(RECORD)["取込み"] == prose(FROM_FILE.public_text)
    assert "花子" not in str(result_facts(RECORD))
    assert "取込み" not in result_facts(LotRecord())
