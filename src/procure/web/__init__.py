"""The pages: a module for each family of screens, with its `routes`. Listed here, in the order of the menu."""

from litestar.handlers import HTTPRouteHandler

from procure.accounts.roles import Permission
from procure.server.platform import MenuEntry
from procure.web import sign_in

ROUTES: tuple[HTTPRouteHandler, ...] = (*sign_in.routes,)

MENU: tuple[MenuEntry, ...] = (MenuEntry("ホーム", "/", Permission.SIGNED_IN),)
