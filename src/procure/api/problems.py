"""What the API refuses, and how it says so: problem+json (RFC 9457), with the class of the refusal as its code."""

from dataclasses import dataclass
from typing import Any

from procure.accounts.scopes import Scope
from procure.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from procure.server.programs import PROBLEM, problem
from procure.server.refusals import Malformed, SignInNeeded, TooSlow, Unavailable
from procure.server.replies import Reply, case_of

_REALM = 'Bearer realm="procure"'


class TokenNeeded(Refusal):
    """この操作にはトークンが必要です。Authorization: Bearer procure_… の見出しを付けて送信してください。"""

    status = 401


class TokenRefused(Refusal):
    """トークンが正しくないか、失効または期限切れです。「APIトークン」の画面で確かめ、作り直してください。"""

    status = 401


class TooManyWrongTokens(Refusal):
    """誤ったトークンが続いたため、しばらく受け付けません。5分ほど待ってから、正しいトークンで送信してください。"""

    status = 429


class ScopeMissing(NotAllowed):
    """このトークンに認められていない操作です。必要な操作を選んで、トークンを作り直してください。"""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__(
            f"このトークンには「{scope.label}」（{scope.value}）が認められていません。作り直してください。"
        )


class Unreadable(Refusal):
    """本文をJSON（UTF-8）として読み取れません。"""

    status = 400


class NotJson(Refusal):
    """本文はJSONで、Content-Type: application/json を付けて送信してください。"""

    status = 415


class NotBinary(Refusal):
    """ファイルはそのままの内容で、Content-Type: application/octet-stream を付けて送信してください。"""

    status = 415


class VersionNeeded(Refusal):
    """変更する前に読み取った版を、If-Match の見出しで示してください（読み取りの応答の ETag の値です）。"""

    status = 428


class VersionStale(Refusal):
    """読み取った後に、ほかの人または処理が変更しました。もう一度読み取り、内容を確かめてから送信してください。"""

    status = 412


class KeyReused(Refusal):
    """この Idempotency-Key は、内容の異なる別の送信で使われています。送信ごとに新しい値を付けてください。"""

    status = 422


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem, as the documentation lists it."""

    code: str
    status: int
    title: str


KINDS: dict[type[Exception], Kind] = {
    Malformed: Kind("malformed", 400, "送信内容を読み取れません"),
    Unreadable: Kind("unreadable", 400, "JSONとして読み取れません"),
    TokenNeeded: Kind("token_needed", 401, "トークンが必要です"),
    SignInNeeded: Kind("token_needed", 401, "トークンが必要です"),
    TokenRefused: Kind("token_refused", 401, "トークンを使えません"),
    NotAllowed: Kind("not_allowed", 403, "権限がありません"),
    ScopeMissing: Kind("scope_missing", 403, "トークンに認められていない操作です"),
    NotFound: Kind("not_found", 404, "見つかりません"),
    TooSlow: Kind("too_slow", 408, "送信が終わりませんでした"),
    Conflict: Kind("conflict", 409, "現在の状態では行えません"),
    VersionStale: Kind("version_stale", 412, "読み取った後に変更されています"),
    NotJson: Kind("not_json", 415, "JSONで送信してください"),
    NotBinary: Kind("not_binary", 415, "ファイルの内容をそのまま送信してください"),
    Invalid: Kind("invalid", 422, "内容に誤りがあります"),
    KeyReused: Kind("key_reused", 422, "Idempotency-Keyが使い回されています"),
    VersionNeeded: Kind("version_needed", 428, "If-Matchが必要です"),
    TooManyWrongTokens: Kind("too_many_wrong_tokens", 429, "しばらく受け付けられません"),
    Unavailable: Kind("unavailable", 503, "ただいま利用できません"),
}
_BY_STATUS = {
    404: KINDS[NotFound],
    405: Kind("method_not_allowed", 405, "この操作方法は使えません"),
    409: KINDS[Conflict],
    413: Kind("too_large", 413, "送信内容が大きすぎます"),
    503: KINDS[Unavailable],
    500: Kind("failed", 500, "サービス内部で問題が起きました"),
}
_NOT_ON_PAGES = {
    404: "この宛先または案件はありません。宛先を確かめてください。",
    405: "この宛先では、その操作方法（メソッド）は使えません。/api/docs を確かめてください。",
    409: "ほかの人または処理が先に登録または変更しました。もう一度読み取り、内容を確かめてから送信してください。",
}


def kinds() -> list[Kind]:
    """Every kind once, by status."""
    found = dict.fromkeys([*KINDS.values(), *_BY_STATUS.values()])
    return sorted(found, key=lambda kind: (kind.status, kind.code))


def problem_reply(error: Exception) -> tuple[Reply, int]:
    """The reply to a request that failed, and its status."""
    error = TokenNeeded() if isinstance(error, SignInNeeded) else error
    case = case_of(error)
    kind = _kind_of(error, case.status)
    detail = case.message if isinstance(error, Refusal) and _is_told(error) else _NOT_ON_PAGES.get(case.status)
    faults = [{"field": fault.field, "message": fault.message} for fault in case.faults]
    content = problem(kind.code, case.status, kind.title, detail or case.message, faults)
    return Reply(case.status, content, PROBLEM, (*case.headers, *_challenge(error))), case.status


def _kind_of(error: Exception, status: int) -> Kind:
    known = next((KINDS[kind] for kind in type(error).__mro__ if kind in KINDS), None)
    return known or _BY_STATUS.get(status) or Kind("refused", status, "受け付けられません")


def _is_told(error: Refusal) -> bool:
    """Whether the refusal says something of its own, and not what a page says in general."""
    return error.message not in (NotFound.__doc__, Conflict.__doc__)


def _challenge(error: Any) -> tuple[tuple[str, str], ...]:
    match error:
        case TokenNeeded():
            return (("www-authenticate", _REALM),)
        case TokenRefused():
            return (("www-authenticate", f'{_REALM}, error="invalid_token"'),)
        case ScopeMissing():
            return (("www-authenticate", f'{_REALM}, error="insufficient_scope", scope="{error.scope.value}"'),)
        case TooManyWrongTokens():
            return (("retry-after", "300"),)
        case _:
            return ()
