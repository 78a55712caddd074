"""What is to be done next on a round, in one sentence, with the way there."""

from collections.abc import Callable

from procure.rounds.stages import Stage
from procure.values.era import wareki_time
from procure.web.opening_steps import after_publication, in_opening
from procure.web.standing import NextStep, Standing


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


_BY_STAGE: dict[Stage, Callable[[Standing], NextStep | None]] = {
    Stage.PREPARING: _preparing,
    Stage.SURVEYING: _surveying,
    Stage.SPECIFIED: _specified,
    Stage.BIDDING: _bidding,
    Stage.OPENING: in_opening,
    Stage.PUBLISHED: after_publication,
}
