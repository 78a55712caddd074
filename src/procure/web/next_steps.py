"""What is to be done next on a round, in one sentence, with the way there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from procure.accounts.viewer import Viewer
from procure.awards.queries import confirmation_of, proposal_of
from procure.awards.tables import ProposalRow
from procure.bids.after_queries import waiting_corrections, waiting_negotiations
from procure.bids.after_tables import CorrectionRow, NegotiationRow
from procure.bids.queries import load_round, unchecked_attempts
from procure.bids.rules import is_final, next_entry
from procure.bids.tables import AttemptRow
from procure.ceilings.queries import sealed_lots
from procure.demand.queries import submissions_of
from procure.history.record import is_same_person
from procure.parties.queries import members
from procure.rounds.queries import lots_of
from procure.rounds.stages import Stage
from procure.rounds.tables import RoundRow
from procure.settlement.result import Outcome, Result
from procure.settlement.round import DrawMethod, Lot, Round
from procure.settlement.settle import settle
from procure.values.era import wareki_time


@dataclass(frozen=True, slots=True)
class NextStep:
    """`href` is a page of this service, `label` the words on its button."""

    text: str
    lead: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """What waits for a second person, by lot but for the decision itself; `viewer` is who is told of it."""

    unchecked: Mapping[str, AttemptRow]
    corrections: Mapping[str, CorrectionRow]
    negotiations: Mapping[str, NegotiationRow]
    proposal: ProposalRow | None
    viewer: Viewer | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides what comes next on a round."""

    row: RoundRow
    round: Round
    result: Result
    members: int
    answers: int
    is_confirmed: bool
    now: datetime
    second: SecondPerson
    sealed: frozenset[str]

    @property
    def without_ceiling(self) -> str:
        """A sentence on the lots whose ceiling nobody has set yet; "" where every lot has one."""
        lots = (lot for lot in self.round.lots if lot.cancelled is None and lot.rules.ceiling is None)
        missing = "、".join(lot.title for lot in lots if lot.id not in self.sealed)
        return f"予定価格がまだ定められていないロットがあります：{missing}。" if missing else ""

    @property
    def path(self) -> str:
        return f"/rounds/{self.row.ref}"


def standing_of(session: Session, row: RoundRow, now: datetime, viewer: Viewer | None = None) -> Standing:
    """`viewer` is the person who is told what comes next: whoever recorded an attempt does not check it."""
    value = load_round(session, row)
    return Standing(
        row=row,
        round=value,
        result=settle(value),
        members=len(members(session)),
        answers=len(submissions_of(session, row.id)),
        is_confirmed=confirmation_of(session, row) is not None,
        now=now,
        second=second_person_of(session, row, viewer),
        sealed=sealed_refs(session, row),
    )


def sealed_refs(session: Session, row: RoundRow) -> frozenset[str]:
    """The lots whose ceiling somebody has sealed."""
    sealed = sealed_lots(session, row.id)
    return frozenset(lot.ref for lot in lots_of(session, row.id) if lot.id in sealed)


def second_person_of(session: Session, row: RoundRow, viewer: Viewer | None) -> SecondPerson:
    return SecondPerson(
        unchecked_attempts(session, row.id),
        waiting_corrections(session, row.id),
        waiting_negotiations(session, row.id),
        proposal_of(session, row),
        viewer,
    )


def next_step(at: Standing) -> NextStep | None:
    """None where nothing is left to do."""
    return _BY_STAGE[at.row.stage](at)


def _preparing(at: Standing) -> NextStep:
    if not all(lot.items for lot in at.round.lots) or not at.round.lots:
        lead = "品目の規格、単位、定価を登録すると、市町村に需要を尋ねられます。"
        return NextStep("ロットと品目を登録します", lead, f"{at.path}/lots/new", "ロットを登録する")
    lead = "登録期限を決めると、市町村の画面に調査が表示されます。始めた後は、品目を増やしたり変えたりできません。"
    return NextStep("需要登録を始めます", lead, f"{at.path}/survey/open", "需要登録を始める")


def _surveying(at: Standing) -> NextStep:
    deadline = at.row.survey_deadline
    answered = f"{at.members}団体のうち{at.answers}団体が回答しました。"
    if deadline is not None and at.now < deadline:
        lead = f"{answered}登録期限は{wareki_time(deadline)}です。"
        return NextStep("市町村の回答を待っています", lead, f"{at.path}/survey", "回答の状況を見る")
    lead = f"登録期限を過ぎました。{answered}締め切ると、この数量で入札を行います。"
    return NextStep("需要登録を締め切り、仕様を確定します", lead, f"{at.path}/survey/close", "確認画面へ進む")


def _specified(at: Standing) -> NextStep:
    lots = [lot for lot in at.round.lots if lot.cancelled is None]
    without = [lot.title for lot in lots if not lot.bidders]
    missing = f"入札者がまだ登録されていません：{'、'.join(without)}" if without else ""
    if without and len(without) == len(lots):
        return NextStep("入札者を登録します", missing, f"{at.path}/bidders", "入札者を登録する")
    lead = "公告すると、税率、入札書比較価格、くじの方法など、入札の条件は変更できなくなります。"
    if missing:
        lead += f"{missing}。公告の後も登録できます。"
    return NextStep("入札を公告します", lead + at.without_ceiling, f"{at.path}/announce", "確認画面へ進む")


def _bidding(at: Standing) -> NextStep:
    lead = "開札を始めると、ロットごとに入札書の金額と内訳を記録できます。"
    return NextStep("開札を始めます", lead + at.without_ceiling, f"{at.path}/open", "開札の画面へ進む")


def _opening(at: Standing) -> NextStep:
    for lot, result in zip(at.round.lots, at.result.lots, strict=True):
        if lot.cancelled is None and lot.id in at.second.unchecked:
            return _check(at, lot, at.second.unchecked[lot.id])
        if lot.cancelled is None and lot.id in at.second.corrections:
            return _correction(at, lot, at.second.corrections[lot.id])
        if lot.id in at.second.negotiations:
            return _negotiation(at, lot, at.second.negotiations[lot.id])
        if not is_final(result):
            return _entry(at, lot, result.outcome)
    if not at.is_confirmed:
        return _decision(at, at.second.proposal)
    lead = "公表すると、落札結果がだれにでも閲覧できるようになり、市町村は自分の結果通知を受け取れます。"
    return NextStep("結果を公表します", lead, f"{at.path}/publish", "確認画面へ進む")


def _check(at: Standing, lot: Lot, attempt: AttemptRow) -> NextStep:
    """施行令167条の8第3項: what was recorded stands once a second person has compared it with the papers."""
    path = f"{at.path}/lots/{lot.id}/attempts/{attempt.number}"
    if at.second.viewer and is_same_person(attempt.recorded_account, attempt.recorded_by, at.second.viewer):
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
    return NextStep(f"{lot.title}：随意契約の承認を待っています", lead, path, "申請を見る")


def _decision(at: Standing, proposal: ProposalRow | None) -> NextStep:
    """決裁: proposed by one person, confirmed by another."""
    path = f"{at.path}/confirm"
    if proposal is None:
        lead = "内容を確認し、決裁番号を付けて申請します。申請の後、別の人が金額を照合して確定します。"
        return NextStep("落札者の決定を申請します", lead, path, "確認画面へ進む")
    if at.second.viewer and is_same_person(proposal.proposed_account, proposal.proposed_by, at.second.viewer):
        lead = "申請した人は確定できません。事務局の別の人が、金額を照合して確定します。"
        return NextStep("落札者の決定の確定を待っています", lead, path, "申請の内容を見る")
    lead = f"{proposal.proposed_by}が申請しました。決裁の書面の金額を入力して確定すると、記録は変更できません。"
    return NextStep("落札者を確定します", lead, path, "確認画面へ進む")


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


def _published(at: Standing) -> NextStep | None:
    """Nothing, unless a negotiated contract waits for its second person."""
    waiting = (lot for lot in at.round.lots if lot.id in at.second.negotiations)
    return next((_negotiation(at, lot, at.second.negotiations[lot.id]) for lot in waiting), None)


_BY_STAGE: dict[Stage, Callable[[Standing], NextStep | None]] = {
    Stage.PREPARING: _preparing,
    Stage.SURVEYING: _surveying,
    Stage.SPECIFIED: _specified,
    Stage.BIDDING: _bidding,
    Stage.OPENING: _opening,
    Stage.PUBLISHED: _published,
}
