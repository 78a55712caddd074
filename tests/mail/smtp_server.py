"""A real SMTP server on a port of this machine, which refuses and breaks off as a test wants it."""

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

SECONDS_TO_START = 10


@dataclass
class Post:
    """What the server took, and how it is to behave. The answers are given one after the other, then "250 OK".

    They answer to the sender (`at_sender`), to the recipient (`at_recipient`) and to the whole mail (`at_end`), where
    "drop" takes the mail and breaks off. `drops_in_text`: how often to break off while the text is still coming.
    """

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    at_sender: list[str] = field(default_factory=list)
    at_recipient: list[str] = field(default_factory=list)
    at_end: list[str] = field(default_factory=list)
    drops_in_text: int = 0
    seconds_to_take: float = 0
    raw: list[bytes] = field(default_factory=list)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: Any) -> str:
        envelope.mail_from = address
        return self.at_sender.pop(0) if self.at_sender else "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: Any) -> str:
        answer = self.at_recipient.pop(0) if self.at_recipient else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds_to_take)
        answer = self.at_end.pop(0) if self.at_end else "250 OK"
        if answer.startswith("250") or answer == "drop":
            self._take(envelope)
        if answer == "drop":
            server.transport.abort()
        return answer

    def _take(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.raw.append(content)
        self.taken.append(message)
        self.recipients += envelope.rcpt_tos


class _BreaksOff(SMTP):
    """Leaves where the handler says so while the text is coming."""

    async def smtp_DATA(self, arg: str) -> None:
        post = self.event_handler
        if not post.drops_in_text:
            await super().smtp_DATA(arg)
            return
        post.drops_in_text -= 1
        await self.push("354 go on")
        await self._reader.readline()
        self.transport.abort()


@contextmanager
def running_post(**options: Any) -> Iterator[Post]:
    """`options` are those of aiosmtpd's SMTP: `tls_context`, `require_starttls`, `authenticator`, …"""
    post = Post()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()
    started = threading.Event()

    async def serve() -> None:
        server = await loop.create_server(lambda: _BreaksOff(post, loop=loop, **options), "127.0.0.1", 0)
        post.port = server.sockets[0].getsockname()[1]
        started.set()
        async with server:
            await ended.wait()
        await asyncio.sleep(0.05)  # connections that were broken off come to their end

    thread = threading.Thread(target=_run, args=(loop, serve))
    thread.start()
    try:
        assert started.wait(SECONDS_TO_START)
        yield post
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, serve: Callable[[], Any]) -> None:
    try:
        loop.run_until_complete(serve())
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
    finally:
        loop.close()


def accepting(user: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator that knows one account."""

    def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any) -> AuthResult:
        known = isinstance(given, LoginPassword) and given == LoginPassword(user.encode(), password.encode())
        return AuthResult(success=known, handled=False)

    return authenticate


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A fresh certificate for localhost: the server's context, and the file that a client has to trust."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert
