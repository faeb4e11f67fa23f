"""Contracts with parties, clauses, instalments and targets."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SIGNED = (
    "key",
    "project_id",
    "purchase_id",
    "replaces_id",
    "region_id",
    "provider_id",
    "purchaser",
    "title",
    "in_kind_fen",
    "in_kind_basis",
    "starts_on",
    "conditions",
    "drafted_at",
    "drafted_by_id",
    "signed_on",
)
"""What of a contract nobody changes once it is signed, whatever program he uses; price and last day only grow."""
FIXED = ("contract_party", "contract_clause", "performance_target")
"""Tables of which nothing is added, changed or deleted once the contract is signed."""
GROWING = ("contract_change", "target_reading", "acceptance")
INSTALMENT = ("contract_id", "number", "due_on", "amount_fen", "is_linked")
"""What of an instalment stays; only its payment is noted."""


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("purchaser", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("in_kind_fen", sa.BigInteger(), nullable=False),
        sa.Column("in_kind_basis", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("in_kind_fen >= 0", name=op.f("ck_contract_in_kind")),
        sa.CheckConstraint("price_fen > 0", name=op.f("ck_contract_price")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_contract_days")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["person.id"], name=op.f("fk_contract_drafted_by_id_person")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_contract_project_id_project")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_contract_provider_id_provider")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_contract_purchase_id_purchase")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_contract_region_id_region")),
        sa.ForeignKeyConstraint(["replaces_id"], ["contract.id"], name=op.f("fk_contract_replaces_id_contract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("key", name=op.f("uq_contract_key")),
        sa.UniqueConstraint("purchase_id", name=op.f("uq_contract_purchase_id")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index("ix_contract_list", ["region_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_replaces_id"), ["replaces_id"], unique=False)

    op.create_table(
        "contract_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("was_ends_on", sa.Date(), nullable=True),
        sa.Column("conditions", sa.JSON(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_contract_change_actor_id_person")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_change_contract_id_contract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_change")),
        sa.UniqueConstraint("key", name=op.f("uq_contract_change_key")),
    )
    with op.batch_alter_table("contract_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_change_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "contract_clause",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_clause_contract_id_contract")),
        sa.PrimaryKeyConstraint("contract_id", "clause", name=op.f("pk_contract_clause")),
    )
    op.create_table(
        "contract_money",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_money_contract_id_contract")),
        sa.ForeignKeyConstraint(["line_id"], ["budget_line.id"], name=op.f("fk_contract_money_line_id_budget_line")),
        sa.PrimaryKeyConstraint("contract_id", "line_id", name=op.f("pk_contract_money")),
    )
    op.create_table(
        "contract_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("fee_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_party_contract_id_contract")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_contract_party_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_contract_party_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_party")),
        sa.UniqueConstraint("contract_id", "role", "name", name=op.f("uq_contract_party_contract_id_role_name")),
    )
    op.create_table(
        "instalment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("is_linked", sa.Boolean(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_instalment_amount")),
        sa.CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name=op.f("ck_instalment_paid")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_instalment_contract_id_contract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_instalment_contract_id_number")),
    )
    op.create_table(
        "performance_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_performance_target_contract_id_contract")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performance_target")),
    )
    with op.batch_alter_table("performance_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_performance_target_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("took_part", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("took_part BETWEEN 0 AND invited", name=op.f("ck_acceptance_took_part")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_acceptance_actor_id_person")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_acceptance_contract_id_contract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
        sa.UniqueConstraint("key", name=op.f("uq_acceptance_key")),
    )
    with op.batch_alter_table("acceptance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acceptance_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "target_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_target_reading_actor_id_person")),
        sa.ForeignKeyConstraint(
            ["target_id"], ["performance_target.id"], name=op.f("fk_target_reading_target_id_performance_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_reading")),
        sa.UniqueConstraint("target_id", "read_on", "number", name=op.f("uq_target_reading_target_id_read_on_number")),
    )
    _guard(op.get_bind().dialect.name)


def _guard(dialect: str) -> None:
    """The database itself refuses what would edit or delete a signed contract."""
    other = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    text = "::text" if dialect == "postgresql" else ""
    changed = " OR ".join(f"OLD.{name}{text} {other} NEW.{name}{text}" for name in SIGNED)
    shrunk = "NEW.price_fen < OLD.price_fen OR NEW.ends_on < OLD.ends_on"
    _refuse(dialect, "contract", "UPDATE", f"OLD.signed_on IS NOT NULL AND ({changed} OR {shrunk})")
    _refuse(dialect, "contract", "DELETE", "OLD.signed_on IS NOT NULL")
    for table in GROWING:
        for deed in ("UPDATE", "DELETE"):
            _refuse(dialect, table, deed, "TRUE")
    agreed = " OR ".join(f"OLD.{name} {other} NEW.{name}" for name in INSTALMENT)
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_signed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF EXISTS (SELECT 1 FROM contract WHERE id = coalesce(OLD.contract_id, NEW.contract_id) "
            "AND signed_on IS NOT NULL) "
            "THEN RAISE EXCEPTION 'this is signed: %', TG_TABLE_NAME; END IF; RETURN coalesce(NEW, OLD); END $$"
        )
    for table in FIXED:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            _refuse_signed(dialect, table, deed)
    _refuse_signed(dialect, "instalment", "UPDATE", f"({agreed})")
    _refuse_signed(dialect, "instalment", "DELETE")


def _refuse(dialect: str, table: str, deed: str, when: str) -> None:
    head = f"CREATE TRIGGER {table}_{deed.lower()} BEFORE {deed} ON {table} FOR EACH ROW WHEN ({when}) "
    if dialect == "postgresql":
        op.execute(head + "EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(head + f"BEGIN SELECT RAISE(ABORT, 'this is frozen: {table}'); END")


def _refuse_signed(dialect: str, table: str, deed: str, when: str = "TRUE") -> None:
    head = f"CREATE TRIGGER {table}_{deed.lower()} BEFORE {deed} ON {table} FOR EACH ROW WHEN ("
    if dialect == "postgresql":
        op.execute(f"{head}{when}) EXECUTE FUNCTION refuse_signed()")
        return
    row = "NEW" if deed == "INSERT" else "OLD"
    signed = f"EXISTS (SELECT 1 FROM contract WHERE id = {row}.contract_id AND signed_on IS NOT NULL)"
    op.execute(f"{head}{when} AND {signed}) BEGIN SELECT RAISE(ABORT, 'this is signed: {table}'); END")


def downgrade() -> None:
    op.drop_table("target_reading")
    with op.batch_alter_table("acceptance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acceptance_contract_id"))

    op.drop_table("acceptance")
    with op.batch_alter_table("performance_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_performance_target_contract_id"))

    op.drop_table("performance_target")
    op.drop_table("instalment")
    op.drop_table("contract_party")
    op.drop_table("contract_money")
    op.drop_table("contract_clause")
    with op.batch_alter_table("contract_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_change_contract_id"))

    op.drop_table("contract_change")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_replaces_id"))
        batch_op.drop_index(batch_op.f("ix_contract_provider_id"))
        batch_op.drop_index(batch_op.f("ix_contract_project_id"))
        batch_op.drop_index("ix_contract_list")

    op.drop_table("contract")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_signed()")
