"""Checks of delivery, and the exit of a provider."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("by_committee", sa.Boolean(), nullable=False),
        sa.Column("point", sa.String(length=24), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("mend", sa.Boolean(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("present >= 0", name=op.f("ck_delivery_check_present")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_delivery_check_actor_id_person")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_delivery_check_contract_id_contract")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_delivery_check_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_check")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_check_key")),
    )
    with op.batch_alter_table("delivery_check", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_check_contract", ["contract_id", "id"], unique=False)

    op.create_table(
        "exit_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_exit_case_contract_id_contract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_case")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_exit_case_contract_id")),
    )
    op.create_table(
        "credit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("exit_id", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["exit_id"], ["exit_case.id"], name=op.f("fk_credit_event_exit_id_exit_case")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_credit_event_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_event")),
        sa.UniqueConstraint("exit_id", name=op.f("uq_credit_event_exit_id")),
    )
    with op.batch_alter_table("credit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_event_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "exit_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("covered_from", sa.Date(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("released", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["exit_id"], ["exit_case.id"], name=op.f("fk_exit_recipient_exit_id_exit_case")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_exit_recipient_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_recipient")),
        sa.UniqueConstraint("exit_id", "number", name=op.f("uq_exit_recipient_exit_id_number")),
    )
    op.create_table(
        "exit_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_exit_step_actor_id_person")),
        sa.ForeignKeyConstraint(["exit_id"], ["exit_case.id"], name=op.f("fk_exit_step_exit_id_exit_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_step")),
        sa.UniqueConstraint("exit_id", "state", name=op.f("uq_exit_step_exit_id_state")),
    )


def downgrade() -> None:
    op.drop_table("exit_step")
    op.drop_table("exit_recipient")
    with op.batch_alter_table("credit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_event_provider_id"))

    op.drop_table("credit_event")
    op.drop_table("exit_case")
    with op.batch_alter_table("delivery_check", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_check_contract")

    op.drop_table("delivery_check")
