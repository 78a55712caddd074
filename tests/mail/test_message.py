"""A mail as it goes out: Japanese that arrives as it was written, in headers that nobody can add a line to."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from procure.mail.letters import one_line
from procure.mail.message import message_of
from procure.mail.states import Kind
from procure.mail.tables import MailRow
from procure.settings import Letterhead, MailServer, Settings
from tests.mail.outboxes import NOW, SENDER, settings_for

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text("共同調達令和8年度 GIGA　（）=?…葛\U000e0100城")


def mail(subject: str = "件名", text: str = "本文", address: str = "joho@city.example.jp") -> MailRow:
    return MailRow(
        key="opening:R3-1:292117:",
        kind=Kind.OPENING,
        round_id=1,
        body_code="292117",
        address=address,
        subject=subject,
        text=text,
        message_id="<abc@kyodo.example.jp>",
        posted_at=NOW,
    )


def content_of(mail: MailRow, name: str = "葛\U000e0100城市", settings: Settings | None = None) -> bytes:
    return message_of(mail, name, settings or settings_for(25), NOW)


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def name_in(content: bytes, header: str) -> str:
    """The display name; read by RFC 2047, which the newer parser does not keep to: it puts blanks between words."""
    name, _ = parseaddr(str(message_from_bytes(content)[header]))
    return str(make_header(decode_header(name)))


def test_a_mail_has_sender_recipient_subject_date_and_a_message_id_of_its_own() -> None:
    content = content_of(mail())
    message = read(content)
    assert message["From"].addresses[0].addr_spec == SENDER
    assert name_in(content, "From") == "奈良県電子自治体推進協議会　事務局"
    assert message["To"].addresses[0].addr_spec == "joho@city.example.jp"
    assert name_in(content, "To") == "葛\U000e0100城市"
    assert message["Subject"] == "件名"
    assert message["Date"] == "Tue, 24 Nov 2026 09:00:00 +0900"
    assert message["Message-ID"] == "<abc@kyodo.example.jp>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_text_is_plain_utf_8_whole_and_unchanged() -> None:
    text = "奈良市　様\n\n.点で始まる行\n." + "長" * 3000 + "\n"
    message = read(content_of(mail(text=text)))
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert message.get_content().replace("\r\n", "\n") == text


def test_the_bytes_are_ascii_in_lines_that_any_server_takes() -> None:
    content = content_of(mail("題" * 200, "長" * 5000))
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")


@given(TEXTS)
@hypothesis_settings(deadline=None)
def test_any_subject_and_any_name_arrive_as_written_and_never_make_a_header(text: str) -> None:
    line = one_line(text) or "x"
    content = content_of(mail(line), line)
    message = read(content)
    assert content.isascii()
    assert sorted(message.keys()) == sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Type",
            "Content-Transfer-Encoding",
            "MIME-Version",
        ]
    )
    assert message["To"].addresses[0].addr_spec == "joho@city.example.jp"
    assert len(message["To"].addresses) == 1
    if not line.isascii():
        assert message["Subject"] == line
        assert name_in(content, "To") == line


@pytest.mark.parametrize("text", ["一行目\r\nBcc: all@example.jp", "a\nb", "a\u2028b", "a\x00b", "a\x85b"])
def test_what_is_no_single_line_becomes_one(text: str) -> None:
    message = read(content_of(mail(text), text, Settings(letterhead=Letterhead(), mail=MailServer("h", sender=SENDER))))
    assert message["Bcc"] is None
    assert message["Subject"] == " ".join(text.replace("\u2028", " ").replace("\x00", " ").split())


@pytest.mark.parametrize("address", ["a@example.jp\r\nBcc: b@example.jp", "a@example.jp, b@example.jp", "事務@x.jp"])
def test_an_address_that_is_none_makes_no_mail(address: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        content_of(mail(address=address))


def test_where_mail_is_off_there_is_no_sender_to_write_from() -> None:
    with pytest.raises(LookupError):
        message_of(mail(), "奈良市", Settings(), NOW)
