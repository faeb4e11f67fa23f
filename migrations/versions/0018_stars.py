"""Stars and credit: whose office wrote an event down, appeals and repairs, and what outside bodies say."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("credit_event") as table:
        table.add_column(sa.Column("region_id", sa.Integer(), nullable=True))
        table.create_index("ix_credit_event_region_id", ["region_id"])
        table.create_foreign_key("fk_credit_event_region_id_region", "region", ["region_id"], ["id"])
    op.execute("UPDATE credit_event SET kind = 'exit' WHERE kind = ''")
    op.execute(
        "UPDATE credit_event SET region_id = (SELECT contract.region_id FROM exit_case "
        "JOIN contract ON contract.id = exit_case.contract_id WHERE exit_case.id = credit_event.exit_id)"
    )
    op.create_table(
        "standing_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_standing_entry_provider_id_provider"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name="fk_standing_entry_entered_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_standing_entry"),
        sa.UniqueConstraint("provider_id", "kind", "from_on", name="uq_standing_entry_provider_id_kind_from_on"),
    )
    op.create_table(
        "credit_plea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("waits_for", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["credit_event.id"], name="fk_credit_plea_event_id_credit_event"),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name="fk_credit_plea_sent_by_id_person"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_credit_plea_region_id_region"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_credit_plea_decided_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_credit_plea"),
        sa.UniqueConstraint("key", name="uq_credit_plea_key"),
        sa.UniqueConstraint("waits_for", name="uq_credit_plea_waits_for"),
    )
    op.create_index("ix_credit_plea_event_id", "credit_plea", ["event_id"])
    op.create_index("ix_credit_plea_waiting", "credit_plea", ["region_id", "decided_at"])


def downgrade() -> None:
    op.drop_table("credit_plea")
    op.drop_table("standing_entry")
    with op.batch_alter_table("credit_event") as table:
        table.drop_constraint("fk_credit_event_region_id_region", type_="foreignkey")
        table.drop_index("ix_credit_event_region_id")
        table.drop_column("region_id")
