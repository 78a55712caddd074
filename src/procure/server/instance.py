"""A running service: the addresses, which are one table in a process, with the platform that answers at them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from litestar import Litestar

from procure.server.platform import PLATFORM, Platform
from procure.server.shield import Message, Receive, Scope, Send


class Worker(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


class Instance:
    """Starts the workers before the first request, and closes the platform after the last."""

    def __init__(self, addresses: Litestar, platform: Platform, workers: Sequence[Worker]) -> None:
        self.addresses = addresses
        self.platform = platform
        self._workers = tuple(workers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            send = self._at_start_and_end(send)
        await self.addresses({**scope, PLATFORM: self.platform}, receive, send)  # type: ignore[arg-type]

    def _at_start_and_end(self, send: Send) -> Callable[[Message], Awaitable[None]]:
        async def sending(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                for worker in self._workers:
                    worker.start()
            elif message["type"] == "lifespan.shutdown.complete":
                for worker in self._workers:
                    worker.stop()
                self.platform.close()
            await send(message)

        return sending
