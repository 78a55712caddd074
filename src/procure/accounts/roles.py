"""Roles, permissions, and the one table that says which role may do what. What is not in it is refused."""

from enum import Enum, StrEnum, auto


class Role(StrEnum):
    SECRETARIAT = "secretariat"
    MUNICIPALITY = "municipality"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return {"secretariat": "事務局", "municipality": "市町村", "auditor": "監査"}[self.value]


class Permission(Enum):
    PUBLIC = auto()  # without signing in
    SIGNED_IN = auto()  # whoever has an account
    READ_ROUNDS = auto()
    MANAGE_ROUNDS = auto()
    RECORD_BIDS = auto()
    CONFIRM_AWARDS = auto()
    PUBLISH = auto()
    REGISTER_DEMAND = auto()
    READ_OWN_RESULTS = auto()
    RECORD_CONTRACTS = auto()  # of one's own body
    READ_HISTORY = auto()
    MANAGE_MEMBERS = auto()


_ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.SECRETARIAT: frozenset(
        {
            Permission.READ_ROUNDS,
            Permission.MANAGE_ROUNDS,
            Permission.RECORD_BIDS,
            Permission.CONFIRM_AWARDS,
            Permission.PUBLISH,
            Permission.READ_HISTORY,
            Permission.MANAGE_MEMBERS,
        }
    ),
    Role.MUNICIPALITY: frozenset(
        {Permission.REGISTER_DEMAND, Permission.READ_OWN_RESULTS, Permission.RECORD_CONTRACTS}
    ),
    Role.AUDITOR: frozenset({Permission.READ_ROUNDS, Permission.READ_HISTORY}),
}
_EVERYBODY = frozenset({Permission.PUBLIC, Permission.SIGNED_IN})


def allows(role: Role, permission: Permission) -> bool:
    return permission in _EVERYBODY or permission in _ALLOWED[role]
