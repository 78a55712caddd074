"""What a round file may hold beside the bids: read, written, refused with every fault, and printed in the result."""

import json
from dataclasses import replace
from typing import Any

import pytest

from procure.parties.directory import known_codes
from procure.settlement.explain import explain, explain_opening
from procure.settlement.labels import NEGOTIATION_GROUND, REVIEW, TENDER_METHOD, WITNESS_KIND
from procure.settlement.result_file import result_json
from procure.settlement.round import (
    Bid,
    DrawMethod,
    Entry,
    Lot,
    NegotiationGround,
    PaperDraw,
    Review,
    Round,
    Rules,
    TenderMethod,
    Witness,
    WitnessKind,
)
from procure.settlement.round_file import BadRoundFile, read_round, write_round
from procure.settlement.settle import settle, settle_lot
from tests.builders import OPENING, a_bid, a_lot, a_round, declined, r3_text, round_value
from tests.settlement.records import CORRECTION, HELD, REVIEWS, TIED, failed_lot, reviewed_lot

KNOWN = known_codes()


def whole_round() -> Round:
    return a_round(reviewed_lot(), failed_lot(), opening=HELD, follows="R2-4")


def faults_of(value: object) -> list[str]:
    with pytest.raises(BadRoundFile) as refused:
        read_round(json.dumps(value), KNOWN)
    return list(refused.value.faults)


def changed(path: str, new: object, round: Round | None = None) -> dict[str, Any]:
    """The whole round as JSON values with another value at a path such as lots.0.reviews.0.passed."""
    value: dict[str, Any] = json.loads(write_round(round or whole_round()))
    place: Any = value
    *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in above:
        place = place[step]
    place[last] = new
    return value


# ---- read and written --------------------------------------------------------------------------------


def test_everything_recorded_is_read_again_as_it_was_written() -> None:
    round = whole_round()

    assert read_round(write_round(round), KNOWN) == round
    assert write_round(read_round(write_round(round), KNOWN)) == write_round(round)


def test_the_number_on_the_receipt_is_read_again() -> None:
    bids = tuple(a_bid(id, 5, draw_number=1, added_number=n, received_at=OPENING) for id, n in (("a", 0), ("b", 999)))
    round = a_round(a_lot(bids, rules=Rules(draw=DrawMethod.RANDOM_ADDED)))

    assert read_round(write_round(round), KNOWN) == round


def test_what_a_round_does_not_have_is_not_written() -> None:
    value = json.loads(write_round(a_round(a_lot((a_bid("a", 1),)))))
    lot = value["lots"][0]

    assert {"opening", "follows"}.isdisjoint(value)
    assert {"tender_method", "reviews", "draws_before", "negotiation"}.isdisjoint(lot)
    assert {"review", "ceiling_with_tax", "void_grounds"}.isdisjoint(lot["rules"])
    assert "corrections" not in lot["attempts"][0]
    assert "added_number" not in lot["attempts"][0]["bids"][0]


def test_what_may_be_absent_may_also_be_null() -> None:
    value = round_value(a_lot((a_bid("a", 1),)))
    bare = json.loads(json.dumps(value))
    lot = value["lots"][0]
    value |= {"opening": None, "follows": None}
    lot |= dict.fromkeys(("tender_method", "reviews", "draws_before", "negotiation"))
    lot["rules"] |= {"ceiling_with_tax": None, "void_grounds": None}
    lot["attempts"][0]["corrections"] = None
    lot["attempts"][0]["bids"][0]["added_number"] = None

    assert read_round(json.dumps(value), KNOWN) == read_round(json.dumps(bare), KNOWN)


def test_an_opening_needs_no_witness_where_bids_come_electronically() -> None:
    round = a_round(opening=replace(HELD, witnesses=()))

    assert read_round(write_round(round), KNOWN) == round


# ---- the result --------------------------------------------------------------------------------------


def test_the_result_of_a_round_without_any_of_it_has_the_keys_that_it_always_had() -> None:
    for lot in result_json(settle(read_round(r3_text(), KNOWN)))["lots"]:  # type: ignore[attr-defined]
        assert {"candidate", "draws_before", "negotiation"}.isdisjoint(lot)


def test_the_result_says_who_waits_for_the_review() -> None:
    lot = replace(reviewed_lot(), reviews=(), draws_before=(), draw=PaperDraw("b"))
    printed = printed_lot(lot)

    assert (printed["outcome"], printed["reason"], printed["candidate"]) == ("review_required", "review_missing", "b")
    assert printed["draw"]["winner"] == "b"
    assert printed["award"] is None


def test_the_result_keeps_the_lottery_that_chose_one_who_failed() -> None:
    printed = printed_lot(reviewed_lot())

    assert [draw["winner"] for draw in printed["draws_before"]] == ["b"]
    assert (printed["draw"]["tied"], printed["award"]["bidder"]) == (["a", "c"], "c")
    assert printed["attempts"][0]["bids"][1] == {
        "bidder": "b",
        "total": 500,
        "status": "disqualified",
        "reason": "review_failed",
    }
    assert "candidate" not in printed


def test_the_result_holds_the_negotiated_contract() -> None:
    negotiation = printed_lot(failed_lot())["negotiation"]

    assert " ".join(negotiation) == "ground limit total total_with_tax ceiling_ratio_percent savings contracts"
    assert (negotiation["ground"], negotiation["limit"], negotiation["ceiling_ratio_percent"]) == (
        "8",
        900_000,
        "88.89",
    )
    (part,) = negotiation["contracts"]
    assert " ".join(part) == "contractor total total_with_tax savings items municipalities rounding_gap"
    assert (part["contractor"], part["total"], part["rounding_gap"]) == ("Z商会", 800_000, 0)
    assert part["municipalities"][0]["amount_with_tax"] == 880_000


def test_a_correction_changes_nothing_in_the_result() -> None:
    lot = a_lot((a_bid("a", 500),))
    corrected = replace(lot, attempts=(replace(lot.attempts[0], corrections=(CORRECTION,)),))

    assert settle_lot(corrected) == settle_lot(lot)


def printed_lot(lot: Lot) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(json.dumps(result_json(settle(a_round(lot)))))["lots"][0]
    return printed


# ---- faults ------------------------------------------------------------------------------------------

LOT, OTHER = "lots.0", "lots.1"
CORRECTED = f"{LOT}.attempts.0.corrections.0"
CONTRACT = f"{OTHER}.negotiation.contracts.0"


@pytest.mark.parametrize(
    ("path", "new", "fault"),
    [
        (f"{LOT}.rules.review", "later", '"later" is wrong; one of before, after is needed'),
        (f"{LOT}.rules.ceiling_with_tax", 989_999, "989999 is wrong; the ceiling with its tax is more"),
        (f"{LOT}.rules.ceiling_with_tax", 0, "0 is wrong; an amount above zero is needed"),
        (f"{LOT}.rules.ceiling", None, "990000 is wrong; it stands only beside a ceiling"),
        (f"{LOT}.rules.void_grounds.1", " ", "is empty"),
        (f"{LOT}.rules.void_grounds", "x", '"x" is wrong; a list is needed'),
        (f"{LOT}.tender_method", "auction", '"auction" is wrong; one of open, designated is needed'),
        (f"{LOT}.attempts.0.bids.0.added_number", 5, "5 is wrong; only the lottery random_added adds a number"),
        (f"{LOT}.reviews.0.reason", None, "is missing; a review that failed needs its reason"),
        (f"{LOT}.reviews.0.passed", 1, "1 is wrong; true or false is needed"),
        (f"{LOT}.reviews.0.bidder", "z", '"z" is wrong; it is not a bidder of the lot'),
        (f"{LOT}.reviews.1.bidder", "b", '"b" stands already in lots[0].reviews'),
        (f"{LOT}.reviews.1.bidder", "a", '"a" never was the lowest, so that there is nothing to review'),
        (f"{LOT}.draws_before.0.winner", "d", '"d" is not among the tied'),
        (f"{LOT}.draw.winner", "b", '"b" is not among the tied'),
        (f"{CORRECTED}.bidder", "d", '"d" is wrong; it is not a bidder of the attempt'),
        (f"{CORRECTED}.was.bidder", "b", 'is an entry of "b", and the correction is one of "a"'),
        (f"{CORRECTED}.was.total", 0, "0 is wrong; an amount above zero is needed"),
        (f"{CORRECTED}.approved_by", "", "is empty"),
        ("opening.officer", "", "is empty"),
        ("opening.witnesses.0.kind", "mayor", '"mayor" is wrong; one of bidder, official is needed'),
        ("follows", "R3-1", '"R3-1" is wrong; a round cannot follow itself'),
        (f"{OTHER}.negotiation.ground", "2", '"2" is wrong; one of 8, 9 is needed'),
        (f"{OTHER}.negotiation.ground", "9", "it follows only awarded, and the outcome of the lot is no_bids"),
        (f"{OTHER}.negotiation.reason", "", "is empty"),
        (f"{OTHER}.negotiation.contracts", [], "is empty; one or more are needed"),
        (f"{CONTRACT}.contractor", "", "is empty"),
        (f"{CONTRACT}.unit_prices.desk", 5, "is an unknown item"),
        (f"{CONTRACT}.unit_prices.pc", "0.5", '"0.5" is wrong; it has more decimals than price_decimals, 0'),
    ],
)  # fmt: skip
def test_a_single_fault_is_named(path: str, new: object, fault: str) -> None:
    (found,) = faults_of(changed(path, new))

    assert found.partition(": ")[2] == fault


def test_the_negotiated_contracts_stay_below_the_ceiling() -> None:
    (found,) = faults_of(changed(f"{CONTRACT}.unit_prices.pc", 90_001))

    assert found == "lots[1].negotiation.contracts: 900010 is more than the ceiling, 900000"


def test_reviews_stand_only_where_the_rules_review_after_the_opening() -> None:
    round = a_round(replace(reviewed_lot(), draws_before=(), draw=PaperDraw("b")))

    assert faults_of(changed("lots.0.rules.review", "before", round)) == [
        "lots[0].reviews: stand only where the rules review after the opening"
    ]


def test_nobody_is_reviewed_before_the_opening() -> None:
    lot = a_lot(rules=Rules(review=Review.AFTER), reviews=REVIEWS[:1])

    assert faults_of(round_value(lot)) == [
        'lots[0].reviews[0].bidder: "b" never was the lowest, so that there is nothing to review'
    ]


def test_a_lottery_that_was_not_due_is_refused() -> None:
    two = replace(reviewed_lot(), reviews=REVIEWS[1:], draws_before=(PaperDraw("c"),), draw=PaperDraw("a"))

    assert faults_of(round_value(two)) == ['lots[0].draw.winner: "a" is not among the tied']


def test_earlier_lotteries_on_paper_contradict_electronic_rules_too() -> None:
    bids = tuple(replace(bid, draw_number=n, received_at=OPENING) for n, bid in enumerate(TIED))
    rules = Rules(review=Review.AFTER, draw=DrawMethod.MILLISECONDS)
    lot = a_lot(bids, rules=rules, draws_before=(PaperDraw("a"),))

    assert faults_of(round_value(lot)) == [
        "lots[0].draws_before[0]: a paper lottery, but the rules draw by milliseconds"
    ]


def test_every_key_that_is_needed_is_missed() -> None:
    needed = {
        "opening": ("place", "officer", "recorder", "witnesses"),
        "opening.witnesses.0": ("name", "kind", "affiliation"),
        f"{LOT}.reviews.1": ("bidder", "passed", "reviewed_on"),
        CORRECTED: ("bidder", "was", "reason", "corrected_by", "approved_by", "corrected_at"),
        f"{OTHER}.negotiation": ("ground", "agreed_on", "reason", "contracts"),
        CONTRACT: ("contractor", "unit_prices"),
    }
    for path, keys in needed.items():
        value = changed(path, {})
        missing = {fault.rpartition(": ")[0].rpartition(".")[2] for fault in faults_of(value) if "is missing" in fault}
        assert missing == set(keys)


def test_faults_of_the_record_come_together_with_those_of_the_decision() -> None:
    value = changed(f"{LOT}.draw.winner", "b")
    value["lots"][0]["tender_method"] = "x"
    value["lots"][0]["reviews"][0]["reviewed_on"] = "yesterday"
    value["lots"][0]["attempts"][0]["corrections"][0]["reason"] = ""
    value["lots"][1]["title"] = ""
    value["lots"][1]["negotiation"]["contracts"][0]["unit_prices"]["pc"] = 90_001
    value["opening"]["place"] = ""

    assert [fault.partition(": ")[0] for fault in faults_of(value)] == [
        "lots[0].attempts[0].corrections[0].reason",
        "lots[0].tender_method",
        "lots[0].reviews[0].reviewed_on",
        "lots[0].draw.winner",
        "lots[1].title",
        "lots[1].negotiation.contracts",
        "opening.place",
    ]


# ---- in words ----------------------------------------------------------------------------------------


def test_a_correction_is_told_without_the_names_of_the_staff() -> None:
    lot = reviewed_lot()
    told = "\n".join(str(sentence) for sentence in explain(lot, settle_lot(lot)))

    assert "初度入札のA商会の記録を、入札書のとおりに訂正しました。理由：入力誤り。" in told
    assert "山田" not in told


def test_after_a_failed_tender_of_named_bidders_others_are_named() -> None:
    lot = a_lot((declined("a"),), tender_method=TenderMethod.DESIGNATED)

    assert str(explain(lot, settle_lot(lot))[-1]) == (
        "予定価格や仕様を見直し、あらためて入札者を指名して入札に付することができます（地方自治法施行令第167条の12第1項）。"
    )


def test_an_opening_is_told_with_its_witnesses() -> None:
    assert [str(sentence) for sentence in explain_opening(HELD)] == [
        "開札場所：市役所 第1会議室。入札執行者：事務局長。記録者：主事。",
        "立会人：田中（A商会、入札者）、佐藤（会計課、入札事務に関係のない職員）（地方自治法施行令第167条の8第1項）。",
    ]


def test_an_opening_without_a_bidder_says_which_staff_was_witness() -> None:
    told = explain_opening(replace(HELD, witnesses=(Witness("佐藤", WitnessKind.OFFICIAL, ""),)))

    assert str(told[1]).startswith("立会人：佐藤（入札事務に関係のない職員）")
    assert "入札者の立会いがないため" in str(told[2])
    assert len(explain_opening(replace(HELD, witnesses=()))) == 1


def test_every_code_of_the_record_has_its_word() -> None:
    assert set(REVIEW) == set(Review)
    assert set(TENDER_METHOD) == set(TenderMethod)
    assert set(WITNESS_KIND) == set(WitnessKind)
    assert set(NEGOTIATION_GROUND) == set(NegotiationGround)


def test_the_entry_that_a_correction_replaced_is_a_bid_of_the_same_bidder() -> None:
    again = read_round(write_round(whole_round()), KNOWN).lots[0].attempts[0].corrections

    assert [(one.bidder, one.was) for one in again] == [("a", Bid("a", Entry.ABSENT))]
