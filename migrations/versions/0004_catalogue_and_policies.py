"""The catalogue, policy documents, replies, pilots and milestones."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _table(name: str, *columns: sa.schema.SchemaItem, keyed: bool = True) -> None:
    """A table that hangs on a region, as all of these do."""
    key = [sa.Column("key", sa.String(length=40), nullable=False)] if keyed else []
    unique = [sa.UniqueConstraint("key", name=f"uq_{name}_key")] if keyed else []
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *key,
        sa.Column("region_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=f"fk_{name}_region_id_region"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        *unique,
    )


def _text(name: str, length: int = 0) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def _day(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _some_unique(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    _table(
        "own_item",
        _text("code", 4),
        _text("title", 60),
        sa.Column("translations", sa.JSON(), nullable=True),
        _text("nature", 16),
        sa.Column("resident_visible", sa.Boolean(), nullable=False),
        _text("implementing_level", 20),
        _text("official_code", 40),
        _day("valid_from"),
        _day("valid_to", nullable=True),
        _moment("put_at"),
        sa.UniqueConstraint("region_id", "code", name="uq_own_item_region_id_code"),
    )
    _table(
        "policy_document",
        _text("title", 200),
        sa.Column("translations", sa.JSON(), nullable=True),
        sa.Column("issuers", sa.JSON(), nullable=False),
        _text("number", 60),
        _day("issued_on"),
        _text("text"),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        _moment("published_at"),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["policy_document.id"], name="fk_policy_document_supersedes_id_policy_document"
        ),
    )
    op.create_index("ix_policy_document_supersedes_id", "policy_document", ["supersedes_id"])
    _some_unique("uq_policy_document_number", "policy_document", ["region_id", "number"], "number != ''")
    _table(
        "official_reply",
        _text("number", 20),
        _text("session", 80),
        _text("title", 200),
        sa.Column("translations", sa.JSON(), nullable=True),
        _text("proposer", 80),
        _text("issuer", 100),
        _day("received_on"),
        _day("answered_on"),
        _text("text"),
        _moment("published_at"),
        sa.UniqueConstraint("region_id", "session", "number", name="uq_official_reply_region_id_session_number"),
    )
    _table(
        "pilot",
        _text("feature", 20),
        _day("from_on"),
        _day("until_on", nullable=True),
        _text("words"),
        _moment("put_at"),
    )
    op.create_index("ix_pilot_feature", "pilot", ["feature", "region_id"])
    _table(
        "milestone",
        _text("title", 120),
        sa.Column("translations", sa.JSON(), nullable=True),
        _text("words"),
        _text("level", 12),
        _day("due_on"),
        sa.Column("document_id", sa.Integer(), nullable=True),
        _moment("put_at"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["policy_document.id"], name="fk_milestone_document_id_policy_document"
        ),
    )
    op.create_index("ix_milestone_region_id", "milestone", ["region_id"])
    _table(
        "milestone_mark",
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        _day("reached_on"),
        _text("evidence"),
        _moment("marked_at"),
        _moment("taken_back_at", nullable=True),
        _text("taken_back_for"),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name="fk_milestone_mark_milestone_id_milestone"),
        keyed=False,
    )
    op.create_index("ix_milestone_mark_region_id", "milestone_mark", ["region_id"])
    _some_unique("uq_milestone_mark_place", "milestone_mark", ["milestone_id", "region_id"], "taken_back_at IS NULL")
    with op.batch_alter_table("rule_set") as batch:
        batch.add_column(sa.Column("key", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("document_id", sa.Integer(), nullable=True))
        batch.add_column(_moment("put_at", nullable=True))
        batch.add_column(_moment("withdrawn_at", nullable=True))
        batch.create_foreign_key("fk_rule_set_document_id_policy_document", "policy_document", ["document_id"], ["id"])
        batch.create_unique_constraint("uq_rule_set_key", ["key"])
        batch.drop_constraint("uq_rule_set_region_id_valid_from", type_="unique")
    _some_unique("uq_rule_set_day", "rule_set", ["region_id", "valid_from"], "withdrawn_at IS NULL")


def downgrade() -> None:
    op.drop_index("uq_rule_set_day", "rule_set")
    op.execute("DELETE FROM rule_set WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("rule_set") as batch:
        batch.create_unique_constraint("uq_rule_set_region_id_valid_from", ["region_id", "valid_from"])
        batch.drop_constraint("uq_rule_set_key", type_="unique")
        batch.drop_constraint("fk_rule_set_document_id_policy_document", type_="foreignkey")
        for column in ("withdrawn_at", "put_at", "document_id", "key"):
            batch.drop_column(column)
    for table in ("milestone_mark", "milestone", "pilot", "official_reply", "policy_document", "own_item"):
        op.drop_table(table)
