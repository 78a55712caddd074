"""Slow files of the service: made by processes of their own, and a refusal where one of them gives up."""

from procure.documents.press import write_pdf
from procure.server import Answer, Download, Permission, Visit, get
from procure.settings import PdfLimits
from procure.web.sign_in import routes as SIGN_IN
from tests.documents.test_press import ENDLESS, SMALL, children
from tests.people import SECRETARIAT, service, text_of

MARKUP = {"small": SMALL, "endless": ENDLESS}


@get("/slow/{name}", Permission.SIGNED_IN)
def slow(visit: Visit, name: str) -> Answer:
    return Download(lambda: write_pdf(MARKUP[name]), f"{name}.pdf", "application/pdf")


def test_a_pdf_is_made_by_a_process_which_ends_with_the_service(sqlite_url: str) -> None:
    before = children()
    with service(sqlite_url, routes=(*SIGN_IN, slow), pdf=PdfLimits(processes=1)) as town:
        assert town.browser(SECRETARIAT).get("/slow/small").content.startswith(b"%PDF")
        assert len(children() - before) == 1
    assert children() == before


def test_a_pdf_that_is_given_up_is_refused_with_cause_and_remedy(sqlite_url: str) -> None:
    with service(sqlite_url, routes=(*SIGN_IN, slow), pdf=PdfLimits(processes=1, seconds=3)) as town:
        browser = town.browser(SECRETARIAT)
        refused = browser.get("/slow/endless")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert "制限時間内に終わらなかったため、中止しました" in text_of(refused)
        assert browser.get("/slow/small").status_code == 200
