"""Long work outside requests, and the documents that are kept."""

import sqlalchemy as sa
from alembic import op

from procure.database import BigInt, Instant, append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.CheckConstraint("(state = 'running') = (worker IS NOT NULL)", name=op.f("ck_job_running_has_worker")),
        sa.CheckConstraint(
            "(state IN ('waiting', 'running')) = (ended_at IS NULL)", name=op.f("ck_job_over_with_time")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'incomplete', 'cancelled')", name=op.f("ck_job_state_known")
        ),
        sa.CheckConstraint("(worker IS NULL) = (lease_until IS NULL)", name=op.f("ck_job_worker_has_lease")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_job_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_job_round_id"), "job", ["round_id"], unique=False)
    op.create_index(op.f("ix_job_state"), "job", ["state"], unique=False)
    op.create_table(
        "kept_document",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.CheckConstraint("length(evidence) BETWEEN 64 AND 64", name=op.f("ck_kept_document_evidence_length")),
        sa.CheckConstraint("length(path) BETWEEN 1 AND 300", name=op.f("ck_kept_document_path_length")),
        sa.CheckConstraint("length(sha256) BETWEEN 64 AND 64", name=op.f("ck_kept_document_sha256_length")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_kept_document_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_document")),
        sa.UniqueConstraint(
            "round_id", "evidence", "path", "edition", name=op.f("uq_kept_document_round_id_evidence_path_edition")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "job_step",
        sa.Column("job_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (problem IS NOT NULL)", name=op.f("ck_job_step_failed_for_a_reason")),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_job_step_state_known")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_step_job_id")),
        sa.PrimaryKeyConstraint("job_id", "position", name=op.f("pk_job_step")),
        sqlite_strict=True,
    )

    for statement in append_only(op.get_bind().dialect.name, "kept_document"):
        if not statement.startswith("CREATE FUNCTION"):  # it is there since the first migration
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("job_step")
    op.drop_table("kept_document")
    op.drop_table("job")
