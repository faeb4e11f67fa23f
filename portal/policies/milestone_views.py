"""Everyone sees which places have reached what; officials set it and note it."""

from typing import Any

from flask import abort, flash, request, url_for

from portal.policies import milestones as deeds
from portal.policies.blueprint import bp
from portal.policies.forms import MarkForm, MilestoneForm, TakeBackForm
from portal.policies.models import Milestone
from portal.policies.publishing import documents_of
from portal.regions.models import Region
from portal.regions.queries import paths_to
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.store.clock import today
from portal.web.csv import table_as_csv
from portal.web.door import actor, page, see_other
from portal.web.words import gettext, in_words

HEAD = (N_("Place"), N_("Reached"), N_("Of"), N_("Latest day"))


@bp.get("/milestones/", deed=Deed.READ_PUBLIC)
def milestones(region: Region) -> Any:
    """Everyone sees what places are to reach, by when, and how far they are."""
    found = deeds.milestones_of(region)
    shares = deeds.shares_of([row.Milestone for row in found], region)
    keeps = may(actor(), Deed.KEEP_POLICY, region.path) and bool(deeds.levels_below(region))
    return page(region=region, found=found, shares=shares, today=today(), keeps=keeps)


@bp.get("/milestones/<int:milestone>/", deed=Deed.READ_PUBLIC)
def milestone(region: Region, milestone: Milestone) -> Any:
    """Everyone sees the map of a milestone: which places have reached it, since when, and what shows it."""
    if region.level == milestone.level:
        return _place(region, milestone)
    missing = deeds.not_reached(milestone, region, request.args.get("after", ""))
    coverage = deeds.coverage_of(milestone, region)
    return page(
        region=region,
        milestone=milestone,
        document=deeds.document_of(milestone),
        coverage=coverage,
        evidence=deeds.evidence_below(milestone, coverage),
        reached=sum(one.reached for one in coverage),
        places=sum(one.places for one in coverage),
        missing=missing,
        ways=paths_to([row.Region for row in missing.rows]),
        late=max(0, (today() - milestone.due_on).days),
    )


def _place(region: Region, milestone: Milestone) -> Any:
    return page(
        "policies/milestone_place.html",
        region=region,
        milestone=milestone,
        document=deeds.document_of(milestone),
        marks=deeds.marks_of(milestone, region),
        late=max(0, (today() - milestone.due_on).days),
        keeps=may(actor(), Deed.KEEP_POLICY, region.path),
    )


@bp.get("/milestones/<int:milestone>/coverage.csv", deed=Deed.READ_PUBLIC)
def coverage_as_csv(region: Region, milestone: Milestone) -> Any:
    """Everyone keeps the map of a milestone as a table."""
    rows = [
        (in_words(one.region, "name"), one.reached, one.places, str(one.last or ""))
        for one in deeds.coverage_of(milestone, region)
    ]
    return table_as_csv(f"milestone-{milestone.id}-{region.code}", [gettext(head) for head in HEAD], rows)


@bp.route("/milestones/set", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def set_milestone(region: Region) -> Any:
    """An official says what the places below are to reach, and by when."""
    form = MilestoneForm(documents_of(region, size=100).rows, deeds.levels_below(region))
    if form.validate_on_submit():
        with form.refusals():
            made = deeds.set_milestone(actor(), region, form.draft(), form.cited(), form.key.data or "")
            flash(gettext(N_("Saved.")))
            return see_other(url_for(".milestone", region=region.code, milestone=made.id))
    return page(region=region, form=form)


@bp.route("/milestones/<int:milestone>/mark", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def mark_reached(region: Region, milestone: Milestone) -> Any:
    """An official notes that a place has reached a milestone, and what shows it."""
    if region.level != milestone.level:
        abort(404)
    form = MarkForm()
    if form.validate_on_submit():
        with form.refusals():
            deeds.mark_reached(actor(), milestone, region, form.reached_on.data, form.evidence.data or "")
            flash(gettext(N_("Saved.")))
            return see_other(url_for(".milestone", region=region.code, milestone=milestone.id))
    return page(region=region, form=form, milestone=milestone)


@bp.route("/milestones/<int:milestone>/take-back", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def take_mark_back(region: Region, milestone: Milestone) -> Any:
    """An official takes back a mistaken note; it stays on record with its reason."""
    if region.level != milestone.level:
        abort(404)
    form = TakeBackForm()
    if form.validate_on_submit():
        with form.refusals():
            deeds.take_mark_back(actor(), milestone, region, form.reason.data or "")
            flash(gettext(N_("Saved.")))
            return see_other(url_for(".milestone", region=region.code, milestone=milestone.id))
    return page(region=region, form=form, milestone=milestone)
