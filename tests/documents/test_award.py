"""落札結果 of the cases that are not plain: several attempts, a draw, no award, ceilings that stay secret."""

from fractions import Fraction

from procure.documents.award import award_pdf, ceiling_words
from procure.settlement.round import CeilingDisclosure, Lot, PaperDraw, Rules
from tests.builders import a_bid, a_lot, a_round, absent, an_item, declined, priced
from tests.documents.papers import LETTERHEAD, MADE_AT, text, unbroken
from tests.reports.reported import lot_report, report_of


def printed(*lots: Lot) -> bytes:
    return award_pdf(report_of(a_round(*lots)), LETTERHEAD, MADE_AT)


def test_each_attempt_has_a_column_and_who_left_shows_why() -> None:
    lot = a_lot(
        (a_bid("a", 990_000), a_bid("b", 980_000), declined("c")),
        (a_bid("a", 950_000), a_bid("b", 960_000)),
        (a_bid("a", 890_000), absent("b")),
    )
    said = text(printed(lot))
    assert all(f"第{number}回入札金額" in said for number in "１２３")
    assert "1 A商会 990,000 950,000 890,000 — 落札" in said
    assert "— B商会 980,000 960,000 不参 — 不参" in said
    assert "— C商会 辞退 — — — 辞退" in said


def test_a_tie_has_a_line_on_the_draw() -> None:
    lot = a_lot((a_bid("a", 500_000), a_bid("b", 500_000)), draw=PaperDraw("b", "代理人", "総務課職員"))
    said = unbroken(printed(lot))
    assert "くじで落札者を決めました（地方自治法施行令第167条の9）" in said
    assert "くじを引いた者：代理人。立会人：総務課職員。" in said
    assert "1 B商会 500,000 — 落札" in said
    assert "1 A商会 500,000 — くじ落選" in said


def test_lots_without_award_are_told_in_words() -> None:
    failed = a_lot((declined("a"),), id="failed", title="プリンタの共同調達")
    cancelled = a_lot(id="cancelled", title="複合機の共同調達", cancelled="仕様の誤りのため")
    said = unbroken(printed(a_lot((a_bid("a", 500_000),)), failed, cancelled))
    assert "プリンタの共同調達：不調　入札者なし" in said
    assert "複合機の共同調達：取止め　仕様の誤りのため" in said


def test_a_round_without_any_award_still_makes_a_document() -> None:
    said = unbroken(printed(a_lot((declined("a"),))))
    assert "不調" in said
    assert "契約単価" not in said.replace("内訳単価を契約単価として", "")


def test_open_prices_and_decimals_line_up() -> None:
    items = (an_item("pc", Fraction("12.5"), name="用紙"), an_item("open", None, name="封筒"))
    bid = priced("a", pc=Fraction("10.25"), open=3)
    said = text(printed(a_lot((bid,), items=items, rules=Rules(price_decimals=2))))
    assert "10 12.50 10.25 11.27 18.0" in said
    assert "単価の単位未満を切り捨てた参考の額です。" in said


def test_a_ceiling_that_is_not_disclosed_appears_nowhere() -> None:
    secret = a_lot((a_bid("a", 500_000),), rules=Rules(ceiling=987_654_321, ceiling_disclosure=CeilingDisclosure.NEVER))
    said = unbroken(printed(secret))
    assert "987" not in said
    assert "予定価格　非公表" in said


def test_a_ceiling_that_is_disclosed_is_told_with_and_without_tax() -> None:
    lot = lot_report(a_lot((a_bid("a", 500_000),)))
    assert ceiling_words(lot) == "予定価格　990,000円（税込）　入札書比較価格　900,000円（税抜）"


def test_a_missing_breakdown_is_told_beside_the_prices_it_leaves_unknown() -> None:
    said = text(printed(a_lot((a_bid("a", 333_333),))))
    assert "内訳書がなく、単価が不明" in said
    assert "10 100,000 — — —" in said
