"""One thing is wrong, and each verifier names it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from portal.rules import merkle, opencount
from tests.verify import making
from tests.verify.conftest import edited

Change = Callable[[making.Vote, dict[str, Any]], object]
CASES: list[tuple[str, str, Change]] = []


def case(check: str, form: str = "ballots") -> Callable[[Change], Change]:
    """The change makes `check` the first to fail, in a vote of that form."""

    def add(change: Change) -> Change:
        CASES.append((check, form, change))
        return change

    return add


def rewritten(vote: making.Vote, data: dict[str, Any], index: int, leaf: str) -> None:
    """A leaf is another one, and the site itself signs that."""
    vote.leaves[index] = data["leaves"][index] = leaf
    signed_anew(vote, data)


def signed_anew(vote: making.Vote, data: dict[str, Any]) -> None:
    making.signed_anew(vote)
    data["heads"] = [json.loads(making.head_json(head)) for head in vote.heads]


def said_otherwise(vote: making.Vote, data: dict[str, Any], index: int, **other: Any) -> None:
    leaf = json.loads(data["leaves"][index]) | other
    rewritten(vote, data, index, json.dumps(leaf, ensure_ascii=False, separators=(",", ":")))


@case("format")
def another_format(vote: making.Vote, data: dict[str, Any]) -> None:
    data["format"] = "open-count/2"


@case("format")
def a_missing_part(vote: making.Vote, data: dict[str, Any]) -> None:
    del data["roll"]


@case("format")
def a_number_in_words(vote: making.Vote, data: dict[str, Any]) -> None:
    data["result"]["total"] = "0"


@case("format")
def a_voter_who_voted_twice(vote: making.Vote, data: dict[str, Any]) -> None:
    data["roll"][0][1] = 2


@case("manifest")
def a_manifest_written_otherwise(vote: making.Vote, data: dict[str, Any]) -> None:
    rewritten(vote, data, 0, json.dumps(json.loads(data["leaves"][0]), ensure_ascii=False))


@case("manifest")
def an_unknown_rule(vote: making.Vote, data: dict[str, Any]) -> None:
    said_otherwise(vote, data, 0, method=vote.manifest.method | {"rule": "majority"})


@case("manifest")
def a_broken_number(vote: making.Vote, data: dict[str, Any]) -> None:
    said_otherwise(vote, data, 0, budget=1.5)


@case("manifest")
def marks_where_ballots_are_needed(vote: making.Vote, data: dict[str, Any]) -> None:
    said_otherwise(vote, data, 0, publish="marks", ballot={"kind": "ordinal", "most": None})


@case("leaves")
def no_closing(vote: making.Vote, data: dict[str, Any]) -> None:
    rewritten(vote, data, -1, opencount.record_text("0" * 64))


@case("leaves")
def another_form_at_closing(vote: making.Vote, data: dict[str, Any]) -> None:
    said_otherwise(vote, data, -1, publish="marks")


@case("leaves")
def a_second_manifest(vote: making.Vote, data: dict[str, Any]) -> None:
    rewritten(vote, data, 3, data["leaves"][0])


@case("leaves")
def a_space_in_a_leaf(vote: making.Vote, data: dict[str, Any]) -> None:
    rewritten(vote, data, 3, data["leaves"][3] + " ")


@case("heads")
def another_root(vote: making.Vote, data: dict[str, Any]) -> None:
    data["heads"][1]["root"] = "0" * 64


@case("heads")
def a_later_time(vote: making.Vote, data: dict[str, Any]) -> None:
    data["heads"][-1]["at"] = "2026-11-23T00:00:00Z"


@case("heads")
def a_head_twice(vote: making.Vote, data: dict[str, Any]) -> None:
    data["heads"].insert(1, data["heads"][1])


@case("heads")
def no_head_over_all(vote: making.Vote, data: dict[str, Any]) -> None:
    del data["heads"][-1]


@case("heads")
def a_signature_that_is_too_large(vote: making.Vote, data: dict[str, Any]) -> None:
    """S + L fits the equation too; RFC 8032 forbids it."""
    head = data["heads"][0]
    large = int.from_bytes(bytes.fromhex(head["signature"][64:]), "little") + 2**252
    large += 27742317777372353535851937790883648493
    head["signature"] = head["signature"][:64] + large.to_bytes(32, "little").hex()


@case("heads")
def a_key_that_is_none(vote: making.Vote, data: dict[str, Any]) -> None:
    said_otherwise(vote, data, 0, key="02" + "00" * 31)


@case("superseded")
def a_record_replaced_twice(vote: making.Vote, data: dict[str, Any]) -> None:
    rewritten(vote, data, -2, data["leaves"][-3])


@case("superseded")
def a_later_record_replaced(vote: making.Vote, data: dict[str, Any]) -> None:
    rewritten(vote, data, 1, opencount.superseded_text(3))


@case("superseded")
def the_manifest_replaced(vote: making.Vote, data: dict[str, Any]) -> None:
    rewritten(vote, data, -2, opencount.superseded_text(0))


@case("seed")
def another_seed(vote: making.Vote, data: dict[str, Any]) -> None:
    said_otherwise(vote, data, -1, seed="5" * 64)


@case("roll")
def a_roll_out_of_order(vote: making.Vote, data: dict[str, Any]) -> None:
    data["roll"].reverse()


@case("roll")
def one_voter_less_on_the_roll(vote: making.Vote, data: dict[str, Any]) -> None:
    del data["roll"][0]


@case("roll")
def another_voter_on_the_roll(vote: making.Vote, data: dict[str, Any]) -> None:
    data["roll"][-1][0] = "f" * 64


@case("voted")
def an_absentee_who_voted(vote: making.Vote, data: dict[str, Any]) -> None:
    next(row for row in data["roll"] if not row[1])[1] = 1


@case("voted")
def more_ballots_than_voters(vote: making.Vote, data: dict[str, Any]) -> None:
    said_otherwise(vote, data, -1, ballots=len(vote.ballots) + 1)


@case("records")
def ballots_kept_back(vote: making.Vote, data: dict[str, Any]) -> None:
    del data["records"]


@case("records")
def records_out_of_order(vote: making.Vote, data: dict[str, Any]) -> None:
    data["records"].reverse()


@case("records")
def a_ballot_twice(vote: making.Vote, data: dict[str, Any]) -> None:
    data["records"].insert(1, data["records"][1])


@case("records")
def a_foreign_option(vote: making.Vote, data: dict[str, Any]) -> None:
    data["records"][0][1] = "9"


@case("records")
def an_option_twice_on_a_ballot(vote: making.Vote, data: dict[str, Any]) -> None:
    data["records"][0][1] = "1,1"


@case("records", "marks")
def a_ballot_where_a_mark_is_due(vote: making.Vote, data: dict[str, Any]) -> None:
    data["records"][0][0] = "1234567890123456"


@case("records", "aggregate")
def ballots_that_are_withheld(vote: making.Vote, data: dict[str, Any]) -> None:
    data["records"] = []


@case("commitments")
def a_changed_ballot(vote: making.Vote, data: dict[str, Any]) -> None:
    data["records"][0][1] = "2" if data["records"][0][1] == "1" else "1"


@case("commitments", "marks")
def a_missing_mark(vote: making.Vote, data: dict[str, Any]) -> None:
    data["records"].remove(next(record for record in data["records"] if record[1]))


@case("commitments")
def a_replaced_ballot_that_still_counts(vote: making.Vote, data: dict[str, Any]) -> None:
    code, earlier = next(iter(vote.changed.items()))
    record = next(record for record in data["records"] if record[0] == code)
    (old,) = vote.records_of(earlier)
    record[1:] = [old.choices, old.nonce]


@case("ballots", "marks")
def a_mark_that_belongs_to_no_ballot(vote: making.Vote, data: dict[str, Any]) -> None:
    """The site itself puts a mark for one option where a ballot says something of another."""
    place = next(at for at, record in enumerate(vote.records) if record.choices.startswith("2:"))
    vote.records[place] = opencount.Record("f" * 64, "3:1", "f" * 64)
    old = set(data["leaves"])
    live = {opencount.record_text(record.commitment(vote.manifest.round)) for record in vote.records}
    (new,) = live - old
    gone = {opencount.record_text(one) for ballot in vote.changed.values() for one in vote.commitments_of(ballot)}
    (lost,) = {leaf for leaf in old if '"record"' in leaf} - live - gone
    data["records"] = [[one.tag, one.choices, one.nonce] for one in sorted(vote.records)]
    rewritten(vote, data, data["leaves"].index(lost), new)


@case("ballots", "marks")
def more_marks_than_ballots(vote: making.Vote, data: dict[str, Any]) -> None:
    """The site logs marks that no ballot carries, and counts them."""
    extra = [opencount.Record(f"{number:064x}", "3:1", "0" * 64) for number in range(5)]
    data["records"] = sorted(data["records"] + [[one.tag, one.choices, one.nonce] for one in extra])
    new = [opencount.record_text(one.commitment(vote.manifest.round)) for one in extra]
    vote.leaves[-1:-1] = new
    data["leaves"][-1:-1] = new
    vote.heads[-1] = making.replace(vote.heads[-1], size=len(vote.leaves))
    signed_anew(vote, data)


@case("withheld")
def ballots_that_are_withheld_without_need(vote: making.Vote, data: dict[str, Any]) -> None:
    del data["records"]
    said_otherwise(vote, data, -1, publish="aggregate")


@case("heads")
def a_log_that_was_closed_too_early(vote: making.Vote, data: dict[str, Any]) -> None:
    vote.heads[-1] = making.replace(vote.heads[-1], at="2026-11-22T07:59:59Z")
    signed_anew(vote, data)


@case("manifest")
def a_manifest_that_does_not_say_how_few_are_too_few(vote: making.Vote, data: dict[str, Any]) -> None:
    said_otherwise(vote, data, 0, fewest=-1)


@case("counts")
def a_vote_more(vote: making.Vote, data: dict[str, Any]) -> None:
    data["counts"]["1"] += 1


@case("counts")
def an_option_without_a_count(vote: making.Vote, data: dict[str, Any]) -> None:
    del data["counts"]["4"]


@case("counts", "aggregate")
def more_votes_than_ballots(vote: making.Vote, data: dict[str, Any]) -> None:
    data["counts"]["1"] = len(vote.ballots) + 1


@case("result")
def another_winner(vote: making.Vote, data: dict[str, Any]) -> None:
    data["result"]["winners"].append(next(key for key in "1234" if key not in data["result"]["winners"]))


@case("result")
def a_cheaper_result(vote: making.Vote, data: dict[str, Any]) -> None:
    data["result"]["total"] -= 1


@case("result")
def a_tie_that_was_none(vote: making.Vote, data: dict[str, Any]) -> None:
    data["result"]["ties"].append(["1", "2"])


@pytest.mark.parametrize(("check", "form", "change"), CASES, ids=lambda one: getattr(one, "__name__", None))
def test_the_first_thing_that_is_wrong_is_named(  # A26
    check: str, form: str, change: Change, in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    vote = making.a_vote(3, form=form)
    text = edited(making.published(vote), lambda data: change(vote, data))
    python, (script,) = in_python(text), in_javascript([text])
    assert python["check"] == check, python["why"]
    assert script["check"] == check, script["why"]


def test_equal_votes_whose_lot_is_not_told_are_found(
    in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    votes = (making.a_vote(seed, cheap=True) for seed in range(99))
    tied = next(vote for vote in votes if vote.counted and vote.counted.ties)
    text = edited(making.published(tied), lambda data: data["result"]["ties"].clear())
    assert in_python(text)["check"] == in_javascript([text])[0]["check"] == "result"


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"format":"open-count/1"}', "\ud800", "1e999"])
def test_what_is_no_such_file_is_said_to_be_none(
    text: str, in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    assert in_python(text)["check"] == in_javascript([text])[0]["check"] == "format"


def of_another_site(vote: making.Vote) -> making.Vote:
    """The same vote with the key of somebody else."""
    other = making.a_vote(99)
    return making.replace(vote, key=other.key)


WITNESSES: list[tuple[str, Callable[[making.Vote], dict[str, Any]]]] = [
    ("earlier", lambda vote: {"heads": [of_another_site(vote).head_printed(signed_by_another(vote))]}),
    ("earlier", lambda vote: {"heads": [vote.head_printed(vote.heads[1]).replace(making.ROUND, "f" * 32)]}),
    ("receipt", lambda vote: {"receipts": [vote.receipt(vote.ballots[0]).replace(making.ROUND, "f" * 32)]}),
    ("receipt", lambda vote: {"receipts": [of_another_site(vote).receipt(vote.ballots[0])]}),
    ("receipt", lambda vote: {"receipts": [vote.receipt(making.replace(vote.ballots[0], secret="0" * 64))]}),
    ("receipt", lambda vote: {"receipts": [making.clashing_receipt(vote)]}),
    ("code", lambda vote: {"code": "0000 0000 0000 0000"}),
    ("format", lambda vote: {"code": "12345"}),
    ("format", lambda vote: {"heads": ["open-count-head"]}),
    ("format", lambda vote: {"receipts": ["no receipt"]}),
]


def signed_by_another(vote: making.Vote) -> opencount.Head:
    other = of_another_site(vote)
    other.heads, other.leaves = [], vote.leaves[:5]
    other.add_head("2026-11-03T00:00:00Z")
    return other.heads[0]


@pytest.mark.parametrize("form", ["ballots", "marks"])
@pytest.mark.parametrize(("check", "brought"), WITNESSES)
def test_what_voters_and_witnesses_hold_is_compared(  # A26
    check: str,
    brought: Callable[[making.Vote], dict[str, Any]],
    form: str,
    in_python: Callable[..., Any],
    in_javascript: Callable[..., Any],
) -> None:
    vote = making.a_vote(4, form=form)
    text, held = making.published(vote), brought(vote)
    python, (script,) = in_python(text, **held), in_javascript([text], **held)
    assert python["check"] == check, python["why"]
    assert script["check"] == check, script["why"]


def test_a_ballot_that_the_site_lost_and_covered_up_is_found_by_its_receipt_and_by_an_earlier_head(  # A26
    in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    vote = making.a_vote(5)
    lost = next(ballot for ballot in vote.ballots if ballot.code not in vote.changed)
    head, receipt = vote.head_printed(vote.heads[-2]), vote.receipt(lost)
    text = making.published(making.without(vote, lost))
    assert in_python(text)["check"] == in_javascript([text])[0]["check"] == "fits"
    for check, held in (("earlier", {"heads": [head]}), ("receipt", {"receipts": [receipt]})):
        python, (script,) = in_python(text, **held), in_javascript([text], **held)
        assert python["check"] == script["check"] == check
        assert "is the proof" in python["why"]


def test_a_shorter_log_than_a_head_says_is_found(in_python: Callable[..., Any]) -> None:
    vote = making.a_vote(5)
    longer = making.replace(vote, leaves=vote.leaves * 2, heads=[])
    longer.add_head("2026-11-23T00:00:00Z")
    found = in_python(making.published(vote), heads=[longer.head_printed(longer.heads[0])])
    assert found["check"] == "earlier"


def test_the_empty_tree_has_the_root_of_nothing(verify: Any) -> None:
    assert verify.root(verify.tree([]), 0) == merkle.root([])
