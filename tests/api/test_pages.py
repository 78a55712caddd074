"""Whatever a page can change has its operation with the same permission, or a reason why there is none."""

from litestar.handlers import HTTPRouteHandler

from procure.web import ROUTES
from tests.api.exchanges import ALL

READS_A_FILE = "reads a file into the form of the page; a program sends the content as JSON"
OF_A_SIGN_IN = "is about the sign-in of a person; a program has a token"
OF_MEMBERSHIP = "is about members and accounts, not about rounds, demand, bids and awards"
OF_MEETINGS = "is about 研修会 and 会議, not about rounds, demand, bids and awards"
OF_MAIL = "is about the mail of the installation, not about rounds, demand, bids and awards"

ROUND, LOT = "/rounds/{ref}", "/rounds/{ref}/lots/{lot}"
ATTEMPT, OF_A_BODY = LOT + "/attempts/{number}", ROUND + "/contracts/{code}/{lot}"

OPERATIONS = {
    "/rounds/new": "create_a_round",
    f"{ROUND}/edit": "edit_a_round",
    f"{ROUND}/copy": "copy_a_round",
    f"{ROUND}/retender": "retender_a_round",
    f"{ROUND}/lots/new": "add_a_lot",
    LOT: "change_a_lot",
    f"{LOT}/remove": "remove_a_lot",
    f"{LOT}/cancel": "cancel_a_lot",
    f"{LOT}/items/confirm": "change_a_lot",
    f"{ROUND}/attachments": "add_an_attachment",
    f"{ROUND}/attachments/{{number}}/remove": "remove_an_attachment",
    f"{ROUND}/questions/{{number}}": "answer_a_question",
    "/demand/{ref}/questions": "ask_a_question",
    f"{ROUND}/survey/open": "open_the_survey",
    f"{ROUND}/survey/close": "close_the_survey",
    f"{ROUND}/survey/reopen": "reopen_the_survey",
    f"{ROUND}/survey/accept": "accept_an_answer",
    f"{ROUND}/survey/{{code}}/accept": "accept_an_answer",
    f"{ROUND}/survey/{{code}}/return": "return_an_answer",
    f"{ROUND}/survey/{{code}}/extend": "extend_a_deadline",
    f"{ROUND}/survey/{{code}}/correct": "correct_an_answer",
    f"{ROUND}/survey/upload/confirm": "submit_for_a_body",
    "/demand/{ref}": "save_demand",
    "/demand/{ref}/conflict": "save_demand",
    "/demand/{ref}/confirm": "submit_demand",
    "/demand/{ref}/upload/confirm": "save_demand",
    "/suppliers": "add_a_supplier",
    "/suppliers/{number}": "change_a_supplier",
    "/suppliers/{number}/suspend": "suspend_a_supplier",
    "/suppliers/{number}/lift": "lift_a_suspension",
    f"{ROUND}/bidders": "register_bidders",
    f"{LOT}/ceiling": "seal_a_ceiling",
    f"{ROUND}/announce": "announce_a_round",
    f"{ROUND}/open": "open_a_round",
    ATTEMPT: "record_an_attempt",
    f"{ATTEMPT}/check": "check_an_attempt",
    f"{ATTEMPT}/correct": "propose_a_correction",
    f"{ATTEMPT}/correct/approve": "approve_a_correction",
    f"{ATTEMPT}/correct/reject": "reject_a_correction",
    f"{LOT}/draw": "record_a_draw",
    f"{LOT}/review": "record_a_review",
    f"{LOT}/negotiation": "propose_a_negotiation",
    f"{LOT}/negotiation/approve": "approve_a_negotiation",
    f"{LOT}/negotiation/withdraw": "withdraw_a_negotiation",
    f"{ROUND}/confirm": "propose_award",
    f"{ROUND}/confirm/approve": "confirm_award",
    f"{ROUND}/confirm/withdraw": "withdraw_award",
    f"{ROUND}/publish": "publish_a_round",
    f"{ROUND}/documents/jobs": "make_documents",
    f"{ROUND}/documents/jobs/{{number}}/cancel": "cancel_a_document_job",
    "/contracts/{ref}/{lot}/terms": "record_terms",
    "/contracts/{ref}/{lot}/record/{act}": "record_a_slip",
    "/contracts/{ref}/{lot}/slips/{number}/reverse": "reverse_a_slip",
    f"{OF_A_BODY}/terms": "record_terms_for_a_body",
    f"{OF_A_BODY}/record/{{act}}": "record_a_slip_for_a_body",
    f"{OF_A_BODY}/slips/{{number}}/reverse": "reverse_a_slip_for_a_body",
    f"{ROUND}/contracts/deadlines": "set_the_deadlines",
    "/contracts/settings": "set_own_limits",
    "/bodies/{code}/contracts": "set_limits_of_a_body",
}
REASONS = {
    f"{LOT}/items/upload": READS_A_FILE,
    f"{ROUND}/survey/upload": READS_A_FILE,
    "/demand/{ref}/upload": READS_A_FILE,
    f"{ATTEMPT}/read": READS_A_FILE,
    "/sign-in": OF_A_SIGN_IN,
    "/sign-out": OF_A_SIGN_IN,
    "/password": OF_A_SIGN_IN,
    "/tokens": OF_A_SIGN_IN,
    "/tokens/{number}/revoke": OF_A_SIGN_IN,
    "/bodies": OF_MEMBERSHIP,
    "/bodies/prefecture": OF_MEMBERSHIP,
    "/bodies/{code}/settings": OF_MEMBERSHIP,
    "/bodies/{code}/accounts": OF_MEMBERSHIP,
    "/bodies/{code}/accounts/{login}/disable": OF_MEMBERSHIP,
    "/bodies/{code}/accounts/{login}/enable": OF_MEMBERSHIP,
    "/bodies/{code}/accounts/{login}/approver": OF_MEMBERSHIP,
    "/meetings/new": OF_MEETINGS,
    "/meetings/trainings/new": OF_MEETINGS,
    "/meetings/{number}/edit": OF_MEETINGS,
    "/meetings/{number}/remove": OF_MEETINGS,
    "/outbox/{number}/retry": OF_MAIL,
    "/outbox/{number}/arrived": OF_MAIL,
}


def written_to() -> dict[str, HTTPRouteHandler]:
    """The pages that take a form, by their address."""
    return {_plain(path): route for route in ROUTES if "POST" in route.http_methods for path in route.paths}


def _plain(path: str) -> str:
    """/rounds/{ref:str}/ → /rounds/{ref}"""
    return path.replace(":str", "").rstrip("/") or "/"


def test_every_form_has_its_operation_or_a_reason_why_there_is_none() -> None:
    assert OPERATIONS.keys() & REASONS.keys() == set()
    assert written_to().keys() == OPERATIONS.keys() | REASONS.keys()


def test_an_operation_asks_for_the_permission_of_its_page() -> None:
    pages = written_to()
    other = {
        (path, one): (pages[path].opt["permission"], ALL[one].permission)
        for path, one in OPERATIONS.items()
        if pages[path].opt["permission"] is not ALL[one].permission
    }
    assert other == {}


def test_every_operation_that_writes_has_its_page() -> None:
    """Taking in a round file belongs to the command line, and asking for approval to the page that saves."""
    of_pages = set(OPERATIONS.values()) | {"check_prices", "request_an_approval", "import_a_round"}
    assert {one.id for one in ALL.values() if one.writes} == of_pages
