"""The table of 調達ポータル, the 落札公告 of GIF, and what is common to CSV."""

import csv
import io
import json
import re

import pytest

from procure.documents.opendata.csv_text import Encoding, csv_bytes, harmless, lost_in_cp932
from procure.documents.opendata.gif import notices
from procure.documents.opendata.portal import COLUMNS, awards_csv
from procure.settlement.round import CeilingDisclosure, NegotiationGround, Rules, TenderMethod
from tests.builders import a_bid, a_lot, a_round
from tests.documents.opendata.published import NUMBER, PUBLISHER, negotiated_after, published_of, r3_published

# DS-451-8, 3.4 落札公告, in its order.
GIF_FIELDS = (
    "Procedure_type Category CFT_issue_date Official Contract_folder_ID Organization_name Organization_type "
    "Lg_code CFT_ID CFT_sub_ID Revised_type Revised_sub_type Revised_CFT_ID Item_code Project_name "
    "Project_name_en Quantity Unit Procurement_method Contract_type Award_party JCN Award_party_name "
    "Award_party_address Award_price Award_discription Candidate_name Evaluation_type Estimate_price "
)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_portals_table_has_a_line_for_each_awarded_lot() -> None:
    assert read(awards_csv([r3_published()])) == [
        ["R3-1-pc", "パソコンの共同調達", "2021-06-14", "125008136.00", "", "8002010", "見本システム株式会社", ""],
        ["R3-1-printer", "プリンタの共同調達", "2021-06-14", "5374666.00", "", "8002010", "みほん事務機株式会社", ""],
    ]


def test_the_portals_table_is_written_as_there() -> None:
    content = awards_csv([r3_published()])
    assert content.startswith(b'\xef\xbb\xbf"R3-1-pc",')
    assert content.endswith(b'"\r\n')
    assert all(len(row) == len(COLUMNS) == 8 for row in read(content))


def test_the_price_is_the_awards_with_tax() -> None:
    value = r3_published()
    prices = [row[3] for row in read(awards_csv([value]))]
    assert prices == [f"{lot.award_with_tax}.00" for lot in value.report.awarded]


def test_a_designated_tender_and_a_corporate_number_have_their_columns() -> None:
    lot = a_lot((a_bid("a", 800_000),), tender_method=TenderMethod.DESIGNATED)
    assert read(awards_csv([published_of(a_round(lot), {"a": NUMBER})]))[0][5:] == ["8003010", "A商会", NUMBER]


def test_a_negotiated_contract_stands_in_the_place_of_the_award() -> None:
    lot = a_lot((a_bid("a", 800_000), a_bid("b", 850_000)))
    value = published_of(a_round(negotiated_after(lot, NegotiationGround.NOT_SIGNED, b={"pc": 79_000})))
    assert read(awards_csv([value])) == [
        ["R3-1-pc-1", "パソコンの共同調達", "2021-06-16", "869000.00", "", "8004020", "B商会", ""]
    ]
    (made,) = json.loads(notices([value], PUBLISHER))
    told = {
        name: made[name] for name in ("CFT_sub_ID", "Contract_type", "Award_party", "Award_price", "Evaluation_type")
    }
    assert list(told.values()) == ["pc-1", "随意契約", "B商会", 869_000, ""]
    assert made["Award_discription"] == "地方自治法施行令第167条の2第1項第9号　見積合わせの結果による。"


def test_a_lot_without_an_award_has_no_line() -> None:
    assert awards_csv([published_of(a_round(a_lot(cancelled="取り止める")))]) == b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+81",
        "-5",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹢1",
        "  =1",
        "　＝1",
        "\t1",
        "\r1",
        "\n1",
        "\ufeff=1",
    ],
)
def test_a_text_that_begins_like_a_formula_is_defused(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["株式会社見本", "A-1", "1=1", "−5", "", "'=1", "（株）見本"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_numbers_are_never_defused() -> None:
    assert csv_bytes([(-5, "-5", None)]) == b'\xef\xbb\xbf"-5","\'-5",""\r\n'


def test_cp932_carries_what_it_can_and_marks_the_rest() -> None:
    content = csv_bytes([("森鷗外", "葛\U000e0100城市", "〜−—")], Encoding.CP932)
    assert content.decode("cp932") == '"森〓外","葛城市","～－―"\r\n'


def test_what_cp932_cannot_carry_is_listed_once() -> None:
    assert lost_in_cp932(["鷗鷗", "𠮷田", "葛\U000e0100城市", "〜−—¥"]) == ("鷗", "𠮷")


def test_cp932_without_losses_says_the_same() -> None:
    utf8, cp932 = (awards_csv([r3_published()], encoding) for encoding in Encoding)
    assert cp932.decode("cp932") == utf8.decode("utf-8-sig")


def test_a_notice_has_every_field_of_the_model_in_its_order() -> None:
    made = json.loads(notices([r3_published()], PUBLISHER))
    assert [list(one) for one in made] == [GIF_FIELDS.split()] * 2


def test_a_notice_tells_the_award() -> None:
    lot = a_lot((a_bid("a", 800_000),))
    (made,) = json.loads(notices([published_of(a_round(lot), {"a": NUMBER})], PUBLISHER))
    told = {name: value for name, value in made.items() if value != ""}
    assert told == {
        "Procedure_type": "落札者等の公示",
        "Category": "物品役務",
        "CFT_issue_date": "2021-06-18",
        "Organization_name": "見本協議会",
        "Organization_type": "地方公共団体",
        "CFT_ID": "ocds-000000-R3-1",
        "CFT_sub_ID": "pc",
        "Project_name": "令和３年度 共同調達　パソコンの共同調達",
        "Quantity": 10,
        "Unit": "台",
        "Procurement_method": "購入等",
        "Contract_type": "一般競争入札",
        "Award_party": "A商会",
        "JCN": NUMBER,
        "Award_party_name": "A商会",
        "Award_price": 880_000,
        "Evaluation_type": "最低価格",
        "Estimate_price": 990_000,
    }


def test_a_notice_keeps_a_ceiling_that_is_never_told() -> None:
    rules = Rules(ceiling=987_654_321, ceiling_disclosure=CeilingDisclosure.NEVER)
    text = notices([published_of(a_round(a_lot((a_bid("a", 800_000),), rules=rules)))], PUBLISHER).decode()
    assert re.search(r"987654321|1086419753", text) is None
    assert json.loads(text)[0]["Estimate_price"] == ""


def test_a_designated_tender_names_who_was_designated() -> None:
    lot = a_lot((a_bid("a", 800_000),), tender_method=TenderMethod.DESIGNATED)
    (made,) = json.loads(notices([published_of(a_round(lot))], PUBLISHER))
    assert made["Contract_type"] == "指名競争入札"
    assert made["Candidate_name"] == "A商会、B商会、C商会、D商会"
