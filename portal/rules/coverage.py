"""How many of the accepted needs are met, and which communities nothing reaches. Source: A22, B12, requirements 1.4."""

from dataclasses import dataclass

from portal.rules.needs import NeedState
from portal.rules.projects import ProjectState

ACCEPTED = (NeedState.ACCEPTED, NeedState.MATCHED, NeedState.IN_SERVICE)
"""Needs that were accepted and wait for their answer; one that was joined with another counts as that one."""
RUNNING = (
    ProjectState.APPROVED,
    ProjectState.TENDERED,
    ProjectState.AWARDED,
    ProjectState.CONTRACTED,
    ProjectState.SERVING,
    ProjectState.ACCEPTED,
    ProjectState.EVALUATED,
    ProjectState.IMPROVING,
)
"""From its approval (立项) until it is closed a project runs; before it is a plan, and a stopped one is none."""


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, exactly."""

    part: int
    whole: int

    @property
    def hundredths(self) -> int | None:
        """Hundredths of a percent, rounded down, so that 100.00 means all; None where there is nothing to share.

        >>> Share(2, 3).hundredths, Share(3, 3).hundredths, Share(0, 0).hundredths
        (6666, 10000, None)
        """
        return self.part * 10_000 // self.whole if self.whole else None


@dataclass(frozen=True)
class Coverage:
    """Of a region and all below it: its needs with a running project, and its communities with one."""

    needs: Share
    communities: Share
