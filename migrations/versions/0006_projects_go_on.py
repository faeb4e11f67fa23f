"""Projects go on after the vote: steps, participation, bundles, places, partners."""

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


def downgrade() -> None:
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
