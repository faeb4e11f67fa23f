"""Who looked at ratings that were held, and what they decided."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hold_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hold_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hold_id"], ["rating_hold.id"], name=op.f("fk_hold_decision_hold_id_rating_hold")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hold_decision_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_decision")),
        sa.UniqueConstraint("hold_id", "person_id", name=op.f("uq_hold_decision_hold_id_person_id")),
    )
    op.add_column("rating", sa.Column("cleared", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("rating", "cleared")
    op.drop_table("hold_decision")
