"""落札公告 of the Government Interoperability Framework, one for each award that stands.

DS-451-8 実装データモデル（行政）調達, 3.4 落札公告.
"""

from collections.abc import Sequence

from procure.documents.opendata.json_text import json_bytes
from procure.documents.opendata.publisher import Publisher, title_of
from procure.reports.published_deals import Deal
from procure.reports.published_rounds import PublishedRound
from procure.reports.report import LotReport
from procure.settlement.labels import NEGOTIATION_GROUND, TENDER_METHOD
from procure.settlement.round import ContractKind, TenderMethod

_ACQUISITION = {ContractKind.PURCHASE: "購入等", ContractKind.LEASE: "借入", ContractKind.WORKS: "請負"}


def notices(values: Sequence[PublishedRound], publisher: Publisher) -> bytes:
    """Every field of the model in its order; one of which nothing is known is an empty text."""
    return json_bytes([_notice(value, deal, publisher) for value in values for deal in value.standing])


def _notice(value: PublishedRound, deal: Deal, publisher: Publisher) -> dict[str, object]:
    return {**_management(value, deal, publisher), **_subject(value, deal), **_award(value, deal)}


def _management(value: PublishedRound, deal: Deal, publisher: Publisher) -> dict[str, object]:
    """公告管理情報. The council has neither a 法人番号 nor a 全国地方公共団体コード of its own."""
    return {
        "Procedure_type": "落札者等の公示",
        "Category": "物品役務",
        "CFT_issue_date": value.published_at.date().isoformat(),
        "Official": "",
        "Contract_folder_ID": "",
        "Organization_name": value.report.council,
        "Organization_type": "地方公共団体",
        "Lg_code": "",
        "CFT_ID": publisher.ocid(value.ref),
        "CFT_sub_ID": f"{deal.lot.id}-{deal.number}" if deal.number else deal.lot.id,
        "Revised_type": "",
        "Revised_sub_type": "",
        "Revised_CFT_ID": "",
    }


def _subject(value: PublishedRound, deal: Deal) -> dict[str, object]:
    """調達内容. One quantity says something only where everything is counted in one unit."""
    units = {item.unit for item in deal.items if item.quantity}
    is_uniform = len(units) == 1
    return {
        "Item_code": "",
        "Project_name": f"{title_of(value)}　{deal.lot.title}",
        "Project_name_en": "",
        "Quantity": sum(item.quantity for item in deal.items) if is_uniform else "",
        "Unit": units.pop() if is_uniform else "",
    }


def _award(value: PublishedRound, deal: Deal) -> dict[str, object]:
    """落札内容. Prices are with tax; the ceiling (予定価格) stands only where it may be published."""
    lot, party = deal.lot, value.party_to(deal)
    by_tender = deal.ground is None
    return {
        "Procurement_method": _ACQUISITION[lot.contract_kind],
        "Contract_type": TENDER_METHOD[value.methods.get(lot.id, TenderMethod.OPEN)] if by_tender else "随意契約",
        "Award_party": party.name,
        "JCN": party.corporate_number or "",
        "Award_party_name": party.name,
        "Award_party_address": party.address,
        "Award_price": deal.total_with_tax,
        "Award_discription": "" if deal.ground is None else f"{NEGOTIATION_GROUND[deal.ground]}　{deal.reason}",
        "Candidate_name": _named(value, lot) if by_tender else "",
        "Evaluation_type": "最低価格" if by_tender else "",
        "Estimate_price": lot.ceiling_with_tax if lot.ceiling_with_tax is not None else "",
    }


def _named(value: PublishedRound, lot: LotReport) -> str:
    """指名業者名: everybody who was named in a 指名競争入札."""
    if value.methods.get(lot.id) is not TenderMethod.DESIGNATED:
        return ""
    return "、".join(business.name for (of, _), business in value.bidders.items() if of == lot.id)
