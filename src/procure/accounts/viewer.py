"""Who is looking: the person behind a request, as a value."""

from dataclasses import dataclass, field

from procure.accounts.roles import Permission, Role, allows
from procure.accounts.scopes import Scope


@dataclass(frozen=True, slots=True)
class Grant:
    """The token of the API by which somebody comes: its number and name, and what it was made for."""

    number: int
    name: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Viewer:
    """`body_code` and `body_name` are the municipality that the person acts for, and None for everybody else.

    `through` is the token of a program that acts for the person; None where the person came with a browser.
    """

    account_id: int
    login: str
    name: str
    role: Role
    body_code: str | None
    body_name: str | None
    csrf_token: str = field(repr=False)
    through: Grant | None = None

    @property
    def role_label(self) -> str:
        return self.role.label

    @property
    def label(self) -> str:
        """As the history names the person, and the token where a program acted."""
        return f"{self.name}（{self.role_label}{f'・API「{self.through.name}」' if self.through else ''}）"

    def may(self, permission: Permission | str) -> bool:
        """Templates give the permission by its name."""
        return allows(self.role, Permission[permission] if isinstance(permission, str) else permission)
