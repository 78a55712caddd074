"""Bearer tokens of the API, and the replies kept for repeated requests."""

import sqlalchemy as sa
from alembic import op

from procure.database import BigInt, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("account_id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("last_used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.CheckConstraint("length(hint) BETWEEN 4 AND 4", name=op.f("ck_api_token_hint_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_api_token_name_length")),
        sa.CheckConstraint("length(scopes) BETWEEN 1 AND 200", name=op.f("ck_api_token_scopes_length")),
        sa.CheckConstraint("length(token_hash) BETWEEN 64 AND 64", name=op.f("ck_api_token_token_hash_length")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"], unique=False)
    op.create_table(
        "api_reply",
        sa.Column("token_id", BigInt, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", BigInt, nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 255", name=op.f("ck_api_reply_key_length")),
        sa.CheckConstraint("length(request_hash) BETWEEN 64 AND 64", name=op.f("ck_api_reply_request_hash_length")),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_api_reply_token_id")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_api_reply")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_api_reply_at"), "api_reply", ["at"], unique=False)


def downgrade() -> None:
    for table in ("api_reply", "api_token"):
        op.drop_table(table)
