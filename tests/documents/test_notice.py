"""結果通知: what one body is told."""

import pytest

from procure.documents.notice import addressee, notice_pdf, notice_sheet
from procure.errors import NotFound
from procure.reports.report import Participant
from tests.builders import NARA, YAMATOTAKADA, a_bid, a_demand, a_lot, a_round, declined
from tests.documents.papers import LETTERHEAD, MADE_AT, pages, unbroken
from tests.reports.reported import r3_report, report_of


@pytest.mark.parametrize(
    ("name", "kind", "written"),
    [
        ("奈良市", "市", "奈良市長　様"),
        ("十津川村", "村", "十津川村長　様"),
        ("奈良県", "県", "奈良県知事　様"),
        ("見本広域連合", "広域連合", "見本広域連合　御中"),
    ],
)
def test_the_head_of_a_body_is_addressed(name: str, kind: str, written: str) -> None:
    assert addressee(Participant("290000", name, name, kind, frozenset())) == written


def test_who_takes_no_part_gets_no_notice() -> None:
    with pytest.raises(NotFound):
        notice_sheet(r3_report(), NARA, LETTERHEAD, MADE_AT)


def test_a_notice_shows_nothing_of_other_bodies_and_of_other_bidders() -> None:
    lot = a_lot((a_bid("a", 500_000), a_bid("b", 600_000)), demand=(a_demand(NARA, pc=4), a_demand(YAMATOTAKADA, pc=6)))
    said = unbroken(notice_pdf(report_of(a_round(lot)), NARA, LETTERHEAD, MADE_AT))
    assert "金220,000円" in said
    assert "大和高田市" not in said
    assert "B商会" not in said
    assert "600,000" not in said


def test_a_notice_names_the_days_it_was_given_and_invents_none() -> None:
    given = unbroken(notice_pdf(r3_report(), "292117", LETTERHEAD, MADE_AT))
    assert "令和３年７月16日（金）までに契約書の写しを事務局に提出してください。" in given
    assert "○" not in given


def test_a_lot_without_award_is_told_to_those_who_joined_it() -> None:
    lot = a_lot((declined("a"),))
    said = pages(notice_pdf(report_of(a_round(lot)), NARA, LETTERHEAD, MADE_AT))
    assert len(said) == 1
    assert "不調" in said[0]
    assert "別紙" not in said[0]


def test_more_lots_than_a_letter_holds_are_told_in_the_annex() -> None:
    lots = [a_lot((a_bid("a", 500_000),), id=f"lot-{number}", title=f"件名{number}") for number in range(3)]
    letter, *annex = pages(notice_pdf(report_of(a_round(*lots)), NARA, LETTERHEAD, MADE_AT))
    assert letter.count("別紙のとおり") == 1
    assert "550,000" not in letter
    assert "\n".join(annex).count("550,000") == 3
