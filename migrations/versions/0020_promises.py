"""What was declared done, and what those who asked for it say."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("translations", sa.JSON(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("partly", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.CheckConstraint("asked >= 0", name=op.f("ck_promise_asked")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_promise_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("subject", "subject_id", "round", name=op.f("uq_promise_subject_subject_id_round")),
    )
    op.create_index("ix_promise_closing", "promise", ["verdict", "closes_on"])
    op.create_index("ix_promise_list", "promise", ["region_id", "id"])
    op.create_table(
        "promise_ask",
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_promise_ask_person_id_person")),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_promise_ask_promise_id_promise")),
        sa.PrimaryKeyConstraint("promise_id", "person_id", name=op.f("pk_promise_ask")),
    )
    op.create_index(op.f("ix_promise_ask_person_id"), "promise_ask", ["person_id"])
    op.create_table(
        "promise_answer",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_promise_answer_promise_id_promise")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_promise_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_promise_answer_promise", "promise_answer", ["promise_id"])


def downgrade() -> None:
    op.drop_table("promise_answer")
    op.drop_table("promise_ask")
    op.drop_table("promise")
