"""The bodies of the council and their people: adding members, opening accounts, disabling and enabling them."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from procure.accounts.queries import account_of, accounts
from procure.accounts.roles import Role
from procure.accounts.tables import AccountRow
from procure.errors import Conflict, Fault, Invalid, NotFound
from procure.parties.actions import (
    add_members,
    add_person,
    change_member,
    disable_person,
    enable_person,
    mail_faults,
    set_approver,
)
from procure.parties.directory import Body, all_bodies, bodies_of, search
from procure.parties.directory import body as built_in
from procure.parties.queries import as_body, members
from procure.parties.tables import BodyRow
from procure.server import Answer, Done, Goto, Page, Permission, Visit, get, post
from procure.values.text import search_key
from procure.web.reading import Reading

MOST_FOUND = 20  # bodies offered for a search
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another on paper


@dataclass(frozen=True, slots=True)
class Person:
    """An account of a body; `disabled_at` is None while it may sign in."""

    login: str
    name: str
    disabled_at: datetime | None
    is_approver: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    body: Body
    people: tuple[Person, ...]
    needs_approval: bool = False
    mail: str | None = None

    @property
    def active(self) -> int:
        return sum(person.disabled_at is None for person in self.people)

    @property
    def lacks_approver(self) -> bool:
        """Nobody could submit an answer that needs an approval."""
        return self.needs_approval and not any(one.is_approver and one.disabled_at is None for one in self.people)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account just opened, with the password that is shown this once."""

    login: str
    name: str
    password: str


@get("/bodies", Permission.READ_ROUNDS)
def show_bodies(visit: Visit) -> Answer:
    return _list_page(visit, visit.query.text("q"))


@post("/bodies", Permission.MANAGE_MEMBERS)
def add_member(visit: Visit) -> Answer:
    code = search_key(visit.form.text("code")).strip()  # full-width digits mean the same code
    found = built_in(code)
    if found is None:
        message = f"団体コード「{code}」の市町村はありません。6桁のコードを確かめてください（例：292117）。"
        return _list_page(visit, "", code, faults=(Fault("code", message),))
    if not add_members(visit.session, [found], visit.person, visit.now):
        return _list_page(visit, "", code, faults=(Fault("code", f"{found.display_name}は、すでに参加団体です。"),))
    return Goto(f"/bodies/{code}", Done.added)


@post("/bodies/prefecture", Permission.MANAGE_MEMBERS)
def add_prefecture(visit: Visit) -> Answer:
    prefecture = visit.form.text("prefecture")
    found = bodies_of(prefecture)
    if not found:
        return _list_page(visit, "", faults=(Fault("prefecture", "都道府県を選択してください。"),))
    if not add_members(visit.session, found, visit.person, visit.now):
        message = f"{prefecture}の市町村は、すべて参加団体になっています。"
        return _list_page(visit, "", prefecture=prefecture, faults=(Fault("prefecture", message),))
    return Goto("/bodies", Done.added)


@get("/bodies/{code}", Permission.READ_ROUNDS)
def show_body(visit: Visit, code: str) -> Answer:
    return _body_page(visit, _found(visit.session, code))


@post("/bodies/{code}/accounts", Permission.MANAGE_MEMBERS)
def add_account(visit: Visit, code: str) -> Answer:
    row = _found(visit.session, code)
    reading = Reading(visit.form)
    login, name, password = reading.text("login"), reading.text("name"), new_password()
    try:
        account = add_person(
            visit.session,
            login=login,
            name=name,
            role=Role.MUNICIPALITY,
            body_code=code,
            password=password,
            actor=visit.person,
            at=visit.now,
        )
    except Invalid as invalid:
        return _body_page(visit, row, reading.judged(invalid.faults), status=422)
    except Conflict as conflict:
        return _body_page(visit, row, (Fault("login", conflict.message),), status=409)
    if reading.faults:
        return _body_page(visit, row, reading.faults, status=422)
    return _body_page(visit, row, new=NewAccount(account.login, account.name, password))


@post("/bodies/{code}/accounts/{login}/disable", Permission.MANAGE_MEMBERS)
def disable(visit: Visit, code: str, login: str) -> Answer:
    disable_person(visit.session, _account_of(visit.session, code, login).login, visit.person, visit.now)
    return Goto(f"/bodies/{code}", Done.account_disabled)


@post("/bodies/{code}/accounts/{login}/enable", Permission.MANAGE_MEMBERS)
def enable(visit: Visit, code: str, login: str) -> Answer:
    enable_person(visit.session, _account_of(visit.session, code, login).login, visit.person, visit.now)
    return Goto(f"/bodies/{code}", Done.account_enabled)


@post("/bodies/{code}/settings", Permission.MANAGE_MEMBERS)
def change_settings(visit: Visit, code: str) -> Answer:
    row = _found(visit.session, code)
    reading = Reading(visit.form)
    mail, needs_approval = reading.text("mail") or None, reading.is_checked("needs_approval")
    faults = reading.judged(mail_faults(mail))
    if faults:
        return _body_page(visit, row, faults, status=422)
    change_member(visit.session, row, needs_approval=needs_approval, mail=mail, actor=visit.person, at=visit.now)
    return Goto(f"/bodies/{code}", Done.saved)


@post("/bodies/{code}/accounts/{login}/approver", Permission.MANAGE_MEMBERS)
def choose_approver(visit: Visit, code: str, login: str) -> Answer:
    account = _account_of(visit.session, code, login)
    is_approver = visit.form.text("approver") == "yes"
    set_approver(visit.session, account, is_approver, visit.person, visit.now)
    return Goto(f"/bodies/{code}", Done.approver_set if is_approver else Done.approver_unset)


def new_password() -> str:
    """Sixteen letters and digits in groups of four, about 79 bits, to be written down and typed in."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _found(session: Session, code: str) -> BodyRow:
    row = session.get(BodyRow, code)
    if row is None or not row.is_member:
        raise NotFound
    return row


def _account_of(session: Session, code: str, login: str) -> AccountRow:
    """Only a person of that very body: no other account can be reached from here."""
    account = account_of(session, login)
    if account is None or account.body_code != code:
        raise NotFound
    return account


def _list_page(
    visit: Visit, query: str, code: str = "", prefecture: str = "奈良県", faults: Sequence[Fault] = ()
) -> Page:
    rows = members(visit.session)
    codes = {row.code for row in rows}
    people = _people(visit.session)
    found = search(query, [as_body(row) for row in rows])
    values = {
        "query": query,
        "members": tuple(Member(body, people.get(body.code, ())) for body in found),
        "total": len(rows),
        "others": _others(query, codes),
        "prefectures": [(name, name) for name in dict.fromkeys(body.prefecture for body in all_bodies())],
        "code": code,
        "prefecture": prefecture,
        "faults": faults,
        "may_manage": visit.person.may(Permission.MANAGE_MEMBERS),
    }
    return Page("bodies.html", values, status=422 if faults else 200)


def _others(query: str, codes: set[str]) -> tuple[Body, ...]:
    """Municipalities that the search finds and that are no members yet."""
    found = [body for body in search(query) if body.code not in codes] if query.strip() else []
    return tuple(found[:MOST_FOUND])


def _people(session: Session) -> Mapping[str, tuple[Person, ...]]:
    found: dict[str, list[Person]] = defaultdict(list)
    for account in accounts(session):
        if account.body_code is not None:
            person = Person(account.login, account.name, account.disabled_at, account.is_approver)
            found[account.body_code].append(person)
    return {code: tuple(people) for code, people in found.items()}


def _body_page(
    visit: Visit, row: BodyRow, faults: Sequence[Fault] = (), status: int = 200, new: NewAccount | None = None
) -> Page:
    people, typed = _people(visit.session).get(row.code, ()), "mail" in visit.form
    values = {
        "member": Member(as_body(row), people, row.needs_approval, row.mail),
        "mail": visit.form.text("mail") if typed else row.mail or "",
        "needs_approval": "needs_approval" in visit.form if typed else row.needs_approval,
        "new": new,
        "login": "" if new else visit.form.text("login"),
        "name": "" if new else visit.form.text("name"),
        "faults": faults,
        "may_manage": visit.person.may(Permission.MANAGE_MEMBERS),
    }
    return Page("body.html", values, status=status)


routes = [
    show_bodies,
    add_member,
    add_prefecture,
    show_body,
    add_account,
    change_settings,
    choose_approver,
    disable,
    enable,
]
