"""Every route of the running service, for everybody, in every state of a round: who reads and does what, when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from httpx import Response
from litestar.handlers import HTTPRouteHandler

from procure.accounts.roles import Permission, allows
from procure.app import page_handlers
from procure.reports.businesses import name_key
from procure.settlement.round import CeilingDisclosure, Round
from procure.settlement.settle import settle
from procure.values.tax import with_tax
from tests import stages
from tests.harness import pdf
from tests.people import AUDITOR, KATSURAGI, NARA, SECOND, SECRETARIAT, STRANGER, Person, Service, text_of
from tests.web.rounds_at import REF, council
from tests.web.stage import content_of

STATES = {
    "preparing": stages.preparing,
    "surveying": stages.answered,
    "specified": stages.specified,
    "bidding": stages.bidding,
    "opening": stages.decided,
    "confirmed": stages.confirmed,
    "published": stages.published,
}
BEFORE_THE_NOTICE = {"preparing", "surveying", "specified"}
OPENED = {"opening", "confirmed", "published"}
DECIDED = {"confirmed", "published"}
FROZEN = {"specified", "bidding", *OPENED}
NOWHERE: set[str] = set()  # the example has no such thing
ROUND, LOT = "/rounds/{ref:str}", "/rounds/{ref:str}/lots/{lot:str}"
CONTRACT, THEIR_CONTRACT = "/contracts/{ref:str}/{lot:str}", f"{ROUND}/contracts/{{code:str}}/{{lot:str}}"
SUPPLIER = "/suppliers/{number:str}"
# Where a page opens only in some states of the round; all others open in each.
OPENS_IN = {
    f"{ROUND}/edit": BEFORE_THE_NOTICE,
    f"{ROUND}/lots/new": {"preparing"},
    f"{LOT}/remove": {"preparing"},
    f"{ROUND}/survey/open": {"preparing"},
    f"{ROUND}/survey/close": {"surveying"},
    f"{ROUND}/survey/reopen": {"specified"},
    f"{ROUND}/survey/upload": {"surveying", "specified"},
    f"{ROUND}/survey/{{code:str}}/return": {"surveying", "specified"},
    f"{ROUND}/survey/{{code:str}}/extend": {"surveying", "specified"},
    f"{ROUND}/survey/{{code:str}}/correct": {"specified"},
    f"{ROUND}/survey/frozen": FROZEN,
    f"{ROUND}/survey/frozen.json": FROZEN,
    f"{ROUND}/attachments/{{number:str}}": NOWHERE,
    f"{ROUND}/attachments/{{number:str}}/remove": NOWHERE,
    f"{ROUND}/questions/{{number:str}}": NOWHERE,
    f"{LOT}/items/upload": {"preparing"},
    f"{LOT}/items/template": {"preparing"},
    "/outbox/{number:str}": NOWHERE,
    "/tokens/{number:str}/revoke": NOWHERE,
    SUPPLIER: {"bidding", *OPENED},  # whoever was registered as a bidder
    f"{SUPPLIER}/suspend": {"bidding", *OPENED},
    f"{SUPPLIER}/lift": NOWHERE,
    "/meetings/{number:str}": NOWHERE,
    "/meetings/{number:str}/edit": NOWHERE,
    "/meetings/{number:str}/remove": NOWHERE,
    f"{ROUND}/bidders": {"specified", "bidding"},
    f"{ROUND}/announce": {"specified"},
    f"{ROUND}/open": {"bidding"},
    f"{LOT}/cancel": {"specified", "bidding", "opening"},
    f"{LOT}/attempts/{{number:str}}": OPENED,
    f"{LOT}/attempts/{{number:str}}/check": NOWHERE,  # in the example everything is checked
    f"{LOT}/attempts/{{number:str}}/correct": {"opening"},
    f"{LOT}/breakdown.xlsx": FROZEN,
    f"{LOT}/draw": NOWHERE,  # the example has no tie
    f"{LOT}/review": NOWHERE,  # everybody was examined before the opening
    f"{LOT}/negotiation": {"confirmed", "published"},  # the winner may not sign
    f"{LOT}/negotiation/approve": NOWHERE,  # none is proposed
    f"{LOT}/negotiation/withdraw": NOWHERE,
    f"{ROUND}/confirm/approve": NOWHERE,
    f"{ROUND}/confirm/withdraw": NOWHERE,
    f"{ROUND}/retender": {"confirmed", "published"},  # the winner may not sign
    f"{ROUND}/confirm": {"opening"},
    f"{ROUND}/publish": {"confirmed"},
    f"{ROUND}/savings": DECIDED,
    f"{ROUND}/documents/{{name:str}}": DECIDED,
    f"{ROUND}/documents/notices/{{name:str}}": DECIDED,
    f"{ROUND}/documents/orders/{{name:str}}": DECIDED,
    f"{ROUND}/documents/lots/{{lot:str}}/{{name:str}}": DECIDED,
    f"{ROUND}/documents/archives/{{name:str}}": NOWHERE,  # nobody has asked for them yet
    f"{ROUND}/documents/jobs": DECIDED,
    f"{ROUND}/documents/jobs/{{number:str}}": NOWHERE,
    f"{ROUND}/documents/jobs/{{number:str}}/cancel": NOWHERE,
    f"{LOT}/matrix.xlsx": OPENED,
    CONTRACT: DECIDED,
    f"{CONTRACT}/terms": DECIDED,
    f"{CONTRACT}/record/{{act:str}}": NOWHERE,  # nothing is contracted yet
    f"{CONTRACT}/slips/{{number:str}}/reverse": NOWHERE,
    f"{ROUND}/contracts": DECIDED,
    f"{ROUND}/contracts.xlsx": DECIDED,
    f"{ROUND}/contracts/deadlines": DECIDED,
    THEIR_CONTRACT: DECIDED,
    f"{THEIR_CONTRACT}/terms": DECIDED,
    f"{THEIR_CONTRACT}/record/{{act:str}}": NOWHERE,
    f"{THEIR_CONTRACT}/slips/{{number:str}}/reverse": NOWHERE,
    "/published/{ref:str}": {"published"},
    "/published/{ref:str}/{name:str}": {"published"},
    "/published/{ref:str}/documents/{name:str}": {"published"},
    "/published/items/{key:str}": {"published"},
    "/published/suppliers/{key:str}": {"published"},
    "/published/bodies/{code:str}": {"published"},
    "/published/releases.json": {"published"},
    "/published/records.json": {"published"},
    "/results/{ref:str}": {"published"},
    "/results/{ref:str}/notice.pdf": {"published"},
    "/results/{ref:str}/orders.xlsx": {"published"},
    "/results/{ref:str}/savings": {"published"},
}
ATTEMPT = f"{LOT}/attempts/{{number:str}}"  # of the example: recorded and checked, so that no form opens
FORM_OPENS_IN = (
    OPENS_IN
    | {LOT: BEFORE_THE_NOTICE}
    | dict.fromkeys((ATTEMPT, f"{ATTEMPT}/read", f"{ATTEMPT}/correct/approve", f"{ATTEMPT}/correct/reject"), NOWHERE)
)
# What is not out yet, or was never made, is not there.
NOT_THERE = (
    SUPPLIER,
    f"{SUPPLIER}/suspend",
    f"{SUPPLIER}/lift",
    f"{ROUND}/documents/jobs/{{number:str}}",
    CONTRACT,
    f"{CONTRACT}/terms",
    "/published/{ref:str}",
    "/published/{ref:str}/{name:str}",
    "/published/{ref:str}/documents/{name:str}",
    "/published/items/{key:str}",
    "/published/suppliers/{key:str}",
    "/published/bodies/{code:str}",
    "/published/releases.json",
    "/published/records.json",
    "/results/{ref:str}",
    "/results/{ref:str}/notice.pdf",
    "/results/{ref:str}/orders.xlsx",
    "/results/{ref:str}/savings",
    "/outbox/{number:str}",
    "/tokens/{number:str}/revoke",
    "/meetings/{number:str}",
    "/meetings/{number:str}/edit",
    "/meetings/{number:str}/remove",
    f"{ROUND}/survey/frozen",
    f"{ROUND}/survey/frozen.json",
    f"{ROUND}/attachments/{{number:str}}",
    f"{ROUND}/attachments/{{number:str}}/remove",
    f"{ROUND}/questions/{{number:str}}",
)
IN_PLACE_OF = {
    "{ref:str}": REF,
    "{lot:str}": "pc",
    "{number:str}": "1",
    "{code:str}": KATSURAGI.body_code,
    "{year:str}": "2021",
    "{login:str}": KATSURAGI.login,
    "{act:str}": "order",
    "lots/{lot:str}/{name:str}": "lots/pc/winner.pdf",
    "notices/{name:str}": f"notices/{KATSURAGI.body_code}.pdf",
    "orders/{name:str}": f"orders/{KATSURAGI.body_code}.xlsx",
    "/published/{ref:str}/{name:str}": f"/published/{REF}/release.json",
    "items/{key:str}": "items/pc:note-standard",
    "suppliers/{key:str}": f"suppliers/{name_key('見本システム株式会社')}",
    "archives/{name:str}": "archives/all.zip",
    "{name:str}": "award.pdf",
    "{path:path}": "css/tokens.css",
}
OWN_PAPERS = ("/results/{ref:str}/notice.pdf", "/results/{ref:str}/orders.xlsx")
EVERYBODY = (STRANGER, SECRETARIAT, KATSURAGI, NARA, AUDITOR)
SECRET = 987_654_321

every_state = pytest.mark.parametrize("state", STATES)


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    permission: Permission

    @property
    def address(self) -> str:
        path = self.path
        for part in sorted(IN_PLACE_OF, key=len, reverse=True):
            path = path.replace(part, str(IN_PLACE_OF[part]))
        return path

    def is_open_to(self, person: Person | None) -> bool:
        return self.permission is Permission.PUBLIC or (person is not None and allows(person.role, self.permission))


def routes_of(town: Service, method: str) -> list[Route]:
    routes = [_route(handler) for handler in page_handlers(town.instance.addresses)]
    return [route for route in routes if route.method == method]


def _route(handler: HTTPRouteHandler) -> Route:
    (path,), (method,) = handler.paths, handler.http_methods
    return Route(str(method), path, handler.opt["permission"])


def expected(route: Route, person: Person | None, state: str) -> set[int]:
    """The status of a page."""
    if not route.is_open_to(person):
        return {403} if person else {303}
    if route.path.startswith((f"{CONTRACT}/", f"{THEIR_CONTRACT}/")) and not route.path.endswith("/terms"):
        return {404, 409}  # nothing is contracted yet; what then opens is told in tests/web/test_contracts.py
    if state not in OPENS_IN.get(route.path, STATES):
        return {404} if route.path in NOT_THERE else {409}
    if person is NARA and route.path in (*OWN_PAPERS, CONTRACT, f"{CONTRACT}/terms"):
        return {404}  # it takes part in nothing
    if route.path.startswith("/demand/"):
        return {200, 303, 404}  # what a body sees of its demand is told in tests/web/test_demand.py
    return {200}


@every_state
def test_every_page_opens_for_whom_and_when_it_should(sqlite_url: str, state: str) -> None:
    wrong = {}
    with council(sqlite_url, STATES[state]) as town:
        for person in EVERYBODY:
            browser = town.browser(person)
            for route in routes_of(town, "GET"):
                status = browser.get(route.address).status_code
                if status not in expected(route, person, state):
                    wrong[who(person), route.address] = status
    assert wrong == {}


@pytest.mark.parametrize("state", ["bidding", "opening", "confirmed"])
def test_the_second_person_of_the_secretariat_opens_the_same_pages(sqlite_url: str, state: str) -> None:
    with council(sqlite_url, STATES[state]) as town:
        first, second = town.browser(SECRETARIAT), town.browser(SECOND)
        routes = routes_of(town, "GET")
        found = [[browser.get(route.address).status_code for route in routes] for browser in (first, second)]
    assert found[0] == found[1]


@every_state
def test_no_form_does_anything_for_whom_or_when_it_should_not(sqlite_url: str, state: str) -> None:
    wrong = {}
    with council(sqlite_url, STATES[state]) as town:
        browsers = {person: town.browser(person) for person in EVERYBODY}
        before = content_of(town)
        for person, browser in browsers.items():
            for form in (form for form in routes_of(town, "POST") if not may_be_sent(form, person, state)):
                status = browser.post(form.address).status_code
                if status not in ({403, 404, 409} if person else {303}):
                    wrong[who(person), form.address] = status
        after = content_of(town)
    assert wrong == {}
    assert after == before


@every_state
def test_no_form_does_anything_without_the_token_of_the_sign_in(sqlite_url: str, state: str) -> None:
    with council(sqlite_url, STATES[state]) as town:
        browsers = {person: town.browser(person) for person in EVERYBODY if person}
        before = content_of(town)
        forms = [form for form in routes_of(town, "POST") if form.permission is not Permission.PUBLIC]
        found = {
            browser.post(form.address, {"csrf_token": token}).status_code
            for browser in browsers.values()
            for form in forms
            for token in ("", "x" * 43, "合言葉")
        }
        after = content_of(town)
    assert found == {403}
    assert after == before


@every_state
def test_an_empty_form_is_never_a_failure(sqlite_url: str, state: str) -> None:
    with council(sqlite_url, STATES[state]) as town:
        forms = sorted(routes_of(town, "POST"), key=lambda form: form.path == "/sign-out")
        browsers = {who(person): town.browser(person) for person in EVERYBODY}
        found = {
            (name, form.address): browser.post(form.address).status_code
            for name, browser in browsers.items()
            for form in forms
        }
    assert {form: status for form, status in found.items() if status >= 500} == {}


def who(person: Person | None) -> str:
    return person.login if person else "stranger"


def may_be_sent(form: Route, person: Person | None, state: str) -> bool:
    return form.is_open_to(person) and state in FORM_OPENS_IN.get(form.path, STATES)


# ---- a ceiling that is not to be disclosed -----------------------------------------------------------


def with_secret_ceiling() -> Round:
    value = stages.example()
    rules = [replace(lot.rules, ceiling=SECRET, ceiling_disclosure=CeilingDisclosure.NEVER) for lot in value.lots]
    return replace(value, lots=tuple(map(lambda lot, secret: replace(lot, rules=secret), value.lots, rules)))


def traces(value: Round) -> Iterator[str]:
    """The amounts themselves, and the ratio by which the award would give them away."""
    for lot, decided in zip(value.lots, settle(value).lots, strict=True):
        assert decided.award is not None
        yield from (str(SECRET), f"{SECRET:,}", f"{with_tax(SECRET, lot.rules.tax_rate):,}")
        yield from (f"{decided.award.ceiling_ratio_percent}{sign}" for sign in "%％")


def words_of(answer: Response) -> str:
    is_pdf = answer.headers.get("content-type") == "application/pdf"
    return pdf.text(answer.content) if is_pdf else text_of(answer)


@every_state
def test_a_secret_ceiling_reaches_nobody_outside(
    sqlite_url: str, state: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    value = with_secret_ceiling()
    monkeypatch.setattr(stages, "example", lambda: value)
    with council(sqlite_url, STATES[state]) as town:
        browsers = {who(person): town.browser(person) for person in (STRANGER, KATSURAGI, NARA)}
        pages = {
            (name, route.address): words_of(browser.get(route.address))
            for name, browser in browsers.items()
            for route in routes_of(town, "GET")
        }
    pages["", "the log"] = "".join(capfd.readouterr())
    found = {(page, trace) for page, words in pages.items() for trace in traces(value) if trace in words}
    assert found == set()


def test_a_secret_ceiling_is_known_inside(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = with_secret_ceiling()
    monkeypatch.setattr(stages, "example", lambda: value)
    with council(sqlite_url, stages.published) as town:
        pages = [town.browser(person).get(f"/rounds/{REF}/lots/pc/decision").text for person in (SECRETARIAT, AUDITOR)]
    assert [[trace for trace in traces(value) if trace in page] != [] for page in pages] == [True, True]
