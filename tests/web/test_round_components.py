"""Figures, tables and the parts of a round: what is unknown is a dash, every sum is exact."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.web.rendering import JST, NOW, Box, QuantityLot, QuantityRow, RankedBid, Step, Viewer, render, words


@pytest.mark.parametrize(
    ("call", "seen"),
    [
        ("ui.yen(1234567)", "1,234,567円"),
        ("ui.yen(-1234)", "▲1,234円"),
        ("ui.yen(half)", "1.5円"),
        ("ui.yen(none)", "—なし"),
        ("ui.count(2355, '台')", "2,355台"),
        ("ui.percent(rate)", "51.6%"),
        ("ui.difference(6046600)", "＋6,046,600"),
        ("ui.difference(-3, '台')", "−3台"),
        ("ui.difference(0)", "±0"),
        ("ui.day(today)", "令和8年12月11日（金）"),
        ("ui.short_day(today)", "R8.12.11"),
        ("ui.moment(at)", "令和8年12月11日（金）17時15分"),
        ("ui.day(none)", "—未定"),
    ],
)
def test_figures_and_dates_read_as_offices_write_them(call: str, seen: str) -> None:
    at = datetime(2026, 12, 11, 17, 15, tzinfo=JST)
    html = render("{{ " + call + " }}", half=Fraction(3, 2), rate=Decimal("51.6"), today=at.date(), at=at)
    assert words(html) == seen


def test_a_dash_is_hidden_from_screen_readers_and_spoken_as_words() -> None:
    html = render("{{ ui.yen(none, missing='金額なし') }}")
    assert '<span aria-hidden="true">—</span><span class="vh">金額なし</span>' in html


def test_a_date_carries_its_machine_readable_form() -> None:
    assert 'datetime="2026-12-11"' in render("{{ ui.day(d) }}", d=date(2026, 12, 11))


def test_table_cells_carry_roles_and_the_label_that_small_screens_show() -> None:
    html = render("{{ ui.number_cell(ui.count(3), '数量', 2) }}")
    assert html.strip().startswith('<td class="r m2" role="cell" data-l="数量">')


def test_bars_are_cut_to_two_places_without_floats() -> None:
    html = render("{{ ui.bar_cell(370835600, 179520400, 370835600) }}")
    assert 'width="100.00%"' in html
    assert 'width="48.40%"' in html


def test_an_unknown_amount_has_no_bar() -> None:
    html = render("{{ ui.bar_cell(none, 5, 10) }}")
    assert "bar-bg" not in html
    assert 'width="50.00%"' in html


def test_an_award_above_list_price_is_the_longest_bar() -> None:
    html = render("{{ ui.savings(p, 100, 125, -25) }}", p=Decimal("-25.0"))
    assert 'class="bar-bg" width="80.00%"' in html
    assert 'class="bar-fg" width="100.00%"' in html


def test_savings_that_cannot_be_computed_say_so() -> None:
    html = render("{{ ui.savings(none, none, 100, none) }}")
    assert "算出できません" in html
    assert "bar-bg" not in html


def test_the_stages_are_told_in_one_sentence() -> None:
    steps = (Step("準備", "done", "9月1日"), Step("需要登録", "current"), Step("入札", "todo"))
    html = render("{{ ui.steps(s) }}", s=steps)
    assert "全3段階のうち、2段階目「需要登録」まで進んでいます。" in words(html)
    assert html.count('aria-current="step"') == 1


def test_stages_that_are_all_done_are_told_as_done() -> None:
    assert "全1段階のうち、1段階が完了しています。" in words(render("{{ ui.steps(s) }}", s=(Step("準備", "done"),)))


def test_participation_is_drawn_as_one_square_for_each_member() -> None:
    html = render("{{ ui.participation(13, 39) }}")
    assert html.count("<rect ") == 39
    assert html.count('class="on"') == 13
    assert 'aria-label="39団体のうち13団体が参加"' in html


@pytest.mark.parametrize(
    ("left", "seen"),
    [
        (timedelta(days=18, hours=7), "あと18日"),
        (timedelta(days=1), "あと1日"),
        (timedelta(hours=5, minutes=12, seconds=59), "あと5時間12分"),
        (timedelta(seconds=-1), "締め切りました"),
    ],
)
def test_a_deadline_says_what_is_left(left: timedelta, seen: str) -> None:
    html = render("{{ ui.due('登録期限', at, now) }}", at=NOW + left, now=NOW)
    assert words(html[html.index("due__left") :].split(">", 1)[1]) == seen


def test_a_bid_without_rank_or_amount_shows_dashes_that_speak() -> None:
    out = RankedBid(rank=None, total=None, ratio=None, verdict="辞退", tone="gray", standing="out")
    html = render("{{ ui.bids_table('入札者', [b]) }}", b=out)
    assert 'class="is-out"' in html
    assert "順位なし" in html
    assert "金額なし" in html


def test_a_post_as_the_next_action_carries_the_token() -> None:
    html = render("{{ ui.next_action('公表する', none, '/x', '公表する', 'post', v) }}", v=Viewer())
    assert '<form method="post" action="/x"><input type="hidden" name="csrf_token" value="token-1">' in html


def test_without_anything_to_press_the_next_action_is_only_told() -> None:
    html = render("{{ ui.next_action('開札を待ちます') }}")
    assert "次の作業：開札を待ちます" in html
    assert "btn" not in html


def test_an_item_at_an_open_price_has_no_price_to_multiply_with() -> None:
    lot = QuantityLot((QuantityRow(list_price=None, amount=None),))
    html = render("{{ ui.quantity_grid('需要', [lot]) }}", lot=lot)
    assert 'data-price=""' in html
    assert "オープン価格" in html


def test_a_list_price_reaches_the_grid_in_hundredths_of_a_yen() -> None:
    assert 'data-price="24800000"' in render("{{ ui.quantity_grid('需要', [l]) }}", l=QuantityLot((QuantityRow(),)))


def test_a_refused_quantity_stays_as_it_was_typed_beside_its_error() -> None:
    box = Box("qty-PC-01", "１２台くらい", "整数で入力してください。")
    row = QuantityRow(main=box, units=None, amount=None)
    html = render("{{ ui.quantity_grid('需要', [l]) }}", l=QuantityLot((row,)))
    assert 'value="１２台くらい"' in html
    assert 'aria-invalid="true" aria-describedby="qty-PC-01-error"' in html
    assert '<tr role="row" data-price="24800000" class="has-error">' in html


def test_what_need_not_be_said_is_folded_away_until_something_is_in_it() -> None:
    empty, full = (QuantityLot((QuantityRow(),), has_details=has) for has in (False, True))
    closed, opened = (render("{{ ui.quantity_grid('需要', [l]) }}", l=lot) for lot in (empty, full))
    assert '<details class="more">' in closed
    assert '<details class="more" open>' in opened


def test_purchase_or_lease_is_asked_only_where_the_lot_allows_both() -> None:
    either = QuantityLot((QuantityRow(),), mode=Box("mode-1", "lease"))
    assert "賃貸借" not in render("{{ ui.quantity_grid('需要', [l]) }}", l=QuantityLot((QuantityRow(),)))
    assert 'value="lease" checked' in render("{{ ui.quantity_grid('需要', [l]) }}", l=either)


def test_the_totals_are_there_before_any_script_runs() -> None:
    html = render("{% call ui.quantity_sumbar(201, 32370000) %}{% endcall %}")
    assert "201" in words(html)
    assert "32,370,000円" in words(html)
