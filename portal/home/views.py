"""The first page of a community, and a person's own."""

from typing import Any

from flask import Flask

from portal.accounts.queries import home_of
from portal.helpers.queries import helps_by
from portal.home.queries import latest_answers
from portal.moderation.queries import count_waiting
from portal.needs import queries as needs
from portal.notifications.actions import mark_read
from portal.notifications.messages import words_of
from portal.notifications.queries import notices_of
from portal.providers.queries import providers_of
from portal.regions.models import Region
from portal.regions.queries import children, find_region, path_to
from portal.regions.views import remember
from portal.rules.ballots import Stage
from portal.rules.permissions import Deed, Role, may
from portal.store import db
from portal.voting.queries import rounds_of, votes_of
from portal.web.door import Guarded, actor, page, see_other

bp = Guarded("home", __name__, finds={"region": find_region})


@bp.get("/<code:region>/", deed=Deed.READ_PUBLIC)
def community(region: Region) -> Any:
    """Everyone sees what goes on in a community and what she can do."""
    if region.level != "village":
        return page(
            "home/area.html", region=region, way=path_to(region), below=children(region), oversees=_oversees(region)
        )
    reported, answered = needs.recent_answers(region)
    polls = rounds_of(region, actor())
    shown = page(
        region=region,
        way=path_to(region),
        open_rounds=polls[Stage.OPEN],
        closed_rounds=polls[Stage.CLOSED][:1],
        needs=needs.published_needs(region, size=4).rows,
        answers=latest_answers(region),
        reported=reported,
        answered=answered,
        providers=providers_of(region)[:3],
        waiting=count_waiting(region) if may(actor(), Deed.DECIDE_NEED, region.path) else None,
        oversees=_oversees(region),
    )
    return remember(shown, region)


def _oversees(region: Region) -> bool:
    return may(actor(), Deed.READ_SUMMARY, region.path)


@bp.get("/mine/", deed=Deed.SEE_OWN)
def mine() -> Any:
    """A person sees what she was told, what she said, and what she may do."""
    me = actor()
    home = home_of(me)
    return page(
        notices=[(notice, words_of(notice.template, notice.values)) for notice in notices_of(me)],
        needs=needs.needs_of(me),
        votes=votes_of(me, home.path if home else ""),
        helped=helps_by(me),
        home=home.region if home else None,
        verified=home is not None and home.verified,
        offices=[
            (grant, db.session.get_one(Region, int(grant.path.split(".")[-2])))
            for grant in me.grants
            if grant.role is not Role.RESIDENT
        ],
    )


@bp.post("/mine/read", deed=Deed.CHANGE_OWN)
def read() -> Any:
    """A person has read what she was told."""
    mark_read(actor())
    return see_other("/mine/")


def install(app: Flask) -> None:
    app.register_blueprint(bp)
