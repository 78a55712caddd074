"""What each body does after the award: contract, orders, deliveries."""

import sqlalchemy as sa
from alembic import op

from procure.database import Amount, BigInt, Day, Flag, Instant, append_only

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_limit",
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("assembly", Amount(), nullable=True),
        sa.Column("small", Amount(), nullable=True),
        sa.Column("small_since", Day(), nullable=True),
        sa.Column("ordinance", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.CheckConstraint("assembly > 0", name=op.f("ck_contract_limit_assembly_positive")),
        sa.CheckConstraint("length(ordinance) BETWEEN 0 AND 200", name=op.f("ck_contract_limit_ordinance_length")),
        sa.CheckConstraint("small > 0", name=op.f("ck_contract_limit_small_positive")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_contract_limit_body_code")),
        sa.PrimaryKeyConstraint("body_code", name=op.f("pk_contract_limit")),
        sqlite_strict=True,
    )
    op.create_table(
        "contract",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("approval", Flag(), nullable=True),
        sa.Column("approval_reason", sa.Text(), nullable=False),
        sa.Column("contract_number", sa.Text(), nullable=False),
        sa.Column("provisional_on", Day(), nullable=True),
        sa.Column("submitted_on", Day(), nullable=True),
        sa.Column("resolved_on", Day(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("concluded_on", Day(), nullable=True),
        sa.Column("failed_on", Day(), nullable=True),
        sa.Column("failure_reason", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.Text(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.CheckConstraint("ground IN ('joint', '1', '2', '6', '7', '8', '9')", name=op.f("ck_contract_ground_known")),
        sa.CheckConstraint(
            "resolution <> 'rejected' OR concluded_on IS NULL", name=op.f("ck_contract_rejected_is_not_concluded")
        ),
        sa.CheckConstraint(
            "resolution <> 'rejected' OR length(failure_reason) > 0", name=op.f("ck_contract_rejected_with_reason")
        ),
        sa.CheckConstraint("resolution IN ('passed', 'rejected')", name=op.f("ck_contract_resolution_known")),
        sa.CheckConstraint(
            "(resolution IS NULL) = (resolved_on IS NULL)", name=op.f("ck_contract_resolution_with_day")
        ),
        sa.CheckConstraint(
            "approval IS NULL OR length(approval_reason) > 0", name=op.f("ck_contract_own_word_with_reason")
        ),
        sa.CheckConstraint(
            "failed_on IS NULL OR length(failure_reason) > 0", name=op.f("ck_contract_failed_with_reason")
        ),
        sa.CheckConstraint(
            "length(approval_reason) BETWEEN 0 AND 1000", name=op.f("ck_contract_approval_reason_length")
        ),
        sa.CheckConstraint(
            "length(contract_number) BETWEEN 0 AND 100", name=op.f("ck_contract_contract_number_length")
        ),
        sa.CheckConstraint("length(failure_reason) BETWEEN 0 AND 1000", name=op.f("ck_contract_failure_reason_length")),
        sa.CheckConstraint("length(on_behalf) BETWEEN 1 AND 1000", name=op.f("ck_contract_on_behalf_length")),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_contract_body_code")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_contract_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "body_code", name=op.f("pk_contract")),
        sqlite_strict=True,
    )
    op.create_table(
        "delivery_deadline",
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("day", Day(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_delivery_deadline_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_delivery_deadline")),
        sqlite_strict=True,
    )
    op.create_table(
        "contract_slip",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("day", Day(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("inspector", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("reverses", BigInt, nullable=True),
        sa.Column("resolved_on", Day(), nullable=True),
        sa.Column("on_behalf", sa.Text(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "act IN ('change', 'order', 'delivery', 'acceptance')", name=op.f("ck_contract_slip_act_known")
        ),
        sa.CheckConstraint("length(inspector) BETWEEN 0 AND 100", name=op.f("ck_contract_slip_inspector_length")),
        sa.CheckConstraint("length(on_behalf) BETWEEN 1 AND 1000", name=op.f("ck_contract_slip_on_behalf_length")),
        sa.CheckConstraint("length(place) BETWEEN 0 AND 200", name=op.f("ck_contract_slip_place_length")),
        sa.CheckConstraint("length(remark) BETWEEN 0 AND 1000", name=op.f("ck_contract_slip_remark_length")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_contract_slip_number_positive")),
        sa.CheckConstraint(
            "resolved_on IS NULL OR act = 'change'", name=op.f("ck_contract_slip_resolution_of_a_change")
        ),
        sa.CheckConstraint(
            "reverses IS NULL OR length(remark) > 0", name=op.f("ck_contract_slip_reversed_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "body_code"], ["contract.lot_id", "contract.body_code"], name="fk_contract_slip_contract"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_slip")),
        sa.UniqueConstraint("lot_id", "body_code", "number", name=op.f("uq_contract_slip_lot_id_body_code_number")),
        sa.UniqueConstraint("lot_id", "body_code", "reverses", name="uq_contract_slip_reverses"),
        sqlite_strict=True,
    )
    op.create_table(
        "contract_line",
        sa.Column("slip_id", BigInt, nullable=False),
        sa.Column("item_id", BigInt, nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_contract_line_quantity_not_zero")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_contract_line_item_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["contract_slip.id"], name=op.f("fk_contract_line_slip_id")),
        sa.PrimaryKeyConstraint("slip_id", "item_id", name=op.f("pk_contract_line")),
        sqlite_strict=True,
    )
    for statement in append_only(op.get_bind().dialect.name, "contract_slip", "contract_line"):
        if not statement.startswith("CREATE FUNCTION"):  # it is there since the first migration
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("contract_line")
    op.drop_table("contract_slip")
    op.drop_table("contract")
    op.drop_table("delivery_deadline")
    op.drop_table("contract_limit")
