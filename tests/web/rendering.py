"""Renders the components and pages as the service does, with stand-ins for the values that pages give them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from jinja2 import Environment

from procure.templates import environment

HOSTILE = '"><script>alert(1)</script>'
INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
JST = timezone(timedelta(hours=9))
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=JST)
IMPORT = '{% import "components.html" as ui %}'


@dataclass(frozen=True)
class Viewer:
    name: str = "担当者"
    role_label: str = "事務局"
    role: str = "secretariat"
    body_name: str | None = None
    csrf_token: str = "token-1"


@dataclass(frozen=True)
class Entry:
    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Step:
    label: str
    state: str
    date_text: str | None = None


@dataclass(frozen=True)
class RankedBid:
    rank: int | None = 1
    name: str = "株式会社まほろば"
    total: int | Fraction | None = 158_288_400
    ratio: Decimal | None = Decimal("48.5")
    behind: int | None = None
    verdict: str = "落札候補"
    tone: str = "strong"
    standing: str = "award"
    reason: str | None = None


@dataclass(frozen=True)
class Box:
    field: str = "qty-1"
    raw: str = ""
    error: str | None = None


@dataclass(frozen=True)
class QuantityRow:
    id: str = "PC-01"
    main: Box = Box("qty-PC-01", "64")
    spare: Box = Box("spare-PC-01")
    paid: Box = Box("paid-PC-01")
    name: str = "ノートパソコン"
    specification: str = "15.6型"
    unit: str = "台"
    list_price: int | None = 248_000
    last: int | None = 60
    units: int | None = 64
    spares: int = 0
    difference: int | None = 4
    amount: int | None = 15_872_000


@dataclass(frozen=True)
class Answered:
    participates: bool | None = True
    acquisition: None = None
    delivery_month: str | None = "2027-02"
    delivery_places: str = ""
    remarks: str = ""
    budget_with_tax: int | None = 1_200_000


@dataclass(frozen=True)
class QuantityLot:
    rows: tuple[QuantityRow, ...]
    title: str = "ロット1"
    units: int = 64
    spares: int = 0
    amount: int = 15_872_000
    unit: str = "台"
    join: Box = Box("join-1", "yes")
    mode: Box | None = None
    month: Box = Box("month-1")
    budget: Box = Box("budget-1")
    places: Box = Box("places-1")
    remarks: Box = Box("remarks-1")
    has_details: bool = False
    answer: Answered = Answered()
    delivery_month: str | None = "令和9年2月"


@dataclass(frozen=True)
class PriceCell:
    field: str = "price-1"
    raw: str = "115600"
    error: str | None = None


@dataclass(frozen=True)
class PriceRow:
    cells: tuple[PriceCell, ...]
    id: str = "PC-01"
    name: str = "ノートパソコン"
    unit: str = "台"
    quantity: int = 612


@dataclass(frozen=True)
class PricedBidder:
    name: str = "株式会社まほろば"
    total: int | None = None


@cache
def templates() -> Environment:
    made = environment()
    made.globals["asset"] = "/static/{}".format
    return made


def render(source: str, **values: Any) -> str:
    return templates().from_string(IMPORT + source).render(values)


def page(main: str = "", scripts: str = "", bar: str = "", **values: Any) -> str:
    blocks = {"title": "調達回", "main": main, "scripts": scripts, "bar": bar}
    body = "".join(f"{{% block {name} %}}{text}{{% endblock %}}" for name, text in blocks.items())
    frame = {"viewer": None, "nav": (), "council_name": "協議会", "flash": None}
    return templates().from_string("{% extends 'layout.html' %}" + IMPORT + body).render({**frame, **values})


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()
