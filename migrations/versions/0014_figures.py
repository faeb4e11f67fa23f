"""Figures in batches only: the months that followed single ratings are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

GRADES = ("n1", "n2", "n3", "n4", "n5")
WAITING = sa.text("batch_id IS NULL")


def upgrade() -> None:
    op.drop_table("rating_month")
    with op.batch_alter_table("rating_release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("group_code", sa.String(length=2), nullable=False, server_default=""))
        for grade in GRADES:
            batch_op.add_column(sa.Column(grade, sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("ix_rating_release_day", ["provider_id", "released_on"], unique=False)
    with op.batch_alter_table("rating_release", schema=None) as batch_op:
        batch_op.alter_column("group_code", existing_type=sa.String(length=2), server_default=None)
        for grade in GRADES:
            batch_op.alter_column(grade, existing_type=sa.Integer(), server_default=None)
    op.drop_index("ix_rating_waiting", "rating")
    op.create_index(
        "ix_rating_waiting", "rating", ["provider_id", "settled"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index("ix_service_record_ended", "service_record", ["provider_id", "recorded_at"])
    op.drop_index("ix_service_record_provider_id", "service_record")
    _forget_what_is_counted()
    with op.batch_alter_table("summary", schema=None) as batch_op:
        batch_op.drop_column("published")
        for name in ("recent", "before"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False))


def downgrade() -> None:
    _forget_what_is_counted()
    with op.batch_alter_table("summary", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published", sa.Boolean(), nullable=False))
        for name in ("recent", "before"):
            batch_op.drop_column(name)
    op.create_index("ix_service_record_provider_id", "service_record", ["provider_id"])
    op.drop_index("ix_service_record_ended", "service_record")
    op.drop_index("ix_rating_waiting", "rating")
    op.create_index("ix_rating_waiting", "rating", ["provider_id", "batch_id", "settled"])
    with op.batch_alter_table("rating_release", schema=None) as batch_op:
        batch_op.drop_index("ix_rating_release_day")
        for name in ("group_code", *GRADES):
            batch_op.drop_column(name)
    op.create_table(
        "rating_month",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_rating_month_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_rating_month_region_id_region")),
        sa.PrimaryKeyConstraint("provider_id", "region_id", "category", "month", "grade", name=op.f("pk_rating_month")),
    )
    op.create_index(op.f("ix_rating_month_region_id"), "rating_month", ["region_id"])


def _forget_what_is_counted() -> None:
    """The figures of summaries are counted anew within a minute."""
    for name in ("summary", "provider_standing", "refresh"):
        op.execute(f"DELETE FROM {name}")
