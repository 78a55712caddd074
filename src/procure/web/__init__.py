"""The pages: a module for each family of screens, with its `routes`. Listed here, in the order of the menu."""

from litestar.handlers import HTTPRouteHandler

from procure.accounts.roles import Permission
from procure.server.platform import MenuEntry
from procure.web import (
    attachments,
    attempts,
    bidders,
    bidding,
    bodies,
    consolidated,
    decision,
    demand,
    demand_history,
    demand_sheet,
    documents,
    history,
    home,
    lots,
    matrix,
    outbox,
    preparing,
    published,
    questions,
    results,
    rounds,
    sign_in,
    survey,
    survey_answer,
    survey_correction,
    survey_frozen,
    survey_upload,
)
from procure.web import round as one_round

ROUTES: tuple[HTTPRouteHandler, ...] = (
    *home.routes,
    *sign_in.routes,
    *rounds.routes,
    *one_round.routes,
    *lots.routes,
    *preparing.routes,
    *attachments.routes,
    *questions.routes,
    *survey.routes,
    *survey_upload.routes,
    *survey_answer.routes,
    *survey_correction.routes,
    *survey_frozen.routes,
    *consolidated.routes,
    *demand_history.routes,
    *bidders.routes,
    *bidding.routes,
    *attempts.routes,
    *decision.routes,
    *matrix.routes,
    *documents.routes,
    *history.routes,
    *outbox.routes,
    *bodies.routes,
    *demand.routes,
    *demand_sheet.routes,
    *results.routes,
    *published.routes,
)

MENU: tuple[MenuEntry, ...] = (
    MenuEntry("ホーム", "/", Permission.SIGNED_IN),
    MenuEntry("調達回", "/rounds", Permission.READ_ROUNDS),
    MenuEntry("参加団体", "/bodies", Permission.READ_ROUNDS),
    MenuEntry("需要の登録", "/demand", Permission.REGISTER_DEMAND),
    MenuEntry("調達の結果", "/results", Permission.READ_OWN_RESULTS),
    MenuEntry("メール", "/outbox", Permission.READ_HISTORY),
    MenuEntry("操作記録", "/history", Permission.READ_HISTORY),
    MenuEntry("公表された結果", "/published", Permission.PUBLIC),
)
