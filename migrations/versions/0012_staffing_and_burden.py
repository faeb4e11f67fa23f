"""Staff, and what committees are asked to do."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("served >= 0", name=op.f("ck_staff_count_served")),
        sa.CheckConstraint("staff >= 0", name=op.f("ck_staff_count_staff")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_staff_count_actor_id_person")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_staff_count_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_count")),
        sa.UniqueConstraint("key", name=op.f("uq_staff_count_key")),
    )
    op.create_index("ix_staff_count_last", "staff_count", ["region_id", "id"])
    op.create_table(
        "assisted_matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("cites", sa.String(length=200), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_assisted_matter_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assisted_matter")),
        sa.UniqueConstraint("key", name=op.f("uq_assisted_matter_key")),
    )
    op.create_index("ix_assisted_matter_region_id", "assisted_matter", ["region_id"])
    op.create_table(
        "committee_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("helpers", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes >= 0 AND budget_fen >= 0 AND helpers >= 0", name=op.f("ck_committee_task_numbers")),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["assisted_matter.id"], name=op.f("fk_committee_task_matter_id_assisted_matter")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["region.id"], name=op.f("fk_committee_task_office_id_region")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_committee_task_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_task")),
        sa.UniqueConstraint("key", name=op.f("uq_committee_task_key")),
    )
    op.create_index("ix_committee_task_list", "committee_task", ["region_id", "id"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_actor", "audit_entry")
    op.drop_table("committee_task")
    op.drop_table("assisted_matter")
    op.drop_table("staff_count")
