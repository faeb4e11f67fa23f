"""A26: anybody recounts a published election, with nothing but Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.rules import recount
from tests.beside import with_real
from tests.rules.elections_made import PABULIB
from tests.rules.test_pabulib import META, text

ROOT = Path(__file__).parents[2]
WHOLE = ("project_id;cost", "1;60", "2;50")


@pytest.fixture
def given(tmp_path):
    """Write a file and give its path."""

    def write(words, name="given.pb"):
        path = tmp_path / name
        path.write_bytes(words if isinstance(words, bytes) else words.encode())
        return str(path)

    return write


def test_winners_total_and_ties_are_printed(given, capsys):
    assert recount.main([given(text(projects=WHOLE))]) == 0
    assert capsys.readouterr().out == "rule greedy\n1 of 2 projects win\n   1. 1\ntotal 60 of 100\nno tie\n"


def test_the_lot_and_conflict_sets_are_data(given, capsys):
    tied = given(text(META | {"num_votes": "2"}, WHOLE, ("voter_id;vote", "a;1", "b;2")))
    assert recount.main([tied, "--json", "--lot", given("2\n1\n", "lot")]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "rule": "greedy",
        "winners": ["2"],
        "total": 50,
        "ties": [["2", "1"]],
    }
    roomy = given(text(META | {"budget": "200"}, WHOLE))
    for conflicts, winners in (("1, 2", ["1"]), ("2 > 1", ["2"]), ('[["1", "2"]]', ["1"])):
        assert recount.main([roomy, "--json", "--conflicts", given(conflicts, "conflicts")]) == 0
        assert json.loads(capsys.readouterr().out)["winners"] == winners


def test_amounts_that_are_not_whole_keep_their_point(given, capsys):
    assert recount.main([given(text(projects=("project_id;cost", "1;60.25", "2;30"))), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == "90.25"


@pytest.mark.parametrize(
    ("words", "more", "says"),
    [
        (text(META | {"rule": "unknown"}, WHOLE), [], "given.pb: line 11: the rule is unknown; say which with --rule"),
        (text(META | {"budget": "much"}, WHOLE), [], "given.pb: line 9: budget is not a number: 'much'"),
        (text(projects=WHOLE).encode() + b"\xff", [], "given.pb: line 23: not UTF-8"),
        (text(projects=WHOLE), ["--lot", "1\n3\n"], "line 2: '3' stands twice or is no project"),
        (text(projects=WHOLE), ["--lot", "1\n"], "'2' and 0 more have no place"),
        (text(projects=WHOLE), ["--conflicts", "1, 9"], "line 1: '9' is no project"),
        (text(projects=WHOLE), ["--conflicts", "[[1]]"], "must be a list of lists"),
        (text(projects=WHOLE), ["--conflicts", "[[1"], "line 1: no JSON"),
        (text(projects=WHOLE), ["--rule", "equalshares", "--conflicts", "1,2"], "not defined for conflict sets"),
        (text(projects=WHOLE), ["--threshold", "-1"], "a threshold is 0 or more"),
    ],
)
def test_what_cannot_be_counted_says_so_in_one_line(given, capsys, words, more, says):
    more = [
        given(one, "more") if part in ("--lot", "--conflicts") else one
        for part, one in zip(["", *more], more, strict=False)
    ]
    assert recount.main([given(words), *more]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert says in said.err


def test_a_missing_file_says_so(capsys):
    assert recount.main(["nowhere.pb"]) == 2
    assert capsys.readouterr().err == "nowhere.pb: cannot be read (No such file or directory)\n"


def test_it_runs_with_nothing_installed(given):
    """Neither packages nor a site: `-S` hides what is installed, and flask cannot be imported."""
    path = given(text(projects=WHOLE))
    alone = subprocess.run(
        [sys.executable, "-S", "-B", "-W", "error", "-m", "portal.rules.recount", path, "--json"],
        cwd=ROOT, capture_output=True, text=True, check=True, env={},
    )  # fmt: skip
    assert json.loads(alone.stdout)["winners"] == ["1"]
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.run([sys.executable, "-S", "-c", "import flask"], check=True, capture_output=True, env={})


def test_the_command_needs_no_site(given, tmp_path):
    code = "import sys; from portal.commands import main; sys.argv[0] = 'portal'; main()"
    command = [sys.executable, "-c", code, "recount", given(text(projects=WHOLE)), "--json"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_")}
    environment |= {"PYTHONPATH": str(ROOT), "PORTAL_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/none"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert json.loads(done.stdout) == {"rule": "greedy", "winners": ["1"], "total": 60, "ties": []}
    assert [path.name for path in tmp_path.iterdir()] == ["given.pb"]


def test_the_hash_seed_does_not_matter(given):
    ballots = [f"v{number};{','.join(sorted({str(number * k % 7) for k in (1, 3, 5)}))}" for number in range(200)]
    votes = ("voter_id;vote", *ballots)
    costs = ("project_id;cost", *(f"{key};{10 + key % 2}" for key in range(7)))
    path = given(text(META | {"num_votes": "200", "num_projects": "7", "budget": "40"}, costs, votes))
    command = [sys.executable, "-S", "-m", "portal.rules.recount", path, "--rule", "equalshares", "--json"]
    found = {
        subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(found) == 1
    assert 1 < len(json.loads(found.pop())["winners"]) < 7


@with_real(PABULIB)
def test_a_real_election_is_recounted_by_its_stated_rule(capsys):
    assert recount.main([str(PABULIB / "Netherlands_Assen_2024.pb"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["rule"], len(found["winners"]), found["total"]) == ("equalshares", 9, 76700)
