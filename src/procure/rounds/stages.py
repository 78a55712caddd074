"""The life cycle of a round, and which act belongs to which stage."""

from datetime import datetime
from enum import StrEnum

from procure.errors import Conflict


class Stage(StrEnum):
    PREPARING = "preparing"
    SURVEYING = "surveying"
    SPECIFIED = "specified"
    BIDDING = "bidding"
    OPENING = "opening"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        return STAGE_LABELS[self]


STAGE_LABELS = {
    Stage.PREPARING: "準備",
    Stage.SURVEYING: "需要登録",
    Stage.SPECIFIED: "締切・仕様確定",
    Stage.BIDDING: "入札",
    Stage.OPENING: "開札・決定",
    Stage.PUBLISHED: "公表",
}


class Act(StrEnum):
    EDIT_ROUND = "edit_round"
    EDIT_LOTS = "edit_lots"
    EDIT_LIST_PRICES = "edit_list_prices"
    ATTACH = "attach"
    DETACH = "detach"
    ASK_QUESTION = "ask_question"
    ANSWER_QUESTION = "answer_question"
    OPEN_SURVEY = "open_survey"
    REGISTER_DEMAND = "register_demand"
    CLOSE_SURVEY = "close_survey"
    REOPEN_SURVEY = "reopen_survey"
    EDIT_RULES = "edit_rules"
    REGISTER_BIDDERS = "register_bidders"
    ANNOUNCE = "announce"
    OPEN_BIDS = "open_bids"
    SEAL_CEILING = "seal_ceiling"
    RECORD_BIDS = "record_bids"
    NEGOTIATE = "negotiate"
    CONFIRM = "confirm"
    PUBLISH = "publish"
    CANCEL_LOT = "cancel_lot"


# The rules of a lot are frozen with its notice (施行令167条の6); bids with the decision (施行令167条の8第3項).
STAGES_OF: dict[Act, frozenset[Stage]] = {
    Act.EDIT_ROUND: frozenset({Stage.PREPARING, Stage.SURVEYING, Stage.SPECIFIED}),
    Act.EDIT_LOTS: frozenset({Stage.PREPARING}),
    Act.EDIT_LIST_PRICES: frozenset({Stage.PREPARING, Stage.SURVEYING, Stage.SPECIFIED}),
    Act.ATTACH: frozenset({Stage.PREPARING, Stage.SURVEYING, Stage.SPECIFIED}),
    Act.DETACH: frozenset({Stage.PREPARING}),
    Act.ASK_QUESTION: frozenset({Stage.SURVEYING}),
    Act.ANSWER_QUESTION: frozenset({Stage.SURVEYING, Stage.SPECIFIED, Stage.BIDDING, Stage.OPENING}),
    Act.OPEN_SURVEY: frozenset({Stage.PREPARING}),
    Act.REGISTER_DEMAND: frozenset({Stage.SURVEYING}),
    Act.CLOSE_SURVEY: frozenset({Stage.SURVEYING}),
    Act.REOPEN_SURVEY: frozenset({Stage.SPECIFIED}),
    Act.EDIT_RULES: frozenset({Stage.PREPARING, Stage.SURVEYING, Stage.SPECIFIED}),
    Act.REGISTER_BIDDERS: frozenset({Stage.SPECIFIED, Stage.BIDDING}),
    Act.ANNOUNCE: frozenset({Stage.SPECIFIED}),
    Act.OPEN_BIDS: frozenset({Stage.BIDDING}),
    Act.SEAL_CEILING: frozenset({Stage.PREPARING, Stage.SURVEYING, Stage.SPECIFIED, Stage.BIDDING}),
    Act.RECORD_BIDS: frozenset({Stage.OPENING}),
    Act.NEGOTIATE: frozenset({Stage.OPENING, Stage.PUBLISHED}),
    Act.CONFIRM: frozenset({Stage.OPENING}),
    Act.PUBLISH: frozenset({Stage.OPENING}),
    Act.CANCEL_LOT: frozenset({Stage.SPECIFIED, Stage.BIDDING, Stage.OPENING}),
}


def may(act: Act, stage: Stage) -> bool:
    return stage in STAGES_OF[act]


def require(act: Act, stage: Stage) -> None:
    """Raises Conflict, naming the stage, where the act does not belong to it."""
    if not may(act, stage):
        raise Conflict(f"この案件は「{stage.label}」の段階のため、この操作は行えません。最新の画面でご確認ください。")


def require_unconfirmed(confirmed_at: datetime | None) -> None:
    """Raises Conflict: what the decision rests on may not change any more (施行令167条の8第3項)."""
    if confirmed_at is not None:
        raise Conflict("落札者の決定が確定しているため、入札の記録は変更できません。")


def is_registration_open(stage: Stage, deadline: datetime | None, now: datetime) -> bool:
    """Registration ends at the deadline itself, by nobody's click: at 17:15:00 it is over."""
    return may(Act.REGISTER_DEMAND, stage) and deadline is not None and now < deadline
