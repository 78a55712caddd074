"""Refusals that belong to the way a request was sent, not to the business; the docstring is the message shown."""

from procure.errors import NotAllowed, Refusal


class Malformed(Refusal):
    """送信された内容を読み取れませんでした。画面を開き直して、もう一度入力してください。"""

    status = 400


class UnsupportedForm(Refusal):
    """この形式の送信は受け付けられません。画面の入力欄から送信してください。"""

    status = 415


class TooSlow(Refusal):
    """送信が時間内に終わりませんでした。通信の状態を確かめて、もう一度お試しください。"""

    status = 408


class OtherOrigin(NotAllowed):
    """このサイトの画面以外から送信されたため、受け付けられません。画面を開き直して操作してください。"""


class PageTooOld(NotAllowed):
    """安全のため、この送信は受け付けられませんでした。前の画面を開き直して、もう一度入力してください。"""


class Unavailable(Refusal):
    """ただいま混み合っているか、記録装置を使えない状態です。しばらくしてからもう一度お試しください。"""

    status = 503


class SignInNeeded(Exception):
    """A stranger came to a page that needs an account."""
