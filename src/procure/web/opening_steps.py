"""What is to be done next from the opening to the publication, and after it."""

from procure.awards.tables import ProposalRow
from procure.bids.after_tables import CorrectionRow, NegotiationRow
from procure.bids.rules import next_entry
from procure.bids.tables import AttemptRow
from procure.rounds.stages import Stage
from procure.settlement.labels import OUTCOME
from procure.settlement.negotiation import may_follow_failure
from procure.settlement.result import LotResult, Outcome
from procure.settlement.round import DrawMethod, Lot
from procure.web.standing import NextStep, Standing

WAYS = "ways"  # the section of the round page that lists, lot by lot, what the law allows


def in_opening(at: Standing) -> NextStep:
    waiting = (_of_lot(at, lot, result) for lot, result in at.lots)
    if (step := next((one for one in waiting if one is not None), None)) is not None:
        return step
    return _publication(at) if at.is_confirmed else _decision(at)


def is_proposable(at: Standing) -> bool:
    """Whether the decision may be proposed now, and is not yet, or is no longer."""
    if at.row.stage is not Stage.OPENING or at.is_confirmed or any(at.obstacle(*one) for one in at.lots):
        return False
    return at.proposal is None or at.is_outdated


def after_publication(at: Standing) -> NextStep | None:
    """Nothing, unless a negotiated contract waits for its second person."""
    return next((_negotiation(at, lot, found) for lot, found in _negotiations(at)), None)


def _of_lot(at: Standing, lot: Lot, result: LotResult) -> NextStep | None:
    """What keeps the lot from the decision, in the order in which it is done."""
    match at.obstacle(lot, result):
        case AttemptRow() as attempt:
            return _check(at, lot, attempt)
        case CorrectionRow() as correction:
            return _correction(at, lot, correction)
        case NegotiationRow() as negotiation:
            return _negotiation(at, lot, negotiation)
        case None:
            return None
        case outcome:
            return _entry(at, lot, outcome)


def _negotiations(at: Standing) -> list[tuple[Lot, NegotiationRow]]:
    """Those that wait for a second person."""
    waiting = at.waiting.negotiations
    return [(lot, waiting[lot.id]) for lot in at.round.lots if lot.id in waiting]


def _check(at: Standing, lot: Lot, attempt: AttemptRow) -> NextStep:
    """施行令167条の8第3項: what was recorded stands once a second person has compared it with the papers."""
    path = f"{at.path}/lots/{lot.id}/attempts/{attempt.number}"
    if at.is_own(attempt.recorder):
        lead = "記録した人と別の人が、入札書と照合します。一致するまで、判定もくじも次の回も進みません。"
        return NextStep(f"{lot.title}：第{attempt.number}回の照合を待っています", lead, path, "記録を見る")
    lead = f"{attempt.recorded_by}が記録した内容を、別の人が入札書と照合します。"
    return NextStep(f"{lot.title}：第{attempt.number}回の入札を照合します", lead, f"{path}/check", "書面と照合する")


def _correction(at: Standing, lot: Lot, waiting: CorrectionRow) -> NextStep:
    path = f"{at.path}/lots/{lot.id}/attempts/{waiting.number}/correct"
    lead = f"{waiting.proposed_by}が申請した訂正を、別の人が書面と見比べて承認または却下します。"
    return NextStep(f"{lot.title}：訂正の承認を待っています", lead, path, "訂正を見る")


def _negotiation(at: Standing, lot: Lot, waiting: NegotiationRow) -> NextStep:
    path = f"{at.path}/lots/{lot.id}/negotiation"
    lead = f"{waiting.proposed_by}が申請した随意契約を、別の人が見積書と決裁の書面に照らして承認します。"
    if at.is_confirmed and at.row.stage is Stage.OPENING:
        lead += "入札の結果の公表は、この承認を待たずに行えます。"
    return NextStep(f"{lot.title}：随意契約の承認を待っています", lead, path, "申請を見る")


# ---- the decision ------------------------------------------------------------------------------------


def _decision(at: Standing) -> NextStep:
    """決裁: proposed by one person, confirmed by another."""
    path = f"{at.path}/confirm"
    if at.proposal is not None and at.is_outdated:
        lead = (
            "申請の後に入札の記録が変わったため、その申請では確定できません。内容を確認し、もう一度申請してください。"
        )
        return NextStep("落札者の決定を、もう一度申請します", lead, path, "確認画面へ進む")
    if at.proposal is not None:
        return _confirmation(at, at.proposal, path)
    if at.failed:
        return _after_failure(at)
    lead = "内容を確認し、決裁番号を付けて申請します。申請の後、別の人が金額を照合して確定します。"
    return NextStep("落札者の決定を申請します", lead, path, "確認画面へ進む")


def _confirmation(at: Standing, proposal: ProposalRow, path: str) -> NextStep:
    if at.is_own(proposal.proposer):
        lead = "申請した人は確定できません。事務局の別の人が、金額を照合して確定します。"
        return NextStep("落札者の決定の確定を待っています", lead, path, "申請の内容を見る")
    lead = f"{proposal.proposed_by}が申請しました。決裁の書面の金額を入力して確定すると、記録は変更できません。"
    return NextStep("落札者を確定します", lead, path, "確認画面へ進む")


def _after_failure(at: Standing) -> NextStep:
    """Before the decision is proposed the way of every failed lot is chosen: some end with the decision."""
    lots = "".join(_ways_of(lot, result) for lot, result in at.failed)
    lead = f"{lots}取止めは、決定の確定の前に限ります。再度公告入札は、確定の後に案件を作成します。"
    is_all = not any(result.award or result.negotiation for _, result in at.lots)
    text = (
        "落札者のないロットの手続を選びます" if is_all else "落札者のないロットの手続を選び、落札者の決定を申請します"
    )
    return NextStep(text, lead, f"{at.path}#{WAYS}", "手続を選ぶ")


def _ways_of(lot: Lot, result: LotResult) -> str:
    eighth = "随意契約（地方自治法施行令第167条の2第1項第8号）、" if may_follow_failure(result) else ""
    return f"「{lot.title}」は{OUTCOME[result.outcome]}です。{eighth}再度公告入札、取止めのいずれかによります。"


def _publication(at: Standing) -> NextStep:
    lead = "公表すると、落札結果がだれにでも閲覧できるようになり、市町村は自分の結果通知を受け取れます。"
    if at.failed:
        titles = "、".join(lot.title for lot, _ in at.failed)
        lead += f"落札者のないロット（{titles}）の手続は、公表の前にも後にも進められます。"
    return NextStep("結果を公表します", lead, f"{at.path}/publish", "確認画面へ進む")


# ---- what a lot lacks --------------------------------------------------------------------------------


def _entry(at: Standing, lot: Lot, outcome: Outcome) -> NextStep:
    path = f"{at.path}/lots/{lot.id}"
    if outcome is Outcome.DRAW_REQUIRED and lot.rules.draw is not DrawMethod.PAPER:
        number = len(lot.attempts)
        lead = (
            "同額の入札があります。電子くじに必要なくじ番号と受付日時を、同額の入札者ごとに訂正として補ってください。"
        )
        return NextStep(f"{lot.title}：電子くじで決めます", lead, f"{path}/attempts/{number}/correct", "訂正を申請する")
    if outcome is Outcome.DRAW_REQUIRED:
        lead = "同額の入札があるため、くじで落札者を決めます（地方自治法施行令第167条の9）。"
        return NextStep(f"{lot.title}：くじの結果を記録します", lead, f"{path}/draw", "くじを記録する")
    if outcome is Outcome.REVIEW_REQUIRED:
        lead = "事後審査です。落札候補者の入札参加資格を審査し、適合すれば落札者に決定できます。"
        return NextStep(f"{lot.title}：落札候補者の審査を記録します", lead, f"{path}/review", "審査を記録する")
    entry = next_entry(lot)
    number = entry.number if entry else 1
    lead = "入札書と内訳書を見ながら、全員の入札・辞退・不参を記録します。"
    if number > 1:
        lead = "予定価格の範囲内の入札がなかったため、再度入札を行います（地方自治法施行令第167条の8第4項）。" + lead
    text = f"{lot.title}：第{number}回の入札を記録します"
    return NextStep(text, lead, f"{path}/attempts/{number}", "入札を記録する")
