"""Votes go out as Pabulib files and come in from them; nothing that counts is lost on the way."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.commands import main
from portal.projects.models import Project
from portal.rules import counting, pabulib
from portal.rules.counting import Completion, Method, Outcome, Rule
from portal.rules.elections import BallotKind
from portal.rules.pabulib import File, Malformed, Table
from portal.rules.projects import ProjectState
from portal.store import clock, db
from portal.voting.actions import cast_vote
from portal.voting.exchange import file_of
from portal.voting.imports import import_round, read_past_vote
from portal.voting.models import BallotRecord, Round
from tests import builders
from tests.beside import with_real
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}
REAL = Path(__file__).parents[3] / "shared/data/pabulib"
SMALL = (
    "Poland_Gdansk_2020_Rudniki.pb",
    "Worldwide_Mechanical_Turk_Ranking_value_6.pb",
    "Netherlands_Assen_2024.pb",
    "Poland_Zabrze_2021_Zandka.pb",
    "Poland_Poznan_2024_9_-_Stare_Miasto__large.pb",
    "US_Stanford_Dataset_PB_Chicago_29th_Ward_2020_vote_approvals.pb",
)
META_ORDER = (
    *("description", "country", "unit", "instance", "num_projects", "num_votes", "budget", "vote_type", "rule"),
    *("date_begin", "date_end", "min_length", "max_length", "max_sum_cost", "max_sum_points"),
    *("min_project_score_threshold", "language", "currency", "comment"),
)
"""The keys in the order in which the format lists them."""
SHARES = Method(Rule.EQUAL_SHARES, completion=Completion.ADD1, increment=100)
BY_FEN = Method(Rule.EQUAL_SHARES, completion=Completion.ADD1U, increment=1)

# Out


def cast(village: Any, ballots: list[tuple[int, ...]], **changes: Any) -> Round:
    """A sealed round of 20 voters, who cast `ballots` in turn, the options in their order; (): all was taken back."""
    people = [builders.actor(builders.a_resident(village)) for _ in range(20)]
    round = builders.an_open_round(builders.a_project(village), publish="ballots", **changes)
    for place, person in enumerate(people):
        chosen, turn = ballots[place % len(ballots)], 0
        for option in chosen or (1,):
            value = 2 if round.ballot == "cumulative" and not turn else 1
            turn = cast_vote(person, round, option, value, turn).turn
        if not chosen:
            cast_vote(person, round, 1, 0, turn)
    return builders.sealed(round)


def recounted(text: str, lots: list[str] | None = None) -> tuple[str, ...]:
    """The winners, as a stranger finds them."""
    lot = {key: place for place, key in enumerate(lots)} if lots else None
    reading = pabulib.election_of(pabulib.read(text), lot=lot)
    assert reading.method
    return counting.count(reading.election, reading.method).winners


@pytest.mark.parametrize(
    ("ballots", "changes", "said"),
    [
        ([(1, 2), (2, 3), (3,)], {"ballot": BallotKind.CHOOSE_K, "most": 2}, ["vote_type;approval", "max_length;2"]),
        ([(1,), (2,)], {"ballot": BallotKind.CHOOSE_1}, ["vote_type;choose-1", "max_length;1"]),
        ([(1, 2), (3, 1)], {"ballot": BallotKind.CUMULATIVE, "most": 3}, ["points", "max_sum_points;3", ";2,1"]),
        ([(3, 1), (2, 1), (1, 3)], {"ballot": BallotKind.ORDINAL}, ["vote_type;ordinal", ";score;"]),
        ([(1,), (2,)], {"ballot": BallotKind.KNAPSACK}, ["vote_type;approval", "max_sum_cost;50000"]),
        ([(1, 3), (3,), (2,)], {"method": SHARES, "beside": None}, ["rule;equalshares/add1\n", "budget;50000\n"]),
        ([(1, 3), (1,)], {"method": BY_FEN, "budget_fen": 1_250_400}, ["equalshares/add1u\n", "1250400\n", "in fen"]),
        ([(1,), (1, 2)], {"method": Method(Rule.THRESHOLD, 15)}, ["min_project_score_threshold;15"]),
        ([(1,), (2,), (3,), ()], {"budget_fen": 3_750_050}, ["budget;37500.50\n", ";12500.00;", "min_length;0\n"]),
    ],
)
def test_who_counts_the_file_finds_the_winners_in_their_order(  # A26
    app: Flask, client: InspectingClient, ballots: Any, changes: Any, said: list[str]
) -> None:
    village = builders.a_region_tree().villages[0]
    round_ = cast(village, ballots, **changes)
    assert round_.published == "ballots"
    here = f"/{village.code}/votes/{round_.id}"
    answer, lots = client.get(f"{here}/votes.pb").text, client.get(f"{here}/lots.txt").text.split()
    won = Outcome.from_json(round_.outcome or {}).winners
    assert recounted(answer) == recounted(answer, lots) == won
    for part in (*said, "country;China\n", "currency;CNY\n", f"num_votes;{round_.voters}\n"):
        assert part in answer, part
    keys = [row[0] for row in pabulib.read(answer).meta.rows]
    assert keys == [key for key in META_ORDER if key in keys]


def test_voters_are_named_by_nothing_but_their_codes(app: Flask, client: InspectingClient) -> None:  # A26
    village = builders.a_region_tree().villages[0]
    round_ = cast(village, [(1,), (2,)], ballot=BallotKind.CHOOSE_1)
    file = pabulib.read(client.get(f"/{village.code}/votes/{round_.id}/votes.pb").text)
    assert file.votes.columns == ("voter_id", "vote")
    codes = file.votes.column("voter_id")
    assert codes == sorted(codes)
    assert set(codes) == set(db.session.scalars(db.select(BallotRecord.tag)))


def test_where_ballots_are_not_published_whole_the_page_says_so(app: Flask, client: InspectingClient) -> None:  # A26
    village = builders.a_region_tree().villages[0]
    round_ = builders.sealed(builders.an_open_round(builders.a_project(village)))
    answer = client.get(f"/{village.code}/votes/{round_.id}/votes.pb", headers=ENGLISH)
    assert answer.status_code == 404
    assert "Whole ballots of this vote are not published" in answer.text


# In

KEYS = ("P1", "b 2", "乙", "4")


@st.composite
def files(draw: Any) -> str:
    """Any election of up to four projects, with costs to the cent, names that need quotes, and a rule."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, unique=True))
    cents = draw(st.sampled_from(("", ".5", ".25")))
    kind = draw(st.sampled_from(list(pabulib.KINDS)))
    costs = [f"{draw(st.integers(0, 90))}{cents}" for _ in keys]
    names = st.sampled_from(("Park", "a;b", '"q" ', "灯\n座", "x" * 130))
    votes, header = [], ("voter_id", "vote", "points") if kind == "cumulative" else ("voter_id", "vote")
    for number in range(draw(st.integers(0, 6))):
        chosen = draw(st.lists(st.sampled_from(keys), unique=True, max_size=1 if kind == "choose-1" else None))
        points = (",".join(str(draw(st.integers(0, 9))) for _ in chosen),) if kind == "cumulative" else ()
        votes.append((f"v{number}", ",".join(chosen), *points))
    rule = draw(st.sampled_from(("greedy", "unknown", "greedy-no-skip", "equalshares", "equalshares/add1")))
    meta = {
        "description": draw(names),
        "num_projects": str(len(keys)),
        "num_votes": str(len(votes)),
        "budget": f"{draw(st.integers(0, 200))}{cents}",
        "vote_type": kind,
        "rule": rule,
        "date_end": "2019",
    }
    projects = tuple((key, cost, draw(names)) for key, cost in zip(keys, costs, strict=True))
    return pabulib.write(
        File(
            Table(("key", "value"), tuple(meta.items())),
            Table(("project_id", "cost", "name"), projects),
            Table(header, tuple(votes)),
        )
    )


def taken_over(village: Any, text: str) -> Round:
    vote = read_past_vote(text.encode(), clock.now())
    import_round(builders.actor(builders.a_committee(village)), village, vote)
    return db.session.scalars(db.select(Round).where(Round.uid == vote.uid)).one()


def assert_the_same(village: Any, text: str) -> Round:
    """What came in goes out as an equal election, and was counted as its file says."""
    round = taken_over(village, text)
    before, after = pabulib.election_of(pabulib.read(text)), pabulib.election_of(file_of(round, village))
    assert pabulib.read(pabulib.write(after.file)).projects.rows == after.file.projects.rows
    assert (after.election, after.method, after.scale) == (before.election, before.method, before.scale)
    keys = [one.id for one in before.election.projects]
    won = counting.count(before.election, before.method or Method()).winners
    outcome = Outcome.from_json(round.outcome or {})
    assert [keys[int(key) - 1] for key in outcome.winners] == list(won)
    assert round.voters == before.election.voters
    return round


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files())
def test_what_comes_in_goes_out_as_an_equal_election(app: Flask, text: str) -> None:  # A26
    assert_the_same(builders.a_region_tree().villages[0], text)


@with_real(REAL)
@pytest.mark.parametrize("name", SMALL)
def test_real_elections_come_in_and_go_out_whole(app: Flask, client: InspectingClient, name: str) -> None:  # A26
    village = builders.a_region_tree().villages[0]
    text = (REAL / name).read_text("utf-8-sig")
    round_ = assert_the_same(village, text)
    source, given_ = pabulib.read(text), file_of(round_, village)
    assert [[cell.strip() for cell in row] for row in source.meta.rows] == [list(row) for row in given_.meta.rows]
    assert [[cell.strip() for cell in row] for row in source.projects.rows] == [list(r) for r in given_.projects.rows]
    here = f"/{village.code}/votes/{round_.id}"
    page = client.get(f"{here}/result", headers=ENGLISH)
    assert page.status_code == 200
    assert 'href="log"' not in page.text
    for what in ("result.csv", "card", "card.svg", "votes.pb", "lots.txt"):
        assert client.get(f"{here}/{what}").status_code == 200
    assert client.get(f"{here}/lots.txt").text.splitlines() == source.projects.column("project_id")


GOOD = """META
key;value
description;Old vote
num_projects;2
num_votes;2
budget;100
vote_type;approval
rule;greedy
date_begin;01.09.2019
date_end;16.09.2019
currency;PLN
PROJECTS
project_id;cost;name
A;60;Bench
B;50.5;Lamp
VOTES
voter_id;vote
1;A
2;A,B
"""


def test_a_file_becomes_a_past_round_with_its_projects(app: Flask) -> None:  # A26
    village = builders.a_region_tree().villages[0]
    round_ = taken_over(village, GOOD)
    assert (round_.question, round_.budget_fen, round_.voters, round_.published) == ("Old vote", 10_000, 2, "ballots")
    assert f"{round_.opens_at:%Y-%m-%d} {round_.closes_at:%Y-%m-%d}" == "2019-09-01 2019-09-16"
    projects = db.session.scalars(db.select(Project).order_by(Project.id)).all()
    assert [(one.title, one.budget_fen, one.state) for one in projects] == [
        ("Bench", 6000, ProjectState.VOTED),
        ("Lamp", 5050, ProjectState.VOTED),
    ]
    assert projects[0].story == "Bench (PLN)"


def test_a_known_file_is_left_alone(app: Flask) -> None:  # A26
    village = builders.a_region_tree().villages[0]
    actor, vote = builders.actor(builders.a_committee(village)), read_past_vote(GOOD.encode(), clock.now())
    assert import_round(actor, village, vote) is not None
    assert import_round(actor, village, vote) is None
    assert len(db.session.scalars(db.select(Round)).all()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("budget;100", "budget;-1"), "line 6: budget is negative: -1"),
        (("B;50.5", "B;50.505"), "line 13: an amount is finer than a hundredth"),
        (("2;A,B", "1;A,B"), "line 19: voter_id '1' is empty, too long, or stands twice"),
        (("2;A,B", f"{'x' * 65};A"), "line 19: voter_id"),
        (("2;A,B", "2;A,C"), "line 19: a vote for 'C', which is no project of this file"),
        (("date_end;16.09.2019", "date_end;31.02.2019"), "line 10: date_end is no day such as 16.09.2019"),
        (("date_end;16.09.2019", "date_end;16.09.2199"), "line 10: this vote is not over yet"),
        (("A;60", "A;6" + "0" * 20), "an amount is too large"),
        (("Bench", "Be\x00nch"), "line 14: a sign that no text holds"),
        (("VOTES\n", ""), "line 16: 2 cells where PROJECTS has 3 columns"),
    ],
)
def test_a_malformed_file_is_one_line_and_leaves_nothing(  # A26
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    village, file = builders.a_region_tree().villages[0], tmp_path / "old.pb"
    assert change[0] in GOOD
    file.write_text(GOOD.replace(*change), "utf-8")
    done = imported(app, monkeypatch, file, village)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not db.session.scalars(db.select(Round)).all()
    assert not db.session.scalars(db.select(Project)).all()


def test_the_command_takes_over_a_file_and_then_knows_it(  # A26
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    village, file = builders.a_region_tree().villages[0], tmp_path / "old.pb"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert "2 ballots" in imported(app, monkeypatch, file, village).output
    assert "known already" in imported(app, monkeypatch, file, village).output


def test_only_who_may_run_votes_there_takes_one_over(  # A26
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tree, file = builders.a_region_tree(), tmp_path / "old.pb"
    file.write_text(GOOD, "utf-8")
    neighbour = builders.a_committee(tree.villages[1]).login
    for login in (neighbour, "nobody"):
        done = imported(app, monkeypatch, file, tree.villages[0], login)
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
        assert "may not run votes" in done.stderr


def test_a_file_that_is_not_in_utf_8_is_refused_with_its_line() -> None:
    with pytest.raises(Malformed, match="line 3: not in UTF-8"):
        read_past_vote(GOOD.replace("Old vote", "旧").encode("gbk"), clock.now())


def imported(app: Flask, monkeypatch: pytest.MonkeyPatch, file: Path, village: Any, login: str = "") -> Any:
    known, code = app.config["SETTINGS"], village.code
    login = login or str(builders.a_committee(village).login)
    monkeypatch.setenv("PORTAL_DATA_DIR", str(known.data_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", known.database_url)
    monkeypatch.setenv("PORTAL_SECRET_KEY", known.secret_key)
    db.session.remove()
    done = CliRunner().invoke(main, ["import", "round", str(file), "--region", code, "--login", login])
    db.session.expire_all()
    return done
