"""The first tables: bodies, accounts, rounds, demand, bids, decisions, history."""

import sqlalchemy as sa
from alembic import op

from procure.database import Amount, BigInt, Day, Flag, Instant, append_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("kana", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("is_member", Flag(), nullable=False),
        sa.Column("needs_approval", Flag(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=True),
        sa.CheckConstraint("length(code) BETWEEN 6 AND 6", name=op.f("ck_body_code_length")),
        sa.CheckConstraint("length(display_name) BETWEEN 1 AND 120", name=op.f("ck_body_display_name_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 100", name=op.f("ck_body_name_length")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_body")),
        sqlite_strict=True,
    )
    op.create_table(
        "round",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("fiscal_year", BigInt, nullable=False),
        sa.Column("bid_date", Day(), nullable=False),
        sa.Column("council", sa.Text(), nullable=False),
        sa.Column("is_sample", Flag(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("survey_deadline", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("surveyed_at", Instant(), nullable=True),
        sa.Column("specified_at", Instant(), nullable=True),
        sa.Column("announced_at", Instant(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("version", BigInt, nullable=False),
        sa.CheckConstraint(
            "stage <> 'published' OR confirmed_at IS NOT NULL", name=op.f("ck_round_published_is_confirmed")
        ),
        sa.CheckConstraint(
            "stage <> 'surveying' OR survey_deadline IS NOT NULL", name=op.f("ck_round_survey_has_deadline")
        ),
        sa.CheckConstraint(
            "stage IN ('preparing', 'surveying', 'specified', 'bidding', 'opening', 'published')",
            name=op.f("ck_round_stage_known"),
        ),
        sa.CheckConstraint("fiscal_year BETWEEN 1900 AND 2999", name=op.f("ck_round_fiscal_year_range")),
        sa.CheckConstraint("length(council) BETWEEN 1 AND 1000", name=op.f("ck_round_council_length")),
        sa.CheckConstraint("length(ref) BETWEEN 1 AND 64", name=op.f("ck_round_ref_length")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 1000", name=op.f("ck_round_title_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("ref", name=op.f("uq_round_ref")),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("login_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("length(login_hash) BETWEEN 64 AND 64", name=op.f("ck_sign_in_failure_login_hash_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sign_in_failure_address"), "sign_in_failure", ["address"], unique=False)
    op.create_index(op.f("ix_sign_in_failure_at"), "sign_in_failure", ["at"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("body_code", sa.Text(), nullable=True),
        sa.Column("is_approver", Flag(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(role = 'municipality') = (body_code IS NOT NULL)", name=op.f("ck_account_body_of_municipality")
        ),
        sa.CheckConstraint("role IN ('secretariat', 'municipality', 'auditor')", name=op.f("ck_account_role_known")),
        sa.CheckConstraint("length(login) BETWEEN 1 AND 64", name=op.f("ck_account_login_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 100", name=op.f("ck_account_name_length")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_account_body_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sqlite_strict=True,
    )
    op.create_table(
        "attachment",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", BigInt, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_attachment_name_length")),
        sa.CheckConstraint("size BETWEEN 1 AND 20000000", name=op.f("ck_attachment_size_range")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_attachment_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_attachment_round_id"), "attachment", ["round_id"], unique=False)
    op.create_table(
        "confirmation",
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("decision_number", sa.Text(), nullable=False),
        sa.Column("decision_date", Day(), nullable=False),
        sa.Column("round_file", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(decision_number) BETWEEN 1 AND 100", name=op.f("ck_confirmation_decision_number_length")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_confirmation_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_confirmation")),
        sqlite_strict=True,
    )
    op.create_table(
        "demand_extension",
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("deadline", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", Instant(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 1000", name=op.f("ck_demand_extension_reason_length")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_demand_extension_body_code")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_demand_extension_round_id")),
        sa.PrimaryKeyConstraint("round_id", "body_code", name=op.f("pk_demand_extension")),
        sqlite_strict=True,
    )
    op.create_table(
        "demand_freeze",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_demand_freeze_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_freeze")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_demand_freeze_round_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "demand_submission",
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("receipt_number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("submitted_at", Instant(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("judged_at", Instant(), nullable=True),
        sa.Column("judged_by", sa.Text(), nullable=True),
        sa.Column("version", BigInt, nullable=False),
        sa.CheckConstraint(
            "(state = 'returned') = (reason IS NOT NULL)", name=op.f("ck_demand_submission_returned_with_reason")
        ),
        sa.CheckConstraint(
            "state IN ('submitted', 'returned', 'accepted')", name=op.f("ck_demand_submission_state_known")
        ),
        sa.CheckConstraint(
            "length(receipt_number) BETWEEN 1 AND 100", name=op.f("ck_demand_submission_receipt_number_length")
        ),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_demand_submission_body_code")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_demand_submission_round_id")),
        sa.PrimaryKeyConstraint("round_id", "body_code", name=op.f("pk_demand_submission")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_demand_submission_receipt_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "lot",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("contract_kind", sa.Text(), nullable=False),
        sa.Column("tax_rate", sa.Text(), nullable=False),
        sa.Column("ceiling", Amount(), nullable=True),
        sa.Column("minimum", Amount(), nullable=True),
        sa.Column("ceiling_disclosure", sa.Text(), nullable=False),
        sa.Column("max_attempts", BigInt, nullable=False),
        sa.Column("rebid_must_be_lower", Flag(), nullable=False),
        sa.Column("price_decimals", BigInt, nullable=False),
        sa.Column("draw", sa.Text(), nullable=False),
        sa.Column("either_acquisition", Flag(), nullable=False),
        sa.Column("cancelled", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ceiling_disclosure IN ('after', 'before', 'never')", name=op.f("ck_lot_ceiling_disclosure_known")
        ),
        sa.CheckConstraint("contract_kind IN ('purchase', 'lease', 'works')", name=op.f("ck_lot_contract_kind_known")),
        sa.CheckConstraint("draw IN ('paper', 'core_epoch_seconds', 'kuji_only')", name=op.f("ck_lot_draw_known")),
        sa.CheckConstraint("minimum IS NULL OR contract_kind = 'works'", name=op.f("ck_lot_minimum_for_works_only")),
        sa.CheckConstraint("ceiling > 0", name=op.f("ck_lot_ceiling_positive")),
        sa.CheckConstraint("length(ref) BETWEEN 1 AND 64", name=op.f("ck_lot_ref_length")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 1000", name=op.f("ck_lot_title_length")),
        sa.CheckConstraint("max_attempts BETWEEN 1 AND 3", name=op.f("ck_lot_max_attempts_range")),
        sa.CheckConstraint("price_decimals BETWEEN 0 AND 2", name=op.f("ck_lot_price_decimals_range")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_lot_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("round_id", "position", name="uq_lot_position"),
        sa.UniqueConstraint("round_id", "ref", name=op.f("uq_lot_round_id_ref")),
        sqlite_strict=True,
    )
    op.create_table(
        "mail",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("posted_at", Instant(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=True),
        sa.Column("useless_after", Instant(), nullable=True),
        sa.Column("tries", BigInt, nullable=False),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mail_sent_with_time")),
        sa.CheckConstraint(
            "kind IN ('opening', 'reminder', 'overdue', 'returned', 'reopened', 'extended', 'answers', 'results')",
            name=op.f("ck_mail_kind_known"),
        ),
        sa.CheckConstraint("state <> 'waiting' OR next_try_at IS NOT NULL", name=op.f("ck_mail_waiting_until")),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name=op.f("ck_mail_state_known")),
        sa.CheckConstraint("length(address) BETWEEN 1 AND 254", name=op.f("ck_mail_address_length")),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 300", name=op.f("ck_mail_key_length")),
        sa.CheckConstraint("length(subject) BETWEEN 1 AND 300", name=op.f("ck_mail_subject_length")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_mail_body_code")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_mail_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mail_round_id"), "mail", ["round_id"], unique=False)
    op.create_index(op.f("ix_mail_state"), "mail", ["state"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.CheckConstraint("length(answer) BETWEEN 1 AND 4000", name=op.f("ck_question_answer_length")),
        sa.CheckConstraint("length(question) BETWEEN 1 AND 2000", name=op.f("ck_question_question_length")),
        sa.CheckConstraint(
            "published_at IS NULL OR answer IS NOT NULL", name=op.f("ck_question_published_with_answer")
        ),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_question_body_code")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_question_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_question_round_id"), "question", ["round_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 3", name=op.f("ck_attempt_number_range")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_attempt_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("lot_id", "number", name=op.f("uq_attempt_lot_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "bidder",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 1000", name=op.f("ck_bidder_name_length")),
        sa.CheckConstraint("length(ref) BETWEEN 1 AND 64", name=op.f("ck_bidder_ref_length")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bidder_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bidder")),
        sa.UniqueConstraint("lot_id", "position", name="uq_bidder_position"),
        sa.UniqueConstraint("lot_id", "ref", name=op.f("uq_bidder_lot_id_ref")),
        sqlite_strict=True,
    )
    op.create_table(
        "demand_answer",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("participates", Flag(), nullable=False),
        sa.Column("acquisition", sa.Text(), nullable=True),
        sa.Column("delivery_month", sa.Text(), nullable=True),
        sa.Column("delivery_places", sa.Text(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("budget_with_tax", Amount(), nullable=True),
        sa.CheckConstraint("acquisition IN ('purchase', 'lease')", name=op.f("ck_demand_answer_acquisition_known")),
        sa.CheckConstraint("budget_with_tax >= 0", name=op.f("ck_demand_answer_budget_not_negative")),
        sa.CheckConstraint(
            "length(delivery_month) BETWEEN 7 AND 7", name=op.f("ck_demand_answer_delivery_month_length")
        ),
        sa.CheckConstraint(
            "length(delivery_places) BETWEEN 0 AND 2000", name=op.f("ck_demand_answer_delivery_places_length")
        ),
        sa.CheckConstraint("length(remarks) BETWEEN 0 AND 2000", name=op.f("ck_demand_answer_remarks_length")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_demand_answer_body_code")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_demand_answer_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "body_code", name=op.f("pk_demand_answer")),
        sqlite_strict=True,
    )
    op.create_table(
        "demand_draft",
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_by_account", BigInt, nullable=True),
        sa.Column("requested_at", Instant(), nullable=True),
        sa.Column("version", BigInt, nullable=False),
        sa.CheckConstraint("way IN ('grid', 'excel', 'secretariat', 'file')", name=op.f("ck_demand_draft_way_known")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_demand_draft_body_code")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_demand_draft_round_id")),
        sa.ForeignKeyConstraint(["saved_by_account"], ["account.id"], name=op.f("fk_demand_draft_saved_by_account")),
        sa.PrimaryKeyConstraint("round_id", "body_code", name=op.f("pk_demand_draft")),
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("account_id", BigInt, nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("round_ref", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.CheckConstraint("length(action) BETWEEN 1 AND 64", name=op.f("ck_event_action_length")),
        sa.CheckConstraint("length(actor) BETWEEN 1 AND 200", name=op.f("ck_event_actor_length")),
        sa.CheckConstraint("length(subject) BETWEEN 0 AND 500", name=op.f("ck_event_subject_length")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_event_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_event_round_ref"), "event", ["round_ref"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("list_price", Amount(), nullable=True),
        sa.Column("list_price_source", sa.Text(), nullable=True),
        sa.Column("list_price_checked_by", sa.Text(), nullable=True),
        sa.Column("list_price_checked_at", Instant(), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 1000", name=op.f("ck_item_name_length")),
        sa.CheckConstraint("length(ref) BETWEEN 1 AND 64", name=op.f("ck_item_ref_length")),
        sa.CheckConstraint("length(specification) BETWEEN 0 AND 10000", name=op.f("ck_item_specification_length")),
        sa.CheckConstraint("length(unit) BETWEEN 1 AND 100", name=op.f("ck_item_unit_length")),
        sa.CheckConstraint("list_price > 0", name=op.f("ck_item_list_price_positive")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_item_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("lot_id", "position", name="uq_item_position"),
        sa.UniqueConstraint("lot_id", "ref", name=op.f("uq_item_lot_id_ref")),
        sqlite_strict=True,
    )
    op.create_table(
        "sheet_upload",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("account_id", BigInt, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("seen_version", BigInt, nullable=False),
        sa.Column("is_stale", Flag(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("length(file_name) BETWEEN 1 AND 200", name=op.f("ck_sheet_upload_file_name_length")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sheet_upload_account_id")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_sheet_upload_body_code")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_sheet_upload_round_id")),
        sa.PrimaryKeyConstraint("batch", "body_code", name=op.f("pk_sheet_upload")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sheet_upload_round_id"), "sheet_upload", ["round_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("account_id", BigInt, nullable=False),
        sa.Column("csrf_token", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.CheckConstraint("length(csrf_token) BETWEEN 32 AND 64", name=op.f("ck_sign_in_csrf_token_length")),
        sa.CheckConstraint("length(token_hash) BETWEEN 64 AND 64", name=op.f("ck_sign_in_token_hash_length")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.create_table(
        "bid",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("attempt_id", BigInt, nullable=False),
        sa.Column("bidder_id", BigInt, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("total", Amount(), nullable=True),
        sa.Column("received_at", Instant(), nullable=True),
        sa.Column("draw_number", BigInt, nullable=True),
        sa.Column("void", sa.Text(), nullable=True),
        sa.CheckConstraint("entry IN ('bid', 'declined', 'absent')", name=op.f("ck_bid_entry_known")),
        sa.CheckConstraint("draw_number BETWEEN 0 AND 999", name=op.f("ck_bid_draw_number_range")),
        sa.CheckConstraint("total > 0", name=op.f("ck_bid_total_positive")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_bid_attempt_id")),
        sa.ForeignKeyConstraint(["bidder_id"], ["bidder.id"], name=op.f("fk_bid_bidder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid")),
        sa.UniqueConstraint("attempt_id", "bidder_id", name=op.f("uq_bid_attempt_id_bidder_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "demand",
        sa.Column("item_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("spares", BigInt, nullable=False),
        sa.Column("last_unit_price", Amount(), nullable=True),
        sa.CheckConstraint("last_unit_price > 0", name=op.f("ck_demand_last_unit_price_positive")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99999999", name=op.f("ck_demand_quantity_range")),
        sa.CheckConstraint("spares BETWEEN 0 AND quantity", name=op.f("ck_demand_spares_within_quantity")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_demand_body_code")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_demand_item_id")),
        sa.PrimaryKeyConstraint("item_id", "body_code", name=op.f("pk_demand")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_demand_body_code"), "demand", ["body_code"], unique=False)
    op.create_table(
        "demand_change",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("item_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("quantity_before", BigInt, nullable=False),
        sa.Column("quantity_after", BigInt, nullable=False),
        sa.Column("spares_before", BigInt, nullable=False),
        sa.Column("spares_after", BigInt, nullable=False),
        sa.CheckConstraint("way IN ('grid', 'excel', 'secretariat', 'file')", name=op.f("ck_demand_change_way_known")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_demand_change_body_code")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_demand_change_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_change")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_demand_change_item_id"), "demand_change", ["item_id"], unique=False)
    op.create_table(
        "paper_draw",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("bidder_id", BigInt, nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=True),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bidder_id"], ["bidder.id"], name=op.f("fk_paper_draw_bidder_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_paper_draw_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_paper_draw")),
        sqlite_strict=True,
    )
    op.create_table(
        "unit_price",
        sa.Column("bid_id", BigInt, nullable=False),
        sa.Column("item_id", BigInt, nullable=False),
        sa.Column("price", Amount(), nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("ck_unit_price_price_not_negative")),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_unit_price_bid_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_unit_price_item_id")),
        sa.PrimaryKeyConstraint("bid_id", "item_id", name=op.f("pk_unit_price")),
        sqlite_strict=True,
    )
    for statement in append_only(op.get_bind().dialect.name, "demand_change", "demand_freeze", "event"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("unit_price")
    op.drop_table("paper_draw")
    op.drop_table("demand_change")
    op.drop_table("demand")
    op.drop_table("bid")
    op.drop_table("sign_in")
    op.drop_table("sheet_upload")
    op.drop_table("item")
    op.drop_table("event")
    op.drop_table("demand_draft")
    op.drop_table("demand_answer")
    op.drop_table("bidder")
    op.drop_table("attempt")
    op.drop_table("question")
    op.drop_table("mail")
    op.drop_table("lot")
    op.drop_table("demand_submission")
    op.drop_table("demand_freeze")
    op.drop_table("demand_extension")
    op.drop_table("confirmation")
    op.drop_table("attachment")
    op.drop_table("account")
    op.drop_table("sign_in_failure")
    op.drop_table("round")
    op.drop_table("body")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
