"""The outbox: which mails went to whom, which did not, and what a person decides about those."""

from procure.errors import NotFound
from procure.mail.actions import locked_mail, retry, settle
from procure.mail.queries import Box, counts, find_mail, mails
from procure.server import Answer, Done, Fields, Goto, Page, Permission, Visit, get, post

AT_ONCE = 100


@get("/outbox", Permission.READ_HISTORY)
def show_outbox(visit: Visit) -> Answer:
    chosen = next((box for box in Box if box.value == visit.query.text("box")), None)
    found = mails(visit.session, visit.now, chosen, AT_ONCE + 1, _before(visit.query))
    shown = found[:AT_ONCE]
    values = {
        "mails": shown,
        "filters": _filters(visit, chosen),
        "is_on": visit.settings.mail is not None,
        "more": _more(chosen, shown[-1].number) if len(found) > AT_ONCE else None,
    }
    return Page("outbox.html", values)


@get("/outbox/{number}", Permission.READ_HISTORY)
def show_mail(visit: Visit, number: str) -> Answer:
    mail = find_mail(visit.session, _number(number), visit.now)
    return Page("mail.html", {"mail": mail, "may_decide": visit.person.may(Permission.MANAGE_ROUNDS)})


@post("/outbox/{number}/retry", Permission.MANAGE_ROUNDS)
def send_again(visit: Visit, number: str) -> Answer:
    mail = locked_mail(visit.session, _number(number))
    retry(visit.session, mail, visit.person, visit.now)
    return Goto(f"/outbox/{mail.id}", Done.mail_waiting)


@post("/outbox/{number}/arrived", Permission.MANAGE_ROUNDS)
def note_arrival(visit: Visit, number: str) -> Answer:
    mail = locked_mail(visit.session, _number(number))
    settle(visit.session, mail, visit.person, visit.now)
    return Goto(f"/outbox/{mail.id}", Done.saved)


def _filters(visit: Visit, chosen: Box | None) -> list[tuple[str, str, bool]]:
    """A link for each box with its number of mails: (label, address, whether it is chosen)."""
    counted = counts(visit.session, visit.now)
    every = (f"すべて（{sum(counted.values())}）", "/outbox", chosen is None)
    boxes = ((f"{box.label}（{counted[box]}）", f"/outbox?box={box.value}", box is chosen) for box in Box)
    return [every, *boxes]


def _more(chosen: Box | None, last: int) -> str:
    return f"/outbox?box={chosen.value}&before={last}" if chosen else f"/outbox?before={last}"


def _before(query: Fields) -> int | None:
    """The number of the mail to read on from; what is no number is not one of ours, and is ignored."""
    text = query.text("before")
    return int(text) if _is_number(text) else None


def _number(text: str) -> int:
    if not _is_number(text):
        raise NotFound
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


routes = [show_outbox, show_mail, send_again, note_arrival]
