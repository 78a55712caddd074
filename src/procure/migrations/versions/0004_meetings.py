"""Training courses and meetings of the council."""

import sqlalchemy as sa
from alembic import op

from procure.database import BigInt, Day, Flag

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("day", Day(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("persons", BigInt, nullable=True),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("is_sample", Flag(), nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.CheckConstraint("(kind = 'meeting') = (organ IS NOT NULL)", name=op.f("ck_meeting_organ_of_meeting")),
        sa.CheckConstraint("form IN ('in_person', 'online', 'hybrid', 'written')", name=op.f("ck_meeting_form_known")),
        sa.CheckConstraint("kind IN ('training', 'meeting')", name=op.f("ck_meeting_kind_known")),
        sa.CheckConstraint(
            "organ IN ('assembly', 'board', 'committee', 'section')", name=op.f("ck_meeting_organ_known")
        ),
        sa.CheckConstraint("length(agenda) BETWEEN 0 AND 7000", name=op.f("ck_meeting_agenda_length")),
        sa.CheckConstraint("length(place) BETWEEN 0 AND 200", name=op.f("ck_meeting_place_length")),
        sa.CheckConstraint("length(result) BETWEEN 0 AND 2000", name=op.f("ck_meeting_result_length")),
        sa.CheckConstraint("length(speaker) BETWEEN 0 AND 200", name=op.f("ck_meeting_speaker_length")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 200", name=op.f("ck_meeting_title_length")),
        sa.CheckConstraint("persons BETWEEN 1 AND 99999", name=op.f("ck_meeting_persons_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_meeting_day"), "meeting", ["day"], unique=False)
    op.create_table(
        "meeting_body",
        sa.Column("meeting_id", BigInt, nullable=False),
        sa.Column("body_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["body_code"], ["body.code"], name=op.f("fk_meeting_body_body_code")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_body_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "body_code", name=op.f("pk_meeting_body")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("meeting_body", "meeting"):
        op.drop_table(table)
