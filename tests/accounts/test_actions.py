"""Opening and disabling accounts, and the three steps of a sign-in, on both databases."""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from procure.accounts.actions import (
    Attempt,
    TooManyAttempts,
    add_account,
    begin_attempt,
    disable_account,
    enable_account,
    open_sign_in,
    set_password,
    sign_out,
    touch,
)
from procure.accounts.passwords import is_outdated, matches
from procure.accounts.queries import account_of, accounts, identify, token_hash
from procure.accounts.roles import Role
from procure.accounts.tables import AccountRow, SignInFailureRow, SignInRow
from procure.database import Database
from procure.errors import Conflict, Invalid, NotFound
from procure.settings import SignInLimits
from tests.people import KATSURAGI, NARA, NOW, PASSWORD, PEOPLE, SECRETARIAT, Person, account, settle_in

LIMITS = SignInLimits()
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def inhabited(database: Database) -> Database:
    with database.write() as session:
        settle_in(session, PEOPLE)
    return database


def attempt(database: Database, person: Person = NARA, address: str = HOME, after: timedelta = timedelta()) -> Attempt:
    with database.write() as session:
        return begin_attempt(session, NOW + after, person.login, address, LIMITS)


def opened(database: Database, person: Person = NARA) -> str:
    begun = attempt(database, person)
    with database.write() as session:
        token = open_sign_in(session, NOW, begun, PASSWORD, LIMITS)
    assert token is not None
    return token


def who(database: Database, token: str, after: timedelta = timedelta()) -> str | None:
    with database.read() as session:
        identity = identify(session, NOW + after, token, LIMITS)
        return identity.viewer.login if identity else None


def faults_of(error: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {fault.field for fault in error.value.faults}


# ---- accounts --------------------------------------------------------------------------------------


def test_an_account_is_added_and_can_sign_in(database: Database) -> None:
    with database.write() as session:
        add_account(
            session, NOW, login=" ＫＡＮＳＡ ", name="監査", role=Role.AUDITOR, body_code=None, password=PASSWORD
        )
    with database.read() as session:
        found = account_of(session, "kansa")
        assert found is not None
        assert matches(PASSWORD, found.password_hash)


def test_everything_wrong_with_a_new_account_is_said_at_once(database: Database) -> None:
    with pytest.raises(Invalid) as error, database.write() as session:
        add_account(session, NOW, login="な", name=" ", role=Role.MUNICIPALITY, body_code=None, password="short")
    assert faults_of(error) == {"login", "name", "body_code", "password"}


def test_a_login_is_given_once(database: Database) -> None:
    inhabited(database)
    with pytest.raises(Conflict), database.write() as session:
        add_account(
            session, NOW, login=SECRETARIAT.login, name="別人", role=Role.AUDITOR, body_code=None, password=PASSWORD
        )


@pytest.mark.parametrize("person", [Person("a", "あ", Role.MUNICIPALITY), Person("a", "あ", Role.AUDITOR, "292010")])
def test_the_database_itself_ties_a_body_to_a_municipality(database: Database, person: Person) -> None:
    inhabited(database)
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(account(person))


def test_a_municipality_account_needs_a_known_body(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(account(Person("a", "あ", Role.MUNICIPALITY, "999999")))


def test_accounts_are_listed_by_role_and_login(database: Database) -> None:
    inhabited(database)
    with database.read() as session:
        logins = [found.login for found in accounts(session)]
    assert logins == ["kansa", "katsuragi", "nara", "jimukyoku01", "jimukyoku02"]


def test_disabling_ends_every_sign_in_and_enabling_brings_none_back(database: Database) -> None:
    inhabited(database)
    tokens = [opened(database), opened(database)]
    with database.write() as session:
        disable_account(session, NOW, NARA.login)
    with database.write() as session:
        enable_account(session, NARA.login)
    assert [who(database, token) for token in tokens] == [None, None]


def test_a_new_password_ends_every_sign_in_of_that_account_only(database: Database) -> None:
    inhabited(database)
    nara, katsuragi = opened(database, NARA), opened(database, KATSURAGI)
    with database.write() as session:
        set_password(session, NOW, NARA.login, "羊羹 と 気球 と 南十字星")
    assert (who(database, nara), who(database, katsuragi)) == (None, KATSURAGI.login)


def test_a_weak_new_password_changes_nothing(database: Database) -> None:
    inhabited(database)
    with pytest.raises(Invalid) as error, database.write() as session:
        set_password(session, NOW, NARA.login, "short")
    assert faults_of(error) == {"password"}


@pytest.mark.parametrize("name", ["nobody", "", "' OR 1=1 --"])
def test_what_is_not_there_cannot_be_disabled(database: Database, name: str) -> None:
    with pytest.raises(NotFound), database.write() as session:
        disable_account(session, NOW, name)


# ---- sign-ins --------------------------------------------------------------------------------------


def test_a_token_stands_for_its_person(database: Database) -> None:
    inhabited(database)
    token = opened(database)
    with database.read() as session:
        identity = identify(session, NOW, token, LIMITS)
    assert identity is not None
    viewer = identity.viewer
    assert (viewer.login, viewer.role, viewer.body_code, viewer.body_name) == ("nara", NARA.role, "292010", "奈良市")


def test_the_database_keeps_the_hash_of_a_token_and_not_the_token(database: Database) -> None:
    inhabited(database)
    token = opened(database)
    with database.read() as session:
        kept = session.exec(select(SignInRow)).one()
    assert kept.token_hash == token_hash(token)
    assert token not in (kept.token_hash, kept.csrf_token)


def test_tokens_have_256_bits_and_never_repeat(database: Database) -> None:
    inhabited(database)
    tokens = {opened(database) for _ in range(5)}
    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 43


@pytest.mark.parametrize(
    ("after", "is_there"),
    [(timedelta(minutes=29, seconds=59), True), (timedelta(minutes=30), False), (timedelta(days=400), False)],
)
def test_a_sign_in_ends_when_nobody_uses_it(database: Database, after: timedelta, is_there: bool) -> None:
    inhabited(database)
    assert (who(database, opened(database), after) is not None) == is_there


def test_a_sign_in_in_use_ends_after_a_working_day(database: Database) -> None:
    inhabited(database)
    token = opened(database)
    with database.write() as session:
        touch(session, NOW + timedelta(hours=9, minutes=59), token)
    assert who(database, token, timedelta(hours=9, minutes=59, seconds=59)) == NARA.login
    assert who(database, token, timedelta(hours=10)) is None


def test_noting_presence_does_not_bring_a_sign_in_back(database: Database) -> None:
    inhabited(database)
    token = opened(database)
    with database.write() as session:
        sign_out(session, token)
    with database.write() as session:
        touch(session, NOW + timedelta(minutes=1), token)
    assert who(database, token) is None


def test_noting_presence_never_turns_the_clock_back(database: Database) -> None:
    inhabited(database)
    token = opened(database)
    with database.write() as session:
        touch(session, NOW - timedelta(minutes=10), token)
    assert who(database, token, timedelta(minutes=25)) == NARA.login


def test_sign_ins_that_are_over_are_cleared_away_at_the_next_one(database: Database) -> None:
    inhabited(database)
    opened(database)
    later = timedelta(hours=11)
    begun = attempt(database, NARA, after=later)
    with database.write() as session:
        open_sign_in(session, NOW + later, begun, PASSWORD, LIMITS)
    with database.read() as session:
        assert len(session.exec(select(SignInRow)).all()) == 1


def test_an_account_disabled_during_the_check_of_its_password_stays_out(database: Database) -> None:
    inhabited(database)
    begun = attempt(database)
    with database.write() as session:
        disable_account(session, NOW, NARA.login)
    with database.write() as session:
        assert open_sign_in(session, NOW, begun, PASSWORD, LIMITS) is None


def test_a_password_changed_during_its_check_opens_nothing(database: Database) -> None:
    inhabited(database)
    begun = attempt(database)
    with database.write() as session:
        set_password(session, NOW, NARA.login, "羊羹 と 気球 と 南十字星")
    with database.write() as session:
        assert open_sign_in(session, NOW, begun, PASSWORD, LIMITS) is None


def test_an_outdated_hash_is_renewed_at_sign_in(database: Database) -> None:
    inhabited(database)
    with database.write() as session:
        old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
        session.exec(select(AccountRow).where(AccountRow.login == NARA.login)).one().password_hash = old
    opened(database)
    with database.read() as session:
        renewed = session.exec(select(AccountRow).where(AccountRow.login == NARA.login)).one().password_hash
    assert not is_outdated(renewed)
    assert matches(PASSWORD, renewed)


# ---- attempts --------------------------------------------------------------------------------------


def fail(database: Database, times: int, person: Person = NARA, address: str = HOME) -> None:
    for _ in range(times):
        attempt(database, person, address)


def test_the_eleventh_attempt_within_five_minutes_is_refused(database: Database) -> None:
    fail(inhabited(database), 10)
    with pytest.raises(TooManyAttempts):
        attempt(database)


def test_an_attempt_is_counted_before_the_next_one_is(database: Database) -> None:
    fail(inhabited(database), 9)
    outcome: list[str] = []

    def eleventh() -> None:
        try:
            attempt(database)
        except TooManyAttempts:
            outcome.append("refused")

    waiting = threading.Thread(target=eleventh)
    with database.write() as session:
        begin_attempt(session, NOW, NARA.login, HOME, LIMITS)
        waiting.start()
        waiting.join(0.3)
    waiting.join()
    assert outcome == ["refused"]


def test_another_spelling_of_the_login_is_the_same_login(database: Database) -> None:
    fail(inhabited(database), 10)
    with pytest.raises(TooManyAttempts), database.write() as session:
        begin_attempt(session, NOW, " ＮＡＲＡ", HOME, LIMITS)


def test_a_refused_login_is_accepted_again_after_five_minutes(database: Database) -> None:
    fail(inhabited(database), 10)
    assert attempt(database, after=timedelta(minutes=5)).account_id is not None


def test_strangers_elsewhere_cannot_lock_a_person_out(database: Database) -> None:
    fail(inhabited(database), 10, address=ELSEWHERE)
    assert attempt(database, address=HOME).account_id is not None


def test_one_address_may_fail_thirty_times_over_all_logins(database: Database) -> None:
    inhabited(database)
    for number in range(30):
        attempt(database, Person(f"guess{number}", "", Role.AUDITOR))
    with pytest.raises(TooManyAttempts):
        attempt(database)


def test_a_success_forgets_the_failures_of_that_login_and_keeps_those_of_others(database: Database) -> None:
    fail(inhabited(database), 9, NARA)
    fail(database, 9, KATSURAGI)
    opened(database, NARA)
    with database.read() as session:
        assert len(session.exec(select(SignInFailureRow)).all()) == 9
    fail(database, 1, KATSURAGI)
    with pytest.raises(TooManyAttempts):
        attempt(database, KATSURAGI)


def test_old_failures_are_cleared_away(database: Database) -> None:
    fail(inhabited(database), 5)
    attempt(database, after=timedelta(minutes=6))
    with database.read() as session:
        assert len(session.exec(select(SignInFailureRow)).all()) == 1


def test_a_failure_does_not_keep_what_was_typed(database: Database) -> None:
    inhabited(database)
    typed = "my password by mistake"
    attempt(database, Person(typed, "", Role.AUDITOR))
    with database.read() as session:
        assert typed not in session.exec(select(SignInFailureRow)).one().model_dump_json()


@pytest.mark.parametrize("login", ["nobody", "", "\ufffd", "x" * 60_000])
def test_a_login_nobody_has_is_counted_like_any_other(database: Database, login: str) -> None:
    begun = attempt(inhabited(database), Person(login, "", Role.AUDITOR))
    assert (begun.account_id, begun.password_hash) == (None, None)
