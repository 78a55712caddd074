"""Who is looking: the person behind a request, as a value."""

from dataclasses import dataclass, field

from procure.accounts.roles import Permission, Role, allows


@dataclass(frozen=True, slots=True)
class Viewer:
    """`body_code` and `body_name` are the municipality that the person acts for, and None for everybody else."""

    account_id: int
    login: str
    name: str
    role: Role
    body_code: str | None
    body_name: str | None
    csrf_token: str = field(repr=False)

    @property
    def role_label(self) -> str:
        return self.role.label

    def may(self, permission: Permission | str) -> bool:
        """Templates give the permission by its name."""
        return allows(self.role, Permission[permission] if isinstance(permission, str) else permission)
