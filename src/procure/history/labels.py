"""What the actions in the history are called in Japanese: every action that is recorded has its line here."""

ACTIONS: dict[str, str] = {
    "demo_made": "見本データを作成",
    "signed_in": "サインイン",
    "signed_out": "サインアウト",
    "account_added": "利用者を登録",
    "account_disabled": "利用者を停止",
    "account_enabled": "利用者の停止を解除",
    "password_set": "パスワードを変更",
    "round_created": "案件を作成",
    "round_imported": "案件を取り込み",
    "round_changed": "案件を修正",
    "lot_added": "ロットを追加",
    "lot_changed": "ロットを修正",
    "lot_removed": "ロットを削除",
    "lot_cancelled": "ロットを取止め",
    "item_added": "品目を追加",
    "item_changed": "品目を修正",
    "item_removed": "品目を削除",
    "survey_opened": "需要登録を開始",
    "survey_reopened": "需要登録を再開",
    "survey_closed": "需要登録を締切",
    "bidding_announced": "入札を公告",
    "demand_submitted": "需要を登録",
    "demand_corrected": "需要を訂正",
    "bidders_registered": "入札者を登録",
    "bids_opened": "開札を開始",
    "attempt_recorded": "入札を記録",
    "attempt_corrected": "入札を訂正",
    "draw_recorded": "くじの結果を記録",
    "award_confirmed": "落札者を決定",
    "results_published": "結果を公表",
    "document_issued": "帳票を出力",
    "member_added": "団体を登録",
    "member_changed": "団体を修正",
}


def label(action: str) -> str:
    return ACTIONS[action]
