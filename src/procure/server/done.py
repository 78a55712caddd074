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
    retendered = "再度公告入札の案件を作成しました。予定価格を定め直してから公告してください。"
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
    ceiling_sealed = "予定価格を封印しました。開札まで、だれにも表示されません。"
    attempt_agreed = "照合しました。記録と書面は一致しています。"
    attempt_differs = "照合の結果、記録と書面に相違があります。相違のある記録を確かめてください。"
    correction_proposed = "訂正を申請しました。別の人が承認すると、訂正した内容で判定します。"
    correction_approved = "訂正を承認しました。"
    correction_rejected = "訂正を却下しました。"
    review_recorded = "審査の結果を記録しました。"
    negotiation_proposed = "随意契約を申請しました。別の人が承認してください。"
    negotiation_approved = "随意契約を承認しました。"
    negotiation_withdrawn = "随意契約の申請を取り下げました。"
    supplier_suspended = "指名停止を登録しました。"
    suspension_lifted = "指名停止を解除しました。"
    award_proposed = "落札者の決定を申請しました。別の人が金額を照合して確定してください。"
    award_proposal_withdrawn = "落札者の決定の申請を取り下げました。"
    award_confirmed = "落札者を決定しました。"
    results_published = "結果を公表しました。"
    documents_cancelled = "帳票の作成を中止しました。"
    contract_saved = "契約の内容を保存しました。"
    slip_recorded = "記録しました。"
    slip_reversed = "記録を取り消しました。"
    deadlines_set = "納入期限を保存しました。"
    mail_waiting = "もう一度送るメールに加えました。まもなく送信します。"
    account_disabled = "利用者の利用を停止しました。"
    approver_set = "承認者に指定しました。"
    approver_unset = "承認者の指定を外しました。"
    account_enabled = "利用者の停止を解除しました。"
    token_revoked = "トークンを失効させました。このトークンでは、もう接続できません。"  # noqa: S105
    password_set = "パスワードを変更しました。"  # noqa: S105


def text_of(code: str) -> str | None:
    known = Done.__members__.get(code)
    return known.value if known else None
