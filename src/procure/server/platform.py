"""What the pages of one running service share: settings, database, templates, threads, the clock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment

from procure.accounts.roles import Permission
from procure.database import Database
from procure.server.assets import Assets
from procure.settings import Settings


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the main menu, for those who have the permission."""

    label: str
    href: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class Platform:
    """`threads` are as many as the database has connections, so that a thread never waits for one.

    `watch` is a thread for the health of the service, which is not to wait behind pages.
    `press` is a single thread, for slow files after their transaction: the PDF library is not for threads.
    """

    settings: Settings
    database: Database
    templates: Environment
    assets: Assets
    menu: tuple[MenuEntry, ...]
    now: Callable[[], datetime]
    threads: ThreadPoolExecutor
    watch: ThreadPoolExecutor
    press: ThreadPoolExecutor

    def close(self) -> None:
        self.threads.shutdown()
        self.watch.shutdown()
        self.press.shutdown()
        self.database.close()
