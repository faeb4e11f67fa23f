"""Keys with which a provider's own system sends services."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_import_key_made_by_id_person")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_import_key_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_key")),
        sa.UniqueConstraint("hash", name=op.f("uq_import_key_hash")),
        sa.UniqueConstraint("key", name=op.f("uq_import_key_key")),
    )
    with op.batch_alter_table("import_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_key_provider_id"), ["provider_id"], unique=False)


def downgrade() -> None:
    op.drop_table("import_key")
