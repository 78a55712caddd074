"""What the pages of one running service share: settings, database, templates, threads, the clock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment

from procure.accounts.roles import Permission
from procure.database import Database
from procure.documents.press import Press
from procure.server.assets import Assets
from procure.settings import Settings


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the main menu, for those who have the permission."""

    label: str
    href: str
    permission: Permission


PLATFORM = "procure.platform"  # the key in the scope of a request


@dataclass(frozen=True, slots=True)
class Platform:
    """`threads` are as many as the database has connections, so that a thread never waits for one.

    `watch` is a thread for the health of the service, which is not to wait behind pages.
    `clerks` are threads for slow files after their transaction; a PDF is made by `press`, if there is one, for them.
    """

    settings: Settings
    database: Database
    templates: Environment
    assets: Assets
    menu: tuple[MenuEntry, ...]
    now: Callable[[], datetime]
    threads: ThreadPoolExecutor
    watch: ThreadPoolExecutor
    clerks: ThreadPoolExecutor
    press: Press | None

    def close(self) -> None:
        self.threads.shutdown()
        self.watch.shutdown()
        self.clerks.shutdown()
        if self.press:
            self.press.close()
        self.database.close()
