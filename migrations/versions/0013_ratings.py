"""Ratings without a way back to their service, invitations of their own, and figures published in batches.

Ratings that are there go on under keys that are chance, with the week instead of the moment; the links of what was
rated are too old from now on. Back down each rating goes to some service of the same provider, place and kind.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHANCE = {"sqlite": "lower(hex(randomblob(32)))", "postgresql": "md5(random()::text) || md5(random()::text)"}
WEEK = {
    "sqlite": "date(rated_at, '+8 hours', 'weekday 0', '-6 days')",
    "postgresql": "date_trunc('week', rated_at AT TIME ZONE 'Asia/Shanghai')::date",
}
UNTIL = {
    "sqlite": "date(asked.recorded_at, '+8 hours', '+90 days')",
    "postgresql": "(asked.recorded_at AT TIME ZONE 'Asia/Shanghai')::date + 90",
}
NOON = {
    "sqlite": "rated_on || ' 04:00:00.000000'",
    "postgresql": "(rated_on + time '12:00') AT TIME ZONE 'Asia/Shanghai'",
}
DAY = {"sqlite": "'2000-01-01'", "postgresql": "date '2000-01-01'"}
SAME = "PARTITION BY provider_id, region_id, category ORDER BY"


def upgrade() -> None:
    engine = op.get_bind().dialect.name
    op.create_table(
        "opt_out",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_opt_out")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "spent_ticket",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_spent_ticket")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "settling",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cleaned", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_settling")),
    )
    op.create_table(
        "rater_salt",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_rater_salt_provider_id_provider")),
        sa.PrimaryKeyConstraint("provider_id", "quarter", name=op.f("pk_rater_salt")),
    )
    op.create_table(
        "rating_comment",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("photo", sa.String(length=40), nullable=True),
        sa.Column("writer", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_rating_comment_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_rating_comment_region_id_region")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rating_comment")),
        sa.UniqueConstraint("writer", name=op.f("uq_rating_comment_writer")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("rating_comment", schema=None) as batch_op:
        batch_op.create_index("ix_rating_comment_provider", ["provider_id", "state"], unique=False)
    op.create_table(
        "rating_day",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_rating_day_provider_id_provider")),
        sa.PrimaryKeyConstraint("provider_id", "day", name=op.f("pk_rating_day")),
    )
    op.create_table(
        "rating_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("flag", sa.String(length=16), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_rating_hold_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_rating_hold_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_hold")),
        sa.UniqueConstraint("provider_id", "flag", "about", name=op.f("uq_rating_hold_provider_id_flag_about")),
    )
    op.create_table(
        "rating_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_rating_release_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_release")),
        sa.UniqueConstraint("provider_id", "number", name=op.f("uq_rating_release_provider_id_number")),
    )
    op.create_table(
        "star_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("working", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_star_level_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_level")),
        sa.UniqueConstraint("provider_id", "quarter", name=op.f("uq_star_level_provider_id_quarter")),
    )
    op.create_table(
        "rating_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("n1", sa.Integer(), nullable=False),
        sa.Column("n2", sa.Integer(), nullable=False),
        sa.Column("n3", sa.Integer(), nullable=False),
        sa.Column("n4", sa.Integer(), nullable=False),
        sa.Column("n5", sa.Integer(), nullable=False),
        sa.Column("by_staff", sa.Integer(), nullable=False),
        sa.CheckConstraint("raters >= 1", name=op.f("ck_rating_batch_raters")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_rating_batch_contract_id_contract")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_rating_batch_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_rating_batch_region_id_region")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["rating_release.id"], name=op.f("fk_rating_batch_release_id_rating_release")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_batch")),
    )
    with op.batch_alter_table("rating_batch", schema=None) as batch_op:
        batch_op.create_index("ix_rating_batch_contract", ["contract_id"], unique=False)
        batch_op.create_index("ix_rating_batch_place", ["region_id", "released_on"], unique=False)
        batch_op.create_index("ix_rating_batch_provider", ["provider_id", "released_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_batch_release_id"), ["release_id"], unique=False)
    op.drop_table("rating_refresh")
    with op.batch_alter_table("credit_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("evidence", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("actor_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ended_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_unique_constraint(batch_op.f("uq_credit_event_key"), ["key"])
        batch_op.create_foreign_key(batch_op.f("fk_credit_event_actor_id_person"), "person", ["actor_id"], ["id"])
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tag", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_message_tag"), ["tag"], unique=False)
    op.execute("CREATE TABLE rating_kept AS SELECT * FROM rating")
    op.drop_table("rating")
    op.execute("CREATE TABLE asked AS SELECT id, ticket_hash, recorded_at FROM service_record")
    with op.batch_alter_table("service_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contract_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=12), nullable=False, server_default="delivered"))
        batch_op.alter_column("key", existing_type=sa.String(length=40), type_=sa.String(length=80))
        batch_op.drop_constraint(batch_op.f("uq_service_record_ticket_hash"), type_="unique")
        batch_op.create_index(batch_op.f("ix_service_record_contract_id"), ["contract_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_service_record_contract_id_contract"), "contract", ["contract_id"], ["id"]
        )
        batch_op.drop_column("ticket_hash")
    op.create_table(
        "ticket",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("rater", sa.String(length=16), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service_record.id"], name=op.f("fk_ticket_service_id_service_record")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_ticket")),
        sa.UniqueConstraint("service_id", name=op.f("uq_ticket_service_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("photo", sa.String(length=40), nullable=True),
        sa.Column("writer", sa.String(length=64), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("rater", sa.String(length=16), nullable=False),
        sa.Column("inviter", sa.String(length=16), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("early", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("grade BETWEEN 1 AND 5", name=op.f("ck_rating_grade")),
        sa.ForeignKeyConstraint(["batch_id"], ["rating_batch.id"], name=op.f("fk_rating_batch_id_rating_batch")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_rating_contract_id_contract")),
        sa.ForeignKeyConstraint(["hold_id"], ["rating_hold.id"], name=op.f("fk_rating_hold_id_rating_hold")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_rating_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_rating_region_id_region")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rating")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_ticket_until"), "ticket", ["until"])
    op.create_index("ix_rating_batch", "rating", ["batch_id"])
    op.create_index(op.f("ix_rating_hold_id"), "rating", ["hold_id"])
    still_open = {"sqlite_where": sa.text("settled = 0"), "postgresql_where": sa.text("NOT settled")}
    op.create_index("ix_rating_open", "rating", ["rated_on"], **still_open)
    op.create_index("ix_rating_waiting", "rating", ["provider_id", "batch_id", "settled"])
    op.execute(
        "INSERT INTO ticket (hash, service_id, channel, rater, until) SELECT asked.ticket_hash, asked.id, 'sms', '', "
        f"CASE WHEN rating_kept.service_id IS NULL THEN {UNTIL[engine]} ELSE {DAY[engine]} END "
        "FROM asked LEFT JOIN rating_kept ON rating_kept.service_id = asked.id ORDER BY asked.ticket_hash"
    )
    op.execute(
        "INSERT INTO rating (key, provider_id, region_id, category, outcome, channel, by_staff, grade, reasons, words, "
        "writer, rated_on, rater, inviter, device, early, settled) "
        f"SELECT {CHANCE[engine]} AS chance, provider_id, region_id, category, 'delivered', 'sms', false, grade, "
        f"reasons, words, '', {WEEK[engine]}, '', '', '', false, true FROM rating_kept ORDER BY chance"
    )
    op.drop_table("asked")
    op.drop_table("rating_kept")


def downgrade() -> None:
    engine = op.get_bind().dialect.name
    op.execute("CREATE TABLE rating_kept AS SELECT * FROM rating")
    op.execute("CREATE TABLE asked AS SELECT hash, service_id FROM ticket")
    op.drop_table("rating")
    op.drop_table("ticket")
    with op.batch_alter_table("service_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ticket_hash", sa.String(length=64), nullable=True))
        batch_op.drop_constraint(batch_op.f("fk_service_record_contract_id_contract"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_service_record_contract_id"))
        batch_op.drop_column("outcome")
        batch_op.drop_column("contract_id")
    op.execute("UPDATE service_record SET key = substr(key, 1, 40)")
    op.execute(
        "UPDATE service_record SET ticket_hash = "
        f"coalesce((SELECT hash FROM asked WHERE asked.service_id = service_record.id), {CHANCE[engine]})"
    )
    with op.batch_alter_table("service_record", schema=None) as batch_op:
        batch_op.alter_column("key", existing_type=sa.String(length=80), type_=sa.String(length=40))
        batch_op.alter_column("ticket_hash", existing_type=sa.String(length=64), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_service_record_ticket_hash"), ["ticket_hash"])
    op.create_table(
        "rating",
        sa.Column("service_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grade BETWEEN 1 AND 5", name=op.f("ck_rating_grade")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_rating_provider_id_provider")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_rating_region_id_region")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service_record.id"], name=op.f("fk_rating_service_id_service_record")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_rating")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index("ix_rating_changed", ["changed_at"], unique=False)
        batch_op.create_index("ix_rating_provider", ["provider_id", "rated_at"], unique=False)
    op.execute(
        "INSERT INTO rating "
        "(service_id, provider_id, region_id, category, grade, reasons, words, rated_at, changed_at) "
        "SELECT service.id, kept.provider_id, kept.region_id, kept.category, grade, reasons, words, "
        f"{NOON[engine]}, {NOON[engine]} "
        f"FROM (SELECT *, row_number() OVER ({SAME} key) AS place FROM rating_kept) AS kept "
        f"JOIN (SELECT *, row_number() OVER ({SAME} id) AS place FROM service_record) AS service "
        "ON service.place = kept.place AND service.provider_id = kept.provider_id "
        "AND service.region_id = kept.region_id AND service.category = kept.category"
    )
    op.drop_table("asked")
    op.drop_table("rating_kept")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message_tag"))
        batch_op.drop_column("tag")
    with op.batch_alter_table("credit_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_credit_event_actor_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_credit_event_key"), type_="unique")
        for column in ("ended_reason", "ended_on", "actor_id", "evidence", "kind", "key"):
            batch_op.drop_column(column)
    op.create_table(
        "rating_refresh",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_refresh")),
    )
    for table in (
        "rating_batch",
        "star_level",
        "rating_release",
        "rating_hold",
        "rating_day",
        "rating_comment",
        "rater_salt",
        "spent_ticket",
        "settling",
        "opt_out",
    ):
        op.drop_table(table)
