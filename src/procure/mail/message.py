"""A mail as the bytes that go to the server."""

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from procure.mail.letters import one_line
from procure.mail.tables import MailRow
from procure.settings import Settings


class _WholeWords(EmailPolicy):
    """Encodes a header that is not ASCII from end to end: the library's own folding loses blanks inside it."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if str(value).isascii():
            return super().fold_binary(name, value)
        addresses = getattr(value, "addresses", None)
        folded = _encoded(name, str(value)) if addresses is None else _encoded_addresses(name, addresses)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


POLICY = _WholeWords(linesep="\r\n")


def message_of(mail: MailRow, name: str, settings: Settings, now: datetime) -> bytes:
    """The mail to a body of that name, dated `now`. Headers are ASCII, the text is base64: any server takes it.

    Raises ValueError where an address cannot stand in a header.
    """
    if settings.mail is None:
        raise LookupError("mail is off")
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(one_line(settings.letterhead.section), addr_spec=settings.mail.sender)
    message["To"] = Address(one_line(name), addr_spec=mail.address)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # keeps absence notes away (RFC 3834)
    message.set_content(mail.text, charset="utf-8", cte="base64")
    return message.as_bytes()


def _encoded(name: str, text: str) -> str:
    return Header(text, "utf-8", header_name=name).encode(linesep=POLICY.linesep)


def _encoded_addresses(name: str, addresses: tuple[Address, ...]) -> str:
    return ", ".join(f"{_encoded(name, address.display_name)} <{address.addr_spec}>" for address in addresses)
