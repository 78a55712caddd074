"""経費削減効果報告書 of the cases that are not plain, and its charts."""

from procure.documents.bid_charts import bids_charts
from procure.documents.charts import lots_charts, price_charts
from procure.documents.excel import savings_xlsx
from procure.documents.participation_chart import participation_chart
from procure.documents.savings import columns, gap_statement, savings_pdf, savings_sheet
from procure.documents.sheet import markup
from procure.documents.svg import shortened
from procure.parties.directory import bodies_of
from procure.reports.round_report import round_report
from procure.settlement.round import CeilingDisclosure, Rules
from procure.settlement.settle import settle
from tests.builders import NARA, YAMATOTAKADA, a_bid, a_demand, a_lot, a_round, an_item, declined, priced
from tests.documents.papers import LETTERHEAD, MADE_AT, formulas, r3_savings, text, unbroken
from tests.reports.reported import r3_report, report_of


def test_the_chart_tells_in_words_what_it_draws() -> None:
    (chart,) = price_charts(r3_report())
    assert "ノートパソコン（標準型） 定価198,000円、落札単価91,570円、値引率53.8％" in chart
    assert chart.count("<rect") == 2 + 2 * 8


def test_an_open_price_has_a_bar_for_what_is_paid_and_none_for_a_list_price() -> None:
    lot = a_lot((a_bid("a", 500_000),), items=(an_item(list_price=None),))
    (chart,) = price_charts(report_of(a_round(lot)))
    assert "オープン価格" in chart
    assert chart.count("<rect") == 2 + 1


def test_many_items_go_on_in_another_figure_under_the_title_of_their_lot() -> None:
    items = tuple(an_item(f"item-{number}", name=f"品目{number}") for number in range(50))
    bid = priced("a", **{item.id: 50_000 for item in items})
    lot = a_lot((bid,), items=items, demand=(a_demand(**{item.id: 1 for item in items}),), rules=Rules())
    charts = price_charts(report_of(a_round(lot)))
    assert len(charts) == 3
    assert all("パソコンの共同調達" in chart for chart in charts)
    assert sum(chart.count("落札単価50,000円") for chart in charts) == 50


def test_no_price_chart_where_no_unit_price_is_known() -> None:
    assert price_charts(report_of(a_round(a_lot((a_bid("a", 333_333),))))) == ()


def test_a_square_stands_for_each_body_and_a_bar_where_there_are_too_many() -> None:
    squares = participation_chart(r3_report())
    assert squares.count("<rect") == 3 * 39
    assert "協議会の39団体のうち、パソコンの共同調達 13団体、プリンタの共同調達 7団体、いずれかに参加 16団体" in squares
    hokkaido = {body.code: body for body in bodies_of("北海道")}
    round = a_round(a_lot((a_bid("a", 500_000),), demand=(a_demand("011002", pc=10),)))
    bars = participation_chart(round_report(round, settle(round), hokkaido, len(hokkaido)))
    assert bars.count("<rect") == 2
    assert "1/179" in bars


def test_a_long_name_is_cut_where_the_bars_begin() -> None:
    assert shortened("ノートパソコン", 16) == "ノートパソコン"
    assert shortened("ノートパソコン（モバイル型、五年保守付き）", 16) == "ノートパソコン（モバイル型、五…"


def test_the_reconciliation_of_many_lots_takes_several_tables_and_sums_once() -> None:
    lots = [a_lot((a_bid("a", 500_000),), id=f"lot-{number}", title=f"件名{number}") for number in range(5)]
    report = report_of(a_round(*lots))
    first, second = columns([lot.title for lot in report.awarded], report.reconciliation)
    assert first.titles == ("件名0", "件名1", "件名2")
    assert second.titles == ("件名3", "件名4", "合計")
    assert second.rows[0].values == (500_000, 500_000, 2_500_000)


def test_the_reconciliation_is_printed_with_its_differences() -> None:
    said = text(r3_savings())
    assert "113,643,760 4,886,060 118,529,820" in said
    assert "差（Ａ－Ｂ） 0 0 0" in said
    assert "今回の端数差は0円です。" in said


def test_an_unknown_gap_is_not_spoken_of() -> None:
    assert gap_statement(None) == ""
    assert gap_statement(3) == "今回の端数差は3円です。"


def test_items_without_a_list_price_are_left_out_of_both_sides_and_told() -> None:
    items = (an_item("pc"), an_item("open", None, name="増設メモリ"))
    lot = a_lot(
        (priced("a", pc=50_000, open=30_000),),
        items=items,
        demand=(a_demand(NARA, pc=4, open=2), a_demand(YAMATOTAKADA, open=3)),
    )
    said = text(savings_pdf(report_of(a_round(lot)), LETTERHEAD, MADE_AT))
    assert "計（全品目） 350,000" in said
    assert "計（定価のある品目） 400,000 200,000 200,000 50.0" in said
    assert "292028 大和高田市 — 90,000 9,000 99,000 — —" in said
    assert "定価のある1／2品目（落札総額の57.1％）" in said


def test_sums_of_many_digits_are_set_smaller_so_that_they_fit_their_columns() -> None:
    huge = a_lot((priced("a", pc=50_000_000_000),), rules=Rules())
    wide = markup(savings_sheet(report_of(a_round(huge)), LETTERHEAD, MADE_AT))
    usual = markup(savings_sheet(r3_report(), LETTERHEAD, MADE_AT))
    assert wide.count("fine") == wide.count("<table") - 4  # bids, reconciliation, gaps and method have room
    assert "fine" not in usual


def test_a_secret_ceiling_is_in_neither_report_nor_spreadsheet() -> None:
    rules = Rules(ceiling=987_654_321, ceiling_disclosure=CeilingDisclosure.NEVER)
    report = report_of(a_round(a_lot((a_bid("a", 500_000),), rules=rules)))
    assert "987" not in markup(savings_sheet(report, LETTERHEAD, MADE_AT)).replace(",", "")
    cells = [
        cell.value for sheet in formulas(savings_xlsx(report, LETTERHEAD, MADE_AT)) for row in sheet for cell in row
    ]
    assert not [cell for cell in cells if "987" in str(cell)]


def test_a_round_without_award_says_that_nothing_was_saved() -> None:
    said = unbroken(savings_pdf(report_of(a_round(a_lot((declined("a"),)))), LETTERHEAD, MADE_AT))
    assert "落札した件名がないため、経費削減効果はありません。" in said
    assert "算定の方法" not in said


def test_the_report_is_made_where_no_breakdown_says_what_was_saved() -> None:
    compared, unknown = a_lot((a_bid("a", 500_000),)), a_lot((a_bid("a", 333_333),), id="x", title="内訳なし")
    pages = text(savings_pdf(report_of(a_round(compared, unknown)), LETTERHEAD, MADE_AT))
    assert "内訳なし" in pages.split("市町村別の削減額")[-1]


def test_the_bids_that_decided_are_drawn_against_the_ceiling_where_it_may_be_named() -> None:
    bids = (a_bid("a", 500_000), a_bid("b", 950_000), a_bid("c", 400_000, void="代理人"), declined("d"))
    (named,) = bids_charts(report_of(a_round(a_lot(bids))).lots[0])
    assert "A商会 500,000円（落札）、B商会 950,000円（予定価格超過）、C商会 400,000円（無効）" in named
    assert "D商会 金額なし（辞退）。入札書比較価格 900,000円。" in named
    assert named.count("stroke-dasharray") == 2  # the void bid and the ceiling are told apart without colour
    rules = Rules(ceiling=900_000, ceiling_disclosure=CeilingDisclosure.NEVER)
    (secret,) = bids_charts(report_of(a_round(a_lot(bids, rules=rules))).lots[0])
    assert "900,000" not in secret


def test_the_report_explains_the_gap_of_the_tax_to_the_last_fraction() -> None:
    lot = a_lot((priced("a", pc=15),), demand=(a_demand(NARA, pc=1), a_demand(YAMATOTAKADA, pc=1)))
    assert "パソコンの共同調達 2 1 0 1" in text(savings_pdf(report_of(a_round(lot)), LETTERHEAD, MADE_AT))


def test_the_sources_of_list_prices_stand_under_their_table() -> None:
    items = (an_item("pc", list_price_source="総合カタログ（2021年4月）"), an_item("x", name="増設メモリ"))
    lot = a_lot((priced("a", pc=50_000, x=30_000),), items=items, demand=(a_demand(NARA, pc=4, x=2),))
    said = unbroken(savings_pdf(report_of(a_round(lot)), LETTERHEAD, MADE_AT))
    assert "定価の出典　総合カタログ（2021年4月）：ノートパソコン" in said
    assert "定価の出典　出典の登録なし：増設メモリ" in said


def test_no_drawing_needs_a_style_that_the_page_forbids() -> None:
    report = r3_report()
    drawings = (
        *price_charts(report),
        *lots_charts(report),
        participation_chart(report),
        *bids_charts(report.lots[0]),
    )
    for drawing in drawings:
        assert drawing.startswith("<svg")
        assert "style" not in drawing
        assert 'role="img"><title>' in drawing
        assert "</title><desc>" in drawing
