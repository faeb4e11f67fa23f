"""What a private link leads to."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, exists, select

from portal.accounts.secrets import keyed_hash
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.ratings.models import Rating, ServiceRecord, SpentTicket, Ticket
from portal.regions.models import Region
from portal.rules import ratings
from portal.store import db
from portal.store.clock import today


@dataclass(frozen=True)
class Invitation:
    """A service as its recipient rates it, with her rating if there is one that can still be changed."""

    provider: Provider
    region: Region
    service: ServiceRecord
    ticket: Ticket
    rating: Rating | None
    is_spent: bool
    """Whether it was rated, and the rating has gone on without a way back to it."""
    is_here: bool
    """Whether it was last tapped on the device that asks."""
    has_own_words: bool
    """Whether the words and photo beside it, if any, were sent from there too."""
    until: date
    """Until when it can be rated, or the rating changed."""
    is_open: bool

    @property
    def is_rated(self) -> bool:
        return self.is_spent or self.rating is not None

    @property
    def shown(self) -> Rating | None:
        """The rating where its value may be read: while it can be changed, on the device on which she tapped it."""
        return self.rating if self.is_open and self.is_here and self.rating and not self.rating.by_staff else None


def invitation_of(token: str, cookie: str = "", *, for_update: bool = False) -> Invitation | None:
    """What the private link with `token` leads to; None if we never sent such a link. `cookie`: `devices.device`."""
    found = rating_with(token)  # looked at first: what is settled meanwhile is then seen as spent
    rating = db.session.scalar(found.with_for_update() if for_update else found)
    row = db.session.execute(
        select(ServiceRecord, Provider, Region, Ticket, exists().where(SpentTicket.hash == rating_key(token)))
        .join(Provider, Provider.id == ServiceRecord.provider_id)
        .join(Region, Region.id == ServiceRecord.region_id)
        .join(Ticket, Ticket.service_id == ServiceRecord.id)
        .where(Ticket.hash == ticket_hash(token))
    ).first()
    if row is None:
        return None
    service, provider, region, ticket, is_spent = row
    numbers = rules_for(region)
    rated_on = rating.rated_on if rating else None
    until = ratings.answerable_until(ticket.until, rated_on, numbers)
    is_open = not list(ratings.too_late(today(), ticket.until, rated_on, numbers, spent=is_spent))
    is_here = rating is not None and rating.device in _tags_since(rating.rated_on, cookie)
    has_own_words = rating is not None and rating.writer == words_tag(token, cookie)
    return Invitation(provider, region, service, ticket, rating, is_spent, is_here, has_own_words, until, is_open)


def rating_with(token: str) -> Select[Rating]:
    """The rating of a link while it may be changed, as it is now."""
    return select(Rating).where(Rating.key == rating_key(token)).execution_options(populate_existing=True)


def ticket_hash(token: str) -> str:
    return keyed_hash("ticket", token)


def rating_key(token: str) -> str:
    """The key of the rating of a link while it may be changed: nobody without the link can tell it."""
    return keyed_hash("rating", token)


def form_key(token: str) -> str:
    """What shows that a form came from the page of this link, without a cookie: opening the link leaves none."""
    return keyed_hash("rate form", token)[:32]


def device_tag(cookie: str, on: date | None = None) -> str:
    """By which taps of one device can be counted together for a month, and no longer."""
    return keyed_hash("device", f"{cookie}:{on or today():%Y-%m}")[:16] if cookie else ""


def _tags_since(first: date, cookie: str) -> set[str]:
    """What a device may have left on a rating since the day of its first tap."""
    days = (today() - first).days
    return {device_tag(cookie, first + timedelta(days=number)) for number in range(days + 1)}


def words_tag(token: str, cookie: str) -> str:
    """Who wrote words: her link and the device on which she wrote them."""
    return keyed_hash("words", f"{token}:{cookie}")


def rater_tag(of_ticket: str) -> str:
    """The rater of a ticket as ratings have her: nobody without the site's secret can join the two."""
    return keyed_hash("rater", of_ticket)[:16] if of_ticket else ""
