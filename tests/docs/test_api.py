"""docs/api.md tells of the API as it is: its scopes, its addresses, its problems."""

import re
from pathlib import Path

from procure.accounts.roles import Role
from procure.accounts.scopes import Scope, scopes_for
from procure.api.openapi import document
from procure.api.problems import kinds

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
WHO = {Role.SECRETARIAT: "事務局", Role.MUNICIPALITY: "市町村", Role.AUDITOR: "監査"}


def test_every_scope_stands_there_with_the_roles_that_can_give_it() -> None:
    told = dict(re.findall(r"^\| `([a-z:]+)` \|.*\| ([^|]+) \|$", TEXT, re.MULTILINE))
    roles = {scope: [WHO[role] for role in Role if scope in scopes_for(role)] for scope in Scope}
    wanted = {scope: "全員" if len(who) == 3 else "、".join(who) for scope, who in roles.items()}
    assert told == {scope.value: who for scope, who in wanted.items()}


def test_every_address_in_it_is_one_of_the_api() -> None:
    named = re.findall(r"(?:api/v1|\$address)(/[a-z0-9A-Z/.-]+)", TEXT)
    patterns = [re.sub(r"\{\w+\}", "[^/]+", path) for path in document()["paths"]]
    assert len(named) >= 6
    assert [path for path in named if not any(re.fullmatch(pattern, path) for pattern in patterns)] == []


def test_every_status_of_a_problem_stands_there() -> None:
    told = {int(status) for row in re.findall(r"^\| ([0-9, ]+) \|", TEXT, re.MULTILINE) for status in row.split(", ")}
    assert told >= {kind.status for kind in kinds()} - {405, 408, 413, 500}
