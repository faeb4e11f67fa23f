"""The database can go forward and back with everything that is in it, on both engines."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text

from portal.commands.setup import prepare_database
from portal.needs.models import Need, NeedStep, NeedSupport
from portal.regions.models import Region
from portal.settings import ROOT
from portal.store import db
from portal.store.engines import WRITING
from portal.voting.models import Round
from portal.voting.queries import Poll, result_of
from tests import builders
from tests.conftest import a_site

REBUILD = '''
"""Build the table of needs anew, as a change of a column on SQLite does."""

from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade():
    with op.batch_alter_table("need", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as batch:
        batch.add_column(sa.Column("tried", sa.String(10), nullable=False, server_default="yes"))


def downgrade():
    with op.batch_alter_table("need", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as batch:
        batch.drop_column("tried")
'''


OLDER = (
    "INSERT INTO region (id, code, level, name, folded, path) VALUES (1, '990000000000', 'village', 'x', 'x', '1.')",
    "INSERT INTO person (id, name, language, wants_sms, created_at) VALUES (1, '', 'en', true, '2026-01-01 00:00:00')",
    "INSERT INTO project (id, region_id, title, story, category, place, budget_fen, state, drafted_at, drafted_by_id) "
    "VALUES (1, 1, 'p', '', '0901', '', 100, 'consulted', '2026-01-01 00:00:00', 1)",
    "INSERT INTO design_option (id, project_id, title, story, cost_fen) VALUES (1, 1, 'a', '', 90), (2, 1, 'b', '', 20)",
    "INSERT INTO round (id, project_id, region_id, opens_at, closes_at) "
    "VALUES (1, 1, 1, '2026-01-01 00:00:00', '2026-01-09 00:00:00')",
    "INSERT INTO round_count VALUES (1, 1, 5), (1, 2, 3)",
)
"""A vote as it was before the log."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site with a database of its own and nothing in it."""
    url = request.getfixturevalue("postgres").database() if request.param == "postgresql" else ""
    app = a_site(tmp_path, url)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_there_is_one_head() -> None:
    heads = ScriptDirectory(str(ROOT / "migrations")).get_heads()
    assert len(heads) == 1, f"migrations/versions has the heads {heads}: set down_revision of the newer one"


def test_the_head_is_what_the_models_say(empty_site: Flask) -> None:
    upgrade()

    def ours(kind: str, name: str | None) -> bool:
        return not (kind == "table" and "_search" in (name or ""))

    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, kind, _: ours(kind, name)}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)
    assert not differences, f"portal db: write a migration for {differences}"


def test_all_migrations_go_up_down_and_up_again(empty_site: Flask) -> None:
    upgrade()
    _fill()
    downgrade(revision="base")
    left = set(inspect(db.engine).get_table_names())
    assert left <= {"alembic_version"}, f"downgrade() leaves {left}"
    upgrade()
    _fill()


def test_each_step_down_and_up_keeps_every_row(empty_site: Flask) -> None:
    upgrade()
    _fill()
    before = _counts()
    steps = list(ScriptDirectory(str(ROOT / "migrations")).walk_revisions())
    downgrade(revision=steps[-1].revision)  # the first one made the tables; below it there is nothing to keep
    upgrade()
    assert _counts() == before


def test_an_older_database_is_copied_before_it_is_upgraded(empty_site: Flask) -> None:
    upgrade(revision="0002")
    db.session.remove()
    copy = prepare_database()
    assert (copy is not None and copy.exists()) is (db.engine.dialect.name == "sqlite")
    assert prepare_database() is None, "once"


def test_votes_of_the_older_kind_keep_their_counts_and_a_running_one_is_not_upgraded(empty_site: Flask) -> None:  # A26
    upgrade(revision="0002")
    with db.engine.connect().execution_options(**WRITING) as connection:
        for statement in OLDER:
            connection.execute(text(statement))
        connection.commit()
        connection.execute(text("INSERT INTO vote VALUES (1, 1, 1, '2026-01-02 00:00:00')"))
        connection.commit()
        with pytest.raises(SystemExit):
            upgrade()
        connection.execute(text("UPDATE round SET eligible = 9, voters = 5"))
        connection.commit()
    upgrade()
    round_ = db.session.scalars(select(Round)).one()
    result = result_of(Poll(round_, db.session.get_one(Region, 1), None))
    assert (result.counts, result.eligible, result.voters) == ({1: 5, 2: 3}, 9, 5)
    assert result.outcome.winners == ("1",)


def test_a_table_built_anew_keeps_the_rows_that_hang_on_it(empty_site: Flask, tmp_path: Path) -> None:
    """Supporters would be gone, silently, if foreign keys were on while SQLite builds a table anew (pitfall 1)."""
    upgrade()
    _fill()
    before = _counts()
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder)
    head = ScriptDirectory(str(folder)).get_current_head()
    (folder / "versions" / "9999_rebuild.py").write_text(REBUILD.format(head=head))
    upgrade(directory=str(folder))
    assert "tried" in {column["name"] for column in inspect(db.engine).get_columns("need")}
    assert _counts() == before
    downgrade(directory=str(folder), revision=head)
    assert _counts() == before
    upgrade(directory=str(folder))
    assert _counts() == before


def test_a_migration_that_fails_leaves_nothing_half_done(empty_site: Flask, tmp_path: Path) -> None:
    upgrade()
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder)
    head = ScriptDirectory(str(folder)).get_current_head()
    broken = REBUILD.format(head=head).replace(
        "\n\ndef downgrade", '\n    op.execute("SELECT * FROM nowhere")\n\ndef downgrade'
    )
    (folder / "versions" / "9999_broken.py").write_text(broken)
    with pytest.raises(Exception, match="nowhere"):
        upgrade(directory=str(folder))
    db.session.remove()
    assert "tried" not in {column["name"] for column in inspect(db.engine).get_columns("need")}


def _fill() -> None:
    """Some of everything that hangs on something."""
    village = builders.a_region_tree().villages[0]
    need = builders.a_need(village)
    builders.supported(need, *(builders.a_resident(village) for _ in range(3)))
    builders.an_open_round(builders.a_project(village, needs=(need,)))
    builders.a_service(builders.a_provider(village), village, phone="", channel="slip")
    db.session.remove()


def _counts() -> dict[str, int]:
    counts = {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }
    db.session.remove()
    assert counts[NeedSupport.__tablename__] == 3
    assert min(counts[model.__tablename__] for model in (Need, NeedStep, Region)) >= 1
    return counts
