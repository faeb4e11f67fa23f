"""A committee works through what waits for it."""

from typing import Any

from flask import Flask, abort, flash, request

from portal.moderation import actions, queries
from portal.moderation.forms import DecisionForm
from portal.needs.models import Need
from portal.needs.queries import photos_of, similar_needs
from portal.policies.catalogue import catalogue
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules.moderation import Decision
from portal.rules.needs import NeedState
from portal.rules.permissions import Deed
from portal.store import db
from portal.web.addresses import row_number
from portal.web.door import Guarded, actor, page, see_other

bp = Guarded("moderation", __name__, url_prefix="/<code:region>/moderation", finds={"region": find_region})


@bp.get("/", deed=Deed.DECIDE_NEED)
def queue(region: Region) -> Any:
    """A committee sees the need that waits longest, and the next one after it."""
    return _shown(
        region, DecisionForm(), request.args.get("after", 0, row_number), request.args.get("decided", 0, row_number)
    )


@bp.post("/<int:need>", deed=Deed.DECIDE_NEED)
def decide(region: Region, need: int) -> Any:
    """A committee decides about a need; the next one comes by itself."""
    found, home = _need_below(region, need)
    form = DecisionForm()
    after = request.args.get("after", 0, row_number)
    if form.validate_on_submit() and request.form.get("decision") in list(Decision):
        with form.refusals():
            actions.decide_need(actor(), found, home, form.draft(request.form["decision"]))
            return see_other(f"/{region.code}/moderation/?after={after}&decided={need}")
    if found.state == NeedState.SUBMITTED:
        return _shown(region, form, need - 1)
    for said in form.form_errors:
        flash(said, "refusal")
    return _shown(region, DecisionForm(formdata=None), need)


@bp.post("/<int:need>/undo", deed=Deed.DECIDE_NEED)
def undo(region: Region, need: int) -> Any:
    """A committee takes its last decision back."""
    found, home = _need_below(region, need)
    actions.undo_decision(actor(), found, home)
    return see_other(f"/{region.code}/moderation/?after={need - 1}")


def _need_below(region: Region, number: int) -> tuple[Need, Region]:
    """A need of the region's subtree with its own region; 404 for any other."""
    need = db.session.get(Need, number) or abort(404)
    home = db.session.get_one(Region, need.region_id)
    if not home.path.startswith(region.path):
        abort(404)
    return need, home


def _shown(region: Region, form: DecisionForm, after: int, decided: int = 0) -> Any:
    row = queries.next_waiting(region, after) or (queries.next_waiting(region) if after else None)
    need, home = row if row else (None, None)
    return page(
        "moderation/queue.html",
        region=region,
        form=form if need else None,
        waiting=queries.count_waiting(region),
        need=need,
        home=home,
        subject=catalogue().get(need.category) if need else None,
        photos=photos_of(need) if need else (),
        similar=similar_needs(home, need.title, besides=need.id) if need and home else (),
        after=after,
        decided=_need_below(region, decided)[0] if decided else None,
    )


def install(app: Flask) -> None:
    app.register_blueprint(bp)
