"""What each role may do: the whole table, once more by hand."""

import pytest

from procure.accounts.roles import Permission, Role, allows
from procure.accounts.viewer import Viewer

MAY = {
    Role.SECRETARIAT: {
        "PUBLIC",
        "SIGNED_IN",
        "READ_ROUNDS",
        "MANAGE_ROUNDS",
        "RECORD_BIDS",
        "CONFIRM_AWARDS",
        "PUBLISH",
        "READ_HISTORY",
        "MANAGE_MEMBERS",
    },
    Role.MUNICIPALITY: {"PUBLIC", "SIGNED_IN", "REGISTER_DEMAND", "READ_OWN_RESULTS", "RECORD_CONTRACTS"},
    Role.AUDITOR: {"PUBLIC", "SIGNED_IN", "READ_ROUNDS", "READ_HISTORY"},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_do_what_is_listed_and_nothing_else(role: Role, permission: Permission) -> None:
    assert allows(role, permission) == (permission.name in MAY[role])


@pytest.mark.parametrize(
    "permission",
    [
        Permission.MANAGE_ROUNDS,
        Permission.RECORD_BIDS,
        Permission.PUBLISH,
        Permission.MANAGE_MEMBERS,
        Permission.RECORD_CONTRACTS,
    ],
)
def test_an_auditor_changes_nothing(permission: Permission) -> None:
    assert not allows(Role.AUDITOR, permission)


def test_a_template_asks_by_the_name_of_the_permission() -> None:
    viewer = Viewer(1, "kansa", "監査", Role.AUDITOR, None, None, "token")
    assert viewer.may("READ_HISTORY")
    assert not viewer.may("PUBLISH")


def test_an_unknown_permission_in_a_template_is_an_error() -> None:
    with pytest.raises(KeyError):
        Viewer(1, "kansa", "監査", Role.AUDITOR, None, None, "token").may("READ_EVERYTHING")


def test_the_token_of_a_viewer_stays_out_of_logs() -> None:
    assert "s3cret" not in repr(Viewer(1, "kansa", "監査", Role.AUDITOR, None, None, "s3cret"))
