"""Sealing with the key of the installation: AES-256-GCM, bound to its place, of one length whatever is inside."""

import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from procure.errors import Conflict

SIZE = 16 * 1024  # bytes: the length of what is sealed tells nothing of it
PREFIX = 2  # bytes: how long the secret is, before it and the filling behind it
NONCE = 12  # bytes, NIST SP 800-38D 8.2.1


class KeyMissing(Conflict):
    """予定価格を封印する鍵（設定 PROCURE_SEALING_KEY）がありません。管理者が procure sealing-key で作り、設定してください。"""  # noqa: E501


class WrongKey(Conflict):
    """設定 PROCURE_SEALING_KEY の鍵では、この予定価格の封印を開けません。封印したときの鍵を設定してください。"""


@dataclass(frozen=True, slots=True)
class Vault:
    """`key` is 32 bytes; None where the installation has none. `place` names what is sealed, and is sealed with it:
    a seal that was moved to another place does not open.
    """

    key: bytes | None = field(default=None, repr=False)

    @property
    def has_key(self) -> bool:
        return self.key is not None

    @property
    def key_name(self) -> str:
        """Tells one key from another, and nothing of it. Raises KeyMissing."""
        return hashlib.sha256(b"procure sealing key" + self._required()).hexdigest()[:8]

    def seal(self, secret: bytes, place: str) -> bytes:
        """Raises KeyMissing; ValueError for what is longer than 16 KiB."""
        if len(secret) > SIZE:
            raise ValueError(f"{len(secret)} bytes are more than a seal holds")
        nonce = secrets.token_bytes(NONCE)
        filled = len(secret).to_bytes(PREFIX) + secret.ljust(SIZE, b"\0")
        return nonce + AESGCM(self._required()).encrypt(nonce, filled, place.encode())

    def open(self, sealed: bytes, key_name: str, place: str) -> bytes:
        """Raises KeyMissing and WrongKey."""
        key = self._required()
        if key_name != self.key_name:
            raise WrongKey(f"{WrongKey.__doc__}（封印の鍵の識別 {key_name}、設定の鍵の識別 {self.key_name}）")
        try:
            filled = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
        except InvalidTag as broken:
            raise WrongKey(
                "予定価格の封印が壊れているか、別の場所から移されています。データベースを確かめてください。"
            ) from broken
        return filled[PREFIX:][: int.from_bytes(filled[:PREFIX])]

    def _required(self) -> bytes:
        if self.key is None:
            raise KeyMissing
        return self.key


def new_key() -> bytes:
    return secrets.token_bytes(32)
