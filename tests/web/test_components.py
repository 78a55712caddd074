"""The macros of templates/components render, escape what they are given, and keep to the content security policy."""

import re
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace as Some
from typing import Any

import pytest

from procure.errors import Fault
from procure.templates import FOLDER
from tests.web.rendering import (
    HOSTILE,
    INLINE,
    NOW,
    Answered,
    Box,
    PriceCell,
    PricedBidder,
    PriceRow,
    QuantityLot,
    QuantityRow,
    RankedBid,
    Step,
    Viewer,
    render,
)

TEMPLATES = [FOLDER / "layout.html", FOLDER / "components.html", *sorted((FOLDER / "components").glob("*.html"))]

# Every text a macro takes is `t`; lists and objects carry it too.
CALLS = [
    "ui.dash(t)",
    "ui.yen(1, t)",
    "ui.yen(None, missing=t)",
    "ui.count(1, t)",
    "ui.percent(None, t)",
    "ui.difference(1, t)",
    "ui.day(None, t)",
    "ui.short_day(None, t)",
    "ui.moment(None, t)",
    "ui.page_head(t, t)",
    "ui.crumbs([(t, t), (t, none)])",
    "ui.tabs(t, [(t, t, true)])",
    "ui.link_button(t, t)",
    "ui.chip(t, t)",
    "ui.notice('info', t, t)",
    "ui.facts([(t, t)])",
    "ui.key_values([(t, t), (t, t, 'main')])",
    "ui.empty_state(t, t, t)",
    "ui.pager(1, 2, t, t)",
    "ui.csrf(viewer)",
    "ui.button(t, name=t, value=t, form=t)",
    "ui.print_button(t)",
    "ui.error_summary([fault])",
    "ui.error_for([fault], t)",
    "ui.error_text(t, t)",
    "ui.field(t, t, t, t, t, unit=t)",
    "ui.date_field(t, t, t, t)",
    "ui.file_field(t, t, t, t, t)",
    "ui.textarea(t, t, t, t, t)",
    "ui.private_use_text(t, '\ue000')",
    "ui.select(t, t, [(t, t)], t, t, t)",
    "ui.radios(t, t, [(t, t), ('2', t)], t, t, t)",
    "ui.checkbox(t, t, true, t, t, t, field=t)",
    "ui.confirmation([(t, t, t)])",
    "ui.head([t, (t, 'num')])",
    "ui.group(t, 2)",
    "ui.row_head(t, t, t, t)",
    "ui.cell(t, t)",
    "ui.number_cell(t, t, 1)",
    "ui.bar_cell(2, 1, 2)",
    "ui.bar_key(t, t)",
    "ui.sheet_differences([{'label': t, 'cell': t, 'before': t, 'after': t}], t)",
    "ui.sheet_faults([fault], t)",
    "ui.bids_table(t, [bid], t)",
    "ui.steps([step])",
    "ui.next_action(t, t, t, t)",
    "ui.next_action(t, t, t, t, 'post', viewer)",
    "ui.savings(percent, 2, 1, 1, t, t, t, t, t)",
    "ui.participation(1, 2, [(t, t)], t, t, t, t)",
    "ui.lot_card(t, t, 'green', [(t, t)], [(t, t)])",
    "ui.due(t, now, now, t)",
    "ui.quantity_grid(t, [lot])",
    "ui.price_grid(t, [row], [bidder])",
    "ui.survey_card(survey, now)",
    "ui.survey_notices(survey)",
    "ui.lot_answer(lot)",
    "ui.quantities(grid, t)",
    "ui.asked(units, t)",
    "ui.changes_table(t, [change], true)",
    "ui.year_choice(t, years)",
    "ui.search_form(asked)",
    "ui.paging(page)",
    "ui.published_table(t, [published])",
    "ui.item_results([result], totals, t)",
    "ui.item_results([result], totals, t, t)",
    "ui.items_asked([result], totals)",
    "ui.lot_bids(result)",
    "ui.shares_table(result)",
    "ui.shares_table(result, t)",
    "ui.own_items(result, share)",
]


def hostile_values() -> dict[str, Any]:
    t = HOSTILE
    moved = {"before": Some(quantity=1, spares=0), "after": Some(quantity=2, spares=1)}
    return {
        "t": t,
        "now": NOW,
        "percent": Decimal("51.6"),
        "viewer": Viewer(csrf_token=t),
        "fault": Fault(t, t),
        "step": Step(t, "current", t),
        "bid": RankedBid(name=t, verdict=t, tone=t, reason=t),
        "lot": hostile_lot(t),
        "row": PriceRow((PriceCell(t, t, t),), t, t, t),
        "bidder": PricedBidder(t),
        "units": Some(quantity=1, spares=1),
        "change": Some(**dict.fromkeys(("by", "body", "item", "lot", "unit", "way", "reason"), t), at=NOW, **moved),
        **hostile_survey(t),
        **hostile_result(t),
    }


def hostile_lot(t: str) -> QuantityLot:
    box, said = Box(t, t, t), Answered(delivery_places=t, remarks=t)
    row = QuantityRow(t, box, box, box, t, t, t)
    boxes = dict.fromkeys(("join", "mode", "month", "budget", "places", "remarks"), box)
    return QuantityLot((row,), t, unit=t, answer=said, delivery_month=t, **boxes)


def hostile_survey(t: str) -> dict[str, Any]:
    receipt = Some(number=t, reason=t)
    draft = Some(saved_by=t, requested_at=NOW)
    shown = {"state": t, "tone": t, "title": t, "is_sample": True, "deadline": NOW, "next_path": t, "act": t}
    judged = {
        "receipt": receipt,
        "draft": draft,
        "extension": Some(reason=t),
        "is_returned": True,
        "awaits_approval": True,
    }
    return {
        "survey": Some(**shown, **judged),
        "grid": Some(lots=[hostile_lot(t)], units=1, spares=1, unit=t, amount=1),
    }


def hostile_result(t: str) -> dict[str, Any]:
    amounts = {"amount": 1, "list_amount": 2, "savings_percent": Decimal("50.0")}
    item = Some(id=t, name=t, specification=t, unit=t, quantity=1, list_price=2, unit_price=1, **amounts)
    share = Some(code=t, display_name=t, tax=0, amount_with_tax=1, items=[item], **amounts)
    attempt = Some(label=t, opened_at=NOW, bids=[RankedBid(name=t, verdict=t, tone=t, reason=t)])
    return {
        "years": Some(options=[(t, t)], value=t),
        "asked": Some(years=[(t, t)], year=t, item=t, body=t, supplier=t, is_narrowed=True),
        "page": Some(page=2, pages=3, before=t, after=t),
        "published": Some(path=t, title=t, is_sample=True, bid_date=NOW, participants=1, award_total=1, savings=None),
        "result": Some(
            **dict.fromkeys(("id", "title", "winner", "draw"), t),
            is_bought=True,
            is_contract=True,
            items=[item],
            attempts=[attempt],
            municipalities=[share],
        ),
        "totals": Some(largest=2, quantity=1, **amounts),
        "share": {"items": [item], **amounts},
    }


@pytest.mark.parametrize("call", CALLS)
def test_a_macro_escapes_every_text_it_is_given(call: str) -> None:
    html = render("{{ " + call + " }}", **hostile_values())
    assert html.strip()
    assert "<script" not in html
    assert not re.search(r'"[^"]*">\s*alert', html)
    assert INLINE.search(html) is None


def test_every_macro_is_in_the_list_of_calls_or_wraps_a_block() -> None:
    wrapping = {"icon", "section", "panel", "table", "matrix", "sumbar", "quantity_sumbar", "free_cell"}
    named = set(re.findall(r"set (\w+) =", (FOLDER / "components.html").read_text()))
    called = {call[3 : call.index("(")] for call in CALLS}
    assert named == called | wrapping


@pytest.mark.parametrize(
    "opening",
    [
        "ui.section('id', t, t)",
        "ui.panel(t, t, t)",
        "ui.table(t, t, wide=true)",
        "ui.matrix(t)",
        "ui.sumbar(t, [(t, t)], t)",
        "ui.free_cell(t, 1)",
        "ui.quantity_sumbar(1, 2, t, t)",
        "ui.page_head(t, t)",
        "ui.notice('error', t, t)",
        "ui.next_action(t, t)",
    ],
)
def test_a_wrapping_macro_shows_its_block_and_escapes_the_rest(opening: str) -> None:
    html = render("{% call " + opening + " %}<b>block</b>{% endcall %}", t=HOSTILE)
    assert "<b>block</b>" in html
    assert "<script" not in html


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script_or_unescaped_text(path: Path) -> None:
    source = path.read_text()
    assert INLINE.search(source) is None
    assert not re.search(r"\|\s*safe|Markup|autoescape", source)
