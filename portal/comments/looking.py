"""After each release: which reasons can be shown now, and whether the provider's people should look."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import delete, select

from portal.accounts.models import RoleGrant
from portal.comments.models import ReasonBatch, ReleaseLook
from portal.comments.own import year_of
from portal.notifications.actions import tell_all
from portal.policies.queries import rules_for
from portal.providers.models import Provider, RatingBatch, RatingRelease
from portal.providers.standings import standing_of
from portal.ratings.models import Rating
from portal.regions.models import Region
from portal.rules.numbers import Numbers
from portal.rules.raising import carried, mark_below
from portal.rules.scoring import Direction
from portal.store import action, db, put_once
from portal.store.clock import today


def look_at_releases() -> int:
    """Look once at every release that nobody looked at, in their order; gives how many."""
    fresh = (
        select(RatingRelease.id)
        .outerjoin(ReleaseLook, ReleaseLook.release_id == RatingRelease.id)
        .where(ReleaseLook.release_id.is_(None))
        .order_by(RatingRelease.provider_id, RatingRelease.number)
    )
    return sum(_look(number) for number in db.session.scalars(fresh).all())


@action
def _look(release_id: int) -> bool:
    release = db.session.get_one(RatingRelease, release_id)
    provider = db.session.get_one(Provider, release.provider_id)
    region = db.session.get_one(Region, provider.region_id)
    numbers = rules_for(region)
    before = _last_mark(provider.id)
    year = year_of(provider.id, numbers, release.released_on)
    mark = mark_below(year.score.low, numbers.star_cuts) if year else 0
    fell = before is not None and mark < before
    is_news = today() - release.released_on <= timedelta(days=numbers.batch_days)
    looked = put_once(ReleaseLook, release_id=release.id, provider_id=provider.id, mark=mark, told=False)
    if looked is None:
        return False
    _count_reasons(release, numbers)
    if is_news and (fell or _goes_down(provider, numbers)):
        looked.told = True
        _tell(provider, region)
    return True


def _last_mark(provider_id: int) -> int | None:
    looks = select(ReleaseLook.mark).join(RatingRelease, RatingRelease.id == ReleaseLook.release_id)
    last = looks.where(ReleaseLook.provider_id == provider_id).order_by(RatingRelease.number.desc()).limit(1)
    return db.session.scalar(last)


def _goes_down(provider: Provider, numbers: Numbers) -> bool:
    trend = standing_of(provider, numbers).trend
    return trend is not None and trend.direction is Direction.DOWN


def _count_reasons(release: RatingRelease, numbers: Numbers) -> None:
    """Add what was ticked in the whole release; what too few ticked in all is carried on to the next."""
    ticked: Counter[str] = Counter()
    batches = select(RatingBatch.id).where(RatingBatch.release_id == release.id)
    for reasons in db.session.scalars(select(Rating.reasons).where(Rating.batch_id.in_(batches))):
        ticked.update(set(reasons))
    mine = ReasonBatch.provider_id == release.provider_id
    held = db.session.scalars(select(ReasonBatch).where(mine, ReasonBatch.published_on.is_(None))).all()
    shown, waiting = carried({one.reason: one.ratings for one in held}, ticked, numbers.cell_to_publish)
    db.session.execute(delete(ReasonBatch).where(mine, ReasonBatch.published_on.is_(None)))
    for day, counts in ((release.released_on, shown), (None, waiting)):
        db.session.add_all(
            ReasonBatch(provider_id=release.provider_id, reason=reason, ratings=count, published_on=day)
            for reason, count in counts.items()
        )


def _tell(provider: Provider, region: Region) -> None:
    staff = select(RoleGrant.person_id).where(RoleGrant.provider_id == provider.id).distinct()
    link = f"/{region.code}/providers/{provider.id}/own/"
    tell_all(db.session.scalars(staff).all(), "ratings_worse", link, provider=provider.name)
