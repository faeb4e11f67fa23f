"""Bad ratings become cases."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bad_rating_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("to_provider", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("risen", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("rises_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("finding", sa.String(length=10), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("complex", sa.Boolean(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("repair_due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state <> 'closed' OR (contact = '' AND words = '')", name=op.f("ck_bad_rating_case_forgotten")
        ),
        sa.CheckConstraint("(token_hash IS NULL) <> (batch_id IS NULL)", name=op.f("ck_bad_rating_case_source")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["rating_batch.id"], name=op.f("fk_bad_rating_case_batch_id_rating_batch")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_bad_rating_case_contract_id_contract")),
        sa.ForeignKeyConstraint(["level_id"], ["region.id"], name=op.f("fk_bad_rating_case_level_id_region")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_bad_rating_case_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_bad_rating_case_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bad_rating_case")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_bad_rating_case_batch_id")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_bad_rating_case_link_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_bad_rating_case_token_hash")),
    )
    op.create_index("ix_bad_rating_case_clock", "bad_rating_case", ["rises_on"], unique=False)
    op.create_index("ix_bad_rating_case_place", "bad_rating_case", ["region_id", "id"], unique=False)
    op.create_index("ix_bad_rating_case_provider", "bad_rating_case", ["provider_id", "finding"], unique=False)
    op.create_table(
        "case_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(length=100), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_case_step_actor_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["bad_rating_case.id"], name=op.f("fk_case_step_case_id_bad_rating_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_step")),
    )
    op.create_index(op.f("ix_case_step_case_id"), "case_step", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_table("case_step")
    op.drop_table("bad_rating_case")
