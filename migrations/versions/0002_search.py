"""Full text of needs: pairs of characters, cut by us (`portal/store/search.py`)."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE need_search USING fts5(words, tokenize='unicode61 remove_diacritics 0')")
        return
    op.execute(
        "CREATE TABLE need_search "
        "(id integer PRIMARY KEY REFERENCES need(id) ON DELETE CASCADE, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_need_search_words ON need_search USING gin (words)")


def downgrade() -> None:
    op.execute("DROP TABLE need_search")
