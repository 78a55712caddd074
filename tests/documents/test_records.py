"""Records of a tender: the figures of the report, all that a lottery needs, nothing that is secret."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from procure.ceilings.ceiling import Basis
from procure.documents.allocation import quantity_tables
from procure.documents.ceiling import ceiling_pdf, ceiling_tax
from procure.documents.contract_prices import contract_prices_pdf
from procure.documents.decision_letters import award_tax, losers_pdf, winner_pdf
from procure.documents.letterhead import Letterhead
from procure.documents.opening import opening_pdf
from procure.documents.results import results_pdf
from procure.errors import NotFound
from procure.parties.directory import bodies_of
from procure.reports.businesses import Business
from procure.reports.lot_record import CheckLine, LotRecord, SealLine
from procure.settlement.round import (
    Attempt,
    Bid,
    CeilingDisclosure,
    Correction,
    DrawMethod,
    Entry,
    Lot,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    Opening,
    PaperDraw,
    QualificationReview,
    Review,
    Round,
    Rules,
    Witness,
    WitnessKind,
)
from procure.settlement.settle import settle
from procure.templates import percent, yen
from tests.builders import a_bid, a_demand, a_lot, a_round, absent, an_item, at, declined
from tests.documents.papers import LETTERHEAD, MADE_AT, pages, text, unbroken
from tests.documents.test_pdf import hostile, hostile_round
from tests.reports.reported import r3_report, r3_round, report_of

PLAIN = replace(LETTERHEAD, sample=False)
THREE = a_lot(
    (a_bid("a", 990_000), a_bid("b", 980_000), declined("c"), a_bid("d", 970_000, void="記名がない")),
    (a_bid("a", 950_000), a_bid("b", 979_000)),
    (a_bid("a", 890_000), absent("b")),
    rules=Rules(ceiling=900_000, rebid_must_be_lower=False),
)


def opening(lot: Lot, round_: Round | None = None, letterhead: Letterhead = PLAIN) -> bytes:
    whole = round_ or a_round(lot)
    result = next(one for one in settle(whole).lots if one.id == lot.id)
    return opening_pdf(report_of(whole), whole, result, letterhead, MADE_AT)


def electronic(*numbers: tuple[str, int, datetime]) -> tuple[Bid, ...]:
    return tuple(Bid(who, Entry.BID, total=500_000, draw_number=k, received_at=time) for who, k, time in numbers)


# ---- 開札調書 ------------------------------------------------------------------------------------------


def test_the_record_of_an_opening_has_a_column_for_each_attempt_and_words_for_what_is_no_amount() -> None:
    said = text(opening(THREE))
    assert "1 A商会 990,000 950,000 890,000 落札" in said
    assert "2 B商会 980,000 979,000 不参 不参" in said
    assert "3 C商会 辞退 — — 辞退" in said
    assert "4 D商会 無効 （970,000） — — 第１回無効（記名がな い）" in unbroken(opening(THREE))


def test_it_holds_the_opening_of_each_attempt_and_the_ceiling() -> None:
    said = unbroken(opening(THREE))
    assert "初度入札　令和３年６月11日（金）10時00分" in said
    assert "再々度入札　令和３年６月11日（金）12時00分" in said
    assert "予定価格 990,000円（税込）　入札書比較価格　900,000円（税抜）" in said
    assert "落札金額 890,000円（税抜）　契約金額　979,000円（税込）" in said
    assert "落札率 98.89％（落札金額÷入札書比較価格）" in said


def test_it_has_lines_for_those_who_sign_it() -> None:
    said = text(opening(THREE))
    for label in ("公告番号", "開札の場所", "入札執行者", "立会人", "記録者", "調製日"):
        assert label in said


def test_an_electronic_lottery_can_be_computed_again_from_it() -> None:
    bids = electronic(("a", 418, at(9, 1, 12)), ("b", 861, at(9, 2, 40)))
    lot = a_lot(bids, rules=Rules(ceiling=900_000, draw=DrawMethod.CORE_EPOCH_SECONDS))
    said = text(opening(lot))
    seconds = [int(bid.received_at.timestamp()) % 1000 for bid in bids if bid.received_at]
    numbers = [(k + second) % 1000 for k, second in zip((418, 861), seconds, strict=True)]
    assert f"0 A商会 R3.6.11　09:01:12 418 {seconds[0]:03d} {numbers[0]:03d}" in said.replace("\n当選", "")
    assert f"861 {seconds[1]:03d} {numbers[1]:03d}" in said
    assert f"÷2（同額の入札者の数）の余りは{sum(numbers) % 2} {sum(numbers)}" in said


def test_a_lottery_by_number_alone_adds_no_seconds() -> None:
    bids = electronic(("a", 7, at(9)), ("b", 5, at(9, 1)))
    said = text(opening(a_lot(bids, rules=Rules(draw=DrawMethod.KUJI_ONLY))))
    assert "007 — 007" in said
    assert "の余りは0 12" in said


def test_a_paper_lottery_names_who_drew_and_who_was_witness() -> None:
    lot = a_lot((a_bid("a", 500_000), a_bid("b", 500_000)), draw=PaperDraw("b", "代理人", "総務課職員"))
    said = unbroken(opening(lot))
    assert "くじを引いた者：代理人。立会人：総務課職員。" in said
    assert "加算値" not in said


def test_a_registered_bidder_who_is_in_no_attempt_stands_in_it_too() -> None:
    assert "4 D商会 — 参加なし" in text(opening(a_lot((a_bid("a", 500_000), declined("b"), declined("c")))))


TIED_AT = at(9, 10, 5).replace(microsecond=123_000)


@pytest.mark.parametrize(
    ("method", "arithmetic"),
    [
        (DrawMethod.KUJI_ONLY, "加算値の合計　÷2（同額の入札者の数）の余りは1"),
        (DrawMethod.RANDOM_ADDED, "加算値の合計　÷2（同額の入札者の数）の余りは0"),
        (DrawMethod.MILLISECONDS, "加算値の合計　÷2（同額の入札者の数）の余りは1"),
        (DrawMethod.MILLISECONDS_CUT, "下３桁"),
        (DrawMethod.WAKAYAMA, "数字の和の合計"),
    ],
)
def test_every_kind_of_lottery_is_told_with_its_arithmetic(method: DrawMethod, arithmetic: str) -> None:
    bids = tuple(
        Bid(who, Entry.BID, total=500_000, draw_number=number, received_at=TIED_AT, added_number=number)
        for who, number in (("a", 901), ("b", 500))
    )
    said = unbroken(opening(a_lot(bids, rules=Rules(ceiling=900_000, draw=method))))
    assert arithmetic in said.replace(" ", "")
    assert "09:10:05.123" in said


def test_the_lottery_of_one_who_failed_the_review_stands_before_the_one_that_counts() -> None:
    lot = a_lot(
        (a_bid("a", 500_000), a_bid("b", 500_000), a_bid("c", 500_000)),
        rules=Rules(ceiling=900_000, review=Review.AFTER),
        draws_before=(PaperDraw("b", "代理人"),),
        draw=PaperDraw("c", "本人"),
        reviews=(
            QualificationReview("b", passed=False, reason="実績の不足", reviewed_on=date(2021, 6, 14)),
            QualificationReview("c", passed=True, reason=None, reviewed_on=date(2021, 6, 15)),
        ),
    )
    said = unbroken(opening(lot))
    assert said.index("くじを引いた者：代理人") < said.index("くじを引いた者：本人")
    assert "不適合（実績の不足）" in said
    assert "入札参加資格の審査" in said


def test_a_correction_stands_beside_what_it_corrects() -> None:
    was = a_bid("a", 600_000)
    correction = Correction("a", was, "読み違い", "事務局　甲", "事務局　乙", at(15))
    attempt = Attempt(1, at(10), (a_bid("a", 500_000), declined("b")), (correction,))
    said = unbroken(opening(a_lot(attempts=(attempt,))))
    assert "600,000円" in said
    assert "読み違い" in said
    assert "事務局　甲／事務局　乙" in said


def test_those_who_were_there_and_who_checked_are_named() -> None:
    held = Opening("県庁　会議室", "執行　太郎", "記録　花子", (Witness("立会　一郎", WitnessKind.OFFICIAL, "会計課"),))
    round_ = a_round(THREE, opening=held)
    checks = (CheckLine(1, "事務局　甲", at(11), "再入力", "事務局　乙", at(12)),)
    result = settle(round_).lots[0]
    made = opening_pdf(report_of(round_), round_, result, PLAIN, MADE_AT, LotRecord(checks))
    said = unbroken(made)
    for words in (
        "県庁　会議室",
        "執行　太郎",
        "記録　花子",
        "立会　一郎",
        "会計課",
        "事務局　甲",
        "再入力　一致",
        "事務局　乙",
    ):
        assert words in said


def test_a_negotiated_contract_is_on_record_and_is_no_award() -> None:
    agreed = Negotiation(
        NegotiationGround.FAILED_TENDER,
        date(2021, 6, 18),
        "落札者がないため",
        (NegotiatedContract("相手方の会社", {"pc": 89_000}),),
    )
    lot = a_lot((declined("a"), absent("b")), negotiation=agreed)
    said = unbroken(opening(lot))
    assert "相手方の会社　890,000円（税抜）" in said
    posted = unbroken(results_pdf(report_of(a_round(lot)), PLAIN, MADE_AT))
    assert "相手方の会社　890,000円（税抜）" in posted
    assert "落札者 " not in posted
    assert "入札書比較価格　900,000円（税抜）" in posted


def test_a_lot_that_failed_says_so_and_keeps_its_ceiling_secret() -> None:
    failed = opening(a_lot((declined("a"), absent("b"))))
    assert "結果 不調　入札者なし" in text(failed)
    assert "秘" in text(failed)
    assert "秘" not in text(opening(THREE))


def test_the_record_of_the_example_is_one_page_with_its_bids() -> None:
    round_, report = r3_round(), r3_report()
    for lot, shown in zip(round_.lots, report.lots, strict=True):
        made = opening(lot, round_, LETTERHEAD)
        assert len(pages(made)) == 1
        for bid in shown.attempts[0].bids:
            assert f"{bid.name} {yen(bid.amount) if bid.rank else bid.status_label} {bid.status_label}" in text(made)


# ---- 予定価格調書 --------------------------------------------------------------------------------------


def ceiling(lot: Lot, *, is_published: bool) -> bytes:
    return ceiling_pdf(report_of(a_round(lot)), lot.id, PLAIN, MADE_AT, is_published=is_published)


def test_the_record_of_the_ceiling_has_it_with_tax_its_tax_and_without() -> None:
    said = text(ceiling(a_lot((a_bid("a", 500_000),), rules=Rules(ceiling=900_005)), is_published=False))
    assert "予定価格（税込） 990,006円" in said
    assert "うち消費税及び地方消費税の額 90,001円" in said
    assert "入札書比較価格（税抜） 900,005円" in said


def test_the_record_of_the_ceiling_has_its_basis_and_the_data_of_its_seal() -> None:
    report = report_of(a_round(a_lot((a_bid("a", 500_000),))))
    seal = SealLine("甲", at(8), "c" * 64, "乙", at(10), "d" * 64, 2, "見積の誤り")
    record = LotRecord(seal=seal, basis=Basis(list_total=1_000_000, quotations=3, note="参考見積による"))
    said = unbroken(ceiling_pdf(report, "pc", PLAIN, MADE_AT, is_published=False, record=record))
    for words in ("1,000,000円", "3者", "参考見積による", "c" * 64, "d" * 64, "見積の誤り（第2回の封印）", "R3-1|pc|2"):
        assert words in said


def test_the_posted_result_tells_who_the_winner_is() -> None:
    report = report_of(a_round(a_lot((a_bid("a", 500_000),))))
    records = {"pc": LotRecord(businesses={"a": Business("A商会", "1234567890123", "奈良市登大路町30")})}
    said = unbroken(results_pdf(report, PLAIN, MADE_AT, records))
    assert "A商会　法人番号1234567890123　奈良市登大路町30" in said


@pytest.mark.parametrize(
    ("disclosure", "bid", "is_published", "is_secret"),
    [
        (CeilingDisclosure.AFTER, a_bid("a", 500_000), False, True),
        (CeilingDisclosure.AFTER, a_bid("a", 500_000), True, False),
        (CeilingDisclosure.AFTER, declined("a"), True, True),
        (CeilingDisclosure.NEVER, a_bid("a", 500_000), True, True),
        (CeilingDisclosure.BEFORE, a_bid("a", 500_000), False, False),
    ],
)
def test_it_is_marked_as_secret_until_the_ceiling_is_published(
    disclosure: CeilingDisclosure, bid: Bid, is_published: bool, is_secret: bool
) -> None:
    lot = a_lot((bid,), rules=Rules(ceiling=900_000, ceiling_disclosure=disclosure))
    assert ("秘" in text(ceiling(lot, is_published=is_published))) is is_secret


def test_a_lot_without_a_ceiling_has_no_record_of_it() -> None:
    with pytest.raises(NotFound):
        ceiling(a_lot((a_bid("a", 500_000),), rules=Rules()), is_published=True)


def test_the_tax_of_the_ceiling_and_of_the_award_are_those_of_whole_yen() -> None:
    shown = report_of(a_round(a_lot((a_bid("a", 500_005),), rules=Rules(ceiling=900_009)))).lots[0]
    assert (ceiling_tax(shown), award_tax(shown)) == (90_001, 50_000)


# ---- for everybody -------------------------------------------------------------------------------------


def test_the_posted_result_has_the_figures_of_the_report() -> None:
    said = text(results_pdf(r3_report(), LETTERHEAD, MADE_AT))
    for lot in r3_report().lots:
        assert f"落札者 {lot.winner}" in said
        assert f"契約金額（税込） {yen(lot.award_with_tax)}円" in said
        assert f"落札率 {lot.ceiling_ratio_percent}％" in said
        for bid in lot.attempts[0].bids:
            assert f"{bid.name} {yen(bid.amount) if bid.rank else bid.status_label}" in said


@pytest.mark.parametrize(
    "lot",
    [
        a_lot((a_bid("a", 500_000),), rules=Rules(ceiling=987_654, ceiling_disclosure=CeilingDisclosure.NEVER)),
        a_lot((declined("a"),), rules=Rules(ceiling=987_654)),
        a_lot((a_bid("a", 500_000),), rules=Rules(ceiling=987_654), cancelled="仕様の誤り"),
    ],
)
def test_what_may_not_be_published_is_not_in_it(lot: Lot) -> None:
    said = unbroken(results_pdf(report_of(a_round(lot)), PLAIN, MADE_AT))
    assert "987,654" not in said
    assert "予定価格 公表しない" in said
    assert ("A商会" in said) is (lot.cancelled is None)


def test_the_contract_prices_come_with_what_each_body_gets_and_pays() -> None:
    said = text(contract_prices_pdf(r3_report(), LETTERHEAD, MADE_AT))
    for lot in r3_report().lots:
        for item in lot.items:
            assert f"{yen(item.list_price)} {yen(item.unit_price)} {yen(item.unit_price_with_tax)}" in said
            assert percent(item.savings_percent) in said
        for share in lot.municipalities:
            amounts = (share.amount, share.tax, share.amount_with_tax)
            assert f"{share.code} {share.display_name} {' '.join(yen(amount) for amount in amounts)}" in said
        assert f"端数差は、{yen(lot.rounding_gap)}円です" in said.replace("\n", "")
    assert "122,730,000" not in said


def test_many_items_are_told_in_several_tables_that_add_up() -> None:
    items = tuple(an_item(f"i{n}", name=f"品目{n}") for n in range(20))
    demand = tuple(a_demand(body.code, **{item.id: 2 for item in items}) for body in bodies_of("奈良県"))
    lot = report_of(a_round(a_lot((a_bid("a", 500_000),), items=items, demand=demand))).lots[0]
    tables = quantity_tables(lot)
    assert [len(table.heads) for table in tables] == [5, 5, 5, 5]
    assert all(sum(table.widths) == pytest.approx(165) for table in tables)
    for table in tables:
        assert table.totals == tuple(sum(row.quantities[place] for row in table.rows) for place in range(5))


def test_amounts_that_are_unknown_are_dashes() -> None:
    said = text(contract_prices_pdf(report_of(a_round(a_lot((a_bid("a", 333_333),)))), PLAIN, MADE_AT))
    assert "内訳書がなく、単価が不明" in said
    assert "292010 奈良市 — — —" in said
    assert "端数差" not in said


def test_a_round_without_an_award_makes_the_public_documents_all_the_same() -> None:
    report = report_of(a_round(a_lot((declined("a"),))))
    assert "不調　入札者なし" in unbroken(results_pdf(report, PLAIN, MADE_AT))
    assert "契約する件名はありません。" in unbroken(contract_prices_pdf(report, PLAIN, MADE_AT))


# ---- every one of them ---------------------------------------------------------------------------------


def all_of(round_: Round, letterhead: Letterhead) -> list[bytes]:
    report, lot = report_of(round_), round_.lots[0]
    return [
        opening(lot, round_, letterhead),
        ceiling_pdf(report, lot.id, letterhead, MADE_AT, is_published=False),
        winner_pdf(report, lot.id, letterhead, MADE_AT),
        losers_pdf(report, lot, letterhead, MADE_AT),
        results_pdf(report, letterhead, MADE_AT),
        contract_prices_pdf(report, letterhead, MADE_AT),
    ]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert all_of(a_round(THREE), LETTERHEAD) == all_of(a_round(THREE), LETTERHEAD)


def test_hostile_text_is_printed_and_asks_for_nothing() -> None:
    evil = hostile("letterhead", 9)
    letterhead = replace(LETTERHEAD, council=evil, number=evil, chair=evil, section=evil, person=evil, edition=evil)
    for document in all_of(hostile_round(9), letterhead):
        assert "{{7*7}}" in unbroken(document)
        assert b"/EmbeddedFile" not in document


def test_every_page_of_a_sample_says_so() -> None:
    for document in all_of(a_round(THREE), LETTERHEAD):
        assert all("見 本" in page for page in pages(document))


def test_names_as_long_as_they_may_be_stay_on_the_page() -> None:
    lot = replace(THREE, title="長い件名" * 30, bidders=tuple(replace(b, name="長い商号" * 20) for b in THREE.bidders))
    assert all(len(pages(document)) <= 4 for document in all_of(a_round(lot), PLAIN))
