"""Handing one mail to the SMTP server, and what is known of it afterwards."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

from procure.settings import MailServer

TIMEOUT = 10  # seconds, for every step
LONGEST_ANSWER = 300
CANNOT_REACH = "メールサーバーに接続できません"
BROKE_OFF = "メールサーバーとの接続が途中で切れました"
NOT_ACKNOWLEDGED = "本文を渡した後、メールサーバーの受付の返事がありません"
_FAILURES = (smtplib.SMTPException, OSError)


class Result(Enum):
    """`UNREACHABLE`: no mail can be sent now. `UNKNOWN`: the server may have taken the mail, or not."""

    SENT = auto()
    REFUSED = auto()
    TRY_LATER = auto()
    UNREACHABLE = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    result: Result
    answer: str


def send(server: MailServer, recipient: str, content: bytes) -> Outcome:
    """Waits for each answer 10 seconds at most. `content` is a whole message, its lines ended by CRLF."""
    try:
        connection = smtplib.SMTP(server.host, server.port, server.sender.rpartition("@")[2], TIMEOUT)
    except _FAILURES as error:
        return Outcome(Result.UNREACHABLE, _described(CANNOT_REACH, error, server))
    try:
        return _introduced(connection, server) or _handed_over(connection, server, recipient, content)
    finally:
        with suppress(*_FAILURES):
            connection.quit()
        connection.close()


def _introduced(connection: smtplib.SMTP, server: MailServer) -> Outcome | None:
    """An outcome only where the server does not let us in."""
    try:
        connection.ehlo_or_helo_if_needed()
        if server.starttls:
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except _FAILURES as error:
        return Outcome(Result.UNREACHABLE, _described(CANNOT_REACH, error, server))
    return None


def _handed_over(connection: smtplib.SMTP, server: MailServer, recipient: str, content: bytes) -> Outcome:
    try:
        refusal = _addressed(connection, server, recipient)
        if refusal:
            return refusal
        connection.send(_with_dots_doubled(content))
        connection.send(b".\r\n")
    except _FAILURES as error:  # the end of the mail did not leave, so the server has not taken it
        return Outcome(Result.TRY_LATER, _described(BROKE_OFF, error, server))
    try:
        return _judged(*connection.getreply())
    except _FAILURES as error:
        return Outcome(Result.UNKNOWN, _described(NOT_ACKNOWLEDGED, error, server))


def _addressed(connection: smtplib.SMTP, server: MailServer, recipient: str) -> Outcome | None:
    """Up to where the server waits for the text; an outcome only where it does not.

    A sender that is refused is a fault of the installation: once that is mended, the mail goes out.
    """
    code, answer = connection.mail(server.sender)
    if code != 250:
        return Outcome(Result.TRY_LATER, _said(code, answer))
    code, answer = connection.rcpt(recipient)
    if code not in (250, 251):
        return _judged(code, answer)
    code, answer = connection.docmd("DATA")
    return None if code == 354 else _judged(code, answer)


def _judged(code: int, answer: bytes) -> Outcome:
    result = Result.SENT if code == 250 else Result.REFUSED if code >= 500 else Result.TRY_LATER
    return Outcome(result, _said(code, answer))


def _with_dots_doubled(content: bytes) -> bytes:
    """RFC 5321, 4.5.2: a line that begins with a point gets a second one. Ends with a line end."""
    text = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", text)


def _described(what: str, error: Exception, server: MailServer) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        detail = _said(error.smtp_code, error.smtp_error)
    elif isinstance(error, TimeoutError) or "timed out" in str(error):
        detail = f"{TIMEOUT}秒以内に応答がありません"
    else:
        detail = type(error).__name__
    return _without_secret(f"{what}（{detail}）。", server)


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {text}".split())[:LONGEST_ANSWER]


def _without_secret(text: str, server: MailServer) -> str:
    return text.replace(server.password, "…") if server.password else text
