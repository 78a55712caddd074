"""What of a round may be published."""

from procure.reports.report import LotReport
from procure.settlement.round import CeilingDisclosure, Lot, Rules
from tests.builders import a_bid, a_lot
from tests.reports.reported import lot_report

CANARY = 987_654_321


def with_ceiling(disclosure: CeilingDisclosure, *bids: int, **changes: object) -> Lot:
    rules = Rules(ceiling=CANARY, ceiling_disclosure=disclosure, max_attempts=1)
    attempts = [tuple(a_bid(bidder, total) for bidder, total in zip("abc", bids, strict=False))] if bids else []
    return a_lot(*attempts, rules=rules, **changes)


def shown(lot: LotReport) -> tuple[object, object, object]:
    return lot.ceiling, lot.ceiling_with_tax, lot.ceiling_ratio_percent


def test_the_secretariat_sees_the_ceiling() -> None:
    assert lot_report(with_ceiling(CeilingDisclosure.NEVER, 500_000)).ceiling == CANARY


def test_a_ceiling_that_is_never_disclosed_is_not_published_nor_the_ratio_that_gives_it_away() -> None:
    lot = lot_report(with_ceiling(CeilingDisclosure.NEVER, 500_000), for_public=True)
    assert shown(lot) == (None, None, None)
    assert str(CANARY) not in repr(lot)
    assert f"{CANARY:,}" not in repr(lot)


def test_a_ceiling_disclosed_afterwards_is_published_with_the_award() -> None:
    lot = lot_report(with_ceiling(CeilingDisclosure.AFTER, 500_000), for_public=True)
    assert (lot.ceiling, lot.ceiling_with_tax) == (CANARY, 1_086_419_754)
    assert lot.ceiling_ratio_percent is not None


def test_a_ceiling_disclosed_afterwards_stays_secret_while_it_may_still_bind_a_contract() -> None:
    unsuccessful = with_ceiling(CeilingDisclosure.AFTER, CANARY + 1)
    assert shown(lot_report(unsuccessful, for_public=True)) == (None, None, None)
    assert shown(lot_report(with_ceiling(CeilingDisclosure.AFTER), for_public=True)) == (None, None, None)


def test_a_ceiling_disclosed_before_the_tender_is_published_at_any_time() -> None:
    assert lot_report(with_ceiling(CeilingDisclosure.BEFORE), for_public=True).ceiling == CANARY


def test_an_open_tender_shows_neither_bids_nor_what_anybody_asks_for() -> None:
    rebid = a_lot((a_bid("a", 990_000),))
    cancelled = a_lot((a_bid("a", 500_000),), cancelled="仕様の誤り")
    for lot in (rebid, cancelled, a_lot()):
        public = lot_report(lot, for_public=True)
        assert (public.attempts, public.municipalities, public.explanation) == ((), (), ())


def test_a_tender_that_failed_shows_its_bids() -> None:
    lot = lot_report(with_ceiling(CeilingDisclosure.AFTER, CANARY + 1), for_public=True)
    assert lot.outcome_label == "不落"
    assert len(lot.attempts[0].bids) == 1
