"""The decision in sentences."""

from dataclasses import replace

from procure.settlement.explain import explain
from procure.settlement.labels import (
    BID_STATUS,
    CEILING_DISCLOSURE,
    CONTRACT_KIND,
    DRAW_METHOD,
    ENTRY,
    OUTCOME,
    attempt_label,
    reason_label,
)
from procure.settlement.result import BidStatus, Outcome
from procure.settlement.round import CeilingDisclosure, ContractKind, Drawer, DrawMethod, Entry, Lot, PaperDraw, Rules
from procure.settlement.settle import settle_lot
from tests.builders import a_bid, a_lot, absent, at, declined

BEFORE, NEVER = CeilingDisclosure.BEFORE, CeilingDisclosure.NEVER


def said(lot: Lot) -> str:
    return "\n".join(str(sentence) for sentence in explain(lot, settle_lot(lot)))


def test_an_award_is_told_from_the_opening_to_the_contract() -> None:
    lot = a_lot((a_bid("a", 700_000), a_bid("b", 800_000), a_bid("c", 950_000), declined("d")))

    assert said(lot).splitlines() == [
        "初度入札では3者が入札しました。",
        "C商会の入札は、予定価格を超えるため落札できません（地方自治法第234条第3項）。",
        "D商会は入札を辞退しました。",
        "入札書比較価格（予定価格の税抜額）は900,000円です。",
        "落札率は77.78％です。",
        "予定価格の制限の範囲内の入札のうち最低の金額は、A商会の700,000円（税抜）です（地方自治法第234条第3項）。",
        "A商会に決定しました。落札金額は700,000円（税抜）、契約金額は770,000円（税込）です（地方自治法第234条第3項）。",
    ]


def test_the_ceiling_is_never_named_where_it_is_not_published() -> None:
    rules = Rules(ceiling=900_000, ceiling_disclosure=NEVER)

    for attempts in [((a_bid("a", 700_000),),), ((a_bid("a", 950_000),),), ()]:
        told = said(a_lot(*attempts, rules=rules))
        assert "900,000" not in told
        assert "落札率" not in told


def test_a_ceiling_published_afterwards_is_not_named_before_the_award() -> None:
    assert "900,000" not in said(a_lot((a_bid("a", 950_000),)))
    assert "900,000" in said(a_lot((a_bid("a", 850_000),)))


def test_a_ceiling_published_beforehand_may_be_named_at_any_time() -> None:
    rules = Rules(ceiling=900_000, ceiling_disclosure=BEFORE)
    told = said(a_lot((a_bid("a", 950_000),), rules=rules))

    assert "900,000円" in told
    assert "事前に公表した予定価格を超えるため失格です" in told
    assert "不落です。理由：予定価格を事前に公表しており、再度の入札を行わない。" in told


def test_every_exclusion_has_its_reason() -> None:
    first = (a_bid("a", 990_000), a_bid("b", 980_000), a_bid("c", 1, void="委任状なし"), absent("d"))
    again = (a_bid("a", 985_000), a_bid("b", 970_000), a_bid("c", 960_000))
    told = said(a_lot(first, again))

    assert "C商会の入札は無効です。理由：委任状なし（地方自治法施行令第167条の6第2項）。" in told
    assert "D商会は入札に参加しませんでした。" in told
    assert "A商会の入札は、前回の最低入札金額を下回らないため無効です" in told
    assert "C商会の入札は、前回の入札が有効でなかったため無効です（地方自治法施行令第167条の8第4項）。" in told
    assert told.endswith("再度の入札を行います（地方自治法施行令第167条の8第4項）。")


def test_the_minimum_price_is_cited_with_its_article() -> None:
    rules = Rules(ceiling=900_000, minimum=600_000)
    told = said(a_lot((a_bid("a", 500_000),), rules=rules, contract_kind=ContractKind.WORKS))

    assert "最低制限価格を下回るため失格です（地方自治法施行令第167条の10第2項）。" in told
    assert "600,000" not in told


def test_a_lottery_by_number_can_be_followed() -> None:
    tied = tuple(a_bid(id, 500, draw_number=n, received_at=at(9, second=n)) for id, n in (("a", 1), ("b", 2)))
    told = said(a_lot(tied, rules=Rules(draw=DrawMethod.KUJI_ONLY)))

    assert "A商会、B商会の2者が同額のため、くじで落札者を決めました（地方自治法施行令第167条の9）。" in told
    assert "受付順に0番 A商会（1）、1番 B商会（2）。" in told
    assert "合計3を2で割った余りは1で、B商会が当選しました。" in told


def test_a_paper_lottery_names_who_drew_and_who_watched() -> None:
    lot = a_lot((a_bid("a", 5), a_bid("b", 5)), draw=PaperDraw("b", "代理人", "会計課長"))

    assert "くじを引いた者：代理人。立会人：会計課長。" in said(lot)
    assert "立会人" not in said(replace(lot, draw=PaperDraw("b")))
    assert "くじの結果は未登録です" in said(replace(lot, draw=None))


def test_a_paper_lottery_tells_in_which_order_and_by_whom_each_of_the_tied_was_drawn_for() -> None:
    drawers = (Drawer("b", "総務課　丙", in_place=True), Drawer("a", "代表取締役　甲"))
    lot = a_lot((a_bid("a", 5), a_bid("b", 5)), draw=PaperDraw("a", "代表取締役　甲", "会計課長", drawers))

    order = "1番 B商会（総務課　丙。入札者に代わり、入札事務に関係のない職員）、2番 A商会（代表取締役　甲）"
    assert f"くじを引いた順：{order}。立会人：会計課長。" in said(lot)


def test_what_follows_when_nobody_is_awarded() -> None:
    assert "不調です。理由：入札者なし。" in said(a_lot((declined("a"),)))
    assert "地方自治法施行令第167条の2第1項第8号" in said(a_lot((declined("a"),)))
    assert "随意契約" not in said(a_lot((a_bid("a", 1, void="x"),)))
    assert said(a_lot()) == "開札前です。"
    assert said(a_lot(cancelled="仕様の誤り")) == "入札を取り止めました。理由：仕様の誤り。"


def test_a_missing_breakdown_is_told() -> None:
    assert "単価と市町村ごとの金額は決まっていません" in said(a_lot((a_bid("a", 700_001),)))


def test_every_code_has_its_word() -> None:
    assert set(BID_STATUS) == set(BidStatus)
    assert set(OUTCOME) == set(Outcome)
    assert set(ENTRY) == set(Entry)
    assert set(CONTRACT_KIND) == set(ContractKind)
    assert set(CEILING_DISCLOSURE) == set(CeilingDisclosure)
    assert set(DRAW_METHOD) == set(DrawMethod)
    assert [attempt_label(number) for number in (1, 2, 3)] == ["初度入札", "再度入札", "再々度入札"]
    assert (reason_label("not_lower"), reason_label("鉛筆書き")) == ("前回の最低入札金額以上", "鉛筆書き")
