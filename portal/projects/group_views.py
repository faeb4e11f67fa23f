"""Groups of similar needs, with the projects that answer them: so these pages are up here, above both."""

from typing import Any

from flask import abort, flash, request, url_for

from portal.needs import grouping, groups
from portal.needs.forms import GroupForm
from portal.needs.models import Need, NeedGroup
from portal.policies.catalogue import catalogue
from portal.projects import queries
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.groups import LONGEST_TITLE
from portal.rules.permissions import Deed, may
from portal.store import db
from portal.web.addresses import LARGEST, row_number
from portal.web.door import Guarded, actor, page, see_other
from portal.web.forms import cleaned
from portal.web.words import gettext


def find_member(number: int, found: dict[str, Any]) -> Need | None:
    """A need by its number, wherever it is: what may be done with it is asked of its group."""
    return db.session.get(Need, number)


bp = Guarded(
    "groups",
    __name__,
    url_prefix="/<code:region>/needs/groups",
    finds={"region": find_region, "group": groups.find_group, "need": find_member},
)


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees which needs were gathered, and how many are in each group."""
    return page(
        "needs/groups.html",
        region=region,
        groups=groups.groups_of(region, request.args.get("after", "")),
        may_group=may(actor(), Deed.GROUP_NEEDS, region.path),
    )


@bp.get("/<int:group>/", deed=Deed.READ_PUBLIC)
def show(region: Region, group: NeedGroup) -> Any:
    """Everyone sees a group: its needs, how many people are behind it, and the projects that answer it."""
    needs = groups.needs_in(group)
    gathers = may(actor(), Deed.GROUP_NEEDS, region.path)
    if not (needs or gathers):
        abort(404)
    words = " ".join((group.title, *(need.title for need in needs[:3])))
    return page(
        "needs/group.html",
        region=region,
        group=group,
        subject=catalogue().get(group.category),
        needs=needs,
        people=groups.people_behind(group),
        projects=queries.projects_answering(group.id),
        gathers=gathers,
        drafts=may(actor(), Deed.DRAFT_PROJECT, region.path),
        alike=groups.look_alikes(region, words, [need.id for need in needs]) if gathers else (),
        out=request.args.get("out", 0, row_number),
    )


@bp.route("/new", methods=["GET", "POST"], deed=Deed.GROUP_NEEDS)
def new(region: Region) -> Any:
    """A committee gathers similar needs; those that look alike are shown, with the words that they share."""
    form = GroupForm(needs=request.args.getlist("need", row_number))
    if form.validate_on_submit():
        with form.refusals():
            group = grouping.gather_needs(actor(), region, form.draft(), form.key.data)
            flash(gettext(N_("The needs are in one group now; everyone can see it.")))
            return see_other(url_for(".show", region=region.code, group=group.id))
    chosen = groups.listed_among(region, [number for number in form.needs.data or () if 0 < number <= LARGEST])
    asked = cleaned(request.args.get("words"))[:100]
    if chosen and not form.is_submitted():
        _begin_with(form, chosen[0])
    words = " ".join(filter(None, (asked, *(need.title for need in chosen[:3])))) or form.title.data or ""
    alike = groups.look_alikes(region, words, [need.id for need in chosen])
    return page("needs/group_new.html", region=region, form=form, chosen=chosen, alike=alike, words=asked)


def _begin_with(form: GroupForm, need: Any) -> None:
    form.title.data, form.category.data, form.place.data = need.title[:LONGEST_TITLE], need.category, need.place


@bp.post("/<int:group>/put-in/<int:need>", deed=Deed.GROUP_NEEDS)
def put_in(region: Region, group: NeedGroup, need: Need) -> Any:
    """A committee puts one more need into a group, or puts back what it took out."""
    grouping.put_in(actor(), region, group, need.id)
    flash(gettext(N_("Need no. %(number)s is in the group."), number=need.id))
    return see_other(url_for(".show", region=region.code, group=group.id))


@bp.post("/<int:group>/take-out/<int:need>", deed=Deed.GROUP_NEEDS)
def take_out(region: Region, group: NeedGroup, need: Need) -> Any:
    """A committee takes a need out of a group."""
    grouping.take_out(actor(), group, need)
    flash(gettext(N_("Need no. %(number)s is not in the group any more."), number=need.id))
    return see_other(url_for(".show", region=region.code, group=group.id, out=need.id))
