"""A person's own tokens of the API: which there are, making one, revoking one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from procure.accounts.scopes import Scope, scopes_for
from procure.accounts.tables import TokenRow
from procure.accounts.tokens import is_usable, make_token, revoke_token, scopes_in, token_faults, tokens_of
from procure.clock import JAPAN
from procure.errors import Conflict, Fault, NotFound
from procure.history.record import Changes, record
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.values.era import parse_date, wareki
from procure.web.reading import Reading

USUAL_LIFE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token to look at; the token itself is not kept. `expires_on` is its last day."""

    number: int
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_on: date
    last_used_at: datetime | None
    is_usable: bool
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class TokenForm:
    """The form as it was typed; `choices` are value, label, and whether it is ticked."""

    name: str
    expires: str
    choices: tuple[tuple[str, str, bool], ...]
    read_expires: date | None = None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, shown this once."""

    name: str
    token: str
    expires_on: date


@get("/tokens", Permission.SIGNED_IN)
def show_tokens(visit: Visit) -> Answer:
    return _page(visit, _blank(visit))


@post("/tokens", Permission.SIGNED_IN)
def add_token(visit: Visit) -> Answer:
    """The token stands on the very page that answers: it can be shown only now."""
    reading, person = Reading(visit.form), visit.person
    name = reading.text("name")
    day = reading.value("expires", parse_date, "有効期限を入力してください（例：令和9年3月31日）。")
    scopes = [scope for scope in Scope if scope.value in visit.form.texts("scopes")]
    expires_at = _end_of(day) if day else None
    faults = reading.judged(token_faults(visit.now, person.role, name, scopes, expires_at))
    if faults or expires_at is None:
        return _page(visit, _typed(visit, day), faults)
    try:
        row, token = make_token(visit.session, visit.now, person.account_id, person.role, name, scopes, expires_at)
    except Conflict as conflict:
        return _page(visit, _typed(visit, day), (Fault("", conflict.message),), status=409)
    changes: Changes = {"scopes": (None, row.scopes), "expires_at": (None, row.expires_at)}
    record(visit.session, visit.now, person, "token_made", subject=token_subject(row), changes=changes)
    return _page(visit, _blank(visit), new=NewToken(name, token, _last_day(row)))


@post("/tokens/{number}/revoke", Permission.SIGNED_IN)
def revoke(visit: Visit, number: str) -> Answer:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound
    row = revoke_token(visit.session, visit.now, visit.person.account_id, int(number))
    record(visit.session, visit.now, visit.person, "token_revoked", subject=token_subject(row))
    return Goto("/tokens", Done.token_revoked)


def _page(
    visit: Visit, form: TokenForm, faults: Sequence[Fault] = (), status: int | None = None, new: NewToken | None = None
) -> Page:
    rows = tokens_of(visit.session, visit.person.account_id)
    lines = tuple(_line(row, visit.now) for row in rows)
    values = {
        "usable": [line for line in lines if line.is_usable],
        "ended": [line for line in lines if not line.is_usable],
        "form": form,
        "faults": faults,
        "new": new,
    }
    return Page("tokens.html", values, status=status or (422 if faults else 200))


def _line(row: TokenRow, now: datetime) -> TokenLine:
    return TokenLine(
        number=row.id,
        name=row.name,
        hint=row.hint,
        scopes=tuple(scope.label for scope in Scope if scope in scopes_in(row)),
        created_at=row.created_at,
        expires_on=_last_day(row),
        last_used_at=row.last_used_at,
        is_usable=is_usable(row, now),
        state=_state(row, now),
    )


def _state(row: TokenRow, now: datetime) -> tuple[str, str]:
    if row.revoked_at is not None:
        return ("失効", "gray")
    return ("利用できます", "green") if now < row.expires_at else ("期限切れ", "orange")


def _blank(visit: Visit) -> TokenForm:
    day = (visit.now + USUAL_LIFE).date()
    return TokenForm("", wareki(day), _choices(visit, ()), day)


def _typed(visit: Visit, day: date | None) -> TokenForm:
    form = visit.form
    return TokenForm(form.text("name"), form.text("expires"), _choices(visit, form.texts("scopes")), day)


def _choices(visit: Visit, ticked: Sequence[str]) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (scope.value, f"{scope.label}（{scope.value}）", scope.value in ticked)
        for scope in scopes_for(visit.person.role)
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN) + timedelta(days=1)


def _last_day(row: TokenRow) -> date:
    return (row.expires_at - timedelta(seconds=1)).date()


def token_subject(row: TokenRow) -> str:
    return f"{row.name}（…{row.hint}）"


routes = [show_tokens, add_token, revoke]
