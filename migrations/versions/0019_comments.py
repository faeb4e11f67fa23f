"""Decisions on words, appeals, and answers of providers."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("photo_cleared", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_key"], ["rating_comment.key"], name=op.f("fk_comment_decision_comment_key_rating_comment")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_decision_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_decision")),
        sa.UniqueConstraint("comment_key", "person_id", name=op.f("uq_comment_decision_comment_key_person_id")),
    )
    op.create_index(op.f("ix_comment_decision_person_id"), "comment_decision", ["person_id"])
    op.create_table(
        "comment_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_key", sa.String(length=32), nullable=False),
        sa.Column("was_hidden", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_key"], ["rating_comment.key"], name=op.f("fk_comment_appeal_comment_key_rating_comment")
        ),
        sa.ForeignKeyConstraint(["judge_id"], ["person.id"], name=op.f("fk_comment_appeal_judge_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_appeal")),
        sa.UniqueConstraint("comment_key", name=op.f("uq_comment_appeal_comment_key")),
    )
    op.create_index(op.f("ix_comment_appeal_judge_id"), "comment_appeal", ["judge_id"])
    op.create_table(
        "group_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_group_answer_actor_id_person")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_group_answer_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_answer")),
        sa.UniqueConstraint("provider_id", "published_on", name=op.f("uq_group_answer_provider_id_published_on")),
    )
    op.create_table(
        "reason_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_reason_batch_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason_batch")),
        sa.UniqueConstraint(
            "provider_id", "reason", "published_on", name=op.f("uq_reason_batch_provider_id_reason_published_on")
        ),
    )
    op.create_table(
        "release_look",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_release_look_provider_id_provider")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["rating_release.id"], name=op.f("fk_release_look_release_id_rating_release")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_release_look")),
    )
    op.create_index(op.f("ix_release_look_provider_id"), "release_look", ["provider_id"])
    op.create_index(op.f("ix_service_record_recorded_by_id"), "service_record", ["recorded_by_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_service_record_recorded_by_id"), "service_record")
    op.drop_table("release_look")
    op.drop_table("reason_batch")
    op.drop_table("group_answer")
    op.drop_table("comment_appeal")
    op.drop_table("comment_decision")
