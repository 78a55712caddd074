"""The pages: a module for each family of screens, with its `routes`. Listed here, in the order of the menu."""

from litestar.handlers import HTTPRouteHandler

from procure.accounts.roles import Permission
from procure.server.platform import MenuEntry
from procure.web import round as one_round
from procure.web import rounds, sign_in

ROUTES: tuple[HTTPRouteHandler, ...] = (*sign_in.routes, *rounds.routes, *one_round.routes)

MENU: tuple[MenuEntry, ...] = (
    MenuEntry("ホーム", "/", Permission.SIGNED_IN),
    MenuEntry("調達回", "/rounds", Permission.READ_ROUNDS),
)
