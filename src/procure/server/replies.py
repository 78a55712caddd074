"""From an answer, or from an error, to the bytes of a response."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any
from urllib.parse import quote

from litestar.exceptions import HTTPException
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError

from procure.accounts.passwords import Busy
from procure.accounts.viewer import Viewer
from procure.errors import Invalid, NotFound, Refusal
from procure.server.answers import Answer, Download, Encoded, Goto, Json, Page, Text, is_own_path
from procure.server.call import Call
from procure.server.done import text_of
from procure.server.log import failed, noted
from procure.server.platform import Platform
from procure.server.refusals import Malformed, PageTooOld, SignInNeeded, Unavailable

HTML = "text/html; charset=utf-8"
UNSAFE_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\x00', "_"))


FOR_EVERYBODY = ("cache-control", "public, no-cache")


@dataclass(frozen=True, slots=True)
class Reply:
    """`later` makes the content after the transaction."""

    status: int
    content: bytes
    media_type: str
    headers: tuple[tuple[str, str], ...] = ()
    later: Callable[[], bytes] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A refusal as the visitor reads it."""

    status: int
    title: str
    message: str
    faults: tuple[Any, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


_TITLES = {
    400: "送信内容を読み取れませんでした",
    403: "この操作は行えません",
    404: "ページが見つかりません",
    405: "この操作方法は使えません",
    408: "送信が終わりませんでした",
    409: "操作を完了できませんでした",
    413: "送信内容が大きすぎます",
    415: "この形式は受け付けられません",
    422: "入力内容に誤りがあります",
    500: "サービス内部で問題が起きました",
    503: "ただいま利用できません",
}
_FRAMEWORK_MESSAGES = {
    404: NotFound.__doc__,
    405: "このページはその方法では操作できません。画面のボタンから操作してください。",
    413: "一度に送信できる大きさを超えています。内容を分けて送信してください。",
}
_OURS_TO_MEND = "記録は変更されていません。しばらくしてからもう一度お試しいただき、続くときは事務局にお知らせください。"
_CLASHED = "ほかの人が先に登録または修正しました。最新の画面を開いて、もう一度操作してください。"


def reply_to(platform: Platform, call: Call, viewer: Viewer | None, flash: str, answer: Answer) -> Reply:
    match answer:
        case Page():
            content = _rendered(platform, call, viewer, text_of(flash), answer)
            return Reply(answer.status, content, HTML)
        case Goto():
            return Reply(303, b"", HTML, (("location", _quoted(answer.location)), *answer.headers))
        case Download():
            return file_reply(answer)
        case Text():
            return Reply(answer.status, answer.content.encode(), answer.media_type)
        case Json():
            return Reply(answer.status, json.dumps(answer.value, ensure_ascii=False).encode(), "application/json")
        case Encoded():
            return Reply(answer.status, answer.content, answer.media_type, answer.headers)


def failure(platform: Platform, call: Call, viewer: Viewer | None, error: Exception) -> Reply:
    if isinstance(error, SignInNeeded):
        return _once_more(call) if call.follows_foreign_link else _to_sign_in(call)
    case = case_of(error)
    log_failure(call, viewer, error, case.status)
    page = Page("error.html", {"case": case, "back": call.referer_path}, status=case.status)
    return Reply(case.status, _rendered(platform, call, viewer, None, page), HTML, case.headers)


def log_failure(call: Call, viewer: Viewer | None, error: Exception, status: int) -> None:
    if status >= 500:
        failed("a request failed", error, status=status, method=call.method, path=call.path)
    elif status == 403:
        noted("a request was refused", status=403, path=call.path, account=viewer.account_id if viewer else None)


def _to_sign_in(call: Call) -> Reply:
    wanted = call.target if call.method == "GET" else call.referer_path
    known = wanted != "/" and is_own_path(wanted)
    return Reply(303, b"", HTML, (("location", f"/sign-in?next={quote(wanted, safe='')}" if known else "/sign-in"),))


def _once_more(call: Call) -> Reply:
    """A strict cookie does not come along a link in a mail or on another site; it does when our own page asks again."""
    address = escape(_quoted(call.target))
    content = (
        f'<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>共同調達システム</title>'
        f'<meta http-equiv="refresh" content="0;url={address}"></head>'
        f'<body><p><a href="{address}">画面を開いています</a></p></body></html>'
    )
    return Reply(200, content.encode(), HTML)


def _rendered(platform: Platform, call: Call, viewer: Viewer | None, flash: str | None, page: Page) -> bytes:
    frame = {
        "viewer": viewer,
        "nav": _menu(platform, call.path, viewer),
        "council_name": platform.settings.letterhead.council,
        "flash": flash,
    }
    template = platform.templates.get_template(page.template)
    return template.render({**page.values, **frame}).encode()


def _menu(platform: Platform, path: str, viewer: Viewer | None) -> list[dict[str, Any]]:
    return [
        {"label": entry.label, "href": entry.href, "current": _is_within(path, entry.href)}
        for entry in platform.menu
        if viewer is not None and viewer.may(entry.permission)
    ]


def _is_within(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(f"{href}/"))


def file_reply(answer: Download) -> Reply:
    name = answer.filename.translate(UNSAFE_IN_NAMES)
    disposition = ("content-disposition", f"attachment; filename*=UTF-8''{quote(name, safe='')}")
    headers = (disposition, FOR_EVERYBODY) if answer.is_for_everybody else (disposition,)
    if callable(answer.content):
        return Reply(200, b"", answer.media_type, headers, answer.content)
    return Reply(200, answer.content, answer.media_type, headers)


def _quoted(location: str) -> str:
    return quote(location, safe="/?&=%#:@!$'()*+,;~-._")


def case_of(error: Exception) -> Case:
    match error:
        case Refusal():
            return _refused(error)
        case StaleDataError():
            return _case(409, _CLASHED)
        case IntegrityError() if _is_duplicate(error):
            return _case(409, _CLASHED)
        case OperationalError() | InterfaceError() | NoConnection() | Busy():
            return _refused(Unavailable())
        case HTTPException() if error.status_code < 500:
            message = _FRAMEWORK_MESSAGES.get(error.status_code) or Malformed.__doc__ or ""
            return replace(_case(error.status_code, message), headers=_headers_of(error))
        case _:
            return _case(500, _OURS_TO_MEND)


def _headers_of(error: HTTPException) -> tuple[tuple[str, str], ...]:
    """The framework allows OPTIONS, which the shield takes for no method, and does not know of HEAD."""
    allowed = (error.headers or {}).get("allow")
    if allowed is None:
        return ()
    methods = [name for name in allowed.split(", ") if name != "OPTIONS"]
    return (("allow", ", ".join(sorted({*methods, *(["HEAD"] if "GET" in methods else [])}))),)


def _refused(refusal: Refusal) -> Case:
    title = "画面を開いてから時間がたちました" if isinstance(refusal, PageTooOld) else None
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    return _case(refusal.status, refusal.message, title, faults)


def _case(status: int, message: str, title: str | None = None, faults: tuple[Any, ...] = ()) -> Case:
    headers = (("retry-after", "5"),) if status == 503 else ()
    return Case(status, title or _TITLES.get(status, _TITLES[400]), message, faults, headers)


def _is_duplicate(error: IntegrityError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "23505" or "UNIQUE constraint failed" in str(error.orig)
