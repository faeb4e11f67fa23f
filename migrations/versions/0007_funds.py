"""Funds, allocations, budget lines and what is promised; shares and grants."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("translations", sa.JSON(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_fund_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("key", name=op.f("uq_fund_key")),
    )
    with op.batch_alter_table("fund", schema=None) as batch_op:
        batch_op.create_index("ix_fund_list", ["region_id", "year", "id"], unique=False)

    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_allocation_amount")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_allocation_fund_id_fund")),
        sa.ForeignKeyConstraint(["parent_id"], ["allocation.id"], name=op.f("fk_allocation_parent_id_allocation")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_allocation_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("key", name=op.f("uq_allocation_key")),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_fund_id"), ["fund_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_region_id"), ["region_id"], unique=False)

    op.create_table(
        "fund_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_fund_entry_amount")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_fund_entry_actor_id_person")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_fund_entry_fund_id_fund")),
        sa.ForeignKeyConstraint(["corrects_id"], ["fund_entry.id"], name=op.f("fk_fund_entry_corrects_id_fund_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_entry")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_fund_entry_corrects_id")),
        sa.UniqueConstraint("key", name=op.f("uq_fund_entry_key")),
    )
    with op.batch_alter_table("fund_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_entry_fund_id"), ["fund_id"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_budget_line_amount")),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_budget_line_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_budget_line_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("key", name=op.f("uq_budget_line_key")),
    )
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_line_allocation_id"), ["allocation_id"], unique=False)
        batch_op.create_index("ix_budget_line_list", ["region_id", "id"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_commitment_amount")),
        sa.CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name=op.f("ck_commitment_paid")),
        sa.ForeignKeyConstraint(["line_id"], ["budget_line.id"], name=op.f("fk_commitment_line_id_budget_line")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_line_id"), ["line_id"], unique=False)
        batch_op.create_index("ix_commitment_subject", ["subject", "line_id"], unique=True)

    _shares()
    _grants()
    _keep_entries()
    with op.batch_alter_table("round_option", schema=None) as batch_op:
        batch_op.alter_column("project_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("story", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("round_option", schema=None) as batch_op:
        batch_op.alter_column("story", existing_type=sa.Text(), server_default=None)
    _keep_options()


def _shares() -> None:
    op.create_table(
        "share_fact",
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("provider_kind", sa.String(length=30), nullable=False),
        sa.Column("in_kind_fen", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("in_kind_fen >= 0", name=op.f("ck_share_fact_in_kind")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_share_fact_region_id_region")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_share_fact")),
    )
    op.create_index(op.f("ix_share_fact_region_id"), "share_fact", ["region_id"])
    op.create_table(
        "share_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("share", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_share_reason_region_id_region")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_share_reason_actor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_reason")),
        sa.UniqueConstraint("key", name=op.f("uq_share_reason_key")),
    )
    op.create_index("ix_share_reason_list", "share_reason", ["region_id", "year", "id"])


def _grants() -> None:
    op.create_table(
        "grant_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("translations", sa.JSON(), nullable=True),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("for_startups", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("budget_fen > 0", name=op.f("ck_grant_call_budget")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_grant_call_fund_id_fund")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_grant_call_region_id_region")),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["round.id"], name=op.f("fk_grant_call_vote_id_round"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_call")),
        sa.UniqueConstraint("key", name=op.f("uq_grant_call_key")),
        sa.UniqueConstraint("vote_id", name=op.f("uq_grant_call_vote_id")),
    )
    op.create_index(op.f("ix_grant_call_fund_id"), "grant_call", ["fund_id"])
    op.create_index(op.f("ix_grant_call_region_id"), "grant_call", ["region_id"])
    op.create_table(
        "grant_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("granted_fen", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_grant_request_amount")),
        sa.CheckConstraint("granted_fen BETWEEN 0 AND amount_fen", name=op.f("ck_grant_request_granted")),
        sa.ForeignKeyConstraint(["call_id"], ["grant_call.id"], name=op.f("fk_grant_request_call_id_grant_call")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_grant_request_provider_id_provider")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_grant_request_asked_by_id_person")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_grant_request_decided_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_request")),
        sa.UniqueConstraint("key", name=op.f("uq_grant_request_key")),
    )
    op.create_index(op.f("ix_grant_request_call_id"), "grant_request", ["call_id"])
    op.create_index(op.f("ix_grant_request_provider_id"), "grant_request", ["provider_id"])


def _keep_entries() -> None:
    """The database itself lets nobody change an entry of a fund, or take one out."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_fund_entry() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'an entry of a fund is corrected by a further entry'; END $$"
        )
        op.execute(
            "CREATE TRIGGER fund_entry_change BEFORE UPDATE OR DELETE ON fund_entry "
            "FOR EACH ROW EXECUTE FUNCTION refuse_fund_entry()"
        )
        return
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER fund_entry_{deed.lower()} BEFORE {deed} ON fund_entry "
            "BEGIN SELECT RAISE(ABORT, 'an entry of a fund is corrected by a further entry'); END"
        )


def _keep_options() -> None:
    """SQLite made the table of options anew: what 0003 keeps from being changed in it is kept again."""
    if op.get_bind().dialect.name == "postgresql":
        return
    for deed, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        frozen = f"EXISTS (SELECT 1 FROM round WHERE id = {row}.round_id AND frozen_at IS NOT NULL)"
        op.execute(
            f"CREATE TRIGGER round_option_{deed.lower()} BEFORE {deed} ON round_option FOR EACH ROW WHEN ({frozen}) "
            "BEGIN SELECT RAISE(ABORT, 'this is frozen: round_option'); END"
        )


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM round_option WHERE project_id IS NULL")):
        raise RuntimeError("votes on grants were announced: going back would lose them")
    with op.batch_alter_table("round_option", schema=None) as batch_op:
        batch_op.drop_column("story")
        batch_op.alter_column("project_id", existing_type=sa.Integer(), nullable=False)
    _keep_options()
    for table in ("grant_request", "grant_call", "share_reason", "share_fact"):
        op.drop_table(table)
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index("ix_commitment_subject")
        batch_op.drop_index(batch_op.f("ix_commitment_line_id"))

    op.drop_table("commitment")
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.drop_index("ix_budget_line_list")
        batch_op.drop_index(batch_op.f("ix_budget_line_allocation_id"))

    op.drop_table("budget_line")
    with op.batch_alter_table("fund_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_entry_fund_id"))

    op.drop_table("fund_entry")
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_region_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_parent_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_fund_id"))

    op.drop_table("allocation")
    with op.batch_alter_table("fund", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_list")

    op.drop_table("fund")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_fund_entry()")
