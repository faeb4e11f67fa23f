"""Slips as the tests of papers use them."""

from portal.papers.queries import find_slip, sight_of


def seen_by(code: str) -> int:
    """What the page of a slip posts with a tap."""
    found = find_slip(code)
    assert found is not None
    return sight_of(found.poll.round, found.slip).seen
