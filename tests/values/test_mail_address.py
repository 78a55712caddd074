"""Mail addresses: what can stand in a header, and nothing that could write another line of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.values.mail_address import mail_address_fault


@pytest.mark.parametrize(
    "address", ["jimu@city.nara.lg.jp", "a.b+c_d-e@example.co.jp", "o'brien@x.example", "1@2.example"]
)
def test_an_ordinary_address_is_good(address: str) -> None:
    assert mail_address_fault(address) is None


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "形ではありません"),
        ("jimu", "形ではありません"),
        ("@example.jp", "形ではありません"),
        ("jimu@localhost", "形ではありません"),
        ("jimu@example..jp", "形ではありません"),
        (".jimu@example.jp", "形ではありません"),
        ("a..b@example.jp", "形ではありません"),
        ("a@b@example.jp", "形ではありません"),
        ("jimu@-example.jp", "形ではありません"),
        ('"a b"@example.jp', "空白のない"),
        ("jimu @example.jp", "空白のない"),
        ("ｊｉｍｕ@example.jp", "空白のない"),
        ("事務@example.jp", "空白のない"),
        ("jimu@example.jp\r\nBcc: all@example.jp", "空白のない"),
        ("jimu@example.jp\n", "空白のない"),
        ("a@example.jp,b@example.jp", "1件だけ"),
        ("事務局<a@example.jp>", "空白のない"),
        ("x<a@example.jp>", "1件だけ"),
        ("a" * 65 + "@example.jp", "長すぎます"),
        ("a@" + ".".join(["b" * 60] * 4) + ".example.jp", "長すぎます"),
    ],
)
def test_a_bad_address_is_named_with_its_remedy(address: str, words: str) -> None:
    assert words in (mail_address_fault(address) or "")


@given(st.text())
def test_what_passes_is_one_word_of_ascii(text: str) -> None:
    address = f"a{text}@example.jp"
    if mail_address_fault(address) is None:
        assert address.isascii()
        assert address.isprintable()
        assert not set(address) & set(' ,;:<>()[]"\\')
