"""The outermost wrapper: refuses hostile requests before the framework sees them, and heads every single response."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from typing import Any

from procure.server import programs
from procure.server.log import failed
from procure.settings import host_name

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
_OTHER = "OTHER"  # no handler has it: the framework, which knows those of the path, refuses it and names them
LONGEST_PATH = 1024
LONGEST_QUERY = 8192
MOST_HEADERS = 100
LONGEST_HEADERS = 16 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd]")
# same-origin and not no-referrer: with that a browser sends "Origin: null" with our own forms.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"
NO_STORE = "no-store"
_TEXTS = {
    400: "このリクエストは受け付けられません。アドレスをご確認ください。",
    414: "アドレスが長すぎます。",
    421: "このアドレスではサービスを提供していません。",
    431: "リクエストの見出しが大きすぎます。",
    500: "サービス内部で問題が起きました。しばらくしてからもう一度お試しください。",
}
_PROBLEMS = {
    400: ("malformed", 400, "リクエストを読み取れません"),
    414: ("address_too_long", 414, "アドレスが長すぎます"),
    421: ("misdirected", 421, "このアドレスではサービスを提供していません"),
    431: ("headers_too_large", 431, "見出しが大きすぎます"),
    500: ("failed", 500, "サービス内部で問題が起きました"),
}


class Shield:
    def __init__(self, application: Application, hosts: frozenset[str], is_tls: bool) -> None:
        self.application = application
        self._hosts = hosts
        headers = {**HEADERS, "strict-transport-security": HSTS} if is_tls else HEADERS
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._ours = frozenset(name for name, _ in self._headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.application(scope, receive, send)
        elif scope["type"] == "http":
            await self._respond(scope, receive, self._heading(send, scope["method"] == "HEAD"))
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _respond(self, scope: Scope, receive: Receive, send: "_Heading") -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(send, scope, refusal)
            return
        try:
            await self.application({**scope, "method": _method(scope["method"])}, receive, send)
        except Exception as error:  # the last resort
            failed("a request failed outside its handler", error, method=scope["method"], path=scope["path"])
            if not send.started:
                await _refuse(send, scope, 500)

    def _refusal(self, scope: Scope) -> int | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LONGEST_HEADERS:
            return 431
        if len(scope["path"]) > LONGEST_PATH or len(scope["query_string"]) > LONGEST_QUERY:
            return 414
        if _CONTROL.search(scope["path"]) or not _has_one_length(headers):
            return 400
        return None if self._is_our_host(headers) else 421

    def _is_our_host(self, headers: list[tuple[bytes, bytes]]) -> bool:
        hosts = [value for name, value in headers if name == b"host"]
        return len(hosts) == 1 and host_name(hosts[0].decode("latin-1")) in self._hosts

    def _heading(self, send: Send, is_head: bool) -> "_Heading":
        return _Heading(send, self._headers, self._ours, is_head)


class _Heading:
    """A `send` that puts our headers on the response, and leaves the body out for HEAD."""

    def __init__(self, send: Send, ours: list[tuple[bytes, bytes]], names: frozenset[bytes], is_head: bool) -> None:
        self.started = False
        self._send = send
        self._ours = ours
        self._names = names
        self._is_head = is_head

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": self._headed(list(message.get("headers", ())))}
        elif self._is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def _headed(self, theirs: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        kept = [(name, value) for name, value in theirs if name.lower() not in self._names]
        if all(name.lower() != b"cache-control" for name, _ in kept):
            kept.append((b"cache-control", NO_STORE.encode()))
        return kept + self._ours


def _has_one_length(headers: list[tuple[bytes, bytes]]) -> bool:
    """Where a body could end in two places, a proxy in front may have taken the other one."""
    lengths = [value for name, value in headers if name == b"content-length"]
    is_chunked = any(name == b"transfer-encoding" for name, _ in headers)
    return len(lengths) + is_chunked <= 1 and all(re.fullmatch(rb"[0-9]{1,12}", length) for length in lengths)


def _method(asked: str) -> str:
    """HEAD is answered as GET. OPTIONS would be answered by the framework."""
    if asked == "HEAD":
        return "GET"
    return asked if asked in METHODS else _OTHER


async def _refuse(send: Send, scope: Scope, status: int) -> None:
    """Needs nothing that could be broken: no template, no database."""
    if programs.is_for_programs(scope["path"]):
        media_type, body = programs.PROBLEM, programs.problem(*_PROBLEMS[status], _TEXTS[status])
    else:
        media_type, body = "text/html; charset=utf-8", _plain_page(_TEXTS[status])
    headers = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _plain_page(text: str) -> bytes:
    return (
        '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>共同調達システム</title></head>'
        f'<body><h1>{escape(text)}</h1><p><a href="/">ホームへ戻る</a></p></body></html>'
    ).encode()
