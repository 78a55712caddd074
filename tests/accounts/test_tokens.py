"""Making, using, revoking and guessing tokens of the API, on both databases."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from procure.accounts.actions import TooManyAttempts, disable_account, enable_account, set_password
from procure.accounts.queries import account_of
from procure.accounts.roles import Role
from procure.accounts.scopes import Scope, scopes_for
from procure.accounts.tables import TokenRow
from procure.accounts.tokens import (
    MOST_TOKENS,
    PREFIX,
    bearer_of,
    count_wrong_token,
    make_token,
    note_use,
    require_patience,
    revoke_token,
    tokens_of,
)
from procure.database import Database
from procure.errors import Conflict, Invalid, NotFound
from procure.settings import SignInLimits
from tests.people import NARA, NOW, PEOPLE, SECRETARIAT, Person, settle_in

LIMITS = SignInLimits()
DAY = timedelta(days=1)
READ = (Scope.ROUNDS_READ,)


def made(
    session: Session, person: Person = SECRETARIAT, scopes: Collection[Scope] = READ, life: timedelta = DAY
) -> tuple[TokenRow, str]:
    settle_in(session, PEOPLE)
    account = account_of(session, person.login)
    assert account is not None
    return make_token(session, NOW, account.id, account.role, "連携", scopes, NOW + life)


def test_a_token_stands_for_its_person_with_its_scopes(database: Database) -> None:
    with database.write() as session:
        _, token = made(session, NARA, (Scope.DEMAND_READ,))
        bearer = bearer_of(session, NOW, token)
    assert bearer is not None
    assert (bearer.viewer.login, bearer.viewer.body_code, bearer.viewer.body_name) == ("nara", "292010", "奈良市")
    assert bearer.viewer.through is not None
    assert bearer.viewer.through.scopes == {Scope.DEMAND_READ}
    assert bearer.viewer.label == "奈良　太郎（市町村・API「連携」）"


def test_the_database_has_only_the_hash_of_a_token(database: Database) -> None:
    with database.write() as session:
        _, token = made(session)
        row = session.exec(select(TokenRow)).one()
    assert token.startswith(PREFIX)
    assert len(token.removeprefix(PREFIX)) == 43  # 256 bits
    assert token not in repr(row)
    assert token.endswith(row.hint)


def test_a_token_ends_when_its_time_is_over(database: Database) -> None:
    with database.write() as session:
        _, token = made(session)
        assert bearer_of(session, NOW + DAY - timedelta(seconds=1), token) is not None
        assert bearer_of(session, NOW + DAY, token) is None


def test_a_revoked_token_stands_for_nobody(database: Database) -> None:
    with database.write() as session:
        row, token = made(session)
        revoke_token(session, NOW, row.account_id, row.id)
        assert bearer_of(session, NOW, token) is None
        with pytest.raises(Conflict):
            revoke_token(session, NOW, row.account_id, row.id)


def test_nobody_revokes_the_token_of_another(database: Database) -> None:
    with database.write() as session:
        row, token = made(session)
        with pytest.raises(NotFound):
            revoke_token(session, NOW, row.account_id + 1, row.id)
        assert bearer_of(session, NOW, token) is not None


def test_the_token_of_a_disabled_account_stands_for_nobody_meanwhile(database: Database) -> None:
    with database.write() as session:
        _, token = made(session)
        disable_account(session, NOW, SECRETARIAT.login)
        assert bearer_of(session, NOW, token) is None
        enable_account(session, SECRETARIAT.login)
        assert bearer_of(session, NOW, token) is not None


def test_a_new_password_ends_every_token_of_that_account_only(database: Database) -> None:
    with database.write() as session:
        (_, token), (_, other) = made(session), made(session, NARA, (Scope.DEMAND_READ,))
        set_password(session, NOW, SECRETARIAT.login, "羊羹 と 気球 と 南十字星")
        assert bearer_of(session, NOW, token) is None
        assert bearer_of(session, NOW, other) is not None


@pytest.mark.parametrize("role", Role)
def test_a_role_offers_only_what_it_may_do(role: Role) -> None:
    offered = set(scopes_for(role))
    assert (
        offered
        == {
            Role.SECRETARIAT: set(Scope),
            Role.MUNICIPALITY: {
                Scope.DEMAND_READ,
                Scope.DEMAND_WRITE,
                Scope.AWARDS_READ,
                Scope.CONTRACTS_READ,
                Scope.CONTRACTS_WRITE,
            },
            Role.AUDITOR: {
                Scope.ROUNDS_READ,
                Scope.DEMAND_READ,
                Scope.BIDS_READ,
                Scope.AWARDS_READ,
                Scope.CONTRACTS_READ,
            },
        }[role]
    )


@pytest.mark.parametrize("scopes", [(), (Scope.BIDS_WRITE,), (Scope.DEMAND_READ, Scope.ROUNDS_WRITE)])
def test_no_token_is_made_without_scopes_or_beyond_the_role(database: Database, scopes: Collection[Scope]) -> None:
    with database.write() as session, pytest.raises(Invalid) as refused:
        made(session, NARA, scopes)
    assert [fault.field for fault in refused.value.faults] == ["scopes"]


@pytest.mark.parametrize("life", [timedelta(), -DAY, timedelta(days=367)])
def test_a_token_lives_at_most_a_year(database: Database, life: timedelta) -> None:
    with database.write() as session, pytest.raises(Invalid) as refused:
        made(session, life=life)
    assert [fault.field for fault in refused.value.faults] == ["expires"]


def test_a_person_has_so_many_tokens_and_no_more(database: Database) -> None:
    with database.write() as session:
        rows = [made(session)[0] for _ in range(MOST_TOKENS)]
        with pytest.raises(Conflict):
            made(session)
        revoke_token(session, NOW, rows[0].account_id, rows[0].id)
        made(session)
        assert len(tokens_of(session, rows[0].account_id)) == MOST_TOKENS + 1


def test_the_last_use_only_moves_on(database: Database) -> None:
    with database.write() as session:
        row, token = made(session)
        for at in (NOW + DAY / 2, NOW + DAY / 4):
            note_use(session, at, row.id)
        session.expire_all()
        bearer = bearer_of(session, NOW, token)
    assert bearer is not None
    assert bearer.last_used_at == NOW + DAY / 2


def test_wrong_tokens_are_counted_by_token_and_by_address(database: Database) -> None:
    with database.write() as session:
        for _ in range(LIMITS.per_login):
            require_patience(session, NOW, "procure_x", "192.0.2.1", LIMITS)
            count_wrong_token(session, NOW, "procure_x", "192.0.2.1", LIMITS)
        with pytest.raises(TooManyAttempts):
            require_patience(session, NOW, "procure_x", "192.0.2.1", LIMITS)
        require_patience(session, NOW, "procure_x", "192.0.2.2", LIMITS)
        for number in range(LIMITS.per_address - LIMITS.per_login):
            count_wrong_token(session, NOW, f"procure_{number}", "192.0.2.1", LIMITS)
        with pytest.raises(TooManyAttempts):
            require_patience(session, NOW, "procure_y", "192.0.2.1", LIMITS)
        require_patience(session, NOW + LIMITS.window, "procure_y", "192.0.2.1", LIMITS)
