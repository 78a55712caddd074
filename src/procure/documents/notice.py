"""結果通知: the letter that tells one body the outcome, with its own quantities, amounts and savings as 別紙."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from procure.documents.letterhead import Letterhead
from procure.documents.sheet import Sheet, pdf
from procure.errors import NotFound
from procure.reports.report import LotReport, Participant, RoundReport, ShareRow
from procure.templates import prose
from procure.values.era import wareki_day

HEADS = dict.fromkeys(("市", "町", "村", "区"), "長") | dict.fromkeys(("都", "道", "府", "県"), "知事")
SHORT_TITLE = 14  # characters; two lots of short titles are told in the letter itself, others in the 別紙
LONG_TITLE = 30  # characters; what takes more than a line is set closer, so that the letter stays on one page
CONTRACT = "契約書に定める日"
LINES_A_PAGE = 36  # of names and specifications, beside the head and the sums of a table
NAME, SPECIFICATION = 19, 23  # characters of a line in the first column


Attached = Callable[[str], tuple[Sheet, ...]]  # what goes with the notice to the body of a code


def nothing(code: str) -> tuple[Sheet, ...]:
    return ()


def notice_pdf(
    report: RoundReport, code: str, letterhead: Letterhead, made_at: datetime, attached: Attached = nothing
) -> bytes:
    """The notice to the body of this code. Raises NotFound where it takes part in nothing."""
    return pdf(notice_sheet(report, code, letterhead, made_at), *attached(code))


def notices_pdf(report: RoundReport, letterhead: Letterhead, made_at: datetime, attached: Attached = nothing) -> bytes:
    """The notices to all bodies in one file to print, each with its own page numbers. At least one body takes part."""
    bodies = notified(report)
    first, *others = (
        sheet
        for body in bodies
        for sheet in (notice_sheet(report, body.code, letterhead, made_at), *attached(body.code))
    )
    title = f"{report.title}　結果通知（全{len(bodies)}団体）（{report.council}）"
    return pdf(replace(first, title=title), *others)


def notified(report: RoundReport) -> tuple[Participant, ...]:
    """Those who take part in anything."""
    return tuple(body for body in report.bodies if body.lots)


def notice_sheet(report: RoundReport, code: str, letterhead: Letterhead, made_at: datetime) -> Sheet:
    body = _participant(report, code)
    own = tuple(_own(report, code))
    party = "契約の相手方" if any(lot.negotiation for lot, _ in own) else "落札者"
    return Sheet(
        id=f"{report.id}-NOTICE-{code}",
        template="notice.html",
        title=f"{report.title}　結果通知（{body.name}）（{report.council}）",
        short=f"{report.title}の結果について（通知）　{body.display_name}",
        description="落札結果、契約金額の内訳と契約手続の通知",
        letterhead=letterhead.not_before(lot.negotiation.agreed_on for lot, _ in own if lot.negotiation),
        made_at=made_at,
        values={
            "report": report,
            "body": body,
            "party": party,
            "label": "落札者" if party == "落札者" else "契約相手方",
            "titles": tuple(dict.fromkeys(lot.title for lot, _ in own)),
            "addressee": addressee(body),
            "own": own,
            "is_long": any(len(lot.title) > LONG_TITLE for lot, _ in own),
            "brief": len(own) == 2 and all(len(lot.title) <= SHORT_TITLE for lot, _ in own),
            "without_award": [lot for lot in report.lots if lot.id in body.lots and not lot.suppliers],
            "places": {lot.id: lot.places for lot, _ in own},
            "whole": {lot.id for lot, share in own if _lines(share) <= LINES_A_PAGE},
            "open_prices": any(item.list_price is None for _, share in own for item in share.items),
            "steps": tuple(_steps(body, party, letterhead)),
            "procedure": _procedure(party, letterhead),
        },
    )


def addressee(body: Participant) -> str:
    """奈良市長　様: the head of a body; a body that is led otherwise is addressed itself."""
    head = HEADS.get(body.kind)
    return f"{body.display_name}{head}　様" if head else f"{body.display_name}　御中"


def _participant(report: RoundReport, code: str) -> Participant:
    body = next((body for body in notified(report) if body.code == code), None)
    if body is None:
        raise NotFound
    return body


def _own(report: RoundReport, code: str) -> Iterable[tuple[LotReport, ShareRow]]:
    """Of whom the body buys what: of the winners, and of those whom a 随意契約 put in their place."""
    for lot in report.lots:
        yield from lot.supplies(code)


def _lines(share: ShareRow) -> int:
    """Of the table of a body's items, at most."""
    return sum(1 + len(item.name) // NAME + 1 + len(item.specification or "") // SPECIFICATION for item in share.items)


def _steps(body: Participant, party: str, letterhead: Letterhead) -> Iterable[str]:
    yield f"別紙の内訳により、貴{_addressed_as(body)}と{party}との間で契約を締結してください。"
    yield f"契約書の案は、{party}から{_by(letterhead.draft_by)}届きます。"
    yield f"契約を締結したときは、{_by(letterhead.copy_by)}契約書の写しを事務局に提出してください。"


def _addressed_as(body: Participant) -> str:
    return body.kind if body.kind in HEADS else "団体"


def _by(day: date | None) -> str:
    return f"{prose(wareki_day(day))}までに" if day else ""


def _procedure(party: str, letterhead: Letterhead) -> tuple[tuple[str, str, str], ...]:
    """What is to be done, with whom, and by when."""
    return (
        ("契約書の案の受領及び内容の確認", party, _day(letterhead.draft_by)),
        ("契約事務の決裁及び契約の締結", party, _day(letterhead.copy_by)),
        ("契約書の写しの提出", "協議会事務局", _day(letterhead.copy_by)),
        ("納入、検査及び支払", party, CONTRACT),
    )


def _day(day: date | None) -> str:
    return prose(wareki_day(day)) if day else "別途お知らせします"
