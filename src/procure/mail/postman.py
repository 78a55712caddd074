"""The thread of the running service that writes and sends mails, once a minute."""

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

from procure.database import Database
from procure.mail.delivery import deliver
from procure.mail.posting import post
from procure.settings import Settings

INTERVAL = 60  # seconds


class Postman:
    """Works from `start` to `stop`, which waits for the mail that is being sent. `failed` hears what went wrong."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        now: Callable[[], datetime],
        failed: Callable[[str, Exception], None],
    ) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        self._failed = failed
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="postman")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._go_round()
            self._stopping.wait(INTERVAL)

    def _go_round(self) -> None:
        try:
            post(self._database, self._settings, self._now())
            deliver(self._database, self._settings, self._now, self._stopping.is_set)
        except Exception as error:  # the next round may go better
            self._failed("mails could not be written or sent", error)
