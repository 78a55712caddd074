"""What stands around the bids in sentences: the opening, corrections, what follows a failure, negotiated contracts."""

from collections.abc import Iterator

from procure.settlement.labels import NEGOTIATION_GROUND, WITNESS_KIND, attempt_label
from procure.settlement.result import LotResult, NegotiationResult, Outcome
from procure.settlement.round import (
    Attempt,
    Lot,
    Negotiation,
    NegotiationGround,
    Opening,
    TenderMethod,
    WitnessKind,
)
from procure.settlement.sentences import (
    DESIGNATION,
    NEGOTIATED_AFTER_FAILURE,
    NOTICE,
    OPENING,
    Names,
    Sentence,
    names_of,
    yen,
)
from procure.values.era import wareki

_AGAIN = {
    TenderMethod.OPEN: Sentence("予定価格や仕様を見直し、あらためて公告して入札に付することができます。", NOTICE),
    TenderMethod.DESIGNATED: Sentence(
        "予定価格や仕様を見直し、あらためて入札者を指名して入札に付することができます。", DESIGNATION
    ),
}


def explain_opening(opening: Opening) -> tuple[Sentence, ...]:
    """Where the bids were opened, by whom, and who was witness."""
    return tuple(_opening(opening))


def _opening(opening: Opening) -> Iterator[Sentence]:
    yield Sentence(f"開札場所：{opening.place}。入札執行者：{opening.officer}。記録者：{opening.recorder}。")
    if not opening.witnesses:
        return
    who = "、".join(
        f"{one.name}（{one.affiliation}、{WITNESS_KIND[one.kind]}）"
        if one.affiliation
        else f"{one.name}（{WITNESS_KIND[one.kind]}）"
        for one in opening.witnesses
    )
    yield Sentence(f"立会人：{who}。", OPENING)
    if all(one.kind is WitnessKind.OFFICIAL for one in opening.witnesses):
        yield Sentence("入札者の立会いがないため、入札事務に関係のない職員が立ち会いました。", OPENING)


def corrections(attempt: Attempt, names: Names) -> Iterator[Sentence]:
    """What was mended in the record: the bid on paper stays as it was handed in (施行令167条の8第3項)."""
    for one in attempt.corrections:
        yield Sentence(
            f"{attempt_label(attempt.number)}の{names[one.bidder]}の記録を、入札書のとおりに訂正しました。"
            f"理由：{one.reason}。"
        )


def after_failure(lot: Lot, result: LotResult) -> Iterator[Sentence]:
    """What the law allows after 不調 or 不落, or which of it was done.

    8号 asks that nobody bid, or that bidding again came to no award; the terms stay those of the tender (同条2項).
    """
    if result.negotiation is not None:
        return
    if result.outcome is Outcome.NO_BIDS or len(result.attempts) > 1:
        yield Sentence("予定価格その他の条件を変えずに、随意契約によることができます。", NEGOTIATED_AFTER_FAILURE)
    yield _AGAIN[lot.tender_method]


def negotiated(lot: Lot, result: LotResult) -> Iterator[Sentence]:
    if lot.negotiation is not None and result.negotiation is not None:
        yield _negotiated(lot, lot.negotiation, result.negotiation)
        if len(result.negotiation.contracts) > 1:
            yield Sentence(_contractors(lot, result.negotiation))


def _negotiated(lot: Lot, agreed: Negotiation, settled: NegotiationResult) -> Sentence:
    names = names_of(lot)
    who = "、".join(names.get(part.contractor, part.contractor) for part in settled.contracts)
    cause = "落札者が契約を締結しないため、" if agreed.ground is NegotiationGround.NOT_SIGNED else ""
    return Sentence(
        f"{cause}{wareki(agreed.agreed_on)}、{who}との随意契約によることとしました。理由：{agreed.reason}。"
        f"契約金額は{yen(settled.total)}円（税抜）、{settled.total_with_tax:,}円（税込）です。",
        NEGOTIATION_GROUND[agreed.ground],
    )


def _contractors(lot: Lot, settled: NegotiationResult) -> str:
    names, items = names_of(lot), {item.id: item.name for item in lot.items}
    each = "、".join(
        f"{names.get(part.contractor, part.contractor)}は{'・'.join(items[item.id] for item in part.items)}で"
        f"{yen(part.total)}円（税抜）"
        for part in settled.contracts
    )
    return f"品目ごとに分けて契約します：{each}。"
