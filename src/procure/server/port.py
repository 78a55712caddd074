"""The port the service listens on: taken before anything is made for it, given back when the service stops."""

import socket
import sys
from collections.abc import Sequence

import uvicorn

from procure.errors import Refusal
from procure.server.shield import Shield

FAILURE = 1
WAITING = 2048  # connections that may wait to be taken up


class PortTaken(Refusal):
    """The port cannot be had; the message says why."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; any free port for port 0. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=WAITING)
    except OSError as error:
        raise PortTaken(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(app: Shield, listener: socket.socket, trusted_proxies: Sequence[str]) -> None:
    """Serves until Ctrl+C or SIGTERM. Exits with status 1 where the service does not start."""
    config = uvicorn.Config(
        app,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=",".join(trusted_proxies),
        server_header=False,
        log_level="warning",
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return
    except SystemExit:  # with a status of uvicorn's own
        sys.exit(FAILURE)
