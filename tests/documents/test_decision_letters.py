"""Letters after a tender: who gets which one, to which address, and in which words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from procure.documents.contractor_letters import contractors_pdf
from procure.documents.decision_letters import award_tax, losers_of, losers_pdf, winner_pdf
from procure.documents.notice import notice_pdf
from procure.errors import NotFound
from procure.reports.businesses import Business
from procure.reports.lot_record import LotRecord
from procure.settlement.round import (
    Lot,
    NegotiatedContract,
    Negotiation,
    NegotiationGround,
    PaperDraw,
    QualificationReview,
    Review,
    Rules,
)
from procure.templates import yen
from tests.builders import NARA, YAMATOTAKADA, a_bid, a_demand, a_lot, a_round, absent, an_item, declined
from tests.documents.papers import LETTERHEAD, MADE_AT, pages, text, unbroken
from tests.reports.reported import r3_report, report_of

PLAIN = replace(LETTERHEAD, sample=False)
THREE = a_lot(
    (a_bid("a", 990_000), a_bid("b", 980_000), declined("c"), a_bid("d", 970_000, void="記名がない")),
    (a_bid("a", 950_000), a_bid("b", 979_000)),
    (a_bid("a", 890_000), absent("b")),
    rules=Rules(ceiling=900_000, rebid_must_be_lower=False),
)
OVER = a_lot(
    (a_bid("a", 990_000), a_bid("b", 980_000)),
    (a_bid("a", 970_000), a_bid("b", 960_000)),
    rules=Rules(ceiling=900_000, max_attempts=2),
)
OVER_AGAIN = a_lot(
    (a_bid("a", 990_000), a_bid("b", 980_000)),
    (a_bid("a", 970_000), a_bid("b", 960_000)),
    rules=Rules(ceiling=900_000, max_attempts=2),
)
WON = a_lot((a_bid("a", 500_000), a_bid("b", 600_000), a_bid("c", 700_000)))
KNOWN = LotRecord(
    businesses={
        "a": Business("A商会", "1234567890123", "奈良市登大路町30番地", "代表取締役　大和　太郎"),
        "b": Business("B商会", None, "橿原市八木町1丁目1番1号"),
    }
)


def winners_letter(lot: Lot, record: LotRecord = KNOWN) -> str:
    return text(winner_pdf(report_of(a_round(lot)), lot.id, PLAIN, MADE_AT, record))


def losers_letters(lot: Lot, record: LotRecord = KNOWN) -> Mapping[str, str]:
    """By addressee, in order."""
    shown = report_of(a_round(lot)).lots[0]
    names = [loser.addressee.name for loser in losers_of(shown, lot, record)]
    letters = pages(losers_pdf(report_of(a_round(lot)), lot, PLAIN, MADE_AT, record))
    return {name: letter.replace("\n", "") for name, letter in zip(names, letters, strict=True)}


def reviewed(*, failed: str, passed: str | None) -> tuple[QualificationReview, ...]:
    found = [QualificationReview(failed, passed=False, reason="納入実績の不足", reviewed_on=date(2021, 6, 14))]
    if passed:
        found.append(QualificationReview(passed, passed=True, reason=None, reviewed_on=date(2021, 6, 15)))
    return tuple(found)


def negotiated(lot: Lot, ground: NegotiationGround, *contracts: tuple[str, dict[str, int]]) -> Lot:
    agreed = tuple(NegotiatedContract(contractor, prices) for contractor, prices in contracts)
    return replace(lot, negotiation=Negotiation(ground, date(2021, 7, 1), "契約を急ぐため", agreed))


def contractors_letter(lot: Lot, record: LotRecord = KNOWN) -> str:
    return text(contractors_pdf(report_of(a_round(lot)), lot, PLAIN, MADE_AT, record))


# ---- the addressee -----------------------------------------------------------------------------------


def test_a_supplier_is_addressed_by_address_name_representative_and_number() -> None:
    head = winners_letter(WON).partition("落札者決定通知書")[0].splitlines()
    lines = [line.strip() for line in head]
    at = lines.index("奈良市登大路町30番地")
    assert lines[at : at + 4] == [
        "奈良市登大路町30番地",
        "A商会",
        "代表取締役　大和　太郎　様",
        "（法人番号　1234567890123）",
    ]


def test_of_what_is_not_known_of_a_supplier_nothing_is_printed() -> None:
    letters = losers_letters(WON)
    assert "橿原市八木町1丁目1番1号B商会　御中" in letters["B商会"]
    for letter in letters.values():
        assert "様" not in letter
        assert "法人番号" not in letter
    assert "C商会　御中" in letters["C商会"]


# ---- 落札者決定通知書 ----------------------------------------------------------------------------------


def test_the_winner_learns_amount_tax_and_with_whom_to_contract() -> None:
    report = r3_report()
    for lot in report.lots:
        said = text(winner_pdf(report, lot.id, LETTERHEAD, MADE_AT))
        assert f"{lot.winner}　御中" in said
        assert f"金{yen(lot.award_with_tax)}円" in said
        assert f"（うち消費税及び地方消費税の額　{yen(award_tax(lot))}円）" in said
        assert "令和３年６月25日（金）までに、各団体へ提出してください" in said
        for share in lot.municipalities:
            own = {item.id: item.quantity for item in share.items}
            quantities = " ".join(yen(own.get(item.id) or None) for item in lot.items)
            assert f"{share.code} {share.display_name} {quantities}" in said


def test_the_winners_letter_holds_no_ceiling() -> None:
    report = r3_report()
    said = unbroken(winner_pdf(report, "pc", LETTERHEAD, MADE_AT))
    assert not [secret for secret in ("122,730,000", "135,003,000", "92.60") if secret in said]


def test_a_letter_without_a_day_leaves_it_open() -> None:
    said = text(winner_pdf(r3_report(), "pc", replace(LETTERHEAD, draft_by=None), MADE_AT))
    assert "別途お知らせする日までに、各団体へ提出してください" in said


def test_the_winner_of_a_later_attempt_is_told_of_that_amount() -> None:
    said = winners_letter(THREE)
    assert "A商会" in said
    assert "金979,000円" in said
    assert "入札金額（税抜）　890,000円" in said


def test_the_letter_goes_to_the_one_who_passed_the_review_and_not_to_the_lowest_who_failed() -> None:
    lot = replace(WON, rules=Rules(ceiling=900_000, review=Review.AFTER), reviews=reviewed(failed="a", passed="b"))
    assert "B商会　御中" in winners_letter(lot)


def test_who_did_not_sign_is_not_told_again_that_it_won() -> None:
    lot = negotiated(WON, NegotiationGround.NOT_SIGNED, ("b", {"pc": 50_000}))
    with pytest.raises(NotFound):
        winners_letter(lot)


# ---- 非落札通知 ----------------------------------------------------------------------------------------


def test_every_loser_gets_a_page_with_its_own_amounts_and_nobody_elses() -> None:
    letters = losers_letters(THREE)
    assert list(letters) == ["B商会", "D商会"]
    assert "初度入札　980,000円（税抜）　予定価格超過" in letters["B商会"]
    assert "再度入札　979,000円（税抜）　予定価格超過" in letters["B商会"]
    assert "再々度入札　不参" in letters["B商会"]
    assert "970,000" not in letters["B商会"]
    assert "初度入札　970,000円（税抜）　無効（記名がない）" in letters["D商会"]
    assert "再度入札" not in letters["D商会"]
    for letter in letters.values():
        assert "A商会" in letter
        assert "890,000円（税抜）" in letter
        assert "979,000円（税込）" in letter
        assert "900,000" not in letter


def test_a_valid_bid_that_lost_was_not_the_lowest() -> None:
    assert "初度入札　600,000円（税抜）　有効（最低の価格ではない）" in losers_letters(WON)["B商会"]


def test_who_failed_the_review_learns_why_and_the_others_do_not() -> None:
    lot = replace(WON, rules=Rules(ceiling=900_000, review=Review.AFTER), reviews=reviewed(failed="a", passed="b"))
    letters = losers_letters(lot)
    assert sorted(letters) == ["A商会", "C商会"]
    reason = "失格（入札参加資格の審査（事後審査）に不適合：納入実績の不足）"
    assert f"初度入札　500,000円（税抜）　{reason}" in letters["A商会"]
    assert "不適合" not in letters["C商会"]
    assert all("600,000円（税抜）" in letter for letter in letters.values())


def test_a_lottery_is_told_to_every_loser_with_what_it_came_to_for_each() -> None:
    tied = (a_bid("a", 500_000), a_bid("b", 500_000), a_bid("c", 700_000))
    letters = losers_letters(a_lot(tied, draw=PaperDraw("b", "各入札者", "会計課")))
    assert "500,000円（税抜）　くじ落選" in letters["A商会"]
    assert "700,000円（税抜）　有効（最低の価格ではない）" in letters["C商会"]
    assert all("同額の入札者2者によるくじで" in letter for letter in letters.values())


def test_the_second_lottery_after_a_review_decides_who_lost() -> None:
    tied = (a_bid("a", 500_000), a_bid("b", 500_000), a_bid("c", 500_000))
    lot = a_lot(
        tied,
        rules=Rules(ceiling=900_000, review=Review.AFTER),
        draws_before=(PaperDraw("b", "代理人"),),
        draw=PaperDraw("c", "本人"),
        reviews=reviewed(failed="b", passed="c"),
    )
    letters = losers_letters(lot)
    assert "500,000円（税抜）　くじ落選" in letters["A商会"]
    assert "500,000円（税抜）　失格（" in letters["B商会"]
    assert "C商会　御中" in winners_letter(lot)


def test_who_only_declined_is_no_loser() -> None:
    lot = a_lot((a_bid("a", 500_000), declined("b"), absent("c")))
    assert losers_of(report_of(a_round(lot)).lots[0], lot) == ()


def test_where_nobody_won_everybody_who_bid_is_told_so() -> None:
    letters = losers_letters(OVER)
    assert sorted(letters) == ["A商会", "B商会"]
    assert "初度入札　990,000円（税抜）　予定価格超過" in letters["A商会"]
    for letter in letters.values():
        assert "落札者はありませんでした" in letter
        assert "不落（最後の回まで予定価格の制限の範囲内の入札なし）" in letter
        assert "900,000" not in letter


@pytest.mark.parametrize(
    "lot",
    [
        a_lot((declined("a"),)),
        a_lot((a_bid("a", 500_000),), cancelled="仕様の誤り"),
        a_lot((a_bid("a", 990_000),), rules=Rules(ceiling=900_000)),
        a_lot((a_bid("a", 500_000), a_bid("b", 500_000))),
    ],
    ids=["不調", "取止め", "再度入札", "くじ待ち"],
)
def test_without_a_tender_that_came_to_its_end_there_are_no_letters(lot: Lot) -> None:
    for make in (winners_letter, losers_letters, contractors_letter):
        with pytest.raises(NotFound):
            make(lot)


# ---- 随意契約 ------------------------------------------------------------------------------------------


def test_the_contractor_after_a_failed_tender_is_told_ground_amount_and_bodies_and_is_no_winner() -> None:
    said = contractors_letter(negotiated(OVER_AGAIN, NegotiationGround.FAILED_TENDER, ("a", {"pc": 89_000})))
    whole = said.replace("\n", "")
    assert "代表取締役　大和　太郎　様" in said
    assert "令和３年７月１日" in said
    assert "落札者がなかったため" in whole
    assert "地方自治法施行令第167条の2第1項第8号" in whole
    assert "金979,000円" in said
    assert f"{NARA} 奈良市 10" in said
    assert "900,000" not in said
    assert "落札者に決定" not in whole


def test_each_of_several_contractors_is_told_of_its_own_items_and_bodies_only() -> None:
    lot = replace(
        OVER_AGAIN,
        items=(an_item(), an_item("lcd", name="液晶モニター")),
        demand=(a_demand(NARA, pc=4), a_demand(YAMATOTAKADA, lcd=6)),
    )
    both = negotiated(lot, NegotiationGround.FAILED_TENDER, ("a", {"pc": 50_000}), ("外の会社", {"lcd": 20_000}))
    outside = Business("外の会社", address="生駒市東新町8番38号")
    letters = pages(
        contractors_pdf(report_of(a_round(both)), both, PLAIN, MADE_AT, LotRecord(businesses={"外の会社": outside}))
    )
    first, second = "".join(letters[:2]), "".join(letters[2:])
    assert "A商会　御中" in first
    assert f"{NARA} 奈良市 4" in first
    assert YAMATOTAKADA not in first
    assert "生駒市東新町8番38号" in second
    assert f"{YAMATOTAKADA} 大和高田市 6" in second
    assert NARA not in second


def test_losers_are_told_who_took_the_place_of_the_winner_and_who_did_gets_a_letter_of_its_own() -> None:
    lot = negotiated(WON, NegotiationGround.NOT_SIGNED, ("b", {"pc": 50_000}))
    letters = losers_letters(lot)
    assert list(letters) == ["C商会"]
    assert "落札者が契約を締結しないため、随意契約（地方自治法施行令第167条の2第1項第9号）" in letters["C商会"]
    assert "B商会　500,000円（税抜）" in letters["C商会"]
    assert "令和３年７月１日" in letters["C商会"]
    assert "落札者が契約を締結しないため" in contractors_letter(lot).replace("\n", "")


@pytest.mark.parametrize(
    ("lot", "ground"),
    [(OVER_AGAIN, NegotiationGround.FAILED_TENDER), (WON, NegotiationGround.NOT_SIGNED)],
    ids=["8号", "9号"],
)
def test_a_body_is_told_to_contract_with_those_of_the_negotiated_contract(lot: Lot, ground: NegotiationGround) -> None:
    report = report_of(a_round(negotiated(lot, ground, ("B商会", {"pc": 40_000}))))
    said = unbroken(notice_pdf(report, NARA, PLAIN, MADE_AT))
    assert f"B商会（随意契約　地方自治法施行令第167条の2第1項第{ground.value}号）" in said
    assert "金440,000円" in said
    assert "貴市と契約の相手方との間で契約を締結してください" in said
    assert "A商会" not in said
    assert "不落" not in said
