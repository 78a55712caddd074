"""The decision of a lot in sentences, each with the article of law that it rests on."""

from collections.abc import Callable, Iterator

from procure.settlement import bids
from procure.settlement.award import BREAKDOWN_MISSING, NO_ENTRIES, REVIEW_FAILED
from procure.settlement.explain_lottery import explain_draw
from procure.settlement.explain_record import after_failure, corrections, explain_opening, negotiated
from procure.settlement.labels import attempt_label, reason_label
from procure.settlement.result import BidStatus, JudgedAttempt, JudgedBid, LotResult, Outcome
from procure.settlement.round import CeilingDisclosure, Lot, Review
from procure.settlement.sentences import (
    CONDITIONS_OF_BIDDING,
    LOTTERY,
    LOWEST_WITHIN_CEILING,
    MINIMUM,
    REBID,
    Names,
    Sentence,
    names_of,
    yen,
)

__all__ = ["Sentence", "explain", "explain_draw", "explain_opening", "may_name_ceiling"]

_EXCLUDED: dict[tuple[BidStatus, str | None], tuple[str, str | None]] = {
    (BidStatus.DECLINED, None): ("は入札を辞退しました。", None),
    (BidStatus.ABSENT, None): ("は入札に参加しませんでした。", None),
    (BidStatus.VOID, bids.NOT_A_PARTICIPANT): ("の入札は、前回の入札が有効でなかったため無効です。", REBID),
    (BidStatus.VOID, bids.NOT_LOWER): ("の入札は、前回の最低入札金額を下回らないため無効です。", CONDITIONS_OF_BIDDING),
    (BidStatus.DISQUALIFIED, bids.BELOW_MINIMUM): ("の入札は、最低制限価格を下回るため失格です。", MINIMUM),
    (BidStatus.DISQUALIFIED, bids.OVER_CEILING): (
        "の入札は、事前に公表した予定価格を超えるため失格です。",
        LOWEST_WITHIN_CEILING,
    ),
    (BidStatus.OVER_CEILING, None): ("の入札は、予定価格を超えるため落札できません。", LOWEST_WITHIN_CEILING),
}
_LOWEST = {BidStatus.ELIGIBLE, BidStatus.AWARDED, BidStatus.LOST_DRAW}


def explain(lot: Lot, result: LotResult, *, is_confirmed: bool = True) -> tuple[Sentence, ...]:
    """Who was excluded and why, who is lowest, the lottery, the review, the outcome, and what follows it.

    Before the decision is confirmed, the one who would win is a 落札候補者. The ceiling is named only where the bidders
    may know it: before opening (事前公表) or after the award (事後公表); never where it is 非公表.
    """
    names = names_of(lot)
    sentences: list[Sentence] = []
    for attempt in result.attempts:
        sentences += _opened(attempt, names)
    for recorded in lot.attempts:
        sentences += corrections(recorded, names)
    sentences += _ceiling(lot, result)
    sentences += _reviewed(lot, result, names)
    sentences += _lowest(lot, result, names)
    if result.draw:
        sentences += explain_draw(lot, result.draw, is_confirmed=is_confirmed)
    sentences += _OUTCOMES[result.outcome](lot, result, is_confirmed)
    sentences += negotiated(lot, result)
    return tuple(sentences)


def _opened(attempt: JudgedAttempt, names: Names) -> Iterator[Sentence]:
    entered = sum(bid.total is not None for bid in attempt.bids)
    yield Sentence(f"{attempt_label(attempt.number)}では{entered}者が入札しました。")
    for bid in attempt.bids:
        if bid.status not in _LOWEST and bid.reason != REVIEW_FAILED:
            yield _excluded(bid, names[bid.bidder])


def _excluded(bid: JudgedBid, name: str) -> Sentence:
    if (bid.status, bid.reason) in _EXCLUDED:
        said, law = _EXCLUDED[bid.status, bid.reason]
        return Sentence(f"{name}{said}", law)
    return Sentence(f"{name}の入札は無効です。理由：{bid.reason}。", CONDITIONS_OF_BIDDING)


def may_name_ceiling(lot: Lot, result: LotResult) -> bool:
    """Whether the ceiling may be told: always (事前公表), never (非公表), or once it has served (事後公表).

    It has served when the lot is awarded, or contracted by 随意契約 within it (施行令167条の2第2項).
    """
    disclosure = lot.rules.ceiling_disclosure
    if lot.rules.ceiling is None or disclosure is CeilingDisclosure.NEVER:
        return False
    if disclosure is CeilingDisclosure.BEFORE:
        return True
    return result.outcome is Outcome.AWARDED or result.negotiation is not None


def _ceiling(lot: Lot, result: LotResult) -> Iterator[Sentence]:
    ceiling = lot.rules.ceiling
    if ceiling is not None and may_name_ceiling(lot, result):
        yield Sentence(f"入札書比較価格（予定価格の税抜額）は{yen(ceiling)}円です。")
        if result.award and result.award.ceiling_ratio_percent is not None:
            yield Sentence(f"落札率は{result.award.ceiling_ratio_percent}％です。")


def _lowest(lot: Lot, result: LotResult, names: Names) -> Iterator[Sentence]:
    totals = {
        bid.bidder: bid.total
        for attempt in result.attempts
        for bid in attempt.bids
        if bid.status in _LOWEST and bid.total is not None
    }
    if not totals:
        return
    lowest = min(totals.values())
    who = "、".join(names[bidder] for bidder, total in totals.items() if total == lowest)
    among = "有効な入札" if lot.rules.ceiling is None else "予定価格の制限の範囲内の入札"
    yield Sentence(f"{among}のうち最低の金額は、{who}の{yen(lowest)}円（税抜）です。", LOWEST_WITHIN_CEILING)


def _reviewed(lot: Lot, result: LotResult, names: Names) -> Iterator[Sentence]:
    """Each candidate that failed the review, in the order of the candidates, with the lottery that had chosen it."""
    drawn = {draw.winner: draw for draw in result.draws_before}
    reasons = {review.bidder: review.reason for review in lot.reviews}
    failed = {bid.bidder: bid.total or 0 for one in result.attempts for bid in one.bids if bid.reason == REVIEW_FAILED}
    places = {bidder: place for place, bidder in enumerate(drawn)}
    # among equal totals all but the last remaining were drawn, and that one comes after them
    for bidder in sorted(failed, key=lambda bidder: (failed[bidder], places.get(bidder, len(places)))):
        if bidder in drawn:
            yield from explain_draw(lot, drawn[bidder])
        yield Sentence(
            f"落札候補者の{names[bidder]}（{yen(failed[bidder])}円）は、入札参加資格の審査に適合しないため失格です。"
            f"理由：{reasons[bidder]}。",
            CONDITIONS_OF_BIDDING,
        )


def _pending(_: Lot, __: LotResult, ___: bool) -> Iterator[Sentence]:
    yield Sentence("開札前です。")


def _cancelled(_: Lot, result: LotResult, __: bool) -> Iterator[Sentence]:
    yield Sentence(f"入札を取り止めました。理由：{result.reason}。")


def _awarded(lot: Lot, result: LotResult, is_confirmed: bool) -> Iterator[Sentence]:
    award = result.award
    if award is not None:
        name = names_of(lot)[award.bidder]
        if lot.rules.review is Review.AFTER:
            yield Sentence(f"{name}は、入札参加資格の審査に適合しました。")
        said = f"{name}に決定しました。" if is_confirmed else f"{name}が落札候補者です。決定すると、"
        yield Sentence(
            f"{said}落札金額は{yen(award.total)}円（税抜）、契約金額は{award.total_with_tax:,}円（税込）です。",
            LOWEST_WITHIN_CEILING,
        )
    if result.reason == BREAKDOWN_MISSING:
        yield Sentence("内訳書がないため、単価と市町村ごとの金額は決まっていません。")


def _draw_required(_: Lot, __: LotResult, ___: bool) -> Iterator[Sentence]:
    yield Sentence("同額の入札があり、くじで落札者を決める必要があります。くじの結果は未登録です。", LOTTERY)


def _review_required(lot: Lot, result: LotResult, _: bool) -> Iterator[Sentence]:
    if result.candidate is not None:
        yield Sentence(
            f"{names_of(lot)[result.candidate]}が落札候補者です。入札参加資格を審査し、適合すれば落札者に決定します。",
            LOWEST_WITHIN_CEILING,
        )


def _rebid(_: Lot, __: LotResult, ___: bool) -> Iterator[Sentence]:
    yield Sentence("予定価格の制限の範囲内の入札がないため、再度の入札を行います。", REBID)


def _failed(lot: Lot, result: LotResult, _: bool) -> Iterator[Sentence]:
    reason = reason_label(result.reason or NO_ENTRIES)
    word = "不調" if result.outcome is Outcome.NO_BIDS else "不落"
    yield Sentence(f"{word}です。理由：{reason}。")
    yield from after_failure(lot, result)


_OUTCOMES: dict[Outcome, Callable[[Lot, LotResult, bool], Iterator[Sentence]]] = {
    Outcome.PENDING: _pending,
    Outcome.CANCELLED: _cancelled,
    Outcome.AWARDED: _awarded,
    Outcome.DRAW_REQUIRED: _draw_required,
    Outcome.REVIEW_REQUIRED: _review_required,
    Outcome.REBID: _rebid,
    Outcome.NO_BIDS: _failed,
    Outcome.NO_AWARD: _failed,
}
