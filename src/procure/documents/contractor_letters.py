"""契約相手方決定通知書: to each contractor of a 随意契約 after a tender, with the bodies that it contracts with."""

from datetime import datetime

from procure.documents.allocation import quantity_tables
from procure.documents.decision_letters import NO_RECORD, award_tax, draft_by, numbered
from procure.documents.letterhead import Letterhead
from procure.documents.sheet import Sheet, pdf
from procure.errors import NotFound
from procure.reports.businesses import Business
from procure.reports.lot_record import LotRecord
from procure.reports.report import LotReport, RoundReport
from procure.settlement.labels import NEGOTIATION_GROUND
from procure.settlement.round import Lot, Negotiation, NegotiationGround
from procure.templates import prose
from procure.values.era import wareki_day

WHY = {
    NegotiationGround.FAILED_TENDER: "落札者がなかった",
    NegotiationGround.NOT_SIGNED: "落札者が契約を締結しない",
}


def contractors_pdf(
    report: RoundReport, lot: Lot, letterhead: Letterhead, made_at: datetime, record: LotRecord = NO_RECORD
) -> bytes:
    """The letters to the contractors, each with page numbers of its own. Raises NotFound where there are none."""
    return pdf(*contractor_sheets(report, lot, letterhead, made_at, record))


def contractor_sheets(
    report: RoundReport, lot: Lot, letterhead: Letterhead, made_at: datetime, record: LotRecord = NO_RECORD
) -> tuple[Sheet, ...]:
    number, shown = numbered(report, lot.id)
    agreed = lot.negotiation
    if agreed is None or not shown.contracts:
        raise NotFound
    dated = letterhead.not_before((agreed.agreed_on,))
    names = zip((one.contractor for one in agreed.contracts), shown.contracts, strict=True)
    made = ((record.businesses.get(word, Business(contract.winner or "")), contract) for word, contract in names)
    return tuple(
        _sheet(report, f"{number}-{place}", contract, agreed, addressee, dated, made_at)
        for place, (addressee, contract) in enumerate(made, start=1)
    )


def _sheet(
    report: RoundReport,
    number: str,
    contract: LotReport,
    agreed: Negotiation,
    addressee: Business,
    letterhead: Letterhead,
    made_at: datetime,
) -> Sheet:
    return Sheet(
        id=f"{report.id}-CONTRACTOR-{number}",
        template="contractor.html",
        title=f"{contract.title}　契約相手方決定通知書（{report.council}）",
        short=f"{contract.title}　随意契約の相手方の決定について（通知）",
        description="随意契約の根拠、契約金額、契約の相手方となる団体及び数量の通知",
        letterhead=letterhead,
        made_at=made_at,
        values={
            "report": report,
            "lot": contract,
            "addressee": addressee,
            "law": NEGOTIATION_GROUND[agreed.ground],
            "why": WHY[agreed.ground],
            "agreed_on": prose(wareki_day(agreed.agreed_on)),
            "tax": award_tax(contract),
            "tables": quantity_tables(contract),
            "draft_by": draft_by(letterhead),
        },
    )
