"""Published rounds that a test builds, as values."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from procure.documents.opendata.publisher import Publisher
from procure.reports.businesses import Business
from procure.reports.published_deals import deals_of
from procure.reports.published_rounds import PublishedRound
from procure.settlement.round import Lot, NegotiatedContract, Negotiation, NegotiationGround, Round
from procure.settlement.settle import settle
from procure.values.money import Yen
from tests.builders import JST
from tests.reports.reported import r3_round, report_of

PUBLISHER = Publisher("見本協議会", "https://kyodo.example.lg.jp", "ocds-000000", "https://licence.example/by")
PUBLISHED_AT = datetime(2021, 6, 18, 9, 0, tzinfo=JST)
DECIDED_ON = date(2021, 6, 14)
NUMBER = "9000012345678"


def published_of(
    round: Round,
    numbers: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    *,
    sample: bool = False,
) -> PublishedRound:
    """`numbers` are the 法人番号 of bidders, `names` what they are called instead, by their ids."""
    numbers, names = numbers or {}, names or {}
    report = report_of(round, for_public=True)
    return PublishedRound(
        report=report,
        is_sample=sample,
        published_at=PUBLISHED_AT,
        decided_on=DECIDED_ON,
        methods={lot.id: lot.tender_method for lot in round.lots},
        bidders={
            (lot.id, bidder.id): Business(names.get(bidder.id, bidder.name), numbers.get(bidder.id))
            for lot in round.lots
            for bidder in lot.bidders
        },
        deals=deals_of(report, round.lots, settle(round).lots, DECIDED_ON),
    )


def r3_published() -> PublishedRound:
    return published_of(r3_round())


def negotiated_after(lot: Lot, ground: NegotiationGround, **prices: Mapping[str, Yen]) -> Lot:
    """The lot with a 随意契約 with each contractor at these unit prices."""
    contracts = tuple(NegotiatedContract(name, of) for name, of in prices.items())
    return replace(lot, negotiation=Negotiation(ground, date(2021, 6, 16), "見積合わせの結果による。", contracts))
