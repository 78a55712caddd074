"""Signs in the prices themselves."""

from dataclasses import replace

from procure.settlement.round import Bidder, Rules
from procure.signs.kinds import Kind
from tests.builders import a_bid, a_demand, a_lot, absent, declined, priced
from tests.signs.looking import figures, looks_for, said, signs_of, three_items


def test_one_bid_is_a_sign_with_who_declined_and_who_stayed_away() -> None:
    lot = a_lot((a_bid("a", 800_000), declined("b"), absent("c")))
    assert said(Kind.SINGLE_BID, lot) == ["初度入札に入札したのは、A商会の1者です。"]
    assert figures(signs_of(Kind.SINGLE_BID, lot)[0]) == {
        "登録した入札者": "4者",
        "入札した者": "1者",
        "辞退した者": "1者",
        "不参の者": "1者",
    }


def test_a_void_bid_was_a_bid_too() -> None:
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 700_000, void="記名押印なし")))
    assert said(Kind.SINGLE_BID, lot) == []


def test_without_a_bid_there_is_nothing_to_count() -> None:
    lot = a_lot((declined("a"), absent("b")))
    assert [look.not_looked for look in looks_for(Kind.SINGLE_BID, lot)] == ["入札した者がいません。"]


def test_equal_totals_are_a_sign_for_each_amount() -> None:
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 800_000), a_bid("c", 810_000), a_bid("d", 810_000)))
    assert said(Kind.IDENTICAL_TOTALS, lot) == [
        "A商会、B商会の入札金額が、同じ800,000円です。",
        "C商会、D商会の入札金額が、同じ810,000円です。",
    ]


def test_a_yen_of_difference_is_no_equal_total() -> None:
    assert said(Kind.IDENTICAL_TOTALS, a_lot((a_bid("a", 800_000), a_bid("b", 800_001)))) == []


def test_a_void_bid_of_the_same_amount_is_told_too() -> None:
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 800_000, void="記名押印なし")))
    assert said(Kind.IDENTICAL_TOTALS, lot) == ["A商会、B商会の入札金額が、同じ800,000円です。"]


def test_totals_are_compared_as_the_breakdown_gives_them() -> None:
    lot = three_items(priced("a", pc=100, dock=20, mouse=3), priced("b", pc=90, dock=30, mouse=3))
    assert said(Kind.IDENTICAL_TOTALS, lot) == ["A商会、B商会の入札金額が、同じ123円です。"]


def test_equal_unit_prices_are_a_sign_for_those_who_share_them() -> None:
    lot = three_items(
        priced("a", pc=100, dock=20, mouse=3),
        priced("b", pc=100, dock=20, mouse=4),
        priced("c", pc=99, dock=21, mouse=4),
    )
    assert said(Kind.IDENTICAL_UNIT_PRICES, lot) == [
        "A商会、B商会の単価が、3品目のうち2品目で同じです。",
        "B商会、C商会の単価が、3品目のうち1品目で同じです。",
    ]
    assert figures(signs_of(Kind.IDENTICAL_UNIT_PRICES, lot)[0]) == {"pc": "100円", "dock": "20円"}


def test_unit_prices_are_not_compared_where_they_are_the_total() -> None:
    lot = a_lot((priced("a", pc=100), priced("b", pc=100)))
    assert [look.not_looked for look in looks_for(Kind.IDENTICAL_UNIT_PRICES, lot)] == ["品目が2品目に足りません。"]


def test_unit_prices_are_not_compared_without_breakdowns() -> None:
    lot = three_items(priced("a", pc=100, dock=20, mouse=3), a_bid("b", 123))
    for kind in (Kind.IDENTICAL_UNIT_PRICES, Kind.FIXED_RATIO):
        assert [look.not_looked for look in looks_for(kind, lot)] == ["単価の分かる入札が2者に足りません。"]


def test_unit_prices_at_one_ratio_are_a_sign() -> None:
    lot = three_items(priced("a", pc=1000, dock=200, mouse=40), priced("b", pc=1050, dock=210, mouse=42))
    assert said(Kind.FIXED_RATIO, lot) == ["A商会の単価に対するB商会の単価の比が、3品目のすべてでほぼ一定です。"]
    assert figures(signs_of(Kind.FIXED_RATIO, lot)[0]) == {"B商会÷A商会": "1.0500～1.0500"}


def test_a_ratio_is_fixed_up_to_a_thousandth() -> None:
    first = priced("a", pc=1_000_000, dock=1_000_000, mouse=1_000_000)
    on_it = priced("b", pc=1_001_000, dock=1_000_000, mouse=1_000_000)
    beyond = priced("b", pc=1_001_001, dock=1_000_000, mouse=1_000_000)
    assert len(said(Kind.FIXED_RATIO, three_items(first, on_it))) == 1
    assert said(Kind.FIXED_RATIO, three_items(first, beyond)) == []


def test_equal_unit_prices_alone_are_not_a_ratio() -> None:
    lot = three_items(priced("a", pc=1000, dock=200, mouse=40), priced("b", pc=1000, dock=200, mouse=40))
    assert said(Kind.FIXED_RATIO, lot) == []


def test_all_bidders_at_ratios_of_one_price_list_are_one_sign() -> None:
    lists = {"a": 100, "b": 105, "c": 110, "d": 120}
    bids = [priced(bidder, pc=9 * part, dock=7 * part, mouse=part) for bidder, part in lists.items()]
    assert said(Kind.FIXED_RATIO, three_items(*bids)) == [
        "A商会の単価に対するB商会、C商会、D商会の単価の比が、3品目のすべてでほぼ一定です。"
    ]


def test_two_items_are_too_few_for_a_ratio() -> None:
    lot = three_items(priced("a", pc=1, dock=2, mouse=3), priced("b", pc=2, dock=4, mouse=6))
    lot = replace(lot, demand=(a_demand(pc=1, dock=1),))
    assert [look.not_looked for look in looks_for(Kind.FIXED_RATIO, lot)] == ["品目が3品目に足りません。"]


def test_forty_bidders_at_one_price_are_one_sign() -> None:
    bidders = tuple(Bidder(f"b{number}", f"第{number}商会") for number in range(40))
    lot = a_lot(tuple(a_bid(bidder.id, 800_000) for bidder in bidders), bidders=bidders, rules=Rules(ceiling=900_000))
    (sign,) = signs_of(Kind.IDENTICAL_TOTALS, lot)
    assert len(sign.figures) == 40
    assert sign.sentence == (
        "第0商会、第1商会、第2商会、第3商会、第4商会、第5商会ほか34者の入札金額が、同じ800,000円です。"
    )
