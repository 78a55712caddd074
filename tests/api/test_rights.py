"""Who may do what over the API: every role, with each scope and without it; and how long a token is good for."""

from datetime import timedelta

import pytest

from procure.accounts.actions import disable_account
from procure.accounts.roles import Permission, allows
from procure.accounts.scopes import Scope, scopes_for
from procure.accounts.tables import TokenRow
from procure.accounts.tokens import revoke_token
from procure.api.operation import Operation
from procure.app import create_app, page_handlers
from procure.history.queries import latest_events
from procure.server.instance import Instance
from procure.settings import Settings
from procure.settlement.round import Round
from tests import stages
from tests.api.exchanges import ALL, address_of
from tests.api.programs import ADDRESS, Program, council, problem
from tests.people import AUDITOR, KATSURAGI, NARA, SECRETARIAT, Person, Service
from tests.web.stage import content_of

PEOPLE = (SECRETARIAT, KATSURAGI, AUDITOR)
GUARDED = [one for one in ALL.values() if one.permission is not Permission.PUBLIC]
STATES = {"preparing": stages.preparing, "surveying": stages.answered, "opening": stages.opening}


def asked(program: Program, operation: Operation) -> tuple[int, str]:
    """The status, and the kind of the problem where there is one."""
    address = address_of(operation)
    answer = program.send(operation.method, address, {}) if operation.writes else program.get(address)
    return problem(answer) if answer.status_code >= 400 else (answer.status_code, "")


@pytest.mark.parametrize("state", STATES)
def test_every_operation_asks_for_the_role_and_for_the_scope(sqlite_url: str, state: str) -> None:
    wrong = {}
    with council(sqlite_url, STATES[state]) as town:
        programs = {person: Program(town, person) for person in PEOPLE}
        for person, program in programs.items():
            for operation in GUARDED:
                kind = asked(program, operation)[1]
                may = allows(person.role, operation.permission)
                if may == (kind in ("not_allowed", "token_needed", "token_refused", "scope_missing")):
                    wrong[person.login, operation.id] = kind
    assert wrong == {}


def test_a_token_without_the_scope_opens_nothing_that_its_person_may_do(sqlite_url: str) -> None:
    wrong = {}
    with council(sqlite_url, stages.opening) as town:
        without = {
            (person, scope): Program(town, person, [one for one in scopes_for(person.role) if one is not scope])
            for person in PEOPLE
            for scope in scopes_for(person.role)
        }
        before = content_of(town)
        for (person, scope), program in without.items():
            for operation in (one for one in GUARDED if one.scope is scope):
                found = asked(program, operation)
                wanted = (403, "scope_missing" if allows(person.role, operation.permission) else "not_allowed")
                if found != wanted:
                    wrong[person.login, scope, operation.id] = found
        after = content_of(town)
    after["api_token"] = before["api_token"]  # when a token was last used
    assert wrong == {}
    assert after == before


def test_a_stranger_reads_only_what_is_public(sqlite_url: str) -> None:
    with council(sqlite_url, stages.published) as town:
        stranger = Program(town)
        found = {one.id for one in ALL.values() if asked(stranger, one)[0] == 200}
        refused = {asked(stranger, one) for one in GUARDED}
        challenge = stranger.get("/me").headers["www-authenticate"]
    assert found == {"list_published", "read_published", "read_openapi"}
    assert refused == {(401, "token_needed")}
    assert challenge == 'Bearer realm="procure"'


def test_nobody_writes_with_empty_hands(sqlite_url: str) -> None:
    """Every change of what there is asks for the version it was made from."""
    with council(sqlite_url, stages.answered) as town:
        programs = {person: Program(town, person) for person in PEOPLE}
        found = {
            asked(programs[person], one)
            for person in PEOPLE
            for one in GUARDED
            if one.matches and allows(person.role, one.permission)
        }
    assert found == {(428, "version_needed")}


# ---- tokens ------------------------------------------------------------------------------------------


def the_token(town: Service) -> TokenRow:
    with town.database.read() as session:
        return session.get_one(TokenRow, 1)


def test_a_token_says_for_whom_it_stands(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        me = Program(town, KATSURAGI, [Scope.DEMAND_READ]).get("/me").json()
    assert me["login"] == KATSURAGI.login
    assert me["body_code"] == KATSURAGI.body_code
    assert me["scopes"] == ["demand:read"]


@pytest.mark.parametrize("sent", ["procure_" + "x" * 43, "", "x", "procure_" + "x" * 300, "合言葉", "\x7f"])
def test_a_wrong_token_is_refused_also_where_none_is_needed(sqlite_url: str, sent: str) -> None:
    headers = {b"authorization": f"Bearer {sent}".encode()}
    with council(sqlite_url, stages.published) as town:
        client = Program(town).client
        answers = [client.get(f"{ADDRESS}{path}", headers=headers) for path in ("/me", "/published", "/nothing")]
    assert {problem(answer) for answer in answers} == {(401, "token_refused")}
    assert {answer.headers["www-authenticate"] for answer in answers} == {
        'Bearer realm="procure", error="invalid_token"'
    }


@pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
def test_another_scheme_is_no_token(sqlite_url: str, scheme: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        answer = Program(town).get("/me", authorization=f"{scheme} {program.token}".strip())
    assert problem(answer) == (401, "token_needed")


def test_guessing_tokens_comes_to_an_end_without_locking_out_who_has_one(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        right, limit = Program(town, SECRETARIAT), town.settings.sign_in.per_address
        found = [Program(town).get("/me", authorization=f"Bearer procure_{number}") for number in range(limit + 1)]
        known = right.get("/me").status_code
        signed_in = town.browser(NARA).get("/").status_code
        town.wait(town.settings.sign_in.window)
        later = Program(town).get("/me", authorization="Bearer procure_0")
    assert [answer.status_code for answer in found] == [401] * limit + [429]
    assert found[-1].headers["retry-after"] == "300"
    assert (known, signed_in) == (200, 200)
    assert later.status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_ends_with_its_time_its_revocation_and_its_account(sqlite_url: str, method: str) -> None:
    def sent(program: Program) -> int:
        return (program.get("/rounds") if method == "GET" else program.send("POST", "/rounds", {})).status_code

    with council(sqlite_url, stages.preparing) as town:
        revoked, disabled = Program(town, SECRETARIAT), Program(town, AUDITOR, [Scope.ROUNDS_READ])
        over = Program(town, SECRETARIAT)
        assert sent(revoked) in (200, 422)
        with town.database.write() as session:
            revoke_token(session, town.now, the_token(town).account_id, 1)
            disable_account(session, town.now, AUDITOR.login)
        assert sent(revoked) == sent(disabled) == 401
        town.wait(timedelta(days=91))
        assert sent(over) == 401


def test_the_last_use_of_a_token_is_noted_at_most_every_minute(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program, first = Program(town, SECRETARIAT), town.now
        seen = []
        for _ in range(3):
            program.get("/me")
            seen.append(the_token(town).last_used_at)
            town.wait(timedelta(seconds=40))
    assert seen == [first, first, first + timedelta(seconds=80)]


def test_the_cookie_of_a_browser_opens_nothing_here(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        browser = town.browser(SECRETARIAT)
        read = browser.get("/api/v1/rounds")
        sent = browser.client.post("/api/v1/rounds", json={}, headers={"origin": town.settings.public_url})
    assert problem(read) == problem(sent) == (401, "token_needed")


def test_a_token_opens_no_page(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        program = Program(town, SECRETARIAT)
        answer = program.client.get("/rounds", headers={"authorization": f"Bearer {program.token}"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_the_history_says_that_a_program_acted_for_the_person(sqlite_url: str) -> None:
    with council(sqlite_url, stages.preparing) as town:
        Program(town, SECRETARIAT).send("POST", "/rounds", ALL["create_a_round"].example)
        with town.database.read() as session:
            event = latest_events(session, 1)[0]
    assert (event.action, event.actor) == ("round_created", "事務局　花子（事務局・API「試験」）")


# ---- what is nobody's business -----------------------------------------------------------------------


@pytest.mark.parametrize("person", [KATSURAGI, NARA], ids=lambda one: one.login)
def test_a_municipality_names_no_other_body(sqlite_url: str, person: Person) -> None:
    with council(sqlite_url, stages.published) as town:
        program = Program(town, person)
        own = program.get("/results/R3-1").json()["result"]
        others = [program.get(path).status_code for path in ("/rounds/R3-1/notices", "/rounds/R3-1/demand/292117")]
    assert others == [403, 403]
    assert (own and own["code"]) == (person.body_code if person is KATSURAGI else None)


def sealed_amounts(value: Round) -> list[str]:
    return [str(lot.rules.ceiling) for lot in value.lots if lot.rules.ceiling is not None]


def test_no_operation_tells_a_ceiling_before_the_opening(sqlite_url: str) -> None:
    """Not even to the secretariat: it is sealed. After the opening it is in the record."""
    amounts = sealed_amounts(stages.example())
    with council(sqlite_url, stages.bidding) as town:
        programs = [Program(town, person) for person in (*PEOPLE, None)]
        reading = [one for one in ALL.values() if not one.writes and one.id != "read_openapi"]
        told = [program.get(address_of(one)).text for program in programs for one in reading]
    assert amounts
    assert [text for text in told for amount in amounts if amount in text] == []


def test_the_service_serves_the_api_beside_its_pages(sqlite_url: str) -> None:
    """Without a word about routes, as it starts; and no operation is without its permission."""
    served = create_app(Settings(database_url=sqlite_url)).application
    assert isinstance(served, Instance)
    handlers = {(str(next(iter(one.http_methods))), one.handler_name): one for one in page_handlers(served.addresses)}
    found = {name for _, name in handlers}
    assert {one.id for one in ALL.values()} <= found
    assert all(isinstance(one.opt["permission"], Permission) for one in handlers.values())
