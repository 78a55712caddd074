"""Refusals: what the service will not do, as errors whose docstring is the message shown."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was entered: the field it stands in, and cause and remedy in Japanese."""

    field: str
    message: str


class Refusal(Exception):
    """この操作は受け付けられません。"""

    status = 400

    def __init__(self, message: str | None = None) -> None:
        self.message = message or type(self).__doc__ or ""
        super().__init__(self.message)


class NotFound(Refusal):
    """お探しのページまたは案件は見つかりません。アドレスをご確認ください。"""

    status = 404


class NotAllowed(Refusal):
    """この操作を行う権限がありません。必要な場合は事務局にお問い合わせください。"""

    status = 403


class Conflict(Refusal):
    """案件の状態が変わったため、この操作は行えません。最新の画面を開いてやり直してください。"""

    status = 409


class Invalid(Refusal):
    """入力内容に誤りがあります。"""

    status = 422

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__()


def refuse(faults: Iterable[Fault]) -> None:
    """Raises Invalid with every fault, where there is any."""
    found = tuple(faults)
    if found:
        raise Invalid(*found)
