"""The decision of a lot in sentences, each with the article of law that it rests on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from procure.settlement import bids
from procure.settlement.award import BREAKDOWN_MISSING, NO_ENTRIES
from procure.settlement.labels import DRAW_METHOD, attempt_label, reason_label
from procure.settlement.result import Award, BidStatus, Draw, JudgedAttempt, JudgedBid, LotResult, Outcome
from procure.settlement.round import CeilingDisclosure, Lot
from procure.values.money import Yen, format_decimal

LOWEST_WITHIN_CEILING = "地方自治法第234条第3項"
CONDITIONS_OF_BIDDING = "地方自治法施行令第167条の6第2項"
REBID = "地方自治法施行令第167条の8第4項"
LOTTERY = "地方自治法施行令第167条の9"
MINIMUM = "地方自治法施行令第167条の10第2項"
NEGOTIATED_AFTER_FAILURE = "地方自治法施行令第167条の2第1項第8号"

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


@dataclass(frozen=True, slots=True)
class Sentence:
    """`law` is the article that the sentence rests on; None where it states a fact."""

    text: str
    law: str | None = None

    def __str__(self) -> str:
        return self.text if self.law is None else f"{self.text.removesuffix('。')}（{self.law}）。"


def explain(lot: Lot, result: LotResult) -> tuple[Sentence, ...]:
    """Who was excluded and why, who is lowest, the lottery, and the outcome.

    The ceiling is named only where the bidders may know it: before opening (事前公表) or after the award (事後公表);
    never where it is 非公表.
    """
    names = {bidder.id: bidder.name for bidder in lot.bidders}
    sentences: list[Sentence] = []
    for attempt in result.attempts:
        sentences += _opened(attempt, names)
    sentences += _ceiling(lot, result)
    sentences += _lowest(lot, result, names)
    if result.draw:
        sentences += _drawn(result.draw, lot, names)
    sentences += _OUTCOMES[result.outcome](result, names)
    return tuple(sentences)


def _opened(attempt: JudgedAttempt, names: Mapping[str, str]) -> Iterator[Sentence]:
    entered = sum(bid.total is not None for bid in attempt.bids)
    yield Sentence(f"{attempt_label(attempt.number)}では{entered}者が入札しました。")
    for bid in attempt.bids:
        if bid.status not in _LOWEST:
            yield _excluded(bid, names[bid.bidder])


def _excluded(bid: JudgedBid, name: str) -> Sentence:
    if (bid.status, bid.reason) in _EXCLUDED:
        said, law = _EXCLUDED[bid.status, bid.reason]
        return Sentence(f"{name}{said}", law)
    return Sentence(f"{name}の入札は無効です。理由：{bid.reason}。", CONDITIONS_OF_BIDDING)


def may_name_ceiling(lot: Lot, outcome: Outcome) -> bool:
    """Whether the ceiling may be told: always (事前公表), once the lot is awarded (事後公表), or never (非公表)."""
    disclosure = lot.rules.ceiling_disclosure
    if lot.rules.ceiling is None or disclosure is CeilingDisclosure.NEVER:
        return False
    return disclosure is CeilingDisclosure.BEFORE or outcome is Outcome.AWARDED


def _ceiling(lot: Lot, result: LotResult) -> Iterator[Sentence]:
    ceiling = lot.rules.ceiling
    if ceiling is not None and may_name_ceiling(lot, result.outcome):
        yield Sentence(f"入札書比較価格（予定価格の税抜額）は{_yen(ceiling)}円です。")
        if result.award and result.award.ceiling_ratio_percent is not None:
            yield Sentence(f"落札率は{result.award.ceiling_ratio_percent}％です。")


def _lowest(lot: Lot, result: LotResult, names: Mapping[str, str]) -> Iterator[Sentence]:
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
    yield Sentence(f"{among}のうち最低の金額は、{who}の{_yen(lowest)}円（税抜）です。", LOWEST_WITHIN_CEILING)


def _drawn(draw: Draw, lot: Lot, names: Mapping[str, str]) -> Iterator[Sentence]:
    tied = "、".join(names[bidder] for bidder in draw.tied)
    yield Sentence(f"{tied}の{len(draw.tied)}者が同額のため、くじで落札者を決めました。", LOTTERY)
    if draw.numbers is not None:
        yield Sentence(_numbers(draw, draw.numbers, names))
    elif lot.draw and (recorded := _recorded(lot.draw.drawn_by, lot.draw.witness)):
        yield Sentence(recorded)


def _numbers(draw: Draw, numbers: Mapping[str, int], names: Mapping[str, str]) -> str:
    each = "、".join(f"{place}番 {names[bidder]}（{numbers[bidder]}）" for place, bidder in enumerate(draw.tied))
    return (
        f"{DRAW_METHOD[draw.method]}：受付順に{each}。"
        f"かっこ内の合計{draw.sum}を{len(draw.tied)}で割った余りは{draw.remainder}で、{names[draw.winner]}が当選しました。"
    )


def _recorded(drawn_by: str | None, witness: str | None) -> str:
    parts = [f"くじを引いた者：{drawn_by}。" if drawn_by else "", f"立会人：{witness}。" if witness else ""]
    return "".join(parts)


def _yen(amount: Yen) -> str:
    whole, point, rest = format_decimal(amount).partition(".")
    return f"{int(whole):,}{point}{rest}"


def _pending(_: LotResult, __: Mapping[str, str]) -> Iterator[Sentence]:
    yield Sentence("開札前です。")


def _cancelled(result: LotResult, _: Mapping[str, str]) -> Iterator[Sentence]:
    yield Sentence(f"入札を取り止めました。理由：{result.reason}。")


def _awarded(result: LotResult, names: Mapping[str, str]) -> Iterator[Sentence]:
    award: Award | None = result.award
    if award is not None:
        yield Sentence(
            f"{names[award.bidder]}に決定しました。"
            f"落札金額は{_yen(award.total)}円（税抜）、契約金額は{award.total_with_tax:,}円（税込）です。",
            LOWEST_WITHIN_CEILING,
        )
    if result.reason == BREAKDOWN_MISSING:
        yield Sentence("内訳書がないため、単価と市町村ごとの金額は決まっていません。")


def _draw_required(_: LotResult, __: Mapping[str, str]) -> Iterator[Sentence]:
    yield Sentence("同額の入札があり、くじで落札者を決める必要があります。くじの結果は未登録です。", LOTTERY)


def _rebid(_: LotResult, __: Mapping[str, str]) -> Iterator[Sentence]:
    yield Sentence("予定価格の制限の範囲内の入札がないため、再度の入札を行います。", REBID)


def _failed(result: LotResult, _: Mapping[str, str]) -> Iterator[Sentence]:
    reason = reason_label(result.reason or NO_ENTRIES)
    word = "不調" if result.outcome is Outcome.NO_BIDS else "不落"
    yield Sentence(f"{word}です。理由：{reason}。")
    if result.outcome is Outcome.NO_BIDS or len(result.attempts) > 1:
        yield Sentence("予定価格その他の条件を変えずに、随意契約によることができます。", NEGOTIATED_AFTER_FAILURE)


_OUTCOMES: dict[Outcome, Callable[[LotResult, Mapping[str, str]], Iterator[Sentence]]] = {
    Outcome.PENDING: _pending,
    Outcome.CANCELLED: _cancelled,
    Outcome.AWARDED: _awarded,
    Outcome.DRAW_REQUIRED: _draw_required,
    Outcome.REBID: _rebid,
    Outcome.NO_BIDS: _failed,
    Outcome.NO_AWARD: _failed,
}


def explain_draw(lot: Lot, draw: Draw) -> tuple[Sentence, ...]:
    """Who drew lots, and how they fell: enough to recompute an electronic lottery."""
    return tuple(_drawn(draw, lot, {bidder.id: bidder.name for bidder in lot.bidders}))
