"""Rounds made from earlier ones: copies, and 再度公告入札 of the lots whose tender came to nothing."""

from typing import Annotated

from msgspec import Meta

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.fields import Known
from procure.api.operation import Operation, Sent, operation
from procure.api.round_values import NewRound, RoundWithLots, outline_of
from procure.api.rounds import OUTLINE, TAG, round_sent
from procure.api.shared import held_round
from procure.awards.retender import retender
from procure.contracts.signing import signing_in
from procure.rounds.copying import copy_round
from procure.rounds.queries import locked_round
from procure.server import Visit

_WRITE = (Permission.MANAGE_ROUNDS, Scope.ROUNDS_WRITE)


class Copied(NewRound, frozen=True, kw_only=True):
    """複写して作る案件。予定価格と最低制限価格は写さない。"""

    with_attachments: bool = True


class Retendered(NewRound, frozen=True, kw_only=True):
    """再度公告入札の案件。lots は、取止めのロットと、決定を確定した後の不調・不落か、落札者が契約を締結しないロット。

    keeps_demand は、仕様確定の数量を引き継ぐか（true）、需要をもう一度尋ねるか（false）。
    """

    lots: Annotated[tuple[Known, ...], Meta(min_length=1, max_length=100)]
    keeps_demand: bool
    with_attachments: bool = True


@operation(
    "POST",
    "/rounds/{ref}/copies",
    *_WRITE,
    "過去の案件を複写して作る",
    tag=TAG,
    body=Copied,
    answer=RoundWithLots,
    status=201,
    example={"ref": "R9-1", **OUTLINE},
)
def copy_a_round(visit: Visit, ref: str, body: Copied) -> Sent:
    source = locked_round(visit.session, ref)
    row = copy_round(visit.session, source, outline_of(body.ref, body), body.with_attachments, visit.person, visit.now)
    return round_sent(visit, row, location=f"/rounds/{row.ref}")


@operation(
    "POST",
    "/rounds/{ref}/retenders",
    *_WRITE,
    "再度公告入札の案件を作る",
    tag=TAG,
    body=Retendered,
    answer=RoundWithLots,
    status=201,
    matches=True,
    example={"ref": "R9-1", **OUTLINE, "lots": ["printer"], "keeps_demand": True},
)
def retender_a_round(visit: Visit, ref: str, body: Retendered) -> Sent:
    """The source changes too: its lots are tendered again from now on."""
    source = held_round(visit, ref)
    row = retender(
        visit.session,
        source,
        outline_of(body.ref, body),
        frozenset(body.lots),
        visit.person,
        visit.now,
        signed=signing_in(visit.session, source).signed,
        keeps_demand=body.keeps_demand,
        with_attachments=body.with_attachments,
    )
    return round_sent(visit, row, location=f"/rounds/{row.ref}")


operations: list[Operation] = [copy_a_round, retender_a_round]
