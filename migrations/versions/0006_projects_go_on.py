"""Projects go on after the vote: steps, participation, bundles, places, partners; similar needs in groups."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "improvement_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("fed_project_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["fed_project_id"], ["project.id"], name=op.f("fk_improvement_action_fed_project_id_project")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_improvement_action_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_action")),
    )
    with op.batch_alter_table("improvement_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_improvement_action_project_id"), ["project_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("took_part", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_participation_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("project_id", "source", name=op.f("uq_participation_project_id_source")),
    )
    op.create_table(
        "project_item",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_item_project_id_project")),
        sa.PrimaryKeyConstraint("project_id", "code", name=op.f("pk_project_item")),
    )
    op.create_table(
        "project_partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_partner_project_id_project")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_project_partner_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_partner")),
    )
    with op.batch_alter_table("project_partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_partner_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_place",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_place_project_id_project")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_project_place_region_id_region")),
        sa.PrimaryKeyConstraint("project_id", "region_id", name=op.f("pk_project_place")),
    )
    with op.batch_alter_table("project_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_place_region_id"), ["region_id"], unique=False)

    op.create_table(
        "project_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_project_step_actor_id_person")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_step_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_step")),
    )
    with op.batch_alter_table("project_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_step_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_resource",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_resource_project_id_project")),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_project_resource_resource_id_resource")
        ),
        sa.PrimaryKeyConstraint("project_id", "resource_id", name=op.f("pk_project_resource")),
    )
    with op.batch_alter_table("project_resource", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_resource_resource_id"), ["resource_id"], unique=False)

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level", sa.String(length=12), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("level_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("channel", sa.String(length=12), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_project_follows_id_project"), "project", ["follows_id"], ["id"])
    with op.batch_alter_table("project", schema=None) as batch_op:
        for name in ("level", "level_reason", "channel"):
            batch_op.alter_column(name, server_default=None)

    _list_up()
    _life_up()
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_hand_over_need_id_need")),
        sa.ForeignKeyConstraint(["to_id"], ["region.id"], name=op.f("fk_hand_over_to_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    op.create_index("ix_hand_over_need_id", "hand_over", ["need_id"])
    op.create_index("ix_hand_over_list", "hand_over", ["to_id", "answered_at", "id"])


def downgrade() -> None:
    op.drop_table("hand_over")
    _life_down()
    _list_down()
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_project_follows_id_project"), type_="foreignkey")
        batch_op.drop_column("follows_id")
        batch_op.drop_column("channel")
        batch_op.drop_column("level_reason")
        batch_op.drop_column("level")

    with op.batch_alter_table("project_resource", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_resource_resource_id"))

    op.drop_table("project_resource")
    with op.batch_alter_table("project_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_step_project_id"))

    op.drop_table("project_step")
    with op.batch_alter_table("project_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_place_region_id"))

    op.drop_table("project_place")
    with op.batch_alter_table("project_partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_partner_project_id"))

    op.drop_table("project_partner")
    op.drop_table("project_item")
    op.drop_table("participation")
    with op.batch_alter_table("improvement_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_improvement_action_project_id"))

    op.drop_table("improvement_action")


def _list_up() -> None:
    """Groups of needs, and what the project list asks for."""
    op.create_table(
        "need_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("translations", sa.JSON(), nullable=True),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_need_group_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_group")),
        sa.UniqueConstraint("key", name=op.f("uq_need_group_key")),
    )
    op.create_index("ix_need_group_list", "need_group", ["region_id", "id"], unique=False)
    op.create_table(
        "need_group_member",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["need_group.id"], name=op.f("fk_need_group_member_group_id_need_group")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_group_member_need_id_need")),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_need_group_member")),
    )
    op.create_index(op.f("ix_need_group_member_group_id"), "need_group_member", ["group_id"], unique=False)
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=40), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_project_key"), ["key"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE project_search USING fts5(words, tokenize='unicode61 remove_diacritics 0')")
        return
    op.execute(
        "CREATE TABLE project_search "
        "(id integer PRIMARY KEY REFERENCES project(id) ON DELETE CASCADE, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_project_search_words ON project_search USING gin (words)")


def _list_down() -> None:
    op.execute("DROP TABLE project_search")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_project_key"), type_="unique")
        batch_op.drop_column("key")
    op.drop_index(op.f("ix_need_group_member_group_id"), table_name="need_group_member")
    op.drop_table("need_group_member")
    op.drop_index("ix_need_group_list", table_name="need_group")
    op.drop_table("need_group")


def _life_up() -> None:
    """Public notice and objections, improvement, matching; and the steps that are known of projects already there."""
    with op.batch_alter_table("improvement_action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=40), nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_improvement_action_key"), ["key"])
    op.create_table(
        "project_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_notice_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_notice")),
    )
    op.create_index(op.f("ix_project_notice_project_id"), "project_notice", ["project_id"], unique=False)
    op.create_table(
        "project_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        *_refers("project_objection", project_id="project", notice_id="project_notice"),
        *_refers("project_objection", person_id="person", answered_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_objection")),
        sa.UniqueConstraint("key", name=op.f("uq_project_objection_key")),
    )
    op.create_index(op.f("ix_project_objection_notice_id"), "project_objection", ["notice_id"], unique=False)
    op.create_index(
        "uq_project_objection_open",
        "project_objection",
        ["project_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    _matching_up()
    _known_steps()


def _matching_up() -> None:
    op.create_table(
        "provider_skill",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("people_a_month", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("people_a_month > 0", name=op.f("ck_provider_skill_people")),
        *_refers("provider_skill", provider_id="provider", said_by_id="person"),
        sa.PrimaryKeyConstraint("provider_id", "category", name=op.f("pk_provider_skill")),
    )
    op.create_index("ix_provider_skill_category", "provider_skill", ["category", "provider_id"], unique=False)
    op.create_table(
        "project_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("people_a_month", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *_refers("project_offer", project_id="project", provider_id="provider", by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_offer")),
        sa.UniqueConstraint("project_id", "provider_id", name=op.f("uq_project_offer_project_id_provider_id")),
    )
    op.create_index(op.f("ix_project_offer_provider_id"), "project_offer", ["provider_id"], unique=False)
    op.create_table(
        "project_call",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("providers", sa.Integer(), nullable=False),
        *_refers("project_call", project_id="project"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_call")),
    )


def _refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def _known_steps() -> None:
    """A project that is there already was drafted on a day; its votes were announced and sealed, by so many."""
    op.execute(
        "INSERT INTO project_step (project_id, state, at, actor_id, words) "
        "SELECT id, 'drafted', drafted_at, drafted_by_id, '' FROM project ORDER BY id"
    )
    behind = (
        "SELECT a.project_id, COALESCE(n.author_id, -n.id) AS person "
        "FROM project_need a JOIN need n ON n.id = a.need_id "
        "UNION SELECT a.project_id, s.person_id FROM project_need a JOIN need_support s ON s.need_id = a.need_id"
    )
    op.execute(
        "INSERT INTO participation (project_id, stage, way, took_part, words, source, at) "
        f"SELECT p.id, 'publish', 'need', COUNT(*), '', 'needs', p.drafted_at FROM ({behind}) b "
        "JOIN project p ON p.id = b.project_id GROUP BY p.id, p.drafted_at ORDER BY p.id"
    )
    voted_on = "FROM (SELECT DISTINCT project_id, round_id FROM round_option) o JOIN round r ON r.id = o.round_id "
    op.execute(
        "INSERT INTO project_step (project_id, state, at, actor_id, words) "
        f"SELECT o.project_id, 'consulted', r.announced_at, r.announced_by_id, '' {voted_on} ORDER BY r.announced_at"
    )
    sealed = f"{voted_on} WHERE r.sealed_at IS NOT NULL ORDER BY r.sealed_at"
    op.execute(
        "INSERT INTO project_step (project_id, state, at, words) "
        f"SELECT o.project_id, 'voted', r.sealed_at, '' {sealed}"
    )
    op.execute(
        "INSERT INTO participation (project_id, stage, way, asked, took_part, words, source, at) "
        "SELECT o.project_id, 'publish', 'vote', r.eligible, r.voters, '', "
        f"'round:' || CAST(r.id AS VARCHAR(20)), r.sealed_at {sealed}"
    )


def _life_down() -> None:
    for table in ("project_call", "project_offer", "provider_skill", "project_objection", "project_notice"):
        op.drop_table(table)
    with op.batch_alter_table("improvement_action", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_improvement_action_key"), type_="unique")
        batch_op.drop_column("key")
