"""Everyone reads which numbers hold here, since when and by whose word; officials put new ones."""

from typing import Any

from flask import flash, request, url_for

from portal.policies import rule_sets
from portal.policies.blueprint import asked_day, bp
from portal.policies.forms import rule_set_form
from portal.policies.models import RuleSet
from portal.policies.publishing import documents_of
from portal.policies.words import numbers_by_subject
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.store.clock import today
from portal.web.door import actor, page, see_other
from portal.web.words import gettext


@bp.get("/rules/", deed=Deed.READ_PUBLIC)
def rules(region: Region) -> Any:
    """Everyone reads the numbers of a place, what differs from the division above, and every rule set."""
    day, said = asked_day(), rule_sets.sets_for(region)
    settings = {one.name: one for one in rule_sets.settings_on(region, said, day)}
    only = request.args.get("only") == "different"
    shown = {
        subject: [(words, settings[name]) for name, words in names.items() if settings[name].differs or not only]
        for subject, names in numbers_by_subject().items()
    }
    return page(
        region=region,
        subjects={subject: rows for subject, rows in shown.items() if rows},
        different=sum(one.differs for one in settings.values()),
        only=only,
        day=day,
        today=today(),
        said=said[::-1],
        keeps=may(actor(), Deed.KEEP_POLICY, region.path),
    )


@bp.get("/rules/<int:rule_set>/", deed=Deed.READ_PUBLIC)
def rule_set(region: Region, rule_set: RuleSet) -> Any:
    """Everyone reads what a rule set changes, and by which document."""
    said = rule_sets.sets_for(region)
    return page(
        region=region,
        one=next(one for one in said if one.rule_set.id == rule_set.id),
        changes=rule_sets.changes_of(region, rule_set, said),
        words={name: words for names in numbers_by_subject().values() for name, words in names.items()},
        today=today(),
        keeps=may(actor(), Deed.KEEP_POLICY, region.path),
    )


@bp.route("/rules/put", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def put_rules(region: Region) -> Any:
    """An official sets numbers for a division and all below it."""
    form = rule_set_form(documents_of(region, size=100).rows, top=region.parent_id is None)
    if form.validate_on_submit():
        with form.refusals():
            made = rule_sets.put_rule_set(actor(), region, form.draft(), form.key.data or "")
            flash(gettext(N_("Saved. Everyone can read what it changes.")))
            return see_other(url_for(".rule_set", region=region.code, rule_set=made.id))
    settings = {one.name: one for one in rule_sets.settings_of(region)}
    return page(region=region, form=form, settings=settings)


@bp.post("/rules/<int:rule_set>/withdraw", deed=Deed.KEEP_POLICY)
def withdraw_rules(region: Region, rule_set: RuleSet) -> Any:
    """An official takes back a rule set before it holds."""
    rule_sets.withdraw_rule_set(actor(), rule_set)
    flash(gettext(N_("Withdrawn. It stays on record.")))
    return see_other(url_for(".rule_set", region=region.code, rule_set=rule_set.id))
