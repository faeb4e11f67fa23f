"""Evaluations by three parties, and payment bands."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PUBLISHED = (
    *("key", "contract_id", "region_id", "evaluator", "evaluator_body", "evaluator_id"),
    *("recipients_percent", "third_percent", "purchaser_percent"),
    *("effect_percent", "management_percent", "social_percent", "sample", "sample_number"),
    *("from_on", "until_on", "opens_on", "closes_on", "instalments", "planned_at", "planned_by_id", "published_at"),
)
"""What of a plan nobody changes once it is published; only that it was decided or withdrawn."""
DEEDS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    op.add_column("contract", sa.Column("bands", sa.JSON(), nullable=True))
    op.create_table(
        "evaluation_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("evaluator", sa.String(length=60), nullable=False),
        sa.Column("evaluator_body", sa.String(length=100), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=False),
        sa.Column("recipients_percent", sa.Integer(), nullable=False),
        sa.Column("third_percent", sa.Integer(), nullable=False),
        sa.Column("purchaser_percent", sa.Integer(), nullable=False),
        sa.Column("effect_percent", sa.Integer(), nullable=False),
        sa.Column("management_percent", sa.Integer(), nullable=False),
        sa.Column("social_percent", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("sample_number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("instalments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "recipients_percent + third_percent + purchaser_percent = 100", name=op.f("ck_evaluation_plan_weights")
        ),
        sa.CheckConstraint(
            "recipients_percent >= 50 AND recipients_percent > third_percent "
            "AND recipients_percent > purchaser_percent",
            name=op.f("ck_evaluation_plan_recipients"),
        ),
        sa.CheckConstraint(
            "effect_percent + management_percent + social_percent = 100", name=op.f("ck_evaluation_plan_dimensions")
        ),
        sa.CheckConstraint(
            "from_on <= until_on AND until_on <= closes_on AND opens_on <= closes_on",
            name=op.f("ck_evaluation_plan_days"),
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_evaluation_plan_contract_id_contract")),
        sa.ForeignKeyConstraint(["evaluator_id"], ["person.id"], name=op.f("fk_evaluation_plan_evaluator_id_person")),
        sa.ForeignKeyConstraint(["planned_by_id"], ["person.id"], name=op.f("fk_evaluation_plan_planned_by_id_person")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_evaluation_plan_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_plan")),
        sa.UniqueConstraint("key", name=op.f("uq_evaluation_plan_key")),
    )
    op.create_index(op.f("ix_evaluation_plan_contract_id"), "evaluation_plan", ["contract_id"])
    op.create_index(op.f("ix_evaluation_plan_evaluator_id"), "evaluation_plan", ["evaluator_id"])
    op.create_index("ix_evaluation_plan_list", "evaluation_plan", ["region_id", "id"])
    op.create_table(
        "evaluation_indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_evaluation_indicator_points")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["evaluation_plan.id"], name=op.f("fk_evaluation_indicator_plan_id_evaluation_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_indicator")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_evaluation_indicator_plan_id_number")),
    )
    op.create_table(
        "evaluation_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=12), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_evaluation_score_points")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_evaluation_score_by_id_person")),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["evaluation_indicator.id"],
            name=op.f("fk_evaluation_score_indicator_id_evaluation_indicator"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["evaluation_plan.id"], name=op.f("fk_evaluation_score_plan_id_evaluation_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_score")),
        sa.UniqueConstraint(
            "plan_id", "party", "indicator_id", name=op.f("uq_evaluation_score_plan_id_party_indicator_id")
        ),
    )
    op.create_table(
        "evaluation_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=True),
        sa.Column("recipients_sd", sa.Integer(), nullable=True),
        sa.Column("third", sa.Integer(), nullable=True),
        sa.Column("purchaser", sa.Integer(), nullable=True),
        sa.Column("composite", sa.Integer(), nullable=True),
        sa.Column("sd", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("capped_by", sa.String(length=12), nullable=False),
        sa.Column("working", sa.JSON(), nullable=False),
        sa.CheckConstraint("composite BETWEEN 0 AND 10000", name=op.f("ck_evaluation_result_composite")),
        sa.CheckConstraint("(composite IS NULL) = (reason <> '')", name=op.f("ck_evaluation_result_reason")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_evaluation_result_contract_id_contract")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_evaluation_result_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["evaluation_plan.id"], name=op.f("fk_evaluation_result_plan_id_evaluation_plan")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_evaluation_result_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_result")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_evaluation_result_plan_id")),
    )
    op.create_index(op.f("ix_evaluation_result_contract_id"), "evaluation_result", ["contract_id"])
    op.create_index("ix_evaluation_result_provider", "evaluation_result", ["provider_id", "decided_on"])
    for name, table, deed, when in _guards():
        _refuse(name, table, deed, when)


def _guards() -> list[tuple[str, str, str, str]]:
    """Name, table, deed, and when the database itself refuses it: what was published, given or signed stays."""
    plan = "SELECT 1 FROM evaluation_plan WHERE evaluation_plan.id = {}.plan_id"
    guards = [
        ("contract_bands", "contract", "UPDATE", f"OLD.signed_on IS NOT NULL AND ({_changed(('bands',))})"),
        ("evaluation_plan_update", "evaluation_plan", "UPDATE", _plan_changed()),
        ("evaluation_plan_delete", "evaluation_plan", "DELETE", "OLD.published_at IS NOT NULL"),
        (
            "evaluation_score_insert",
            "evaluation_score",
            "INSERT",
            f"NOT EXISTS ({plan.format('NEW')} AND state = 'published')",
        ),
    ]
    for deed in DEEDS:
        row = "NEW" if deed == "INSERT" else "OLD"
        guards.append(
            (
                f"evaluation_indicator_{deed.lower()}",
                "evaluation_indicator",
                deed,
                f"EXISTS ({plan.format(row)} AND published_at IS NOT NULL)",
            )
        )
    for table in ("evaluation_score", "evaluation_result"):
        guards += [(f"{table}_{deed.lower()}", table, deed, "TRUE") for deed in ("UPDATE", "DELETE")]
    return guards


def _plan_changed() -> str:
    """A published plan changes only by being decided or withdrawn, once."""
    return f"OLD.published_at IS NOT NULL AND (OLD.state <> 'published' OR {_changed(PUBLISHED)})"


def _changed(columns: tuple[str, ...]) -> str:
    sqlite = op.get_bind().dialect.name == "sqlite"
    differs, text = ("IS NOT", "") if sqlite else ("IS DISTINCT FROM", "::text")
    return " OR ".join(f"OLD.{name}{text} {differs} NEW.{name}{text}" for name in columns)


def _refuse(name: str, table: str, deed: str, when: str) -> None:
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
        for name, *_ in _guards():
            op.execute(f"DROP FUNCTION refuse_{name}() CASCADE")
    else:
        op.execute("DROP TRIGGER contract_bands")
    for table in ("evaluation_result", "evaluation_score", "evaluation_indicator", "evaluation_plan"):
        op.drop_table(table)
    op.execute("ALTER TABLE contract DROP COLUMN bands")
