"""The rule of two people: what one person began counts once another has looked at it and agreed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from procure.database import BigInt, Instant, Row
from procure.errors import Conflict
from procure.history.record import Actor, account_of, label_of


@dataclass(frozen=True, slots=True)
class Person:
    """Who began something: the account decides who that is, `label` is what is printed. A command has no account."""

    account: int | None
    label: str

    def is_same(self, actor: Actor) -> bool:
        """With a browser or by a token: the account is the person. Commands are told apart by their label."""
        return self._known == Person(account_of(actor), label_of(actor))._known

    @property
    def _known(self) -> int | str:
        return self.label if self.account is None else self.account


def require_another(first: Person, actor: Actor, act: str, begun: str) -> None:
    """Raises Conflict where the actor of the `act` (照合) is the person who began it (入札を記録)."""
    if first.is_same(actor):
        raise Conflict(f"{act}は、{begun}した人と別の人が行ってください。")


class Proposed(Row):
    """The columns of what one person proposes and another approves."""

    proposed_at: datetime = Field(sa_type=Instant)
    proposed_by: str = Field(sa_type=Text)
    proposed_account: int | None = Field(default=None, sa_type=BigInt)

    @property
    def proposer(self) -> Person:
        return Person(self.proposed_account, self.proposed_by)
