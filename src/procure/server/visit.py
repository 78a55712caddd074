"""What a handler is given: who came, when, with what, and the session of its transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from procure.accounts.viewer import Viewer
from procure.ceilings.vault import Vault
from procure.database import Database
from procure.server.fields import Fields
from procure.settings import Settings


@dataclass(frozen=True, slots=True)
class Visit:
    """`now` is Japan time, read when the transaction had begun. `address` is the client's network address.

    Where a deadline decides, `clock` reads the time again once the row is locked: waiting for it may have taken long.
    """

    viewer: Viewer | None
    now: datetime
    clock: Callable[[], datetime] = field(repr=False)
    form: Fields
    query: Fields
    path: str
    address: str
    settings: Settings
    database: Database
    token: str | None = field(repr=False, default=None)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    body: bytes = field(repr=False, default=b"")
    open_session: Session | None = field(repr=False, default=None)

    @property
    def session(self) -> Session:
        if self.open_session is None:
            raise LookupError("this handler opens its transactions itself, from visit.database")
        return self.open_session

    @property
    def vault(self) -> Vault:
        """Seals and opens ceilings with the key of the installation, where it has one."""
        return Vault(self.settings.sealing_key)

    @property
    def person(self) -> Viewer:
        """The viewer of a page that is not public."""
        if self.viewer is None:
            raise LookupError("a public page may be visited by a stranger")
        return self.viewer

    @property
    def body_code(self) -> str:
        """The municipality the person acts for; only pages with a municipality's permission ask for it."""
        if self.person.body_code is None:
            raise LookupError("the person acts for no municipality")
        return self.person.body_code
