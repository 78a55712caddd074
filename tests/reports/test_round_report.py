"""What is shown of a round: the figures of its result, ranked, named and ready to print."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings

from procure.reports.bids import standings
from procure.reports.published import published
from procure.reports.reconcile import SumsDisagree
from procure.reports.round_report import round_report
from procure.settlement.result import LotResult, Outcome
from procure.settlement.round import DrawMethod, Lot, Organisation, PaperDraw, Round, Rules
from procure.settlement.settle import settle
from tests.builders import (
    NARA,
    YAMATOTAKADA,
    a_bid,
    a_demand,
    a_lot,
    a_round,
    absent,
    an_item,
    at,
    declined,
    priced,
)
from tests.reports.reported import COUNCIL, lot_report, r3_report, report_of
from tests.settlement.strategies import rounds

TWO_ITEMS = (an_item("pc"), an_item("open", list_price=None, name="増設メモリ"))
OPEN = a_lot(
    (priced("a", pc=50_000, open=3_000),),
    items=TWO_ITEMS,
    demand=(a_demand(NARA, pc=4, open=2), a_demand(YAMATOTAKADA, pc=6)),
)


def test_the_example_shows_its_published_figures() -> None:
    report = r3_report()
    assert [(lot.participants, str(lot.savings and lot.savings.percent)) for lot in report.lots] == [
        (13, "51.6"),
        (7, "81.4"),
    ]
    assert (report.participants, report.members) == (16, 39)
    assert (report.award_total, report.award_with_tax, report.rounding_gap) == (118_529_820, 130_382_802, 0)


def test_a_participant_bears_its_official_glyphs_and_its_plain_name() -> None:
    shares = {share.code: share for share in r3_report().lots[0].municipalities}
    assert (shares["292117"].name, shares["292117"].display_name) == ("葛城市", "葛\U000e0100城市")


def test_bodies_that_take_no_part_are_known_too() -> None:
    report = report_of(a_round())
    assert len(report.bodies) == 39
    assert [body.code for body in report.bodies if body.lots] == [NARA]


def test_an_organisation_of_the_round_file_is_named() -> None:
    outside = Organisation("298018", "見本広域連合", "広域連合")
    lot = a_lot((priced("a", pc=50_000),), demand=(a_demand("298018", pc=10),))
    report = report_of(a_round(lot, organisations=(outside,)))
    assert report.lots[0].municipalities[0].display_name == "見本広域連合"


def test_bids_stand_by_rank_and_those_without_one_after_them_as_registered() -> None:
    bids = lot_report(a_lot((absent("a"), a_bid("b", 800_000), declined("c"), a_bid("d", 700_000)))).attempts[0].bids
    assert [(bid.name, bid.rank) for bid in bids] == [("D商会", 1), ("B商会", 2), ("A商会", None), ("C商会", None)]


def test_a_valid_bid_shows_its_ratio_to_list_price_and_its_difference_to_the_lowest() -> None:
    first, second = lot_report(a_lot((a_bid("a", 512_345), a_bid("b", 700_000)))).attempts[0].bids
    assert (first.list_ratio_percent, first.difference) == (Decimal("51.2"), 0)
    assert (second.list_ratio_percent, second.difference) == (Decimal("70.0"), 187_655)


def test_a_bid_over_the_ceiling_keeps_a_rank_and_a_void_one_does_not() -> None:
    over = lot_report(a_lot((a_bid("a", 500_000), a_bid("b", 950_000)))).attempts[0].bids[1]
    void = lot_report(a_lot((a_bid("a", 500_000), a_bid("b", 400_000, void="記名押印なし")))).attempts[0].bids[1]
    assert (over.rank, over.status_label) == (2, "予定価格超過")
    assert (void.rank, void.amount, void.reason) == (None, 400_000, "記名押印なし")


def test_a_lowest_bid_that_is_void_is_not_what_others_are_compared_with() -> None:
    bids = lot_report(a_lot((a_bid("a", 100_000, void="訂正印なし"), a_bid("b", 500_000)))).attempts[0].bids
    assert [(bid.bidder, bid.difference) for bid in bids] == [("b", 0), ("a", None)]


def test_equal_bids_share_a_rank_and_the_drawn_winner_stands_first() -> None:
    tie = a_lot((a_bid("a", 500_000), a_bid("b", 500_000), a_bid("c", 600_000)), draw=PaperDraw("b", "本人", "職員"))
    lot = lot_report(tie)
    assert [(bid.bidder, bid.rank, bid.status_label) for bid in lot.attempts[0].bids] == [
        ("b", 1, "落札"),
        ("a", 1, "くじ落選"),
        ("c", 3, "有効"),
    ]
    assert lot.draw is not None
    assert "A商会、B商会の2者が同額のため、くじで落札者を決めました" in lot.draw.sentence
    assert (lot.draw.winner, lot.draw.witness) == ("B商会", "職員")


def test_an_electronic_draw_names_the_numbers_it_can_be_recomputed_from() -> None:
    tied = (
        a_bid("a", 500_000, draw_number=5, received_at=at(9)),
        a_bid("b", 500_000, draw_number=2, received_at=at(8)),
    )
    lot = lot_report(a_lot(tied, rules=Rules(ceiling=900_000, draw=DrawMethod.KUJI_ONLY)))
    assert lot.draw is not None
    assert lot.draw.tied == ("B商会", "A商会")
    assert lot.winner == "A商会"  # 7 mod 2 = 1


def test_no_ratio_to_list_price_where_an_item_has_none() -> None:
    assert lot_report(OPEN).attempts[0].bids[0].list_ratio_percent is None


def test_an_open_price_saves_nothing_and_is_never_counted_as_zero() -> None:
    lot = lot_report(OPEN)
    assert [item.saved for item in lot.items] == [500_000, None]
    nara, yamatotakada = lot.municipalities
    assert (nara.amount, nara.compared, nara.saved) == (206_000, 200_000, 200_000)
    assert (yamatotakada.amount, yamatotakada.compared) == (300_000, 300_000)


def test_one_body_sees_the_lots_prices_with_its_own_quantities() -> None:
    own = lot_report(OPEN).municipalities[0].items
    assert [(item.name, item.quantity, item.unit_price, item.amount, item.list_amount) for item in own] == [
        ("ノートパソコン", 4, 50_000, 200_000, 400_000),
        ("増設メモリ", 2, 3_000, 6_000, None),
    ]


def test_a_body_is_told_its_own_saving_in_the_words_of_the_round() -> None:
    share = lot_report(a_lot((a_bid("a", 484_000),))).municipalities[0]
    assert share.statement == "定価の51.6％引きで購入"


def test_bars_are_percent_of_the_rounds_largest_price() -> None:
    small = a_lot((a_bid("a", 100_000),), id="small", items=(an_item("pc", 20_000),))
    report = report_of(a_round(a_lot((a_bid("a", 500_000),)), small))
    bars = [(item.list_bar, item.price_bar) for lot in report.lots for item in lot.items]
    assert bars == [(Decimal("100.00"), Decimal("50.00")), (Decimal("20.00"), Decimal("10.00"))]


def test_a_unit_price_with_tax_is_cut_at_the_decimals_of_the_lot() -> None:
    whole = a_lot((priced("a", pc=19_999),))
    sen = a_lot((priced("a", pc=Fraction("20.05")),), rules=Rules(price_decimals=2))
    assert lot_report(whole).items[0].unit_price_with_tax == 21_998
    assert lot_report(sen).items[0].unit_price_with_tax == Fraction("22.05")


def test_a_bidder_who_left_stands_after_those_of_the_last_attempt() -> None:
    lot = a_lot(
        (a_bid("a", 990_000), a_bid("b", 980_000), declined("c")),
        (a_bid("a", 890_000), a_bid("b", 895_000)),
    )
    rows = standings(lot_report(lot).attempts)
    assert [row.name for row in rows] == ["A商会", "B商会", "C商会"]
    assert [[bid and bid.amount for bid in row.bids] for row in rows] == [
        [990_000, 890_000],
        [980_000, 895_000],
        [None, None],
    ]
    assert rows[2].bids[1] is None
    assert rows[2].last.status_label == "辞退"


@pytest.mark.parametrize(
    ("lot", "outcome", "label", "reason"),
    [
        (a_lot(), Outcome.PENDING, "開札前", None),
        (a_lot(cancelled="仕様の誤り"), Outcome.CANCELLED, "取止め", "仕様の誤り"),
        (a_lot((declined("a"), absent("b"))), Outcome.NO_BIDS, "不調", "入札者なし"),
        (a_lot((a_bid("a", 990_000),)), Outcome.REBID, "再度入札", "予定価格の制限の範囲内の入札なし"),
        (a_lot((a_bid("a", 1), a_bid("b", 1))), Outcome.DRAW_REQUIRED, "くじ待ち", "くじの結果が未登録"),
        (
            a_lot((a_bid("a", 990_000),), rules=Rules(ceiling=900_000, max_attempts=1)),
            Outcome.NO_AWARD,
            "不落",
            "最後の回まで予定価格の制限の範囲内の入札なし",
        ),
    ],
)
def test_a_lot_without_award_says_in_words_what_is_the_case(
    lot: Lot, outcome: Outcome, label: str, reason: str | None
) -> None:
    shown = lot_report(lot)
    assert (shown.outcome, shown.outcome_label, shown.reason) == (outcome, label, reason)
    assert (shown.winner, shown.award_total, shown.savings, shown.awarded) == (None, None, None, False)


def test_a_missing_breakdown_leaves_prices_unknown_and_the_award_standing() -> None:
    lot = lot_report(a_lot((a_bid("a", 333_334),), demand=(a_demand(pc=7),)))
    assert (lot.awarded, lot.reason, lot.award_total) == (True, "内訳書がなく、単価が不明", 333_334)
    assert (lot.items[0].unit_price, lot.municipalities[0].amount, lot.municipalities[0].statement) == (None,) * 3


def test_who_declined_or_stayed_away_is_not_counted_among_those_who_bid() -> None:
    assert (
        lot_report(a_lot((a_bid("a", 500_000), a_bid("b", 1, void="代理人"), declined("c"), absent("d")))).bidders == 2
    )


def test_the_rows_of_the_reconciliation_add_up_over_the_awarded_lots() -> None:
    rows = {row.label: row for row in r3_report().reconciliation}
    assert rows["落札金額（税抜）"].values == (113_643_760, 4_886_060)
    assert rows["市町村別の契約額の合計（税込）"].total == 130_382_802
    assert [row.total for row in rows.values() if row.label.startswith("差")] == [0, 0]


def test_the_rounding_of_the_tax_is_shown_as_it_is() -> None:
    lot = a_lot((priced("a", pc=15),), demand=(a_demand(NARA, pc=1), a_demand(YAMATOTAKADA, pc=1)))
    gap = report_of(a_round(lot)).reconciliation[-1]
    assert (gap.label, gap.values) == ("税の端数差（Ｄ－Ｅ）", (1,))


SETTLED = settle(a_round(a_lot((priced("a", pc=50_000),), demand=(a_demand(NARA, pc=4), a_demand(YAMATOTAKADA, pc=6)))))


def _with(**changes: object) -> LotResult:
    return replace(SETTLED.lots[0], **changes)  # type: ignore[arg-type]


def _with_share(**changes: object) -> LotResult:
    first, second = SETTLED.lots[0].municipalities
    return _with(municipalities=(replace(first, **changes), second))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (_with(items=(replace(SETTLED.lots[0].items[0], amount=500_001),)), "落札金額と品目別の合計"),
        (_with(municipalities=SETTLED.lots[0].municipalities[:1]), "落札金額と市町村別の合計"),
        (_with_share(amount_with_tax=220_001), "税の端数差"),
        (_with_share(items=SETTLED.lots[0].municipalities[1].items), "奈良市の契約額と品目別の合計"),
        (_with(items=(replace(SETTLED.lots[0].items[0], list_amount=1),)), "定価総額と品目別の合計"),
        (_with_share(list_amount=400_001), "定価総額と市町村別の合計"),
        (_with_share(saved=200_001), "削減額と市町村別の合計"),
    ],
)
def test_sums_that_disagree_are_never_shown(wrong: LotResult, what: str) -> None:
    lot = a_lot((priced("a", pc=50_000),), demand=(a_demand(NARA, pc=4), a_demand(YAMATOTAKADA, pc=6)))
    with pytest.raises(SumsDisagree, match=f"{what}が一致しません"):
        round_report(a_round(lot), replace(SETTLED, lots=(wrong,)), COUNCIL, len(COUNCIL))


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_every_round_can_be_shown_and_publishing_twice_changes_nothing(round: Round) -> None:
    report = report_of(round)
    public = published(report)
    assert published(public) == public
    assert [lot.id for lot in public.lots] == [lot.id for lot in round.lots]
    bars = [
        bar for lot in report.lots for item in lot.items for bar in (item.list_bar, item.price_bar) if bar is not None
    ]
    assert all(0 <= bar <= 100 for bar in bars)


@pytest.mark.parametrize(
    ("ceiling", "recorded", "shown"),
    [(18_181_818, None, 20_000_000), (122_730_000, None, 135_003_000), (18_181_818, 20_000_001, 20_000_001)],
)
def test_a_ceiling_is_shown_as_recorded_or_as_the_least_that_allows_it(
    ceiling: int, recorded: int | None, shown: int
) -> None:
    rules = replace(OPEN.rules, ceiling=ceiling, ceiling_with_tax=recorded)
    assert lot_report(replace(OPEN, rules=rules)).ceiling_with_tax == shown
