"""Award, savings report, notice, spreadsheet and result show one and the same figures."""

import pytest

from procure.reports.report import LotReport
from procure.settlement.result_file import result_json
from procure.settlement.settle import settle
from procure.templates import percent, yen
from tests.documents.papers import KATSURAGI, figures, r3_award, r3_notice, r3_savings, r3_xlsx, text
from tests.reports.reported import r3_report, r3_round

LOTS = r3_report().lots


@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: lot.id)
def test_the_sums_of_a_lot_stand_in_both_reports(lot: LotReport) -> None:
    assert lot.savings is not None
    for document in (r3_award(), r3_savings()):
        for amount in (lot.award_total, lot.award_with_tax, lot.savings.list_total):
            assert yen(amount) in text(document)
        assert f"定価の約 {lot.savings.percent}％ 引きで購入" in text(document)


@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: lot.id)
def test_every_item_stands_with_its_prices_in_both_reports(lot: LotReport) -> None:
    award, savings = text(r3_award()), text(r3_savings())
    for item in lot.items:
        unit, listed, paid, rate = item.unit, yen(item.list_price), yen(item.unit_price), percent(item.savings_percent)
        assert f"{unit} {item.quantity} {listed} {paid} {yen(item.unit_price_with_tax)} {rate}" in award
        sums = f"{yen(item.list_amount)} {yen(item.amount)} {yen(item.saved)} {rate}"
        assert f"{item.name} {unit} {item.quantity} {listed} {paid} {sums}" in savings


def test_every_body_stands_with_its_amounts_in_the_savings_report() -> None:
    said = text(r3_savings())
    for share in (share for lot in LOTS for share in lot.municipalities):
        amounts = (share.list_amount, share.amount, share.tax, share.amount_with_tax, share.saved)
        row = " ".join((*(yen(amount) for amount in amounts), percent(share.savings_percent)))
        assert f"{share.code} {share.display_name} {row}" in said


def test_the_bids_stand_in_the_award_as_they_are_ranked() -> None:
    said = text(r3_award())
    for bid in (bid for lot in LOTS for attempt in lot.attempts for bid in attempt.bids):
        difference = yen(bid.difference or None)
        amount = yen(bid.amount) if bid.rank else bid.status_label
        assert f"{bid.rank or '—'} {bid.name} {amount} {difference} {bid.status_label}" in said


def test_a_notice_tells_a_body_what_the_report_says_of_it() -> None:
    share = next(share for share in LOTS[0].municipalities if share.code == KATSURAGI)
    said = text(r3_notice())
    assert f"金{yen(share.amount_with_tax)}円" in said
    assert f"（うち消費税及び地方消費税の額　{yen(share.tax)}円）" in said
    assert f"{share.statement}（税抜{yen(share.saved)}円の削減）" in said
    for item in share.items:
        assert f"{item.quantity} {yen(item.unit_price)} {yen(item.amount)} {yen(item.list_price)}" in said


def test_the_spreadsheet_stores_the_figures_of_the_report() -> None:
    book, report = figures(r3_xlsx()), r3_report()
    lots = {row[0]: row for row in book["件名別"].iter_rows(min_row=2, values_only=True)}
    for lot in report.lots:
        assert lot.savings is not None
        assert lots[lot.id][4:14] == (
            lot.participants,
            lot.savings.list_total,
            lot.savings.award_total,
            lot.savings.saved,
            pytest.approx(float(lot.savings.percent)),
            lot.award_total,
            lot.award_with_tax,
            lot.award_total,
            lot.shares_with_tax,
            lot.rounding_gap,
        )
    assert lots["合計"][9] == report.award_total
    shares = list(book["市町村別"].iter_rows(min_row=2, values_only=True))
    assert [(row[2], row[8], row[9], row[10]) for row in shares] == [
        (share.code, share.amount, share.tax, share.amount_with_tax)
        for lot in report.lots
        for share in lot.municipalities
    ]
    items = list(book["品目別"].iter_rows(min_row=2, values_only=True))
    assert [(row[2], *row[5:11]) for row in items] == [
        (item.name, item.quantity, item.list_price, item.unit_price, item.list_amount, item.amount, item.saved)
        for lot in report.lots
        for item in lot.items
    ]


def test_the_result_as_data_is_what_the_reports_show() -> None:
    data = result_json(settle(r3_round()))
    for lot, shown in zip(data["lots"], LOTS, strict=True):
        assert lot["award"]["total"] == shown.award_total
        assert [share["amount_with_tax"] for share in lot["municipalities"]] == [
            share.amount_with_tax for share in shown.municipalities
        ]
