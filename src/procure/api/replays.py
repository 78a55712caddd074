"""Idempotency-Key: a request that comes again with its key is told the same again, and does nothing again."""

import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta

from sqlalchemy import delete, text
from sqlmodel import Session, col

from procure.accounts.tables import KeptReplyRow
from procure.api.problems import KeyReused
from procure.errors import Fault, Invalid
from procure.server.answers import Encoded
from procure.server.visit import Visit

KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def key_of(visit: Visit) -> str | None:
    """Raises Invalid where the key cannot be one."""
    key = visit.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid(Fault("Idempotency-Key", "半角の英数字と記号で、255字以内にしてください（例：UUID）。"))
    return key


def kept_reply(visit: Visit, key: str, method: str) -> Encoded | None:
    """What was answered to this very request, once it is this one's turn. Raises KeyReused."""
    number = _token_of(visit)
    _take_turn(visit.session, f"{number}:{key}")
    row = visit.session.get(KeptReplyRow, (number, key))
    if row is None or row.at <= visit.now - KEPT:
        return None
    if row.request_hash != _request_hash(visit, method):
        raise KeyReused
    headers = tuple((name, value) for name, value in json.loads(row.headers))
    return Encoded(row.content.encode(), "application/json", row.status, (*headers, ("idempotency-replayed", "true")))


def keep_reply(visit: Visit, key: str, method: str, answer: Encoded) -> None:
    """In the transaction of the effect: both stand, or neither. What was refused is not kept, for it had no effect."""
    _forget_old(visit.session, visit.now)
    visit.session.add(
        KeptReplyRow(
            token_id=_token_of(visit),
            key=key,
            request_hash=_request_hash(visit, method),
            status=answer.status,
            headers=json.dumps(answer.headers),
            content=answer.content.decode(),
            at=visit.now,
        )
    )
    visit.session.flush()


def _forget_old(session: Session, now: datetime) -> None:
    session.exec(delete(KeptReplyRow).where(col(KeptReplyRow.at) <= now - KEPT))


def _token_of(visit: Visit) -> int:
    if visit.person.through is None:
        raise LookupError("a reply is kept for a token")
    return visit.person.through.number


def _request_hash(visit: Visit, method: str) -> str:
    """Keyed by the token, which is kept nowhere: a ceiling that was sent is not to be guessed from this."""
    key = visit.headers.get("authorization", "").partition(" ")[2].strip().encode()
    query = [(name, visit.query.texts(name)) for name in visit.query.names()]
    head = json.dumps([method, visit.path, query, visit.headers.get("content-type", "")])
    return hmac.new(key, f"{head}\n".encode() + visit.body, hashlib.sha256).hexdigest()


def _take_turn(session: Session, name: str) -> None:
    """The same key at once waits here for the first one. On SQLite the transaction is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 7))"), {"name": name})
