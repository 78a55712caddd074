"""Sealed ceilings, the opening with its witnesses, double entry, corrections, reviews, negotiated contracts."""

import sqlalchemy as sa
from alembic import op

from procure.database import Amount, BigInt, Day, Flag, Instant, append_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DRAWS = "'paper', 'core_epoch_seconds', 'kuji_only'"
MORE_DRAWS = f"{DRAWS}, 'random_added', 'milliseconds', 'milliseconds_cut', 'wakayama'"
ADMISSIONS = "'registered', 'designated', 'applied', 'qualified', 'unqualified'"
# Written out, because both databases add a column with its constraint only in this form.
COLUMNS = (
    "round ADD COLUMN follows TEXT",
    "paper_draw ADD COLUMN drawers TEXT",
    "round ADD COLUMN imported_at {instant}",
    "round ADD COLUMN imported_by TEXT",
    "lot ADD COLUMN ceiling_with_tax {int}"
    " CONSTRAINT ck_lot_ceiling_with_tax_not_below CHECK (ceiling_with_tax >= ceiling)",
    "lot ADD COLUMN tender_method TEXT DEFAULT 'open' NOT NULL"
    " CONSTRAINT ck_lot_tender_method_known CHECK (tender_method IN ('open', 'designated'))",
    "lot ADD COLUMN review TEXT DEFAULT 'before' NOT NULL"
    " CONSTRAINT ck_lot_review_known CHECK (review IN ('before', 'after'))",
    "lot ADD COLUMN void_grounds TEXT DEFAULT '' NOT NULL",
    "bidder ADD COLUMN supplier_id {int} CONSTRAINT fk_bidder_supplier_id REFERENCES supplier (id)",
    "bidder ADD COLUMN admission TEXT DEFAULT 'registered' NOT NULL"
    f" CONSTRAINT ck_bidder_admission_known CHECK (admission IN ({ADMISSIONS}))",
    "bidder ADD COLUMN admission_reason TEXT CONSTRAINT ck_bidder_unqualified_with_reason"
    " CHECK (admission <> 'unqualified' OR admission_reason IS NOT NULL)",
    "attempt ADD COLUMN recorded_account {int}",
    "attempt ADD COLUMN checked_at {instant}",
    "attempt ADD COLUMN checked_by TEXT",
    "bid ADD COLUMN added_number {int} CONSTRAINT ck_bid_added_number_range CHECK (added_number BETWEEN 0 AND 999)",
    "confirmation ADD COLUMN proposed_by TEXT",
)


def upgrade() -> None:
    op.create_table(
        "supplier",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("corporate_number", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("representative", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.CheckConstraint("length(address) BETWEEN 0 AND 200", name=op.f("ck_supplier_address_length")),
        sa.CheckConstraint(
            "length(corporate_number) BETWEEN 13 AND 13", name=op.f("ck_supplier_corporate_number_length")
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_supplier_name_length")),
        sa.CheckConstraint("length(representative) BETWEEN 0 AND 100", name=op.f("ck_supplier_representative_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("corporate_number", name=op.f("uq_supplier_corporate_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "confirmation_proposal",
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("decision_number", sa.Text(), nullable=False),
        sa.Column("decision_date", Day(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_account", BigInt, nullable=True),
        sa.CheckConstraint(
            "length(decision_number) BETWEEN 1 AND 100", name=op.f("ck_confirmation_proposal_decision_number_length")
        ),
        sa.CheckConstraint("length(sha256) BETWEEN 64 AND 64", name=op.f("ck_confirmation_proposal_sha256_length")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_confirmation_proposal_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_confirmation_proposal")),
        sqlite_strict=True,
    )
    op.create_table(
        "opening",
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("recorder", sa.Text(), nullable=False),
        sa.CheckConstraint("length(officer) BETWEEN 1 AND 100", name=op.f("ck_opening_officer_length")),
        sa.CheckConstraint("length(place) BETWEEN 1 AND 200", name=op.f("ck_opening_place_length")),
        sa.CheckConstraint("length(recorder) BETWEEN 1 AND 100", name=op.f("ck_opening_recorder_length")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_opening_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_opening")),
        sqlite_strict=True,
    )
    op.create_table(
        "suspension",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("supplier_id", BigInt, nullable=False),
        sa.Column("first_day", Day(), nullable=False),
        sa.Column("last_day", Day(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_suspension_days_in_order")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 1000", name=op.f("ck_suspension_reason_length")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_suspension_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_suspension_supplier_id"), "suspension", ["supplier_id"], unique=False)
    op.create_table(
        "witness",
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("affiliation", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('bidder', 'official')", name=op.f("ck_witness_kind_known")),
        sa.CheckConstraint("length(affiliation) BETWEEN 0 AND 200", name=op.f("ck_witness_affiliation_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 100", name=op.f("ck_witness_name_length")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_witness_round_id")),
        sa.PrimaryKeyConstraint("round_id", "position", name=op.f("pk_witness")),
        sqlite_strict=True,
    )
    op.create_table(
        "attempt_check",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.CheckConstraint("way IN ('typed', 'compared')", name=op.f("ck_attempt_check_way_known")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_attempt_check_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_check")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_attempt_check_lot_id"), "attempt_check", ["lot_id"], unique=False)
    op.create_table(
        "negotiation",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agreed_on", Day(), nullable=False),
        sa.Column("decision_number", sa.Text(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_account", BigInt, nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.CheckConstraint("ground IN ('8', '9')", name=op.f("ck_negotiation_ground_known")),
        sa.CheckConstraint(
            "length(decision_number) BETWEEN 1 AND 100", name=op.f("ck_negotiation_decision_number_length")
        ),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 1000", name=op.f("ck_negotiation_reason_length")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_negotiation_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_negotiation")),
        sqlite_strict=True,
    )
    op.create_table(
        "opened_ceiling",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.CheckConstraint("length(nonce) BETWEEN 64 AND 64", name=op.f("ck_opened_ceiling_nonce_length")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_opened_ceiling_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_opened_ceiling")),
        sqlite_strict=True,
    )
    op.create_table(
        "sealed_ceiling",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("tax_rate", sa.Text(), nullable=False),
        sa.Column("quantities", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("length(commitment) BETWEEN 64 AND 64", name=op.f("ck_sealed_ceiling_commitment_length")),
        sa.CheckConstraint("length(key_name) BETWEEN 8 AND 8", name=op.f("ck_sealed_ceiling_key_name_length")),
        sa.CheckConstraint("number = 1 OR reason IS NOT NULL", name=op.f("ck_sealed_ceiling_set_anew_with_reason")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_sealed_ceiling_number_positive")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_sealed_ceiling_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_ceiling")),
        sa.UniqueConstraint("lot_id", "number", name=op.f("uq_sealed_ceiling_lot_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "bid_correction",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("bidder_id", BigInt, nullable=False),
        sa.Column("bid", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_account", BigInt, nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("rejected_at", Instant(), nullable=True),
        sa.Column("rejected_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "approved_at IS NULL OR rejected_at IS NULL", name=op.f("ck_bid_correction_approved_or_rejected")
        ),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 1000", name=op.f("ck_bid_correction_reason_length")),
        sa.ForeignKeyConstraint(["bidder_id"], ["bidder.id"], name=op.f("fk_bid_correction_bidder_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bid_correction_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_correction")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bid_correction_lot_id"), "bid_correction", ["lot_id"], unique=False)
    op.create_table(
        "earlier_draw",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("bidder_id", BigInt, nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=True),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("drawers", sa.Text(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bidder_id"], ["bidder.id"], name=op.f("fk_earlier_draw_bidder_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_earlier_draw_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "position", name=op.f("pk_earlier_draw")),
        sqlite_strict=True,
    )
    op.create_table(
        "negotiated_contract",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("contractor", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(contractor) BETWEEN 1 AND 200", name=op.f("ck_negotiated_contract_contractor_length")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["negotiation.lot_id"], name=op.f("fk_negotiated_contract_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "position", name=op.f("pk_negotiated_contract")),
        sqlite_strict=True,
    )
    op.create_table(
        "negotiation_evidence",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("approved_at", Instant(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("decision_number", sa.Text(), nullable=False),
        sa.Column("round_file", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(decision_number) BETWEEN 1 AND 100", name=op.f("ck_negotiation_evidence_decision_number_length")
        ),
        sa.CheckConstraint("length(sha256) BETWEEN 64 AND 64", name=op.f("ck_negotiation_evidence_sha256_length")),
        sa.ForeignKeyConstraint(["lot_id"], ["negotiation.lot_id"], name=op.f("fk_negotiation_evidence_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_negotiation_evidence")),
        sqlite_strict=True,
    )
    op.create_table(
        "negotiated_price",
        sa.Column("item_id", BigInt, nullable=False),
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("price", Amount(), nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("ck_negotiated_price_price_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_negotiated_price_item_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["negotiation.lot_id"], name=op.f("fk_negotiated_price_lot_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_negotiated_price")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_negotiated_price_lot_id"), "negotiated_price", ["lot_id"], unique=False)
    op.create_table(
        "qualification_review",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("bidder_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("passed", Flag(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reviewed_on", Day(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bidder_id"], ["bidder.id"], name=op.f("fk_qualification_review_bidder_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_qualification_review_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "bidder_id", name=op.f("pk_qualification_review")),
        sa.UniqueConstraint("lot_id", "position", name="uq_qualification_review_position"),
        sqlite_strict=True,
    )
    dialect = op.get_bind().dialect.name
    types = {"int": "INTEGER", "instant": "TEXT"}
    if dialect == "postgresql":
        types = {"int": "BIGINT", "instant": "TIMESTAMP WITH TIME ZONE"}
    for column in COLUMNS:
        op.execute(f"ALTER TABLE {column.format_map(types)}")
    # What was recorded before attempts were checked by a second person stands as it was decided.
    op.execute("UPDATE attempt SET checked_at = recorded_at, checked_by = recorded_by")
    op.execute(
        "UPDATE round SET imported_at = (SELECT at FROM event WHERE action = 'round_imported'"
        " AND round_ref = round.ref ORDER BY id LIMIT 1), imported_by = (SELECT actor FROM event"
        " WHERE action = 'round_imported' AND round_ref = round.ref ORDER BY id LIMIT 1)"
    )
    _allow_draws(DRAWS, MORE_DRAWS)
    for statement in append_only(dialect, "sealed_ceiling", "attempt_check", "confirmation", "negotiation_evidence"):
        if not statement.startswith("CREATE FUNCTION"):  # it is there since the first migration
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER confirmation_is_never_changed ON confirmation")
    else:
        op.execute("DROP TRIGGER confirmation_is_never_updated")
        op.execute("DROP TRIGGER confirmation_is_never_deleted")
    _allow_draws(MORE_DRAWS, DRAWS)
    for column in reversed(COLUMNS):
        table, _, name = column.split()[0], *column.split()[2:4]
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.drop_table("qualification_review")
    op.drop_table("negotiation_evidence")
    op.drop_table("negotiated_price")
    op.drop_table("negotiated_contract")
    op.drop_table("earlier_draw")
    op.drop_table("bid_correction")
    op.drop_table("sealed_ceiling")
    op.drop_table("opened_ceiling")
    op.drop_table("negotiation")
    op.drop_table("attempt_check")
    op.drop_table("witness")
    op.drop_table("suspension")
    op.drop_table("opening")
    op.drop_table("confirmation_proposal")
    op.drop_table("supplier")


def _allow_draws(before: str, after: str) -> None:
    """SQLite changes a CHECK only in the text of its schema, as its documentation of ALTER TABLE describes."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE lot DROP CONSTRAINT ck_lot_draw_known")
        op.execute(f"ALTER TABLE lot ADD CONSTRAINT ck_lot_draw_known CHECK (draw IN ({after}))")
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema=ON")
    op.get_bind().exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'lot'",
        (f"draw IN ({before})", f"draw IN ({after})"),
    )
    op.execute(f"PRAGMA schema_version={version + 1}")
    op.execute("PRAGMA writable_schema=OFF")
