"""A committee or an official announces a vote, or takes it back before it opens."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import abort, flash, request, url_for
from flask.blueprints import BlueprintSetupState

from portal.policies.queries import rules_for
from portal.projects.models import Project
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, rounds, terms
from portal.rules.ballots import Stage
from portal.rules.decisions import LAWS, Body, Share
from portal.rules.permissions import Deed, may
from portal.rules.projects import yuan_of
from portal.rules.rounds import RoundDraft
from portal.store.clock import now
from portal.voting.blueprint import bp
from portal.voting.drafts import designs_draft, options_from, places_of, projects_to_vote_on
from portal.voting.forms import PRESETS, ProjectsForm, RoundForm, WithdrawForm
from portal.voting.queries import Poll, stage_of
from portal.voting.rounds import OPENED, announce_round, withdraw_round
from portal.web.addresses import LARGEST, row_number
from portal.web.door import actor, page, see_other
from portal.web.words import LANGUAGES, gettext, speaking


@bp.route("/announce/<int:project>", methods=["GET", "POST"], deed=Deed.RUN_ROUND)
def announce(region: Region, project: Project) -> Any:
    """A committee puts the designs of one project to the vote."""
    draft = designs_draft(project, None, None)
    form = RoundForm.proposed(*_start(region), question=draft.question, budget=yuan_of(draft.budget_fen))
    if form.validate_on_submit():
        with form.refusals():
            numbers = {number: (number,) for number in range(1, len(draft.options) + 1)}
            changed = replace(draft, **form.settings(draft.options, numbers))
            if changed.question != draft.question:
                changed = replace(changed, translations=None)
            return _announced(region, changed, form.unreadable(numbers))
    return page(region=region, project=project, options=draft.options, form=form, **_shown(("opinion", "meeting")))


@bp.route("/announce", methods=["GET", "POST"], deed=Deed.RUN_ROUND)
def announce_several(region: Region) -> Any:
    """A committee or an official puts several projects of the region, or their designs, to one vote."""
    asked: dict[str, Any] = {
        "question": gettext(N_("Which projects do you want here?")),
        "among": "projects",
        "one_each": True,
    }
    form = ProjectsForm.proposed(*_start(region), options=request.args.getlist("project", row_number), **asked)
    chosen = [number for number in form.options.data or () if 0 < number <= LARGEST]
    if form.validate_on_submit():
        with form.refusals():
            options = options_from(region, chosen, whole=form.among.data != "designs")
            places = places_of(options)
            return _announced(region, RoundDraft(**form.settings(options, places)), form.unreadable(places))
    projects = projects_to_vote_on(region, chosen, rules_for(region).most_options)
    return page("voting/announce.html", region=region, projects=projects, form=form, **_shown(tuple(PRESETS)))


def _start(region: Region) -> tuple[str, Body, int]:
    """What the form begins with: the wish in the address, the meeting of such a place, and its notice."""
    body = Body.VILLAGERS_MEETING if region.code[9] == "2" else Body.RESIDENTS_MEETING
    return request.args.get("like", "opinion"), body, rules_for(region).notice_days


def _shown(presets: tuple[str, ...]) -> dict[str, Any]:
    return {
        "presets": {preset: PRESETS[preset] for preset in presets},
        "like": request.args.get("like", "opinion"),
        "law": {body: law for body, law in LAWS.items() if law.source},
    }


def _announced(region: Region, draft: RoundDraft, unreadable: Iterable[Refusal]) -> Any:
    """Announce `draft`, or say all that hinders it at once. Raises Refused."""
    hinders = {one.beside: one for one in unreadable}
    if hinders:
        others = rounds.refusals(draft, at=now(), numbers=rules_for(region))
        enforce([*hinders.values(), *(one for one in others if one.beside not in hinders)])
    round = announce_round(actor(), region, _with_basis(draft))
    flash(gettext(N_("The vote is announced.")))
    if draft.beside and not round.beside:
        flash(gettext(N_("Equal Shares is not shown beside it: it does not know options that exclude each other.")))
    return see_other(url_for(".ballot", region=region.code, poll=round.id))


def _with_basis(draft: RoundDraft) -> RoundDraft:
    """`draft`, its legal basis in every language where it is as it was proposed."""
    source = LAWS[draft.body].source
    if not source or draft.legal_basis != gettext(source):
        return draft
    said = dict(draft.translations or {})
    for tag in LANGUAGES:
        with speaking(tag):
            said[tag] = said.get(tag, {}) | {"legal_basis": gettext(source)}
    return replace(draft, translations=said)


@bp.route("/<int:poll>/withdraw", methods=["GET", "POST"], deed=Deed.RUN_ROUND)
def withdraw(region: Region, poll: Poll) -> Any:
    """A committee or an official takes back a vote that has not opened."""
    if not may(actor(), Deed.RUN_ROUND, poll.region.path):
        abort(403)  # the address may name a place below that of the vote
    if stage_of(poll.round) is not Stage.COMING:
        flash(gettext(OPENED), "refusal")
        return see_other(url_for(".ballot", region=region.code, poll=poll.round.id))
    form = WithdrawForm()
    if form.validate_on_submit():
        with form.refusals():
            withdraw_round(actor(), poll.round, form.reason.data)
            flash(gettext(N_("The vote is withdrawn. Why: %(reason)s"), reason=form.reason.data))
            return see_other(url_for(".index", region=region.code))
    return page(region=region, poll=poll, form=form)


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Templates call settings what `rules.terms` calls them."""
    state.app.jinja_env.globals.update(TERMS=terms, LAWS=LAWS, needed=_needed)


def _needed(share: str, everyone: int) -> int:
    return Share.read(share).needs(everyone)
