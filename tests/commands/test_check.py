"""`portal check` says which rows are proved, and whether the log was changed."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from portal.audit.models import AuditEntry
from portal.commands import main
from portal.commands.check import ROWS, cited_by, cited_in
from portal.settings import ROOT
from portal.store import action, db
from tests import builders


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)


def test_rows_are_read_from_comments_and_docstrings(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        '"""About A1."""\n\n# B2 too\ndef test_one():  # A25, B34-36\n    """See A3."""\n    x = "A70"  # B30\n\n\ndef test_two(): ...\n'
    )
    found = cited_by(tmp_path)
    name = f"{tmp_path.name}/test_a.py"
    assert found == {
        "A1": [name],
        "B2": [name],
        **{row: [f"{name}::test_one"] for row in ("A25", "B34", "B35", "B36", "A3", "B30")},
    }


def test_what_is_no_row_is_none() -> None:
    assert cited_in("A0 A71 B38 A4 paper, GB2312, 1A5") == {"A4"}
    assert len(ROWS) == 107


def test_trace_prints_tests_and_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "trace") == 0
    said = capsys.readouterr().out
    assert "A25" in said
    assert "tests/needs/test_report.py::test_two_characters_are_a_need" in said
    assert "of 107 rows" in said
    assert run("check", "trace", "--rows", "A25") == 0


def test_trace_fails_for_a_row_that_is_asked_for_and_has_no_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests").mkdir()
    monkeypatch.setattr("portal.commands.check.ROOT", tmp_path)
    assert run("check", "trace", "--rows", "A25") == 1
    assert "without a test: A25" in capsys.readouterr().out
    (tmp_path / "tests").rmdir()
    assert run("check", "trace") == 2


def test_the_rows_of_this_slice_are_proved() -> None:
    """The rows that the portal's frame and main job claim."""
    tests = cited_by(ROOT / "tests")
    claimed = cited_in("A19-A22 A24-A27 A37 B1 B10 B15 B26 B34")
    missing = sorted(claimed - set(tests))
    assert not missing, f"cite the row in the test that proves it: {missing}"


def test_audit_finds_a_changed_entry(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # B32
    settings = app.config["SETTINGS"]
    monkeypatch.setenv("PORTAL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", settings.database_url)
    builders.a_need(builders.a_region_tree().villages[0])
    db.session.remove()
    assert run("check", "audit") == 0
    assert "none was changed" in capsys.readouterr().out

    @action
    def tamper() -> None:
        db.session.execute(update(AuditEntry).values(deed="nothing"))

    tamper()
    db.session.remove()
    assert run("check", "audit") == 2
    assert "the log was changed at seal 1" in capsys.readouterr().err
