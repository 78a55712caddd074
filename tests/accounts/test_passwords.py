"""Which passwords are accepted, and how they are kept and checked."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from procure.accounts import passwords
from procure.accounts.passwords import Busy, fault_of, hashed, is_outdated, matches

GOOD = "牛乳 と 自転車 と 北極星"


@pytest.mark.parametrize(
    "password", [GOOD, "x7!mQ2$kLp9w", "あいうえおかきくけこさし", "correct horse battery", "z" * 5 + "abcdefgh" * 30]
)
def test_a_long_password_is_accepted_whatever_it_is_made_of(password: str) -> None:
    assert fault_of(password, "nara") is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("elevenchars", "12文字以上"),
        ("a1b2c3d4e5f6" * 22, "256文字以内"),
        ("aaaaaaaaaaaaaaaa", "繰り返し"),
        ("Password1234", "推測されやすい"),
        ("password-procure", "推測されやすい"),
        ("qwerty123456", "推測されやすい"),
        ("nara-kyoto-osaka", "ログイン名"),
        ("NARA-kyoto-osaka", "ログイン名"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, words: str) -> None:
    assert words in (fault_of(password, "nara") or "")


def test_the_shortest_and_the_longest_password_are_accepted() -> None:
    assert fault_of("7h3-xk!pw02m", "nara") is None
    assert fault_of("abcdefgh" * 32, "nara") is None


def test_the_length_is_counted_in_composed_characters() -> None:
    assert "12文字以上" in (fault_of("か\u3099き\u3099く\u3099け\u3099こ\u3099さ\u3099", "nara") or "")


def test_a_password_matches_its_own_hash_and_no_other() -> None:
    kept = hashed(GOOD)
    assert matches(GOOD, kept)
    assert not matches(GOOD + "。", kept)


def test_a_password_typed_on_another_keyboard_is_the_same_password() -> None:
    assert matches("パスポート と 自転車", hashed("ハ\u309aスホ\u309aート と 自転車"))


def test_no_password_matches_an_account_that_does_not_exist() -> None:
    assert not matches(GOOD, None)
    assert not matches("", None)


def test_a_damaged_hash_matches_nothing() -> None:
    assert not matches(GOOD, "not a hash")


def test_an_unknown_login_costs_the_same_work_as_a_known_one() -> None:
    assert extract_parameters(passwords._NOBODY) == extract_parameters(hashed(GOOD))


def test_the_parameters_are_the_agreed_ones() -> None:
    found = extract_parameters(hashed(GOOD))
    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 19456, 2, 1)


def test_a_hash_with_other_parameters_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD))
    assert not is_outdated(hashed(GOOD))


def test_two_checks_run_at_once_and_a_third_gives_up_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 0.01)
    with passwords._turn(), passwords._turn(), pytest.raises(Busy):
        matches(GOOD, None)
    assert not matches(GOOD, None)
