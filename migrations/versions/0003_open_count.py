"""Votes with rolls, ballots without persons, and a public log; totals of older votes are carried over."""

import secrets
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _columns() -> tuple[sa.Column, ...]:
    """What a round has besides; made anew each time, for a column belongs to one table."""
    return (
        sa.Column("uid", sa.String(length=32)),
        sa.Column("question", sa.String(length=120)),
        sa.Column("translations", sa.JSON()),
        sa.Column("budget_fen", sa.BigInteger()),
        sa.Column("ballot", sa.String(length=12)),
        sa.Column("most", sa.Integer()),
        sa.Column("method", sa.JSON()),
        sa.Column("beside", sa.JSON()),
        sa.Column("conflicts", sa.JSON()),
        sa.Column("basis", sa.String(length=12)),
        sa.Column("body", sa.String(length=24)),
        sa.Column("quorum", sa.String(length=12)),
        sa.Column("majority", sa.String(length=12)),
        sa.Column("legal_basis", sa.String(length=200)),
        sa.Column("publish", sa.String(length=12)),
        sa.Column("announced_at", sa.DateTime(timezone=True)),
        sa.Column("announced_by_id", sa.Integer()),
        sa.Column("seed", sa.String(length=64)),
        sa.Column("seed_hash", sa.String(length=64)),
        sa.Column("salt", sa.String(length=64)),
        sa.Column("frozen_at", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("sealed_at", sa.DateTime(timezone=True)),
        sa.Column("cleaned", sa.Boolean()),
        sa.Column("published", sa.String(length=12)),
        sa.Column("outcome", sa.JSON()),
        sa.Column("beside_outcome", sa.JSON()),
    )


GIVEN = (
    "eligible",
    "voters",
    "most",
    "translations",
    "beside",
    "quorum",
    "majority",
    "salt",
    "frozen_at",
    "told_at",
    "sealed_at",
    "published",
    "outcome",
    "beside_outcome",
)
"""Columns that may be empty."""
FROZEN = (
    "uid",
    "region_id",
    "project_id",
    "question",
    "translations",
    "budget_fen",
    "ballot",
    "most",
    "method",
    "beside",
    "conflicts",
    "basis",
    "body",
    "quorum",
    "majority",
    "legal_basis",
    "publish",
    "announced_at",
    "announced_by_id",
    "opens_at",
    "closes_at",
    "seed",
    "seed_hash",
    "frozen_at",
    "eligible",
)
"""What decides a round: nobody changes it once the round is frozen, whatever program he uses."""
GROWING = ("ledger_member", "log_leaf", "tree_head")


def upgrade() -> None:
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT count(*) FROM vote JOIN round ON round.id = vote.round_id WHERE eligible IS NULL")):
        raise RuntimeError(
            "a vote is going on under the old rules: upgrade once it has closed and is counted (portal deliver --once)"
        )
    op.create_table(
        "roll_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.String(length=40), nullable=False),
        sa.Column("household", sa.String(length=60), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("phone_end", sa.String(length=4), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("identity_hash", sa.String(length=64), nullable=False),
        sa.Column("home_hash", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vouched_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_for", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_roll_entry_added_by_id_person")),
        sa.ForeignKeyConstraint(["head_id"], ["roll_entry.id"], name=op.f("fk_roll_entry_head_id_roll_entry")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roll_entry_person_id_person")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_roll_entry_region_id_region")),
        sa.ForeignKeyConstraint(["vouched_by_id"], ["person.id"], name=op.f("fk_roll_entry_vouched_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_entry")),
        sa.UniqueConstraint("home_hash", name=op.f("uq_roll_entry_home_hash")),
        sa.UniqueConstraint("identity_hash", name=op.f("uq_roll_entry_identity_hash")),
        sa.UniqueConstraint("person_id", name=op.f("uq_roll_entry_person_id")),
    )
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_entry_head_id"), ["head_id"], unique=False)
        batch_op.create_index("ix_roll_entry_list", ["region_id", "household", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_entry_phone_hash"), ["phone_hash"], unique=False)

    op.create_table(
        "roll_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_roll_objection_decided_by_id_person")),
        sa.ForeignKeyConstraint(["entry_id"], ["roll_entry.id"], name=op.f("fk_roll_objection_entry_id_roll_entry")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roll_objection_person_id_person")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_roll_objection_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_objection")),
        sa.UniqueConstraint("key", name=op.f("uq_roll_objection_key")),
    )
    with op.batch_alter_table("roll_objection", schema=None) as batch_op:
        batch_op.create_index("ix_roll_objection_list", ["region_id", "decided_at"], unique=False)

    op.create_table(
        "assistance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("helper_id", sa.Integer(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_left", sa.String(length=64), nullable=True),
        sa.Column("revoke_hash", sa.String(length=64), nullable=True),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["helper_id"], ["person.id"], name=op.f("fk_assistance_helper_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_assistance_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance")),
        sa.UniqueConstraint("revoke_hash", name=op.f("uq_assistance_revoke_hash")),
        sa.UniqueConstraint("round_id", "helper_id", "number", name=op.f("uq_assistance_round_id_helper_id_number")),
    )

    op.create_table(
        "ballot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("logged", sa.Boolean(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("leaves", sa.JSON(), nullable=False),
        sa.Column("trail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_ballot_region_id_region")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ballot_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "handle", name=op.f("pk_ballot")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_ballot_round_id_code")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.create_index("ix_ballot_choices", ["round_id", "void", "region_id", "choices"], unique=False)

    op.create_table(
        "ballot_record",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ballot_record_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "tag", name=op.f("pk_ballot_record")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_entry",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.Column("road", sa.String(length=8), nullable=True),
        sa.Column("by_number", sa.Integer(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_ledger_entry_region_id_region")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ledger_entry_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_ledger_entry")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_member",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["roll_entry.id"], name=op.f("fk_ledger_member_entry_id_roll_entry")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ledger_member_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ledger_member_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "entry_id", name=op.f("pk_ledger_member")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ledger_member", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_member_person", ["person_id", "round_id"], unique=False)
        batch_op.create_index("ix_ledger_member_phone", ["round_id", "phone_hash"], unique=False)

    op.create_table(
        "log_leaf",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_log_leaf_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_log_leaf")),
    )
    op.create_table(
        "option_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_option_count_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_option_count")),
    )
    op.create_table(
        "paper_ballot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("handle", sa.String(length=64), nullable=True),
        sa.Column("voter", sa.BigInteger(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("printed_by_id", sa.Integer(), nullable=False),
        sa.Column("first_by_id", sa.Integer(), nullable=True),
        sa.Column("first", sa.JSON(), nullable=True),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("second", sa.JSON(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["first_by_id"], ["person.id"], name=op.f("fk_paper_ballot_first_by_id_person")),
        sa.ForeignKeyConstraint(["printed_by_id"], ["person.id"], name=op.f("fk_paper_ballot_printed_by_id_person")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_paper_ballot_region_id_region")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_ballot_round_id_round")),
        sa.ForeignKeyConstraint(["second_by_id"], ["person.id"], name=op.f("fk_paper_ballot_second_by_id_person")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_paper_ballot_settled_by_id_person")),
        sa.PrimaryKeyConstraint("round_id", "serial", name=op.f("pk_paper_ballot")),
    )
    with op.batch_alter_table("paper_ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_ballot_handle"), ["handle"], unique=False)

    op.create_table(
        "place_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_place_count_region_id_region")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_place_count_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "region_id", "number", name=op.f("pk_place_count")),
    )
    op.create_table(
        "round_option",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("translations", sa.JSON(), nullable=True),
        sa.Column("cost_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["design_id"], ["design_option.id"], name=op.f("fk_round_option_design_id_design_option")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_round_option_project_id_project")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_option_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_round_option")),
    )
    with op.batch_alter_table("round_option", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_option_design_id"), ["design_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_option_project_id"), ["project_id"], unique=False)

    op.create_table(
        "slip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("printed_by_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["printed_by_id"], ["person.id"], name=op.f("fk_slip_printed_by_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_slip_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_slip_code_hash")),
    )
    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.create_index("ix_slip_voter", ["round_id", "number"], unique=False)

    op.create_table(
        "tree_head",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("peaks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_tree_head_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "size", name=op.f("pk_tree_head")),
    )
    with op.batch_alter_table("round") as batch:
        for column in _columns():
            batch.add_column(column)
        batch.alter_column("project_id", existing_type=sa.INTEGER(), nullable=True)
        batch.drop_constraint("uq_round_project_id", type_="unique")
        batch.create_index("ix_round_project_id", ["project_id"])
    _carry_over(bind)
    with op.batch_alter_table("round") as batch:
        for column in _columns():
            if column.name not in GIVEN:
                batch.alter_column(column.name, existing_type=column.type, nullable=False)
        batch.create_unique_constraint("uq_round_uid", ["uid"])
        batch.create_foreign_key("fk_round_announced_by_id_person", "person", ["announced_by_id"], ["id"])
    op.drop_table("vote")
    op.drop_table("round_count")
    _guard(bind.dialect.name)


def _carry_over(bind: sa.Connection) -> None:
    """What older votes were: any design approved, greedily, an opinion vote on one project."""
    method = {
        "rule": "greedy",
        "threshold": 0,
        "completion": "none",
        "stop_exhaustive": False,
        "comparison": False,
        "increment": 100,
    }
    rounds = bind.execute(
        sa.text(
            "SELECT round.id, project_id, title, project.translations, project.budget_fen, "
            "drafted_by_id, opens_at, closes_at, eligible "
            "FROM round JOIN project ON project.id = round.project_id"
        ).columns(opens_at=sa.DateTime(timezone=True), closes_at=sa.DateTime(timezone=True), translations=sa.JSON())
    ).all()
    table = sa.table("round", sa.column("id"), *(sa.column(column.name, column.type) for column in _columns()))
    for row in rounds:
        seed, said = secrets.token_hex(32), row.translations or {}
        bind.execute(
            table.update()
            .where(table.c.id == row.id)
            .values(
                uid=secrets.token_hex(16),
                question=row.title,
                translations={tag: {"question": words["title"]} for tag, words in said.items() if "title" in words}
                or None,
                budget_fen=row.budget_fen,
                ballot="approval",
                method=method,
                conflicts=[],
                basis="persons",
                body="opinion",
                legal_basis="",
                publish="marks",
                announced_at=row.opens_at,
                announced_by_id=row.drafted_by_id,
                seed=seed,
                seed_hash=sha256(seed.encode()).hexdigest(),
                salt=None if row.eligible is not None else secrets.token_hex(32),
                frozen_at=row.opens_at if row.eligible is not None else None,
                sealed_at=row.closes_at if row.eligible is not None else None,
                cleaned=row.eligible is not None,
                published="aggregate" if row.eligible is not None else None,
            )
        )
        designs = bind.execute(
            sa.text("SELECT id, title, translations, cost_fen FROM design_option WHERE project_id = :of ORDER BY id"),
            {"of": row.project_id},
        ).all()
        for number, design in enumerate(designs, 1):
            bind.execute(
                sa.text(
                    "INSERT INTO round_option (round_id, number, project_id, design_id, title, translations, cost_fen) "
                    "SELECT :round, :number, project_id, id, title, translations, cost_fen "
                    "FROM design_option WHERE id = :id"
                ),
                {"round": row.id, "number": number, "id": design.id},
            )
    bind.execute(
        sa.text(
            "INSERT INTO option_count (round_id, number, votes) SELECT round_count.round_id, number, votes "
            "FROM round_count JOIN round_option ON round_option.round_id = round_count.round_id "
            "AND round_option.design_id = round_count.design_id"
        )
    )


def _guard(dialect: str) -> None:
    """The database itself refuses what would change a frozen round or its log."""
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'this is frozen: %', TG_TABLE_NAME; END $$"
        )
    changed = " OR ".join(
        f"OLD.{name}::text IS DISTINCT FROM NEW.{name}::text"
        if dialect == "postgresql"
        else f"OLD.{name} IS NOT NEW.{name}"
        for name in FROZEN
    )
    _refuse(dialect, "round", "UPDATE", f"OLD.frozen_at IS NOT NULL AND ({changed})")
    _refuse(dialect, "round", "DELETE", "OLD.frozen_at IS NOT NULL")
    for table in GROWING:
        for deed in ("UPDATE", "DELETE"):
            _refuse(dialect, table, deed, "TRUE")
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_option() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF EXISTS (SELECT 1 FROM round WHERE id = coalesce(OLD.round_id, NEW.round_id) AND frozen_at IS NOT NULL) "
            "THEN RAISE EXCEPTION 'this is frozen: %', TG_TABLE_NAME; END IF; RETURN coalesce(NEW, OLD); END $$"
        )
        op.execute(
            "CREATE TRIGGER round_option_change BEFORE INSERT OR UPDATE OR DELETE ON round_option "
            "FOR EACH ROW EXECUTE FUNCTION refuse_option()"
        )
        op.execute(
            "CREATE TRIGGER ledger_member_insert BEFORE INSERT ON ledger_member "
            "FOR EACH ROW EXECUTE FUNCTION refuse_option()"
        )
        return
    _refuse(
        dialect,
        "ledger_member",
        "INSERT",
        "EXISTS (SELECT 1 FROM round WHERE id = NEW.round_id AND frozen_at IS NOT NULL)",
    )
    for deed, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        frozen = f"EXISTS (SELECT 1 FROM round WHERE id = {row}.round_id AND frozen_at IS NOT NULL)"
        _refuse(dialect, "round_option", deed, frozen)


def _refuse(dialect: str, table: str, deed: str, when: str) -> None:
    head = f'CREATE TRIGGER {table}_{deed.lower()} BEFORE {deed} ON "{table}" FOR EACH ROW WHEN ({when}) '
    if dialect == "postgresql":
        op.execute(head + "EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(head + f"BEGIN SELECT RAISE(ABORT, 'this is frozen: {table}'); END")


def downgrade() -> None:
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT count(*) FROM log_leaf")):
        raise RuntimeError("votes were opened under the new rules: going back would lose them")
    if bind.dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change() CASCADE")
        op.execute("DROP FUNCTION refuse_option() CASCADE")
    else:
        for name in bind.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            op.execute(f"DROP TRIGGER {name}")
    op.create_table(
        "round_count",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id", name="fk_round_count_round_id_round")),
        sa.Column(
            "design_id", sa.Integer(), sa.ForeignKey("design_option.id", name="fk_round_count_design_id_design_option")
        ),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "design_id", name="pk_round_count"),
    )
    op.create_table(
        "vote",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id", name="fk_vote_round_id_round")),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_vote_person_id_person")),
        sa.Column("design_id", sa.Integer(), sa.ForeignKey("design_option.id", name="fk_vote_design_id_design_option")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "person_id", "design_id", name="pk_vote"),
    )
    op.execute(
        "INSERT INTO round_count (round_id, design_id, votes) SELECT option_count.round_id, design_id, votes "
        "FROM option_count JOIN round_option USING (round_id, number) WHERE design_id IS NOT NULL"
    )
    with op.batch_alter_table("round") as batch:
        batch.drop_constraint("fk_round_announced_by_id_person", type_="foreignkey")
        batch.drop_constraint("uq_round_uid", type_="unique")
        batch.drop_index("ix_round_project_id")
        batch.create_unique_constraint("uq_round_project_id", ["project_id"])
        batch.alter_column("project_id", existing_type=sa.INTEGER(), nullable=False)
        for column in reversed(_columns()):
            batch.drop_column(column.name)
    op.drop_table("tree_head")
    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.drop_index("ix_slip_voter")

    op.drop_table("slip")
    with op.batch_alter_table("round_option", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_option_project_id"))
        batch_op.drop_index(batch_op.f("ix_round_option_design_id"))

    op.drop_table("round_option")
    op.drop_table("place_count")
    with op.batch_alter_table("paper_ballot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_ballot_handle"))

    op.drop_table("paper_ballot")
    op.drop_table("option_count")
    op.drop_table("log_leaf")
    with op.batch_alter_table("ledger_member", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_member_phone")
        batch_op.drop_index("ix_ledger_member_person")

    op.drop_table("ledger_member")
    op.drop_table("ledger_entry")
    op.drop_table("ballot_record")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_choices")

    op.drop_table("ballot")
    op.drop_table("assistance")
    with op.batch_alter_table("roll_objection", schema=None) as batch_op:
        batch_op.drop_index("ix_roll_objection_list")

    op.drop_table("roll_objection")
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_entry_phone_hash"))
        batch_op.drop_index("ix_roll_entry_list")
        batch_op.drop_index(batch_op.f("ix_roll_entry_head_id"))

    op.drop_table("roll_entry")
