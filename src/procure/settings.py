"""The settings of an installation, read from PROCURE_* variables; the line above each says what it does."""

import base64
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

DATABASE_URL = "sqlite:///procure.db"
PUBLIC_URL = "http://127.0.0.1:8000"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
# Litestar reads these itself: they would show tracebacks to visitors, or stop the service in a debugger.
FORBIDDEN = ("LITESTAR_DEBUG", "LITESTAR_PDB")


class BadSettings(Exception):
    """Every setting that is wrong, by name, a line each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who the council's documents are from, and whom they tell readers to ask."""

    # PROCURE_COUNCIL: the name of the council, as pages and documents show it.
    council: str = "奈良県電子自治体推進協議会"
    # PROCURE_CHAIR: the name of the chair of the council (会長), above whose name notices go out.
    chair: str = "○○　○○"
    # PROCURE_SECTION: the section that answers questions.
    section: str = "奈良県電子自治体推進協議会　事務局"
    # PROCURE_PERSON: the person in that section.
    person: str = "○○　○○"
    # PROCURE_PHONE: its telephone number.
    phone: str = "0000-00-0000"
    # PROCURE_MAIL: its mail address.
    mail: str = "sample@example.lg.jp"
    # PROCURE_DOCUMENT_PREFIX: what stands before the running number of a document (奈電推協第12号).
    document_prefix: str = "奈電推協"
    # PROCURE_SEAL_OMITTED: 1 prints （公印省略） under the sender of a letter; 0 leaves room for the seal.
    seal_omitted: bool = True


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """How long a sign-in lasts, and how often a wrong password may be tried."""

    # PROCURE_IDLE_MINUTES: a sign-in ends after so long without a request.
    idle: timedelta = timedelta(minutes=30)
    # PROCURE_SIGN_IN_HOURS: a sign-in ends after so long in any case: a working day.
    absolute: timedelta = timedelta(hours=10)
    # PROCURE_TRIES_PER_LOGIN: failures of a login from one address within five minutes.
    per_login: int = 10
    # PROCURE_TRIES_PER_ADDRESS: failures from one address within five minutes; a town hall may be one address.
    per_address: int = 30
    window: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """The processes that make PDFs, and how far each may go."""

    # PROCURE_PDF_PROCESSES: how many documents are made at once; as many as there are cores, two at most.
    # 0, which only tests use: none. Documents are then made in the service itself, and long work is left to others.
    processes: int = min(2, os.cpu_count() or 1)
    # PROCURE_PDF_SECONDS: a document that takes longer is given up; of many letters in one, 2 more for each.
    seconds: int = 60
    # PROCURE_PDF_MEGABYTES: the memory of a process; a document that needs more is given up.
    megabytes: int = 1000
    # PROCURE_PDF_DOCUMENTS: after so many a process is replaced by a new one.
    documents: int = 200


@dataclass(frozen=True, slots=True)
class MailServer:
    """The SMTP server that takes the mails to the bodies."""

    # PROCURE_SMTP_HOST: its name. Without it no mail is written or sent.
    host: str
    # PROCURE_SMTP_PORT: its port.
    port: int = 25
    # PROCURE_SMTP_USER, PROCURE_SMTP_PASSWORD: the account there; without them the service does not sign in.
    user: str = ""
    password: str = field(default="", repr=False)
    # PROCURE_SMTP_STARTTLS: 1 encrypts the connection and checks the certificate. A password asks for it.
    starttls: bool = False
    # PROCURE_MAIL_FROM: the address that mails come from.
    sender: str = ""


@dataclass(frozen=True, slots=True)
class OpenData:
    """Under which identifier and licence published rounds go out as data."""

    # PROCURE_OCID_PREFIX: the prefix that the Open Contracting Partnership gave the publisher. The default is nobody's.
    ocid_prefix: str = "ocds-000000"
    # PROCURE_DATA_LICENCE: the address of the licence under which the data may be used. Without it none is named.
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    # PROCURE_DATABASE_URL: sqlite:///file or postgresql://user:password@host/name.
    database_url: str = field(default=DATABASE_URL, repr=False)
    # PROCURE_PUBLIC_URL: the address people type. With https the cookie is Secure and HSTS is sent.
    public_url: str = PUBLIC_URL
    # PROCURE_ALLOWED_HOSTS: more host names to answer to, separated by commas.
    more_hosts: tuple[str, ...] = ()
    # PROCURE_TRUSTED_PROXIES: addresses of the proxies in front whose X-Forwarded-For is believed, separated by commas.
    # Behind a proxy that is not named here everybody has its address, and shares its limit of failed sign-ins.
    trusted_proxies: tuple[str, ...] = ()
    letterhead: Letterhead = field(default_factory=Letterhead)
    sign_in: SignInLimits = field(default_factory=SignInLimits)
    mail: MailServer | None = None
    pdf: PdfLimits = field(default_factory=PdfLimits)
    open_data: OpenData = field(default_factory=OpenData)
    # PROCURE_SEALING_KEY: what `procure sealing-key` prints; ceilings (予定価格) are sealed with it until the opening.
    # Keep it apart from the database and its backups: who has both reads the ceilings, who lost it opens none.
    sealing_key: bytes | None = field(default=None, repr=False)

    @property
    def is_tls(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"

    @property
    def public_origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def allowed_hosts(self) -> frozenset[str]:
        return frozenset((host_name(urlsplit(self.public_url).netloc), *LOOPBACK, *self.more_hosts))

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "Settings":
        """Raises BadSettings with every fault at once."""
        faults = [f"{name}: must not be set" for name in FORBIDDEN if env.get(name)]
        read = _Reader(env, faults)
        settings = cls(
            database_url=read.given("PROCURE_DATABASE_URL", DATABASE_URL, _database_url),
            public_url=read.given("PROCURE_PUBLIC_URL", PUBLIC_URL, _public_url),
            more_hosts=read.given("PROCURE_ALLOWED_HOSTS", (), _hosts),
            trusted_proxies=read.given("PROCURE_TRUSTED_PROXIES", (), _addresses),
            letterhead=Letterhead(**dict(read.letterhead())),
            sign_in=SignInLimits(
                idle=timedelta(minutes=read.given("PROCURE_IDLE_MINUTES", 30, _from_one_to(24 * 60))),
                absolute=timedelta(hours=read.given("PROCURE_SIGN_IN_HOURS", 10, _from_one_to(24))),
                per_login=read.given("PROCURE_TRIES_PER_LOGIN", 10, _from_one_to(1000)),
                per_address=read.given("PROCURE_TRIES_PER_ADDRESS", 30, _from_one_to(10000)),
            ),
            mail=read.mail_server(),
            pdf=read.pdf_limits(),
            open_data=OpenData(
                ocid_prefix=read.given("PROCURE_OCID_PREFIX", OpenData().ocid_prefix, _ocid_prefix),
                licence=read.given("PROCURE_DATA_LICENCE", "", _licence),
            ),
            sealing_key=read.given("PROCURE_SEALING_KEY", None, _sealing_key),
        )
        if faults:
            raise BadSettings(faults)
        return settings


def host_name(netloc: str) -> str:
    """A Host header or the host part of an address, in lower case and without its port."""
    return re.sub(r":[0-9]*\Z", "", netloc.lower())


class _Reader:
    """Reads variables and collects what is wrong with them. An empty variable counts as one that is not set."""

    def __init__(self, env: Mapping[str, str], faults: list[str]) -> None:
        self.env = env
        self.faults = faults

    def given(self, name: str, default: Any, parse: Callable[[str], Any]) -> Any:
        text = self.env.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as fault:
            self.faults.append(f"{name}: {fault}")
            return default

    def letterhead(self) -> Iterator[tuple[str, Any]]:
        for line in fields(Letterhead):
            parse = _flag if isinstance(line.default, bool) else _line
            yield line.name, self.given(f"PROCURE_{line.name.upper()}", line.default, parse)

    def pdf_limits(self) -> PdfLimits:
        usual = PdfLimits()
        return PdfLimits(
            processes=self.given("PROCURE_PDF_PROCESSES", usual.processes, _from_one_to(16)),
            seconds=self.given("PROCURE_PDF_SECONDS", usual.seconds, _from_one_to(3600)),
            megabytes=self.given("PROCURE_PDF_MEGABYTES", usual.megabytes, _from_one_to(100_000)),
            documents=self.given("PROCURE_PDF_DOCUMENTS", usual.documents, _from_one_to(100_000)),
        )

    def mail_server(self) -> MailServer | None:
        server = MailServer(
            host=self.given("PROCURE_SMTP_HOST", "", _host),
            port=self.given("PROCURE_SMTP_PORT", 25, _from_one_to(65535)),
            user=self.given("PROCURE_SMTP_USER", "", _line),
            password=self.given("PROCURE_SMTP_PASSWORD", "", _line),
            starttls=self.given("PROCURE_SMTP_STARTTLS", False, _flag),
            sender=self.given("PROCURE_MAIL_FROM", "", _mail_address),
        )
        if not self.env.get("PROCURE_SMTP_HOST", "").strip():
            return None
        self.faults += _mail_faults(server, self.env)
        return server


def _mail_faults(server: MailServer, env: Mapping[str, str]) -> Iterator[str]:
    if not env.get("PROCURE_MAIL_FROM", "").strip():
        yield "PROCURE_MAIL_FROM: must be set where PROCURE_SMTP_HOST is"
    if bool(server.user) != bool(server.password):
        yield "PROCURE_SMTP_PASSWORD: must be set where PROCURE_SMTP_USER is, and only there"
    if server.password and not server.starttls:
        yield "PROCURE_SMTP_STARTTLS: must be 1 where PROCURE_SMTP_PASSWORD is set"


def _database_url(text: str) -> str:
    parts = urlsplit(text)
    kind = parts.scheme.split("+")[0]
    if kind not in ("sqlite", "postgresql", "postgres"):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if kind == "sqlite" and (parts.netloc or parts.path in ("", "/", "/:memory:")):
        raise ValueError("must name a file, as sqlite:///procure.db or sqlite:////srv/procure.db do")
    try:
        parts.port  # noqa: B018  (reading it checks it)
    except ValueError as fault:
        raise ValueError("must have a number for its port") from fault
    return text


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http:// or https:// address")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address without a path, a query or a user")
    return text.rstrip("/")


def _ocid_prefix(text: str) -> str:
    if not re.fullmatch(r"ocds-[a-z0-9]{6}", text):
        raise ValueError("must be ocds- and six letters or digits, as the Open Contracting Partnership gives them")
    return text


def _licence(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or not text.isascii() or not text.isprintable():
        raise ValueError("must be the http:// or https:// address of a licence")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(host_name(host.strip()) for host in text.split(",") if host.strip())
    bad = [host for host in hosts if not re.fullmatch(r"[a-z0-9.-]+|\[[0-9a-f:]+\]", host)]
    if bad:
        raise ValueError(f"not a host name: {', '.join(bad)}")
    return hosts


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(str(ip_network(address.strip())) for address in text.split(",") if address.strip())


def _line(text: str) -> str:
    # isprintable refuses the full-width space, which names are written with
    if len(text) > 200 or not text.replace("\u3000", " ").isprintable():
        raise ValueError("must be one line of at most 200 characters")
    return text


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,253}|[0-9a-fA-F:]{2,39}", text):
        raise ValueError("must be the name or the address of one host, without a port")
    return text


def _mail_address(text: str) -> str:
    if len(text) > 254 or not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        raise ValueError("must be one mail address")
    return text


def _sealing_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError("must be a key as `procure sealing-key` prints it: 32 bytes in base64")
    return key


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("must be 0 or 1")
    return text == "1"


def _from_one_to(highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= highest:
            raise ValueError(f"must be a whole number from 1 to {highest}")
        return int(text)

    return parse
