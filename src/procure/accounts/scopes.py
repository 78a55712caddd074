"""What a token of the API may be used for, and which of these a role can give to a token at all."""

from enum import StrEnum

from procure.accounts.roles import Permission, Role, allows


class Scope(StrEnum):
    ROUNDS_READ = "rounds:read"
    ROUNDS_WRITE = "rounds:write"
    DEMAND_READ = "demand:read"
    DEMAND_WRITE = "demand:write"
    BIDS_READ = "bids:read"
    BIDS_WRITE = "bids:write"
    AWARDS_READ = "awards:read"
    AWARDS_WRITE = "awards:write"
    CONTRACTS_READ = "contracts:read"
    CONTRACTS_WRITE = "contracts:write"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Scope.ROUNDS_READ: "案件・参加団体・操作記録を読む",
    Scope.ROUNDS_WRITE: "案件を作成・変更する",
    Scope.DEMAND_READ: "需要を読む",
    Scope.DEMAND_WRITE: "需要を登録・受理・訂正する",
    Scope.BIDS_READ: "入札の記録を読む",
    Scope.BIDS_WRITE: "入札を記録する",
    Scope.AWARDS_READ: "結果と帳票を読む",
    Scope.AWARDS_WRITE: "落札者を決定し、結果を公表する",
    Scope.CONTRACTS_READ: "契約と検収の記録を読む",
    Scope.CONTRACTS_WRITE: "契約、発注、納入、検収を記録する",
}
# The permissions that a scope opens the way to; a token never goes beyond those of its person.
_OPENS: dict[Scope, frozenset[Permission]] = {
    Scope.ROUNDS_READ: frozenset({Permission.READ_ROUNDS, Permission.READ_HISTORY}),
    Scope.ROUNDS_WRITE: frozenset({Permission.MANAGE_ROUNDS}),
    Scope.DEMAND_READ: frozenset({Permission.READ_ROUNDS, Permission.REGISTER_DEMAND}),
    Scope.DEMAND_WRITE: frozenset({Permission.MANAGE_ROUNDS, Permission.REGISTER_DEMAND}),
    Scope.BIDS_READ: frozenset({Permission.READ_ROUNDS}),
    Scope.BIDS_WRITE: frozenset({Permission.RECORD_BIDS}),
    Scope.AWARDS_READ: frozenset({Permission.READ_ROUNDS, Permission.READ_OWN_RESULTS}),
    Scope.AWARDS_WRITE: frozenset({Permission.CONFIRM_AWARDS, Permission.PUBLISH}),
    Scope.CONTRACTS_READ: frozenset({Permission.READ_ROUNDS, Permission.READ_OWN_RESULTS}),
    Scope.CONTRACTS_WRITE: frozenset(
        {Permission.RECORD_CONTRACTS, Permission.MANAGE_ROUNDS, Permission.MANAGE_MEMBERS}
    ),
}


def scopes_for(role: Role) -> tuple[Scope, ...]:
    """What a person of this role can give to a token: nothing that the role could not use."""
    return tuple(scope for scope in Scope if any(allows(role, permission) for permission in _OPENS[scope]))
