"""The packages of the Open Contracting Data Standard: valid by the standard's own checks, with the report's figures."""

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import quote

import pytest

from procure.documents.opendata.ocds import record_package, release, release_package
from procure.reports.businesses import Business
from procure.reports.published_rounds import PublishedRound
from procure.reports.signed import Signed
from procure.settlement.round import (
    CeilingDisclosure,
    ContractKind,
    Lot,
    NegotiationGround,
    PaperDraw,
    Round,
    Rules,
    TenderMethod,
)
from tests.builders import JST, NARA, a_bid, a_demand, a_lot, a_round, absent, an_item, declined, priced
from tests.documents.opendata.published import (
    NUMBER,
    PUBLISHED_AT,
    PUBLISHER,
    negotiated_after,
    published_of,
    r3_published,
)
from tests.documents.opendata.standard import faults
from tests.reports.reported import r3_round

PATH = "/published/R3-1/release.json"
SECRET = 987_654_321
KATSURAGI = "292117"


def released(round: Round, **changes: Any) -> dict[str, Any]:
    return written(published_of(round, **changes))


def written(value: PublishedRound) -> dict[str, Any]:
    """The release as a reader gets it; numbers with decimals as exact decimals."""
    package = json.loads(release_package([value], PUBLISHER, PATH), parse_float=Decimal)
    return dict(package["releases"][0])


def bid_of(made: dict[str, Any], id: str) -> dict[str, Any]:
    return next(bid for bid in made["bids"]["details"] if bid["id"] == id)


def rebid() -> Lot:
    """Everything that can become of a bid, over two attempts."""
    first = (a_bid("a", 950_000), a_bid("b", 940_000, void="記名がない"), declined("c"), absent("d"))
    return a_lot(first, (a_bid("a", 890_000),))


def tied() -> Lot:
    return a_lot((a_bid("a", 800_000), a_bid("b", 800_000)), draw=PaperDraw("b"))


def failed() -> Lot:
    """Nothing within the ceiling, and then a 随意契約 with two, who deliver an item each."""
    lot = a_lot(
        (a_bid("a", 960_000),),
        (a_bid("a", 950_000),),
        rules=Rules(ceiling=900_000, max_attempts=2),
        items=(an_item(), an_item("dock", 10_000, name="ドック")),
        demand=(a_demand(pc=8, dock=2), a_demand(KATSURAGI, pc=2)),
    )
    return negotiated_after(lot, NegotiationGround.FAILED_TENDER, a={"pc": 85_000}, 新商会={"dock": 9_000})


def refused() -> Lot:
    """The winner did not sign, and the second bidder took its place."""
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 850_000)))
    return negotiated_after(lot, NegotiationGround.NOT_SIGNED, b={"pc": 80_000})


ROUNDS = {
    "a negotiated contract with two": a_round(failed()),
    "a winner who did not sign": a_round(refused()),
    "the example": r3_round(),
    "a second attempt": a_round(rebid()),
    "a draw": a_round(tied()),
    "nothing awarded": a_round(a_lot((a_bid("a", 950_000),), rules=Rules(ceiling=900_000, max_attempts=1))),
    "nobody came": a_round(a_lot((absent("a"), absent("b")))),
    "cancelled": a_round(a_lot(cancelled="仕様の見直しのため")),
    "designated": a_round(a_lot((a_bid("a", 800_000),), tender_method=TenderMethod.DESIGNATED)),
    "works": a_round(a_lot((a_bid("a", 800_000),), contract_kind=ContractKind.WORKS)),
    "open prices": a_round(a_lot((a_bid("a", 800_000),), items=(an_item(list_price=None),))),
    "no ceiling": a_round(a_lot((a_bid("a", 800_000),), rules=Rules())),
    "strange words": a_round(a_lot((a_bid("a", 800_000),), title="＝1+1\n\u2028\"'<>&\\")),
    "two lots, one open": a_round(tied(), replace(rebid(), id="printer", tender_method=TenderMethod.DESIGNATED)),
}


@pytest.mark.parametrize("round", ROUNDS.values(), ids=ROUNDS.keys())
@pytest.mark.parametrize("numbers", [{}, {"a": NUMBER}], ids=["names only", "a 法人番号"])
def test_a_package_is_valid_by_the_standard_and_has_no_unknown_field(round: Round, numbers: dict[str, str]) -> None:
    value = published_of(round, numbers)
    assert faults(release_package([value], PUBLISHER, PATH)) == []
    assert faults(record_package([value], PUBLISHER, "/published/records.json")) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda package: package["releases"][0].pop("ocid"), "'ocid' is a required property"),
        (lambda package: package["releases"][0].update(date="令和3年6月18日"), "is not a 'date-time'"),
        (lambda package: package["releases"][0]["tender"].update(ceiling=1), "tender: 'ceiling' does not match"),
        (lambda package: package["releases"][0]["tender"].update(status="done"), "'done' is not one of"),
        (lambda package: package["releases"][0]["parties"][0].update(roles=["boss"]), "partyRole has no boss"),
        (lambda package: package["releases"][0]["contracts"][0].update(awardID="x"), "awards has no x"),
        (lambda package: package.update(extensions=[]), "tender: 'lots' does not match"),
        (lambda package: package.update(uri="https://kyodo.example.lg.jp/令和3-1"), "not an address"),
        (lambda package: package.update(uri="https://kyodo.example.lg.jp/R3 1"), "not an address"),
        (lambda package: again(package, "tenderers"), "an id stands twice in release/tender/tenderers"),
        (lambda package: again(package, "tenderers"), "numberOfTenderers is not"),
        (lambda package: again(package, "items"), "an id stands twice in release/tender/items"),
        (lambda package: package["releases"][0]["awards"][0]["suppliers"][0].update(name="Ａ"), "is called Ａ as well"),
    ],
)
def test_the_check_finds_what_is_wrong(spoil: Any, fault: str) -> None:
    package = json.loads(release_package([r3_published()], PUBLISHER, PATH))
    spoil(package)
    assert any(fault in found for found in faults(json.dumps(package).encode()))


def again(package: dict[str, Any], name: str) -> None:
    """The list of the tender with one more of what stands there."""
    tender = package["releases"][0]["tender"]
    tender[name].append(tender[name][0])
    tender["numberOfTenderers"] = len(tender["tenderers"])


def test_the_figures_are_those_of_the_report() -> None:
    value = r3_published()
    made = written(value)
    for award, lot in zip(made["awards"], value.report.awarded, strict=True):
        assert award["value"] == {"amount": lot.award_total, "currency": "JPY"}
        items = {item.id: item for item in lot.items}
        assert [(one["quantity"], one["unit"]["value"]["amount"]) for one in award["items"]] == [
            (item.quantity, item.unit_price) for item in items.values()
        ]
        contracts = [one for one in made["contracts"] if one["awardID"] == award["id"]]
        assert [one["value"]["amount"] for one in contracts] == [share.amount for share in lot.municipalities]
        assert sum(one["value"]["amount"] for one in contracts) == lot.award_total
        prices = [item["quantity"] * item["unit"]["value"]["amount"] for one in contracts for item in one["items"]]
        assert sum(prices) == lot.award_total


def test_every_body_has_a_contract_of_its_own_for_each_lot_it_bought_in() -> None:
    value = r3_published()
    made = written(value)
    bought = [(lot.id, share.code) for lot in value.report.awarded for share in lot.municipalities]
    assert [one["id"] for one in made["contracts"]] == [f"{lot}-{code}" for lot, code in bought]
    assert {one["buyer"]["id"] for one in made["contracts"]} == {f"JP-LGC-{code}" for _, code in bought}
    assert {one["status"] for one in made["contracts"]} == {"pending"}


def test_the_parties_are_council_bodies_and_bidders() -> None:
    value = r3_published()
    parties = written(value)["parties"]
    roles = [tuple(party["roles"]) for party in parties]
    assert roles.count(("procuringEntity",)) == 1
    assert roles.count(("buyer",)) == value.report.participants == 16
    assert len([role for role in roles if "supplier" in role]) == 2
    katsuragi = next(party for party in parties if party["id"] == "JP-LGC-292117")
    assert katsuragi["name"] == "葛城市"
    assert katsuragi["identifier"] == {"scheme": "JP-LGC", "id": "292117", "legalName": "葛城市"}


def test_a_supplier_with_a_corporate_number_is_identified_by_it() -> None:
    made = released(a_round(a_lot((a_bid("a", 800_000), a_bid("b", 900_000)))), numbers={"a": NUMBER})
    supplier = next(party for party in made["parties"] if "supplier" in party["roles"])
    assert supplier["id"] == f"JP-JCN-{NUMBER}"
    assert supplier["identifier"] == {"scheme": "JP-JCN", "id": NUMBER, "legalName": "A商会"}
    assert made["awards"][0]["suppliers"] == [{"id": f"JP-JCN-{NUMBER}", "name": "A商会"}]


def test_a_bidder_whose_name_is_typed_otherwise_in_another_lot_is_one_party() -> None:
    lot = a_lot((a_bid("a", 800_000),))
    value = published_of(a_round(lot, replace(lot, id="printer")))
    known = {("pc", "a"): Business("株式会社ＡＢＣ"), ("printer", "a"): Business("株式会社ABC")}
    value = replace(value, bidders=known)
    made = written(value)
    bidder = {"id": "bidder-1", "name": "株式会社ＡＢＣ"}
    assert faults(release_package([value], PUBLISHER, PATH)) == []
    assert [(one["id"], one["name"]) for one in made["parties"] if one["id"] == "bidder-1"] == [tuple(bidder.values())]
    assert (made["tender"]["tenderers"], made["tender"]["numberOfTenderers"]) == ([bidder], 1)
    assert [one["suppliers"] for one in made["awards"]] == [[bidder], [bidder]]


@pytest.mark.parametrize("ref", ["R3 1", "令和3-1", 'a"b', "a?b#c", "R3/1", "50%"])
def test_an_address_is_one_by_rfc_3986_whatever_the_number_of_the_round(ref: str) -> None:
    value = published_of(a_round(a_lot((a_bid("a", 800_000),)), id=ref))
    package = release_package([value], PUBLISHER, f"/published/{ref}/release.json")
    result = json.loads(package)["releases"][0]["tender"]["documents"][0]["url"]
    assert faults(package) == faults(record_package([value], PUBLISHER, "/published/records.json")) == []
    assert result == f"{PUBLISHER.address}/published/{quote(ref, safe='')}"


def test_bids_that_were_declined_void_or_never_came_stand_with_their_status() -> None:
    made = released(a_round(rebid()))
    states = {bid["id"]: (bid["status"], bid.get("value", {}).get("amount")) for bid in made["bids"]["details"]}
    assert states == {
        "pc-1-a": ("valid", 950_000),
        "pc-1-b": ("disqualified", 940_000),
        "pc-1-c": ("withdrawn", None),
        "pc-1-d": ("invited", None),
        "pc-2-a": ("valid", 890_000),
    }
    assert bid_of(made, "pc-1-b")["description"] == "初度入札　無効　記名がない"
    assert bid_of(made, "pc-2-a")["description"] == "再度入札　落札"
    assert [one["name"] for one in made["tender"]["tenderers"]] == ["A商会", "B商会"]
    assert made["tender"]["numberOfTenderers"] == 2
    assert made["awards"][0]["relatedBids"] == ["pc-2-a"]


def test_the_statistics_are_counted_attempt_by_attempt() -> None:
    figures = {line["id"]: (line["value"], line["notes"]) for line in released(a_round(rebid()))["bids"]["statistics"]}
    assert figures == {
        "pc-1-bids": (2, "初度入札"),
        "pc-1-validBids": (1, "初度入札"),
        "pc-1-lowestValidBidValue": (950_000, "初度入札"),
        "pc-2-bids": (1, "再度入札"),
        "pc-2-validBids": (1, "再度入札"),
        "pc-2-lowestValidBidValue": (890_000, "再度入札"),
    }


@pytest.mark.parametrize("disclosure", CeilingDisclosure)
def test_a_ceiling_stands_only_where_its_disclosure_allows_it(disclosure: CeilingDisclosure) -> None:
    rules = Rules(ceiling=SECRET, ceiling_disclosure=disclosure)
    value = published_of(a_round(a_lot((a_bid("a", 800_000),), rules=rules)))
    is_known = str(SECRET) in release_package([value], PUBLISHER, PATH).decode()
    assert is_known == (disclosure is not CeilingDisclosure.NEVER)


def test_one_secret_ceiling_keeps_the_sum_secret() -> None:
    open_lot = a_lot((a_bid("a", 800_000),))
    secret = replace(open_lot, id="x", rules=Rules(ceiling=SECRET, ceiling_disclosure=CeilingDisclosure.NEVER))
    tender = released(a_round(open_lot, secret))["tender"]
    assert "value" not in tender
    assert [lot.get("value", {}).get("amount") for lot in tender["lots"]] == [900_000, None]


def test_a_ceiling_that_is_told_after_the_award_is_not_told_without_one() -> None:
    lot = a_lot((a_bid("a", SECRET + 1),), rules=Rules(ceiling=SECRET, max_attempts=1))
    value = published_of(a_round(lot))
    assert str(SECRET) not in release_package([value], PUBLISHER, PATH).decode().replace(str(SECRET + 1), "")


def test_a_cancelled_lot_shows_neither_bids_nor_quantities_of_bodies() -> None:
    made = released(a_round(a_lot((a_bid("a", 800_000),), cancelled="仕様の見直しのため")))
    assert made["tender"]["status"] == "cancelled"
    assert made["tender"]["lots"][0]["description"] == "物品購入　取止め　仕様の見直しのため"
    assert [party["id"] for party in made["parties"]] == ["council"]
    assert {"bids", "awards", "contracts"} & set(made) == set()


def test_unit_prices_with_decimals_stay_exact() -> None:
    lot = a_lot(
        (priced("a", pc=Fraction(1234567, 100)),),
        rules=Rules(ceiling=900_000, price_decimals=2),
        demand=(a_demand(pc=3),),
    )
    text = release_package([published_of(a_round(lot))], PUBLISHER, PATH).decode()
    assert '"amount":12345.67' in text
    assert '"amount":37037.01' in text


def test_the_ocid_is_the_prefix_and_the_number_of_the_round() -> None:
    assert released(a_round(a_lot(), id="R8-2"))["ocid"] == "ocds-000000-R8-2"


def test_the_id_of_a_release_changes_with_its_content_and_only_then() -> None:
    one, same = r3_published(), r3_published()
    other = published_of(replace(r3_round(), note="訂正した"))
    assert release(one, PUBLISHER)["id"] == release(same, PUBLISHER)["id"] != release(other, PUBLISHER)["id"]


def test_a_negotiated_contract_stands_in_the_place_of_the_award() -> None:
    made = released(a_round(refused()))
    awards = [(one["id"], one["status"], one["value"]["amount"], one["suppliers"][0]["name"]) for one in made["awards"]]
    assert awards == [("pc-award", "cancelled", 800_000, "A商会"), ("pc-1-award", "active", 800_000, "B商会")]
    assert [(one["awardID"], one["value"]["amount"]) for one in made["contracts"]] == [("pc-1-award", 800_000)]
    assert "地方自治法施行令第167条の2第1項第9号" in made["awards"][1]["description"]
    assert "relatedBids" not in made["awards"][1]


def test_a_failed_tender_shows_with_whom_it_was_negotiated_and_within_which_ceiling() -> None:
    made = released(a_round(failed()))
    assert made["tender"]["lots"][0]["status"] == made["tender"]["status"] == "complete"
    assert made["tender"]["lots"][0]["value"]["amount"] == 900_000
    awards = [(one["suppliers"][0]["name"], one["value"]["amount"], one["date"][:10]) for one in made["awards"]]
    assert awards == [("A商会", 850_000, "2021-06-16"), ("新商会", 18_000, "2021-06-16")]
    contracts = [(one["buyer"]["id"], one["awardID"], one["value"]["amount"]) for one in made["contracts"]]
    assert contracts == [
        (f"JP-LGC-{NARA}", "pc-1-award", 680_000),
        (f"JP-LGC-{KATSURAGI}", "pc-1-award", 170_000),
        (f"JP-LGC-{NARA}", "pc-2-award", 18_000),
    ]
    new = next(party for party in made["parties"] if party["name"] == "新商会")
    assert new["roles"] == ["supplier"]


def test_a_contract_is_active_once_its_body_has_signed_and_cancelled_where_it_came_to_nothing() -> None:
    told = datetime(2021, 7, 2, 9, 0, tzinfo=JST)
    signed = {
        ("pc", NARA): Signed(date(2021, 7, 1), False, told),
        ("pc", KATSURAGI): Signed(None, True, PUBLISHED_AT),
    }
    made = written(replace(published_of(a_round(failed())), signed=signed))
    found = [(one["buyer"]["id"], one["status"], one.get("dateSigned")) for one in made["contracts"]]
    assert found == [
        (f"JP-LGC-{NARA}", "active", "2021-07-01T00:00:00+09:00"),
        (f"JP-LGC-{KATSURAGI}", "cancelled", None),
        (f"JP-LGC-{NARA}", "active", "2021-07-01T00:00:00+09:00"),
    ]
    assert made["date"] == "2021-07-02T09:00:00+09:00"


def test_times_are_those_of_japan() -> None:
    made = written(r3_published())
    found = [made["date"], made["awards"][0]["date"], made["bids"]["statistics"][0]["date"]]
    assert found == ["2021-06-18T09:00:00+09:00", "2021-06-14T00:00:00+09:00", "2021-06-11T10:00:00+09:00"]
    assert {str(datetime.fromisoformat(text).utcoffset()) for text in found} == {"9:00:00"}


def test_a_record_leads_to_its_release_and_says_what_stands_now() -> None:
    package = json.loads(record_package([r3_published()], PUBLISHER, "/published/records.json"))
    address = "https://kyodo.example.lg.jp/published/R3-1/release.json"
    assert package["packages"] == [address]
    record = package["records"][0]
    assert record["releases"][0]["url"] == address
    assert record["compiledRelease"]["tag"] == ["compiled"]
    assert record["compiledRelease"]["tender"] == written(r3_published())["tender"]


def test_a_package_names_its_publisher_and_licence() -> None:
    package = json.loads(release_package([r3_published()], PUBLISHER, PATH))
    assert package["uri"] == "https://kyodo.example.lg.jp/published/R3-1/release.json"
    assert package["publisher"] == {"name": "見本協議会", "uri": "https://kyodo.example.lg.jp"}
    assert package["license"] == "https://licence.example/by"
    assert package["publicationPolicy"] == "https://kyodo.example.lg.jp/open-data"
    unnamed = json.loads(release_package([r3_published()], replace(PUBLISHER, licence=""), PATH))
    assert "license" not in unnamed


def test_sample_data_stays_recognisable() -> None:
    assert released(r3_round(), sample=True)["tender"]["title"] == "【見本】令和３年度 共同調達"
