"""What providers say of themselves and offer."""

from datetime import date, timedelta

from portal.matching.actions import say_skill
from portal.matching.models import ProjectOffer
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.store import action, db
from portal.store.clock import now, today
from tests import builders


def a_skill(provider: Provider, category: str = "0901", people: int = 50) -> None:
    """`provider` says that it does something for so many people a month."""
    home = db.session.get_one(Region, provider.region_id)
    say_skill(builders.actor(builders.staff_of(provider)), provider, home, category, people)


@action
def an_offer(project: Project, provider: Provider, start_on: date | None = None) -> ProjectOffer:
    """That `provider` would do `project`."""
    offer = ProjectOffer(
        project_id=project.id,
        provider_id=provider.id,
        words="每周上门两次。",
        people_a_month=30,
        start_on=start_on or today() + timedelta(days=14),
        at=now(),
        by_id=builders.staff_of(provider).id,
    )
    db.session.add(offer)
    db.session.flush()
    return offer
