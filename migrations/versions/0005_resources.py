"""The resource list, its premises, bookings, agreements and incubators."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("translations", sa.JSON(), nullable=True),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_for", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["offered_by_id"], ["person.id"], name=op.f("fk_resource_offered_by_id_person")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_resource_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_resource_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sa.UniqueConstraint("key", name=op.f("uq_resource_key")),
    )
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.create_index("ix_resource_list", ["region_id", "kind", "id"], unique=False)
    _index_words()
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=100), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["booked_by_id"], ["person.id"], name=op.f("fk_booking_booked_by_id_person")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_booking_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_booking_region_id_region")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_booking_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("key", name=op.f("uq_booking_key")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index("ix_booking_day", ["resource_id", "day"], unique=False)

    op.create_table(
        "incubator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("translations", sa.JSON(), nullable=True),
        sa.Column("premises_id", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("set_up_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["premises_id"], ["resource.id"], name=op.f("fk_incubator_premises_id_resource")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_incubator_region_id_region")),
        sa.ForeignKeyConstraint(["set_up_by_id"], ["person.id"], name=op.f("fk_incubator_set_up_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator")),
        sa.UniqueConstraint("key", name=op.f("uq_incubator_key")),
    )
    with op.batch_alter_table("incubator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incubator_region_id"), ["region_id"], unique=False)

    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_opening_hours_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
        sa.UniqueConstraint("resource_id", "from_on", name=op.f("uq_opening_hours_resource_id_from_on")),
    )
    op.create_table(
        "premises",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("ownership", sa.String(length=12), nullable=False),
        sa.Column("idle_since", sa.Date(), nullable=True),
        sa.Column("accessible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_premises_resource_id_resource")),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_premises")),
    )
    op.create_table(
        "premises_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("minutes_owed", sa.Integer(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=False),
        sa.Column("valuation", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_for", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_premises_agreement_made_by_id_person")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_premises_agreement_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_premises_agreement_resource_id_resource")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premises_agreement")),
        sa.UniqueConstraint("key", name=op.f("uq_premises_agreement_key")),
    )
    with op.batch_alter_table("premises_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_premises_agreement_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_premises_agreement_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "resource_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_resource_change_actor_id_person")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_resource_change_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_change")),
    )
    with op.batch_alter_table("resource_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_change_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "hours_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["premises_agreement.id"], name=op.f("fk_hours_entry_agreement_id_premises_agreement")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_hours_entry_entered_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_hours_entry_key")),
    )
    with op.batch_alter_table("hours_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hours_entry_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "incubator_organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("graduated_on", sa.Date(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_incubator_organisation_entered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"], ["incubator.id"], name=op.f("fk_incubator_organisation_incubator_id_incubator")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_incubator_organisation_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_organisation")),
        sa.UniqueConstraint("key", name=op.f("uq_incubator_organisation_key")),
    )
    with op.batch_alter_table("incubator_organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incubator_organisation_incubator_id"), ["incubator_id"], unique=False)


def _index_words() -> None:
    """Full text: pairs of characters, cut by us (`portal/store/search.py`)."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE resource_search USING fts5(words, tokenize='unicode61 remove_diacritics 0')")
        return
    op.execute(
        "CREATE TABLE resource_search "
        "(id integer PRIMARY KEY REFERENCES resource(id) ON DELETE CASCADE, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_resource_search_words ON resource_search USING gin (words)")


def downgrade() -> None:
    with op.batch_alter_table("incubator_organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_organisation_incubator_id"))

    op.drop_table("incubator_organisation")
    with op.batch_alter_table("hours_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hours_entry_agreement_id"))

    op.drop_table("hours_entry")
    with op.batch_alter_table("resource_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_change_resource_id"))

    op.drop_table("resource_change")
    with op.batch_alter_table("premises_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_premises_agreement_resource_id"))
        batch_op.drop_index(batch_op.f("ix_premises_agreement_provider_id"))

    op.drop_table("premises_agreement")
    op.drop_table("premises")
    op.drop_table("opening_hours")
    with op.batch_alter_table("incubator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_region_id"))

    op.drop_table("incubator")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index("ix_booking_day")

    op.drop_table("booking")
    op.execute("DROP TABLE resource_search")
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.drop_index("ix_resource_list")

    op.drop_table("resource")
