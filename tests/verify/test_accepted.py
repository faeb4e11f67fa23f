"""What is right is found right, by three implementations that share no code."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.rules import opencount
from portal.rules.elections import BallotKind
from tests.verify import making, third


@pytest.mark.parametrize("kind", making.KINDS)
def test_each_kind_of_ballot_by_each_rule_in_each_form_fits(  # A26
    kind: BallotKind, in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    votes = [vote for vote in making.every_vote() if vote.manifest.ballot["kind"] == kind]
    texts = [making.published(vote) for vote in votes]
    for vote, text, script in zip(votes, texts, in_javascript(texts), strict=True):
        about = (vote.manifest.method["rule"], vote.manifest.publish)
        python = in_python(text)
        assert python["check"] == "fits", (*about, python["why"])
        assert script["check"] == "fits", (*about, script["why"])
        assert vote.counted
        assert python["winners"] == script["winners"] == list(vote.counted.winners)
        third.check(text)


@pytest.mark.parametrize("form", ["ballots", "marks"])
def test_a_form_may_be_given_up_at_closing_for_the_sums_alone(
    form: str, in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    text = making.published(making.a_vote(form=form, publish="aggregate", voters=12))
    assert '"records"' not in text
    assert in_python(text)["check"] == in_javascript([text])[0]["check"] == "fits"
    assert any("outsiders cannot recount" in said for said in in_python(text)["said"])
    third.check(text)


@pytest.mark.parametrize("form", ["ballots", "marks", "aggregate"])
def test_a_vote_in_which_nobody_voted_can_be_verified(
    form: str, in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    text = making.published(making.a_vote(form=form, voters=0))
    assert in_python(text)["check"] == in_javascript([text])[0]["check"] == "fits"


def test_the_marks_of_a_ballot_cannot_be_told_to_belong_together() -> None:
    vote = making.a_vote(form="marks")
    marks = [record for record in vote.records if record.choices]
    assert len({record.tag for record in vote.records}) == len(vote.records)
    assert all("," not in record.choices for record in marks)
    assert not any(ballot.code in making.published(vote) for ballot in vote.ballots)


@pytest.mark.parametrize("form", ["ballots", "marks"])
def test_a_ballot_that_was_logged_twice_counts_where_it_stands_last(
    form: str, in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    """Changed, and changed back: what counts is told by the place in the log, not by what stands there."""
    vote = making.a_vote(form=form)
    ballot = next(one for one in vote.ballots if one.code not in vote.changed)
    texts = [opencount.record_text(one) for one in vote.commitments_of(ballot)]
    places = [vote.leaves.index(text) for text in texts]
    vote.leaves[-1:-1] = [*map(opencount.superseded_text, places), *texts]
    vote.heads[-1] = making.replace(vote.heads[-1], size=len(vote.leaves))
    making.signed_anew(vote)
    known = {"receipts": [vote.receipt(ballot)]}
    python, (script,) = in_python(making.published(vote), **known), in_javascript([making.published(vote)], **known)
    assert (python["check"], script["check"]) == ("fits", "fits"), (python, script)
    assert script["said"][-1] == "receipt"


def test_the_log_of_single_marks_tells_nothing_of_how_many_there_are() -> None:
    vote = making.a_vote(form="marks")
    assert {len(vote.commitments_of(ballot)) for ballot in vote.ballots} == {len(vote.manifest.options)}


@pytest.mark.parametrize("form", ["ballots", "marks", "aggregate"])
def test_earlier_heads_receipts_and_codes_fit(
    form: str, in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    vote = making.a_vote(form=form, kind="cumulative")
    ballot = next(one for one in vote.ballots if one.choices.count(",") and one.code not in vote.changed)
    replaced = next(iter(vote.changed.values()))
    known = {
        "heads": [vote.head_printed(vote.heads[1]), making.head_json(vote.heads[0])],
        "receipts": [vote.receipt(ballot), "公开验票回执\n\n" + vote.receipt(replaced).replace("\n", "\r\n\r\n")],
        "code": " ".join((ballot.code[:4], ballot.code[4:])),
    }
    python, script = in_python(making.published(vote), **known), in_javascript([making.published(vote)], **known)[0]
    assert python["check"] == script["check"] == "fits", (python, script)
    assert script["said"][-5:-1] == ["earlier", "earlier", "receipt", "receiptGone"]
    assert "was replaced or withdrawn" in python["said"][-2]
    if form == "aggregate":
        assert "withheld" in python["said"][-1]
        assert script["said"][-1] == "codeWithheld"
    else:
        assert python["said"][-1].endswith(f"stands: {ballot.choices.replace(',', ', ')}")
        assert script["said"][-1] == "code"
