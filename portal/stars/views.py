"""Everyone reads why a provider has its stars and what stands in its credit record; offices keep it."""

from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, flash, request, url_for

from portal.policies.queries import rules_for
from portal.providers.models import CreditEvent, Provider
from portal.providers.queries import find_provider
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_, Refusal, Refused
from portal.rules.credit import levels_of
from portal.rules.permissions import Deed, may
from portal.rules.pleas import PleaKind
from portal.rules.stars import StarRules
from portal.stars import forms, pleading, proposing, queries, recording, trying
from portal.stars.explaining import WHY, about, explained, tenths
from portal.stars.models import CreditPlea
from portal.store.clock import now, today
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import gettext

bp = Guarded(
    "stars",
    __name__,
    url_prefix="/<code:region>/providers",
    finds={
        "region": find_region,
        "provider": find_provider,
        "event": queries.find_event,
        "plea": queries.find_plea,
    },
)
HEAD = (
    N_("Quarter"),
    N_("Stars"),
    N_("Why"),
    N_("Points"),
    N_("Uncertain by"),
    N_("Those who were served"),
    N_("Third party"),
    N_("Purchaser"),
    N_("Ratings, about"),
    N_("Holds from"),
    N_("Holds until"),
    N_("Withdrawn"),
)


@bp.get("/<int:provider>/stars/", deed=Deed.READ_PUBLIC)
def show(region: Region, provider: Provider) -> Any:
    """Everyone reads why a provider has so many stars, and how many it had."""
    stars = queries.stars_of(provider)
    return page(
        region=region,
        provider=provider,
        stars=stars,
        why=explained(stars.last) if stars.last else None,
        numbers=rules_for(queries.home_of(provider)),
    )


@bp.get("/<int:provider>/stars/stars.csv", deed=Deed.READ_PUBLIC)
def as_csv(region: Region, provider: Provider) -> Any:
    """Everyone saves the history of a provider's stars as a table."""
    heads = [gettext(head) for head in HEAD]
    return table_as_csv(f"stars-{provider.id}", heads, _rows(queries.stars_of(provider)))


def _rows(stars: queries.Stars) -> Iterator[list[object]]:
    names = ("composite", "sd", "recipients", "third", "purchaser")
    for level in stars.levels:
        told = level.working if "recipients" in level.working else {}
        scores = [tenths(told[name]) if told.get(name) is not None else "" for name in names]
        ratings = about(sum(told["counts"])) if told else ""
        why = WHY[level.working["why"]]
        dates = (level.valid_from, level.valid_until, level.withdrawn_on)
        yield [level.quarter, level.stars or "", gettext(why), *scores, ratings, *dates]


@bp.get("/<int:provider>/credit/", deed=Deed.READ_PUBLIC)
def credit(region: Region, provider: Provider) -> Any:
    """Everyone reads what stands for and against a provider, until when, and what follows from it."""
    numbers = rules_for(queries.home_of(provider))
    own = actor().works_for(provider.id)
    return page(
        region=region,
        provider=provider,
        record=queries.record_of(provider, numbers),
        levels=levels_of(numbers),
        numbers=numbers,
        today=today(),
        own=own,
        keeps=may(actor(), Deed.KEEP_CREDIT, region.path) and not own,
    )


@bp.route("/<int:provider>/credit/record", methods=["GET", "POST"], deed=Deed.KEEP_CREDIT)
def record(region: Region, provider: Provider) -> Any:
    """An official writes down what stands for or against a provider that serves here; it may have been proposed."""
    if not queries.concerns(provider, region):
        abort(404)
    about = proposing.proposal(request.args.get("about", ""), region, provider)
    form = forms.EventForm(data=about.typed if about else None)
    if form.validate_on_submit():
        with form.refusals():
            recording.record_event(actor(), region, provider, form.draft(), form.key.data or "")
            return _back(region, provider, N_("Written down. The provider is told and can appeal."))
    others = [] if about else proposing.proposals(region, provider)
    return page(region=region, provider=provider, form=form, proposals=others)


@bp.route("/<int:provider>/credit/<int:event>/appeal", methods=["GET", "POST"], deed=Deed.APPEAL_CREDIT)
def appeal(region: Region, provider: Provider, event: CreditEvent) -> Any:
    """A provider appeals against an event of its own record."""
    return _plea(region, provider, event, PleaKind.APPEAL)


@bp.route("/<int:provider>/credit/<int:event>/repair", methods=["GET", "POST"], deed=Deed.APPEAL_CREDIT)
def repair(region: Region, provider: Provider, event: CreditEvent) -> Any:
    """A provider shows that what stands against it was made good."""
    return _plea(region, provider, event, PleaKind.REPAIR)


def _plea(region: Region, provider: Provider, event: CreditEvent, kind: PleaKind) -> Any:
    if not actor().works_for(provider.id):
        abort(403)
    form = forms.PleaForm()
    if form.validate_on_submit():
        with form.refusals():
            typed = (form.words.data or "", form.evidence.data or "", form.key.data or "")
            pleading.send_plea(actor(), event, kind, *typed)
            return _back(region, provider, N_("Sent. Everyone reads it, and the answer."))
    until = pleading.appeal_until(event)
    return page("stars/plea.html", region=region, provider=provider, event=event, kind=kind, form=form, until=until)


@bp.get("/credit/pleas/", deed=Deed.KEEP_CREDIT)
def pleas(region: Region) -> Any:
    """An official sees which appeals and repairs wait for a decision here, and what may belong on a record."""
    waiting = queries.waiting_pleas(region)
    return page(region=region, pleas=waiting, proposals=proposing.proposals(region), now=now())


@bp.route("/<int:provider>/credit/pleas/<int:plea>", methods=["GET", "POST"], deed=Deed.KEEP_CREDIT)
def decide(region: Region, provider: Provider, plea: CreditPlea) -> Any:
    """An official of another body decides on an appeal, or of the same one on a repair."""
    event = queries.find_event(plea.event_id, {"provider": provider}) or abort(404)
    form = forms.DecisionForm()
    if form.validate_on_submit():
        with form.refusals():
            _decide(form, plea)
            return _back(region, provider, N_("Decided. Everyone reads it."))
    return page(region=region, provider=provider, event=event, plea=plea, form=form)


def _decide(form: forms.DecisionForm, plea: CreditPlea) -> None:
    if form.granted.data not in ("yes", "no"):
        raise Refused([Refusal(N_("Please choose."), "granted")])
    pleading.decide_plea(actor(), plea, form.granted.data == "yes", form.answer.data or "")


@bp.route("/credit/import", methods=["GET", "POST"], deed=Deed.KEEP_CREDIT)
def import_(region: Region) -> Any:
    """An official takes over lines of outside lists."""
    form = forms.ImportForm()
    if form.validate_on_submit():
        with form.refusals():
            lines = recording.import_entries(actor(), region, form.lines.data or "")
            flash(gettext(N_("%(lines)s lines were taken over."), lines=lines))
            return see_other(url_for(".pleas", region=region.code))
    return page("stars/import.html", region=region, form=form)


@bp.get("/stars/try", deed=Deed.KEEP_CREDIT)
def try_(region: Region) -> Any:
    """An official sees who would get other stars by other numbers; nothing is stored."""
    hold = rules_for(region)
    typed = {name: request.args.get(name, value)[:100] for name, value in trying.as_typed(hold).items()}
    numbers, refused = trying.read(typed, hold)
    form = forms.TryForm(formdata=None, data=typed)
    for refusal in refused:
        form[refusal.beside].errors = [gettext(refusal.text, **refusal.values)]
    found = [] if refused else queries.tried(region, StarRules.of(numbers), numbers.star_weights)
    return page("stars/try.html", region=region, fields=form, tried=found, refused=refused)


def _back(region: Region, provider: Provider, said: str) -> Any:
    flash(gettext(said))
    return see_other(url_for(".credit", region=region.code, provider=provider.id))


EXAMPLE_ENTRY = "52990121MJ0000001X,assessment,4A,2026-03-01,,民政局公告2026年第3号"
"""A line of an outside list, as an official would write it."""


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters.update(tenths=tenths, about=about)
    app.jinja_env.globals.update(
        EXAMPLE_ENTRY=EXAMPLE_ENTRY,
        STAR_WHY=WHY,
        CREDIT_EVENTS=forms.EVENTS,
        CREDIT_EFFECTS=forms.EFFECTS,
        STANDING_ENTRIES=forms.ENTRIES,
    )
