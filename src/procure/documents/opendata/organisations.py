"""The organisations of a release, each once with its roles, and the references to them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from procure.documents.opendata.json_text import without_nothing
from procure.reports.businesses import Business
from procure.reports.published_deals import Deal
from procure.reports.published_rounds import PublishedRound
from procure.reports.report import LotReport

COUNCIL = "council"
LOCAL_GOVERNMENT = "JP-LGC"  # 全国地方公共団体コード; org-id.guide has no list of that name
CORPORATE_NUMBER = "JP-JCN"  # 法人番号, as org-id.guide names the list of the National Tax Agency


@dataclass(frozen=True, slots=True)
class Party:
    id: str
    name: str
    roles: tuple[str, ...]
    scheme: str | None = None
    number: str | None = None
    address: str = ""

    @property
    def reference(self) -> dict[str, object]:
        return {"id": self.id, "name": self.name}


class Parties:
    """Everybody who appears in a round: the council, the bodies that take part, the bidders and the contractors."""

    def __init__(self, value: PublishedRound) -> None:
        self.council = Party(COUNCIL, value.report.council, ("procuringEntity",))
        shares = [share for lot in value.report.lots for share in lot.municipalities]
        asking = {share.code for share in (*shares, *(share for deal in value.deals for share in deal.shares))}
        self.bodies = {body.code: _body(body.code, body.name) for body in value.report.bodies if body.code in asking}
        self._value = value
        partners = [value.party_to(deal) for deal in value.deals]
        self._known = _first_of((*value.bidders.values(), *partners))
        self._ids = _numbered(self._known)
        self._suppliers = frozenset(business.key for business in partners)
        self._tenderers = frozenset(business.key for business in value.bidders.values())

    def bidder(self, lot: LotReport, bidder: str) -> Party:
        return self._party(self._value.bidders[lot.id, bidder])

    def supplier(self, deal: Deal) -> Party:
        return self._party(self._value.party_to(deal))

    def written(self) -> list[dict[str, object]]:
        others = {party.id: party for party in self._all_others()}
        return [_written(party) for party in (self.council, *self.bodies.values(), *others.values())]

    def _party(self, named: Business) -> Party:
        business = self._known[named.key]
        roles = (("tenderer", self._tenderers), ("supplier", self._suppliers))
        known = business.corporate_number
        return Party(
            id=self._ids[business.key],
            name=business.name,
            roles=tuple(role for role, keys in roles if business.key in keys),
            scheme=CORPORATE_NUMBER if known else None,
            number=known,
            address=business.address,
        )

    def _all_others(self) -> Iterator[Party]:
        for lot in self._value.report.lots:
            for attempt in lot.attempts:
                yield from (self.bidder(lot, bid.bidder) for bid in attempt.bids)
        yield from (self.supplier(deal) for deal in self._value.deals)


def _first_of(businesses: Iterable[Business]) -> dict[str, Business]:
    """Each by its key, as it was written first: another lot may spell its name in other widths."""
    found: dict[str, Business] = {}
    for business in businesses:
        found.setdefault(business.key, business)
    return found


def _numbered(known: Mapping[str, Business]) -> dict[str, str]:
    """The id of each bidder by its key: from its 法人番号, or else its place in the order of registration."""
    return {
        key: f"{CORPORATE_NUMBER}-{business.corporate_number}" if business.corporate_number else f"bidder-{place}"
        for place, (key, business) in enumerate(known.items(), start=1)
    }


def _body(code: str, name: str) -> Party:
    return Party(f"{LOCAL_GOVERNMENT}-{code}", name, ("buyer",), LOCAL_GOVERNMENT, code)


def _written(party: Party) -> dict[str, object]:
    identifier = {"scheme": party.scheme, "id": party.number, "legalName": party.name} if party.number else None
    return without_nothing(
        {
            "id": party.id,
            "name": party.name,
            "identifier": identifier,
            "address": {"streetAddress": party.address, "countryName": "日本"} if party.address else None,
            "roles": list(party.roles),
        }
    )
