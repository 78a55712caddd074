"""What a page says after a redirect: fixed texts, which the address names by a code (?done=saved).

Only codes travel, so nobody can make the service say something by sending a link.
"""

from enum import Enum


class Done(Enum):
    """The name is the code in the address, the value the text on the page."""

    signed_out = "ログアウトしました。"
    saved = "保存しました。"
    draft_saved = "下書きを保存しました。"
    added = "追加しました。"
    changed = "修正しました。"
    removed = "削除しました。"
    imported = "取り込みました。"
    copied = "過去の案件を写して、新しい案件を作成しました。"
    question_asked = "質問を送りました。"
    answer_published = "質問と回答を公表しました。"
    survey_opened = "需要登録を開始しました。"
    survey_closed = "需要登録を締め切りました。"
    survey_reopened = "需要登録を再開しました。"
    bidding_announced = "入札を公告しました。"
    bids_opened = "開札を開始しました。"
    lot_cancelled = "ロットを取止めにしました。"
    demand_submitted = "需要を登録しました。"
    answers_accepted = "選んだ回答を受理しました。"
    answer_accepted = "回答を受理しました。"
    answer_returned = "回答を差し戻しました。"
    deadline_extended = "登録期限を延長しました。"
    demand_corrected = "数量を訂正しました。"
    approval_requested = "承認を依頼しました。"
    bids_recorded = "入札を記録しました。"
    draw_recorded = "くじの結果を記録しました。"
    award_confirmed = "落札者を決定しました。"
    results_published = "結果を公表しました。"
    mail_waiting = "もう一度送るメールに加えました。まもなく送信します。"
    account_disabled = "利用者の利用を停止しました。"
    approver_set = "承認者に指定しました。"
    approver_unset = "承認者の指定を外しました。"
    account_enabled = "利用者の停止を解除しました。"
    password_set = "パスワードを変更しました。"  # noqa: S105


def text_of(code: str) -> str | None:
    known = Done.__members__.get(code)
    return known.value if known else None
