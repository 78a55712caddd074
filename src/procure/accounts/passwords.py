"""Passwords: which are accepted, how they are kept (argon2id), and how they are checked without haste or waste."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

SHORTEST = 12
LONGEST = 256
FEWEST_DIFFERENT_CHARACTERS = 5
# The OWASP minimum: about 34 ms and 19 MiB a check on the machine it was measured on.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1, type=Type.ID)
# The hash of a random text nobody kept: an unknown login takes as long as a known one.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$eg53474MkCp8timdUvk8dQ$WE6dxi5YXmOCDiWowp06EFhdH16rGHE2noyhkn4maNU"
_AT_ONCE = threading.BoundedSemaphore(2)  # a flood of sign-ins must not take every core
_PATIENCE_SECONDS = 5
_COMMON = (
    "password",
    "passw0rd",
    "qwerty",
    "asdfgh",
    "zxcvbn",
    "1q2w3e",
    "letmein",
    "iloveyou",
    "welcome",
    "administrator",
    "123456",
    "987654",
    "abcdef",
    "procure",
    "himitsu",
    "kyoudou",
    "choutatsu",
    "nyusatsu",
    "jimukyoku",
    "パスワード",
)


class Busy(Exception):
    """Too many passwords are being checked; try again in a moment."""


def fault_of(password: str, login: str) -> str | None:
    """Why a new password is refused, in Japanese with the remedy, or None. No rule about kinds of characters."""
    password = _normal(password)
    if not SHORTEST <= len(password) <= LONGEST:
        return f"パスワードは{SHORTEST}文字以上{LONGEST}文字以内で入力してください。"
    if len(set(password)) < FEWEST_DIFFERENT_CHARACTERS:
        return "同じ文字の繰り返しが多いパスワードは使えません。別のパスワードを入力してください。"
    if login.casefold() in password.casefold():
        return "ログイン名を含むパスワードは使えません。別のパスワードを入力してください。"
    if _is_common(password):
        return "推測されやすいパスワードは使えません。関係のない言葉を三つ以上つなげてください。"
    return None


def _is_common(password: str) -> bool:
    """A common word makes most of it: less than SHORTEST characters are left without the words."""
    rest = password.casefold()
    for word in _COMMON:
        rest = rest.replace(word, "")
    return rest != password.casefold() and len(rest) < SHORTEST


def hashed(password: str) -> str:
    with _turn():
        return _HASHER.hash(_normal(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Takes equally long for an account that does not exist (None). Raises Busy when too many wait."""
    with _turn():
        try:
            return _HASHER.verify(password_hash or _NOBODY, _normal(password)[: LONGEST + 1]) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str) -> bool:
    """Made with other parameters than today's: it is replaced at the next sign-in."""
    return _HASHER.check_needs_rehash(password_hash)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _AT_ONCE.release()
