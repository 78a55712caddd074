"""Signs that show only over lots and rounds."""

from dataclasses import replace

import pytest

from procure.settlement.round import Lot
from procure.signs.competitions import same_bidder
from procure.signs.kinds import Kind
from tests.signs.looking import a_tender, over, rounds_of


def won_by(*winners: str) -> list[Lot]:
    """Lots in which each of the winners bids, and the one named first in its turn is lowest."""
    return [
        a_tender({name: 700_000 if name == winner else 800_000 for name in dict.fromkeys(winners)})
        for winner in winners
    ]


def sentences(kind: Kind, lots: list[Lot]) -> list[str]:
    return [sign.sentence for sign in over(kind, rounds_of(*lots)).signs]


def test_totals_at_one_ratio_in_three_lots_are_a_sign() -> None:
    lots = [a_tender({"甲": total, "乙": total * 105 // 100}) for total in (700_000, 600_000, 800_000)]
    look = over(Kind.TOTALS_AT_FIXED_RATIO, rounds_of(*lots))
    assert [sign.sentence for sign in look.signs] == [
        "甲に対する乙の入札金額の比が、ともに入札した3ロットのすべてでほぼ一定です。"
    ]
    assert [figure.label for figure in look.signs[0].figures] == [
        f"第{year}回　パソコンの共同調達" for year in (1, 2, 3)
    ]
    assert [figure.place.round for figure in look.signs[0].figures if figure.place] == ["R1", "R2", "R3"]


def test_one_lot_at_another_ratio_makes_it_none() -> None:
    lots = [a_tender({"甲": 700_000, "乙": total}) for total in (735_000, 735_000, 740_000)]
    assert sentences(Kind.TOTALS_AT_FIXED_RATIO, lots) == []


def test_two_lots_are_too_few_for_a_ratio_or_a_turn() -> None:
    rounds = rounds_of(*[a_tender({"甲": 700_000, "乙": 735_000})] * 2)
    assert over(Kind.TOTALS_AT_FIXED_RATIO, rounds).not_looked == "同じ2者が入札したロットが3件に足りません。"
    assert over(Kind.DECLINES_IN_TURN, rounds).not_looked == "同じ2者が登録したロットが3件に足りません。"


def test_two_that_decline_in_turn_are_a_sign() -> None:
    lots = [
        a_tender({"甲": None, "乙": 800_000}),
        a_tender({"甲": 800_000, "乙": None}),
        a_tender({"甲": None, "乙": 800_000}),
    ]
    look = over(Kind.DECLINES_IN_TURN, rounds_of(*lots))
    (sign,) = look.signs
    assert sign.sentence == "甲、乙が、ともに登録した3ロットで、交互に入札していません。"
    assert [figure.value for figure in sign.figures] == ["甲 辞退、乙 入札", "甲 入札、乙 辞退", "甲 辞退、乙 入札"]


@pytest.mark.parametrize(
    "second", [{"甲": None, "乙": 800_000}, {"甲": 700_000, "乙": 800_000}, {"甲": None, "乙": None}]
)
def test_the_same_one_both_or_neither_declining_is_no_turn(second: dict[str, int | None]) -> None:
    away: dict[str, int | None] = {"甲": None, "乙": 800_000}
    assert sentences(Kind.DECLINES_IN_TURN, [a_tender(away), a_tender(second), a_tender(away)]) == []


def test_two_that_win_in_turn_twice_are_a_sign() -> None:
    assert sentences(Kind.ROTATION, won_by("甲", "乙", "甲", "乙")) == [
        "すべてのロットの落札者が、甲、乙の順で、4件続いています。"
    ]


def test_three_that_win_in_turn_twice_are_a_sign_wherever_it_begins() -> None:
    assert sentences(Kind.ROTATION, won_by("甲", "甲", "乙", "丙", "甲", "乙", "丙", "丙")) == [
        "すべてのロットの落札者が、甲、乙、丙の順で、6件続いています。"
    ]


@pytest.mark.parametrize("winners", ["甲甲甲甲", "甲乙乙甲", "甲乙丙甲乙甲"])
def test_one_winner_or_an_order_that_breaks_is_no_rotation(winners: str) -> None:
    assert sentences(Kind.ROTATION, won_by(*winners)) == []


def test_lots_with_one_id_are_a_series_of_their_own() -> None:
    bidders = {"甲": 700_000, "乙": 800_000, "丙": 810_000}
    turned = {"甲": 800_000, "乙": 700_000, "丙": 810_000}
    third = {"甲": 800_000, "乙": 810_000, "丙": 700_000}
    lots = [a_tender(totals) for totals in (bidders, turned, bidders, turned)]
    rounds = [replace(round, lots=(*round.lots, a_tender(third, id="printer"))) for round in rounds_of(*lots)]
    assert [sign.sentence for sign in over(Kind.ROTATION, rounds).signs] == [
        "番号「pc」のロットの落札者が、甲、乙の順で、4件続いています。"
    ]


def test_three_awards_are_too_few_for_a_rotation() -> None:
    look = over(Kind.ROTATION, rounds_of(*won_by("甲", "乙", "甲")))
    assert look.not_looked == "落札が4件に足りません。"


def test_one_that_bids_in_five_lots_and_never_wins_is_a_sign() -> None:
    lots = [a_tender({"甲": 700_000, "乙": 800_000})] * 5
    assert sentences(Kind.NEVER_WINS, lots) == ["乙は、登録した5ロットのすべてに入札し、一度も落札していません。"]


def test_one_that_wins_once_or_declines_once_is_none() -> None:
    losing = a_tender({"甲": 700_000, "乙": 800_000})
    assert sentences(Kind.NEVER_WINS, [losing] * 4 + [a_tender({"甲": 800_000, "乙": 700_000})]) == []
    assert sentences(Kind.NEVER_WINS, [losing] * 4 + [a_tender({"甲": 700_000, "乙": None})]) == []


def test_four_lots_are_too_few_to_say_that_one_never_wins() -> None:
    look = over(Kind.NEVER_WINS, rounds_of(*[a_tender({"甲": 700_000, "乙": 800_000})] * 4))
    assert look.not_looked == "落札者のある5件以上のロットに登録した者がいません。"


def test_rounds_are_looked_at_by_their_day_whatever_order_they_come_in() -> None:
    rounds = rounds_of(*won_by("甲", "乙", "甲", "乙"))
    assert over(Kind.ROTATION, rounds) == over(Kind.ROTATION, rounds[::-1])


def test_a_bidder_is_known_again_by_its_name_whatever_width_and_blanks() -> None:
    assert same_bidder("株式会社　ＡＢＣ 商会") == same_bidder("株式会社abc商会")
    assert same_bidder("株式会社甲") != same_bidder("有限会社甲")


def test_a_registered_supplier_stays_the_same_under_another_name() -> None:
    lots = [a_tender({name: 800_000, "甲": 700_000}) for name in ("乙", "乙", "乙ホールディングス", "乙", "乙")]
    numbers = {("R3", "pc", "b0"): "7", ("R1", "pc", "b0"): "7"}
    assert over(Kind.NEVER_WINS, rounds_of(*lots)).signs == ()
    (sign,) = over(Kind.NEVER_WINS, rounds_of(*lots), numbers).signs
    assert sign.sentence == "乙は、登録した5ロットのすべてに入札し、一度も落札していません。"


def test_a_name_that_two_suppliers_bid_under_stands_for_neither() -> None:
    lots = [a_tender({"乙": 800_000, "甲": 700_000})] * 6
    numbers = {("R1", "pc", "b0"): "7", ("R2", "pc", "b0"): "8"}
    assert over(Kind.NEVER_WINS, rounds_of(*lots), numbers).signs == ()


def test_two_of_one_name_in_a_lot_are_told_apart() -> None:
    lot = a_tender({"甲": 700_000, "甲 ": 735_000})
    (sign,) = over(Kind.TOTALS_AT_FIXED_RATIO, rounds_of(lot, lot, lot)).signs
    assert len(sign.figures) == 3


def test_without_a_round_nothing_could_be_looked_at() -> None:
    for kind in (Kind.TOTALS_AT_FIXED_RATIO, Kind.DECLINES_IN_TURN, Kind.ROTATION, Kind.NEVER_WINS):
        look = over(kind, [])
        assert look.signs == ()
        assert look.not_looked is not None
