"""Who can sign in to the demo."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from procure.accounts.roles import Role
from procure.history.record import COMMAND_LINE
from procure.parties.actions import add_person
from procure.parties.directory import body
from procure.parties.tables import BodyRow


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody to sign in as; the header of every page names the body beside the person.

    An approver approves the answers of its body. The second person of the secretariat checks, approves and confirms
    what the first one did.
    """

    login: str
    name: str
    role: Role
    body_code: str | None = None
    is_approver: bool = False
    is_second: bool = False

    @property
    def label(self) -> str:
        known = body(self.body_code) if self.body_code else None
        said = f"{self.role.label}　{known.display_name}　{self.name}" if known else f"{self.role.label}　{self.name}"
        return f"{said}（照合・承認・確定をする二人目）" if self.is_second else said


PEOPLE = (
    Login("jimukyoku", "担当者", Role.SECRETARIAT),
    Login("jimukyoku2", "係長", Role.SECRETARIAT, is_second=True),
    Login("kansa", "担当者", Role.AUDITOR),
    Login("koriyama", "情報担当", Role.MUNICIPALITY, "292036"),
    Login("katsuragi", "情報担当", Role.MUNICIPALITY, "292117"),
    Login("katsuragi2", "情報課長", Role.MUNICIPALITY, "292117", is_approver=True),
)


def sign_up(session: Session, person: Login, password: str, at: datetime) -> None:
    """Where there is an approver, the body wants a second person to approve its answers."""
    account = add_person(
        session,
        login=person.login,
        name=person.name,
        role=person.role,
        body_code=person.body_code,
        password=password,
        actor=COMMAND_LINE,
        at=at,
    )
    account.is_approver = person.is_approver
    if person.is_approver:
        session.get_one(BodyRow, person.body_code).needs_approval = True
