"""Committees and offices look at what was flagged; everyone sees what is held and why."""

from typing import Any

from flask import Flask, flash, url_for

from portal.flags import queries, reviewing
from portal.flags.forms import VERDICTS, ReviewForm
from portal.flags.queries import Held
from portal.flags.words import FLAGS, evidence, few
from portal.providers.models import Provider
from portal.providers.queries import find_provider
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.permissions import Deed
from portal.rules.reviews import may_review
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import gettext

bp = Guarded(
    "flags",
    __name__,
    url_prefix="/<code:region>",
    finds={"region": find_region, "provider": find_provider, "hold": queries.find_hold},
)


@bp.get("/flags/", deed=Deed.REVIEW_RATINGS)
def index(region: Region) -> Any:
    """An official or a committee sees which ratings wait for two people."""
    return page(region=region, holds=queries.holds_in(region))


@bp.route("/flags/<int:hold>/", methods=["GET", "POST"], deed=Deed.REVIEW_RATINGS)
def show(region: Region, hold: Held) -> Any:
    """An official or a committee sees why ratings are held, and says whether they count."""
    form = ReviewForm()
    refusals = list(may_review(hold.said, reviewing.judge_of(actor(), hold, hold.decisions)))
    if form.validate_on_submit():
        with form.refusals():
            decided = reviewing.review_hold(actor(), hold, form.verdict.data or "", form.reason.data or "")
            flash(gettext(_said(decided)))
            return see_other(url_for(".show", region=region.code, hold=hold.hold.id))
    told = [gettext(one.text, **one.values) for one in refusals]
    return page(
        region=region,
        held=hold,
        evidence=evidence(hold.hold),
        told=told,
        form=form if form.errors or not told else None,
    )


def _said(decided: Any) -> str:
    return N_("It is decided.") if decided else N_("Noted. It is decided when another person has looked at it.")


@bp.get("/providers/<int:provider>/held/", deed=Deed.READ_PUBLIC)
def of_provider(region: Region, provider: Provider) -> Any:
    """Everyone sees which ratings of a provider were held, why, and what was decided."""
    return page(
        region=region,
        provider=provider,
        holds=queries.holds_of(provider),
        held=few(queries.held_now(provider.id)),
        doubted=queries.is_doubted(provider.id),
    )


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(FLAGS=FLAGS, HOLD_VERDICTS=VERDICTS, few=few)
