"""The controls of a form: labels, errors beside their fields, and what was typed."""

from datetime import date

import pytest

from procure.errors import Fault
from tests.web.rendering import render


def test_the_error_summary_counts_the_faults_and_links_to_their_fields() -> None:
    html = render(
        "{{ ui.error_summary(f) }}", f=(Fault("title", "件名を入力してください。"), Fault("", "締切後です。"))
    )
    assert "入力内容に2件の誤りがあります" in html
    assert '<a href="#title">件名を入力してください。</a>' in html
    assert "<li>締切後です。</li>" in html
    assert 'role="alert"' in html


def test_without_faults_there_is_no_error_summary() -> None:
    assert render("{{ ui.error_summary(()) }}").strip() == ""


def test_a_field_names_its_error_and_its_support() -> None:
    html = render("{{ ui.field('件名', 'title', 'あ', '長すぎます。', '20字まで', required=true) }}")
    assert '<label for="title">件名<span class="mark mark--required">※必須</span></label>' in html
    assert 'aria-describedby="title-support title-error" aria-invalid="true"' in html
    assert '<p class="err" id="title-error">＊長すぎます。</p>' in html
    assert 'value="あ"' in html


def test_a_field_without_error_is_not_called_invalid() -> None:
    assert "aria-invalid" not in render("{{ ui.field('件名', 'title', '') }}")


@pytest.mark.parametrize("call", ["field('商号', 'name', value)", "textarea('規格', 'name', value)"])
@pytest.mark.parametrize(("value", "cautions"), [("\ue000野", 1), ("葛\U000e0100城", 0), (12, 0), (None, 0)])
def test_private_use_characters_get_a_caution_that_refuses_nothing(call: str, value: object, cautions: int) -> None:
    html = render(f"{{{{ ui.{call} }}}}", value=value)
    assert html.count('<p class="caution" id="name-private">外字が含まれています。') == cautions
    assert html.count('aria-describedby="name-private"') == cautions
    assert "aria-invalid" not in html


def test_a_password_is_never_written_back() -> None:
    assert "himitsu" not in render("{{ ui.field('パスワード', 'password', 'himitsu', type='password') }}")


def test_an_error_is_found_by_the_name_of_its_field() -> None:
    faults = (Fault("title", "甲"), Fault("date", "乙"))
    assert render("{{ ui.error_for(f, 'date') }}", f=faults) == "乙"
    assert render("{{ ui.error_for(f, 'kind') }}", f=faults) == ""


def test_a_date_field_prints_back_the_date_it_was_read_as() -> None:
    html = render("{{ ui.date_field('開札日', 'opened', 'R8.12.11', read=d) }}", d=date(2026, 12, 11))
    assert 'value="R8.12.11"' in html
    assert "令和8年12月11日（金）" in html


def test_the_first_radio_is_where_the_fault_of_the_group_leads() -> None:
    html = render("{{ ui.radios('種類', 'kind', [('a', '購入'), ('b', '賃貸借')], 'b', '選んでください。') }}")
    assert '<input type="radio" id="kind" name="kind" value="a">' in html
    assert 'id="kind-b" name="kind" value="b" checked' in html
    assert '<fieldset class="field field--error" aria-describedby="kind-error">' in html


def test_the_chosen_option_of_a_select_is_selected() -> None:
    html = render("{{ ui.select('くじ', 'draw', [('paper', '紙'), ('core', '電子')], 'core') }}")
    assert '<option value="core" selected>電子</option>' in html
    assert html.count("selected") == 1


def test_a_line_break_at_the_start_of_a_text_survives_the_textarea() -> None:
    assert ">\n\nあ</textarea>" in render("{{ ui.textarea('理由', 'reason', '\nあ') }}")


def test_a_form_of_nobody_signed_in_has_no_token() -> None:
    assert render("{{ ui.csrf(none) }}") == ""
