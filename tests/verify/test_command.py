"""verify.py as a stranger runs it."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.rules import opencount
from tests.verify import making
from tests.verify.conftest import edited

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run it alone, in an empty folder, on a published text."""

    def run(text: str, *options: str) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "bundle.json"
        path.write_text(text, "utf-8")
        words = [sys.executable, "-I", str(making.VERIFIER), str(path), *options]
        return subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, timeout=60)

    return run


def test_each_check_is_said_in_words_and_the_end_is_0(command: Command, tmp_path: Path) -> None:  # A26
    vote = making.a_vote()
    ballot = next(one for one in vote.ballots if one.choices)
    (tmp_path / "receipt.txt").write_text(vote.receipt(ballot), "utf-8")
    (tmp_path / "head.json").write_text(making.head_json(vote.heads[1]), "utf-8")
    head = vote.head_printed(vote.heads[0])
    options = ("--head", head, "--head", "head.json", "--receipt", "receipt.txt", "--code", ballot.code)
    ran = command(making.published(vote), *options)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("everything fits\n全部相符\n")
    assert f"Beside the code {ballot.code} stands: {ballot.choices.replace(',', ', ')}" in ran.stdout
    assert ran.stdout.count("The log still begins as the head of") == 2


def test_what_is_wrong_is_said_in_two_languages_and_the_end_is_1(command: Command) -> None:
    text = edited(making.published(making.a_vote()), lambda data: data["counts"].update({"1": 0}))
    ran = command(text)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.splitlines()[-2].startswith("WRONG  Option 1: ")
    assert ran.stdout.splitlines()[-1].startswith("错误   选项 1：")


def test_who_knows_the_sites_key_finds_out_that_another_one_signed(command: Command) -> None:  # A26
    vote = making.a_vote()
    key = vote.manifest.key
    assert command(making.published(vote), "--key", f" {key[:32].upper()} {key[32:]}").returncode == 0
    other = command(making.published(vote), "--key", making.a_vote(2).manifest.key)
    assert other.returncode == 1
    assert "not signed with the key that you gave" in other.stdout
    assert command(making.published(vote), "--key", "1234").returncode == 2


@pytest.mark.parametrize("text", ["", "{}", "[1", '{"format":"open-count/2"}'])
def test_what_is_no_such_file_ends_with_one_line_and_2(command: Command, text: str) -> None:
    ran = command(text)
    assert (ran.returncode, ran.stderr, ran.stdout.count("\n")) == (2, "", 1)


def test_a_file_that_is_not_there_or_no_text_ends_with_one_line_and_2(command: Command, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"\xff\xd8\xff")
    for receipt in ("photo", "nowhere"):
        ran = command(making.published(making.a_vote()), "--receipt", receipt)
        assert (ran.returncode, ran.stderr, ran.stdout.count("\n")) == (2, "", 1)


def test_it_runs_on_old_pythons_with_nothing_but_the_standard_library() -> None:
    tree = ast.parse(making.VERIFIER.read_text("utf-8"), feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_a_file_that_was_laid_out_anew_is_the_same_file(command: Command) -> None:
    text = json.dumps(json.loads(making.published(making.a_vote())), indent=1)
    assert command(text).returncode == 0


def test_the_log_alone_says_nothing_of_what_was_chosen() -> None:
    """Two votes that differ only in the choices have logs of the same shape, and no nonce before the end."""
    vote = making.a_vote()
    told = "\n".join(vote.leaves[1:-1])
    assert all(record.nonce not in told and record.tag not in told for record in vote.records)
    assert {json.loads(leaf)["kind"] for leaf in vote.leaves[1:-1]} == {"record", "superseded"}
    assert opencount.records_of("ballots", making.ROUND, "1" * 16, "1", "0" * 64)[0].nonce not in told
