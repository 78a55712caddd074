"""The writers of the documents of a round, all of one form: from its papers and the lot or body that one is of."""

import json
from collections.abc import Callable
from datetime import datetime

from procure.documents.ceiling import ceiling_pdf
from procure.documents.contractor_letters import contractors_pdf
from procure.documents.decision_letters import losers_of, losers_pdf, winner_pdf
from procure.documents.kind import Write
from procure.documents.letterhead import Letterhead
from procure.documents.matrix import matrix_xlsx
from procure.documents.notice import Attached, notice_pdf, notices_pdf
from procure.documents.opening import opening_pdf
from procure.documents.order_sheet import orders_xlsx
from procure.documents.orders import order_sheets
from procure.documents.papers import Papers
from procure.documents.results import results_pdf
from procure.documents.savings_csv import savings_csv
from procure.reports.matrix import matrices
from procure.reports.report import RoundReport
from procure.settlement.result_file import result_json
from procure.settlement.round_writing import write_round


def of_round(writer: Callable[[RoundReport, Letterhead, datetime], bytes]) -> Write:
    """The form of a writer that needs no more than the report."""
    return lambda papers, _: writer(papers.report, papers.letterhead, papers.made_at)


def results(papers: Papers, _: str) -> bytes:
    return results_pdf(papers.report, papers.letterhead, papers.made_at, papers.records)


def savings_table(papers: Papers, _: str) -> bytes:
    return savings_csv(papers.report)


def ceiling(papers: Papers, lot: str) -> bytes:
    record = papers.record(lot)
    return ceiling_pdf(
        papers.report, lot, papers.letterhead, papers.made_at, is_published=papers.is_published, record=record
    )


def opening(papers: Papers, lot: str) -> bytes:
    result = papers.lot(lot)[2]
    return opening_pdf(papers.report, papers.round, result, papers.letterhead, papers.made_at, papers.record(lot))


def matrix(papers: Papers, lot: str) -> bytes:
    return matrix_xlsx(papers.report, matrices(*papers.lot(lot)[1:]), papers.made_at)


def winner(papers: Papers, lot: str) -> bytes:
    return winner_pdf(papers.report, lot, papers.letterhead, papers.made_at, papers.record(lot))


def losers(papers: Papers, lot: str) -> bytes:
    return losers_pdf(papers.report, papers.lot(lot)[1], papers.letterhead, papers.made_at, papers.record(lot))


def has_losers(papers: Papers, lot: str) -> bool:
    return bool(losers_of(*papers.lot(lot)[:2]))


def contractors(papers: Papers, lot: str) -> bytes:
    return contractors_pdf(papers.report, papers.lot(lot)[1], papers.letterhead, papers.made_at, papers.record(lot))


def notice(papers: Papers, code: str) -> bytes:
    return notice_pdf(papers.report, code, papers.letterhead, papers.made_at, _orders(papers))


def notices(papers: Papers, _: str) -> bytes:
    return notices_pdf(papers.report, papers.letterhead, papers.made_at, _orders(papers))


def _orders(papers: Papers) -> Attached:
    """Behind the notice to a body its order forms."""
    return lambda code: order_sheets(papers.report, papers.orders(code), papers.letterhead, papers.made_at)


def orders(papers: Papers, code: str) -> bytes:
    return orders_xlsx(papers.report, papers.orders(code), papers.letterhead, papers.made_at)


def round_file(papers: Papers, _: str) -> bytes:
    return write_round(papers.round).encode()


def result_file(papers: Papers, _: str) -> bytes:
    """The line that `procure settle` prints for the round file."""
    return f"{json.dumps(result_json(papers.result), ensure_ascii=False)}\n".encode()
