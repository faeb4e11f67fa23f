"""Purchases, bids, judges and scores."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purchase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("purchaser", sa.String(length=100), nullable=False),
        sa.Column("purchaser_kind", sa.String(length=24), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("scoring", sa.String(length=16), nullable=False),
        sa.Column("scoring_reason", sa.Text(), nullable=False),
        sa.Column("level_reason", sa.Text(), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bids_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("award_reason", sa.Text(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("budget_fen > 0", name=op.f("ck_purchase_budget")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_purchase_project_id_project")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_purchase_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
        sa.UniqueConstraint("key", name=op.f("uq_purchase_key")),
    )
    with op.batch_alter_table("purchase", schema=None) as batch_op:
        batch_op.create_index("ix_purchase_list", ["region_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_project_id"), ["project_id"], unique=False)

    op.create_table(
        "bid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("won", sa.Boolean(), nullable=False),
        sa.Column("refused_reason", sa.Text(), nullable=False),
        sa.Column("standing", sa.JSON(), nullable=True),
        sa.CheckConstraint("price_fen > 0", name=op.f("ck_bid_price")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_bid_provider_id_provider")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_bid_purchase_id_purchase")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_bid_sent_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid")),
        sa.UniqueConstraint("purchase_id", "provider_id", name=op.f("uq_bid_purchase_id_provider_id")),
    )
    with op.batch_alter_table("bid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bid_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "judge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("body", sa.String(length=100), nullable=False),
        sa.Column("recused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recusal_reason", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_judge_person_id_person")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_judge_purchase_id_purchase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge")),
        sa.UniqueConstraint("purchase_id", "person_id", name=op.f("uq_judge_purchase_id_person_id")),
    )
    with op.batch_alter_table("judge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judge_person_id"), ["person_id"], unique=False)

    op.create_table(
        "scoring_factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("factor", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_scoring_factor_points")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_scoring_factor_purchase_id_purchase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_factor")),
    )
    with op.batch_alter_table("scoring_factor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoring_factor_purchase_id"), ["purchase_id"], unique=False)

    op.create_table(
        "score",
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("factor_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_score_bid_id_bid")),
        sa.ForeignKeyConstraint(["factor_id"], ["scoring_factor.id"], name=op.f("fk_score_factor_id_scoring_factor")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_score_judge_id_judge")),
        sa.PrimaryKeyConstraint("bid_id", "factor_id", "judge_id", name=op.f("pk_score")),
    )

    op.create_table(
        "purchase_invitation",
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_purchase_invitation_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_invitation_purchase_id_purchase")
        ),
        sa.PrimaryKeyConstraint("purchase_id", "provider_id", name=op.f("pk_purchase_invitation")),
    )
    with op.batch_alter_table("purchase_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_invitation_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "purchase_challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_purchase_challenge_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_challenge_purchase_id_purchase")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_purchase_challenge_sent_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_challenge")),
        sa.UniqueConstraint("purchase_id", "provider_id", name=op.f("uq_purchase_challenge_purchase_id_provider_id")),
    )
    with op.batch_alter_table("purchase_challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_challenge_provider_id"), ["provider_id"], unique=False)
    for table, deed, when in _guards():
        _refuse(table, deed, when)


PUBLISHED = (
    *("key", "project_id", "region_id", "purchaser", "purchaser_kind", "method", "ground", "scoring"),
    *("scoring_reason", "level_reason", "budget_fen", "published_at", "bids_due_at"),
)
SENT = ("purchase_id", "provider_id", "price_fen", "story", "sent_at", "sent_by_id", "withdrawn_at")
DEEDS = ("INSERT", "UPDATE", "DELETE")


def _guards() -> list[tuple[str, str, str]]:
    """Table, deed, and when the database itself refuses it: what was published, opened or judged stays as it was."""
    guards = [
        ("purchase", "UPDATE", f"OLD.published_at IS NOT NULL AND ({_changed(PUBLISHED)})"),
        ("purchase", "DELETE", "OLD.published_at IS NOT NULL"),
        ("bid", "UPDATE", f"{_since('purchase', 'opened_at', 'OLD')} AND ({_changed(SENT)})"),
        ("bid", "INSERT", _since("purchase", "opened_at", "NEW")),
        ("bid", "DELETE", _since("purchase", "opened_at", "OLD")),
    ]
    for deed in DEEDS:
        row = "NEW" if deed == "INSERT" else "OLD"
        guards += [
            ("scoring_factor", deed, _since("purchase", "published_at", row)),
            ("purchase_invitation", deed, _since("purchase", "published_at", row)),
            ("score", deed, _since("judge", "done_at", row)),
        ]
    return guards


def _since(table: str, moment: str, row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE id = {row}.{table}_id AND {moment} IS NOT NULL)"


def _changed(columns: tuple[str, ...]) -> str:
    differs = "IS NOT" if op.get_bind().dialect.name == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in columns)


def _refuse(table: str, deed: str, when: str) -> None:
    name = f"{table}_{deed.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW WHEN ({when}) "
            f"BEGIN SELECT RAISE(ABORT, 'this is frozen: {table}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION 'this is frozen: {table}'; END IF; RETURN coalesce(NEW, OLD); END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_{name}()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, deed, _ in _guards():
            op.execute(f"DROP FUNCTION refuse_{table}_{deed.lower()}() CASCADE")
    op.drop_table("purchase_challenge")
    op.drop_table("purchase_invitation")
    op.drop_table("score")
    with op.batch_alter_table("scoring_factor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_factor_purchase_id"))

    op.drop_table("scoring_factor")
    with op.batch_alter_table("judge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judge_person_id"))

    op.drop_table("judge")
    with op.batch_alter_table("bid", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bid_provider_id"))

    op.drop_table("bid")
    with op.batch_alter_table("purchase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purchase_project_id"))
        batch_op.drop_index("ix_purchase_list")

    op.drop_table("purchase")
