"""The steps of a round before the bidding: opening, closing and reopening its survey."""

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.operation import Operation, Sent, operation
from procure.api.round_values import Deadline, NewDeadline, Nothing, RoundWithLots
from procure.api.rounds import round_sent
from procure.api.shared import held_round
from procure.demand.actions import close_survey
from procure.rounds.actions import open_survey, reopen_survey
from procure.server import Visit

TAG = "段階"
_WRITE = (Permission.MANAGE_ROUNDS, Scope.ROUNDS_WRITE)


@operation(
    "POST",
    "/rounds/{ref}/survey/open",
    *_WRITE,
    "需要登録を開始する",
    tag=TAG,
    body=Deadline,
    answer=RoundWithLots,
    matches=True,
    example={"deadline": "2026-12-11T17:15:00+09:00"},
)
def open_the_survey(visit: Visit, ref: str, body: Deadline) -> Sent:
    row = held_round(visit, ref)
    open_survey(visit.session, row, body.deadline, visit.person, visit.now)
    return round_sent(visit, row)


@operation(
    "POST",
    "/rounds/{ref}/survey/close",
    *_WRITE,
    "需要登録を締め切り、数量を確定する",
    tag=TAG,
    body=Nothing,
    answer=RoundWithLots,
    matches=True,
    example={},
)
def close_the_survey(visit: Visit, ref: str, body: Nothing) -> Sent:
    row = held_round(visit, ref)
    close_survey(visit.session, row, visit.person, visit.now)
    return round_sent(visit, row)


@operation(
    "POST",
    "/rounds/{ref}/survey/reopen",
    *_WRITE,
    "需要登録を再開する",
    tag=TAG,
    body=NewDeadline,
    answer=RoundWithLots,
    matches=True,
    example={"deadline": "2026-12-18T17:15:00+09:00", "reason": "仕様の一部に誤りがあったため。"},
)
def reopen_the_survey(visit: Visit, ref: str, body: NewDeadline) -> Sent:
    row = held_round(visit, ref)
    reopen_survey(visit.session, row, body.deadline, body.reason, visit.person, visit.now)
    return round_sent(visit, row)


operations: list[Operation] = [open_the_survey, close_the_survey, reopen_the_survey]
