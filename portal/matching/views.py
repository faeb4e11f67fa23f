"""The match board: which projects look for a provider, who and what fits, and what providers offer. Source: A30."""

from typing import Any

from flask import Flask, abort, flash, request, url_for

from portal.matching import actions, queries
from portal.matching.forms import OfferForm, SkillForm
from portal.matching.models import ProjectOffer
from portal.matching.queries import Wanted
from portal.needs import groups
from portal.needs.models import Need, NeedGroup
from portal.needs.queries import can_read, find_need
from portal.policies.catalogue import known_items
from portal.projects.models import Project
from portal.projects.queries import find_project
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.resources.queries import usable_for
from portal.rules import N_
from portal.rules.matching import GROUNDS, LOOKING, ORDER
from portal.rules.permissions import Deed, Role, may
from portal.store.clock import now
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import gettext

bp = Guarded(
    "matching",
    __name__,
    url_prefix="/<code:region>/matching",
    finds={
        "region": find_region,
        "project": find_project,
        "need": find_need,
        "group": groups.find_group,
        "offer": queries.find_offer,
    },
)


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees which projects look for a provider, and how long they wait."""
    return page(
        region=region,
        projects=queries.looking_projects(region, request.args.get("after", "")),
        waits=queries.waits_in(region),
        days=lambda begin, end=None: queries.days_between(begin, end or now()),
        offers_here=may(actor(), Deed.OFFER_SERVICE, region.path),
    )


@bp.get("/project/<int:project>", deed=Deed.READ_PUBLIC)
def project(region: Region, project: Project) -> Any:
    """Everyone sees who and what fits a project and why, and who has offered to do it."""
    wanted = queries.wanted_by(project)
    return page(
        region=region,
        project=project,
        looking=project.state in LOOKING,
        offers=queries.offers_on(project),
        own=_own_numbers(region),
        offers_here=may(actor(), Deed.OFFER_SERVICE, region.path),
        **_fitting(region, wanted),
    )


@bp.get("/need/<int:need>", deed=Deed.READ_PUBLIC)
def need(region: Region, need: Need) -> Any:
    """Everyone sees who and what fits a need of the public list; a private one, its author and its committee."""
    if not can_read(actor(), need, region):
        abort(404)
    wanted = Wanted((need.category,) if need.category else (), need.supporters + 1)
    back = f"/{region.code}/needs/{need.id}/"
    return page("matching/need.html", region=region, thing=need, back=back, **_fitting(region, wanted))


@bp.get("/group/<int:group>", deed=Deed.READ_PUBLIC)
def group(region: Region, group: NeedGroup) -> Any:
    """Everyone sees who and what fits a group of similar needs."""
    wanted = Wanted((group.category,) if group.category else (), groups.people_behind(group))
    back = f"/{region.code}/needs/groups/{group.id}/"
    return page("matching/need.html", region=region, thing=group, back=back, **_fitting(region, wanted))


def _fitting(region: Region, wanted: Wanted) -> dict[str, Any]:
    items = known_items(region)
    return {
        "wanted": wanted,
        "subjects": [items[code] for code in wanted.codes if code in items],
        "fits": queries.fitting_providers(region, wanted),
        "resources": usable_for(region, wanted.codes[0]) if wanted.codes else [],
    }


@bp.get("/mine", deed=Deed.OFFER_SERVICE)
def mine(region: Region) -> Any:
    """A provider sees the projects here that it fits, and what it says of itself."""
    return page(region=region, own=queries.projects_for(_own(region), region), subjects=known_items(region))


@bp.route("/skills", methods=["GET", "POST"], deed=Deed.OFFER_SERVICE)
def skills(region: Region) -> Any:
    """A provider says what it does, and for how many people a month."""
    form = SkillForm(_own(region), region)
    if form.validate_on_submit():
        with form.refusals():
            actions.say_skill(actor(), form.chosen(), region, form.category.data or "", form.people_a_month.data)
            flash(gettext(N_("Saved.")))
            return see_other(url_for(".mine", region=region.code))
    return page(region=region, form=form)


@bp.route("/project/<int:project>/offer", methods=["GET", "POST"], deed=Deed.OFFER_SERVICE)
def offer(region: Region, project: Project) -> Any:
    """A provider says that it would do a project."""
    form = OfferForm(_own(region))
    if form.validate_on_submit():
        with form.refusals():
            said = form.words.data or "", form.people_a_month.data, form.start_on.data
            actions.offer_service(actor(), project, region, form.chosen().id, *said)
            flash(gettext(N_("Your offer is public. It is no bid: that comes with the purchase.")))
            return see_other(url_for(".project", region=region.code, project=project.id))
    return page(region=region, project=project, form=form)


@bp.post("/project/<int:project>/offers/<int:offer>/withdraw", deed=Deed.OFFER_SERVICE)
def withdraw(region: Region, project: Project, offer: ProjectOffer) -> Any:
    """A provider takes its offer back."""
    if offer.provider_id not in _own_numbers(region):
        abort(403)
    actions.withdraw_offer(actor(), offer)
    flash(gettext(N_("Your offer is taken back.")))
    return see_other(url_for(".project", region=region.code, project=project.id))


def _own_numbers(region: Region) -> set[int]:
    """The providers for which the one who asks works here."""
    grants = [grant for grant in actor().grants if grant.role is Role.PROVIDER and grant.provider_id]
    return {grant.provider_id for grant in grants if grant.provider_id and region.path.startswith(grant.path)}


def _own(region: Region) -> list[Provider]:
    return queries.providers_among(_own_numbers(region)) or abort(403)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(MATCH_GROUNDS=GROUNDS, MATCH_ORDER=ORDER)
