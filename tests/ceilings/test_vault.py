"""Sealing: only the same key opens, at the same place, and the length tells nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.ceilings.ceiling import Basis, Ceiling, packed
from procure.ceilings.vault import SIZE, KeyMissing, Vault, WrongKey, new_key
from procure.errors import Conflict

VAULT = Vault(new_key())
PLACE = "R8-1|pc|1"


def opened(sealed: bytes, vault: Vault = VAULT, place: str = PLACE) -> bytes:
    return vault.open(sealed, VAULT.key_name, place)


@given(st.binary(max_size=SIZE))
def test_what_was_sealed_is_opened_as_it_was(secret: bytes) -> None:
    assert opened(VAULT.seal(secret, PLACE)) == secret


@pytest.mark.parametrize("length", [0, 1, SIZE - 1, SIZE])
def test_a_seal_holds_sixteen_kibibytes_and_its_filling_is_not_taken_for_what_it_holds(length: int) -> None:
    for secret in (b"\0" * length, b" " * length):
        assert opened(VAULT.seal(secret, PLACE)) == secret


def test_what_is_longer_is_not_cut() -> None:
    with pytest.raises(ValueError, match="16385"):
        VAULT.seal(b"x" * (SIZE + 1), PLACE)


@given(st.integers(1, 10**12), st.text(st.characters(exclude_categories=["Cs"]), max_size=1000))
def test_every_seal_is_of_one_length_and_no_two_are_alike(with_tax: int, note: str) -> None:
    secret = packed(Ceiling(with_tax, 1, Basis(note=note)), "f" * 64)
    first, second = VAULT.seal(secret, PLACE), VAULT.seal(secret, PLACE)
    assert len(first) == len(second) == len(VAULT.seal(b"", PLACE))
    assert first != second
    assert str(with_tax).encode() not in first or with_tax < 10**6


@pytest.mark.parametrize("place", ["R8-1|printer|1", "R8-1|pc|2", "R8-2|pc|1", ""])
def test_a_seal_that_was_moved_does_not_open(place: str) -> None:
    sealed = VAULT.seal(b"secret", PLACE)
    with pytest.raises(WrongKey, match="別の場所"):
        opened(sealed, place=place)


@pytest.mark.parametrize("at", [0, 12, 500, -1])
def test_a_seal_of_which_one_bit_was_changed_does_not_open(at: int) -> None:
    sealed = bytearray(VAULT.seal(b"secret", PLACE))
    sealed[at] ^= 1
    with pytest.raises(WrongKey):
        opened(bytes(sealed))


def test_another_key_does_not_open_and_both_are_told_apart_by_name() -> None:
    sealed, other = VAULT.seal(b"secret", PLACE), Vault(new_key())
    with pytest.raises(WrongKey, match=f"{VAULT.key_name}.*{other.key_name}"):
        opened(sealed, other)
    with pytest.raises(WrongKey):
        other.open(sealed, other.key_name, PLACE)


def test_without_a_key_nothing_is_sealed_or_opened() -> None:
    sealed, without = VAULT.seal(b"secret", PLACE), Vault()
    assert not without.has_key
    for act in (lambda: without.seal(b"secret", PLACE), lambda: opened(sealed, without)):
        with pytest.raises(KeyMissing, match="PROCURE_SEALING_KEY"):
            act()
    assert issubclass(KeyMissing, Conflict)


def test_a_vault_is_never_printed_with_its_key() -> None:
    key = new_key()
    assert key.hex() not in repr(Vault(key))
    assert repr(key) not in repr(Vault(key))
    assert key.hex()[:8] not in Vault(key).key_name
