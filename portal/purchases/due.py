"""What is due in a purchase, and until when. Working days. Source: rules-and-standards 2.2."""

from dataclasses import dataclass
from datetime import datetime

from portal.policies.queries import rules_for, working_days_after
from portal.purchases.models import PurchaseChallenge
from portal.purchases.queries import Case
from portal.rules.purchases import PurchaseState
from portal.store.clock import now


@dataclass(frozen=True)
class Clock:
    """Something that is due: since when it runs, until when, and when it was done."""

    name: str
    """report, winner or result."""
    due_at: datetime
    done_at: datetime | None

    @property
    def late(self) -> bool:
        return (self.done_at or now()) > self.due_at


def clocks_of(case: Case) -> list[Clock]:
    """The deadlines that run or ran since the scores stood. Source: rules-and-standards 2.2 (Reg. 43)."""
    purchase, numbers = case.purchase, rules_for(case.buyer)
    steps = (
        ("report", purchase.judged_at, numbers.report_working_days, purchase.reported_at),
        ("winner", purchase.reported_at, numbers.winner_working_days, purchase.decided_at),
        ("result", purchase.decided_at, numbers.result_working_days, purchase.noticed_at),
    )
    ended = purchase.state in (PurchaseState.FAILED, PurchaseState.CANCELLED)
    return [
        Clock(name, working_days_after(since, days), done)
        for name, since, days, done in steps
        if since and (done or not ended)
    ]


def challenge_until(case: Case) -> datetime | None:
    """Until when a bidder may challenge. Source: rules-and-standards 2.2 (Law 52)."""
    since = case.purchase.noticed_at
    return working_days_after(since, rules_for(case.buyer).challenge_working_days) if since else None


def answer_due(case: Case, challenge: PurchaseChallenge) -> datetime:
    """Until when a challenge is answered. Source: rules-and-standards 2.2 (Law 53)."""
    return working_days_after(challenge.sent_at, rules_for(case.buyer).challenge_answer_working_days)
