"""What may belong on a credit record: found by the portal, written down by an office or not at all. Source: A67, A69.

Nothing is written by itself, because an event takes evidence that somebody answers for, and can be appealed against.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, select

from portal.cases.models import BadRatingCase
from portal.cases.repairs import unrepaired
from portal.policies.queries import rules_for
from portal.promises.forms import VERDICTS
from portal.promises.models import Promise
from portal.promises.queries import judged_of_providers, said_of
from portal.providers.models import CreditEvent, Provider
from portal.regions.models import Region
from portal.regions.queries import is_below
from portal.rules import N_
from portal.rules.credit import EventKind
from portal.rules.promises import Verdict
from portal.store import db
from portal.store.clock import today
from portal.web.words import day, gettext, in_words

DAYS = 365
"""What happened longer ago is not proposed any more."""
MOST = 100
CASE, PROMISE = "unrepaired-case-", "answered-promise-"
"""With the number behind it the key of the event, so that none is written twice whoever decides."""
KINDS = {Verdict.KEPT.value: EventKind.KEPT, Verdict.NOT_KEPT.value: EventKind.BROKEN}


@dataclass(frozen=True)
class Proposal:
    """An event as an office can write it down, and where it reads what happened."""

    key: str
    provider: Provider
    kind: EventKind
    reason: str
    evidence: str
    address: str

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the form before the office has changed it."""
        return {"key": self.key, "kind": self.kind.value, "reason": self.reason, "evidence": self.evidence}


def proposals(region: Region, provider: Provider | None = None) -> list[Proposal]:
    """What the office of `region` may want to write down, of one provider or of all."""
    return [*_unrepaired(region, provider), *_promised(region, provider)]


def proposal(key: str, region: Region, provider: Provider) -> Proposal | None:
    """The one with this key, while nobody has written it down."""
    return next((one for one in proposals(region, provider) if one.key == key), None) if key else None


def _unrepaired(region: Region, provider: Provider | None) -> Iterator[Proposal]:
    rows = db.session.execute(
        _open(unrepaired(), CASE, BadRatingCase.id, provider)
        .add_columns(Provider)
        .join(Provider, Provider.id == BadRatingCase.provider_id)
        .join(Region, Region.id == BadRatingCase.region_id)
        .where(is_below(Region.path, region.path), BadRatingCase.repair_due_on > today() - timedelta(days=DAYS))
        .order_by(BadRatingCase.id.desc())
        .limit(MOST)
    )
    for case, whose in rows:
        assert case.repair_due_on, "it was upheld"
        late = gettext(N_("repair was due by %(day)s"), day=day(case.repair_due_on))
        number = gettext(N_("Case No. %(number)s"), number=case.id)
        address = f"/{region.code}/bad-ratings/{case.id}/"
        yield Proposal(f"{CASE}{case.id}", whose, EventKind.UNREPAIRED, f"{case.found} ({late})", number, address)


def _promised(region: Region, provider: Provider | None) -> Iterator[Proposal]:
    """Projects declared done of which those who asked for them say that they are so, or not; only where figures are."""
    rows = db.session.execute(
        _open(judged_of_providers(region), PROMISE, Promise.id, provider)
        .where(Promise.verdict.in_(KINDS), Promise.closes_on > today() - timedelta(days=DAYS))
        .order_by(Promise.id.desc())
        .limit(MOST)
    )
    for promise, place, whose in rows:
        said = said_of(promise, rules_for(place))
        if said is not None:
            verdict = gettext(VERDICTS[promise.verdict])
            reason = gettext(N_("%(title)s: %(why)s"), title=in_words(promise, "title"), why=verdict)
            asked = gettext(N_("Promise No. %(number)s, about %(num)s answers"), number=promise.id, num=said.about)
            address = f"/{place.code}/promises/{promise.id}/"
            yield Proposal(f"{PROMISE}{promise.id}", whose, KINDS[promise.verdict], reason, asked, address)


def _open(query: Any, prefix: str, number: Any, provider: Provider | None) -> Any:
    """Those of which no event stands in a credit record yet."""
    written = select(CreditEvent.id).where(CreditEvent.key == prefix + cast(number, String)).exists()
    return query.where(~written, *([Provider.id == provider.id] if provider else []))
