"""Committees and offices look at words that wait; a drawn third judges; everyone sees the numbers."""

from typing import Any

from flask import Flask, abort, flash, send_file, url_for

from portal.comments import appealing, moderating, own_views, queries, statistics, writer_views
from portal.comments.blueprint import bp
from portal.comments.forms import DecisionForm, JudgeForm
from portal.comments.models import CommentAppeal
from portal.comments.queries import Found
from portal.policies.queries import rules_for
from portal.ratings.tied import is_tied
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.comments import KINDS, CommentState
from portal.rules.permissions import Deed, Role, may
from portal.store.clock import now
from portal.store.files import photo_path
from portal.web.door import actor, page, see_other
from portal.web.words import gettext

__all__ = ["install", "own_views", "writer_views"]


@bp.get("/<code:region>/words/", deed=Deed.MODERATE_WORDS)
def desk(region: Region) -> Any:
    """A committee or an office sees which words wait, most urgent first."""
    may_compare = actor().holds(Role.OFFICIAL, region.path)
    span = statistics.twelve_months()
    return page(
        region=region,
        waiting=queries.waiting_for(actor(), region),
        appeals=queries.appeals_for(actor()),
        moderators=statistics.moderators_of(region, span) if may_compare else [],
        now=now(),
    )


@bp.route("/<code:region>/words/<comment>", methods=["GET", "POST"], deed=Deed.MODERATE_WORDS)
def decide(region: Region, comment: Found) -> Any:
    """Somebody who is not tied to the provider says what may be public."""
    if is_tied(actor(), comment.provider.id):
        return page("comments/tied.html", 403, region=region)
    form = DecisionForm()
    form.offer(comment.told.proposal)
    if form.validate_on_submit():
        with form.refusals():
            moderating.decide_comment(actor(), comment, form.draft())
            flash(gettext(N_("Written down, thank you.")))
            return see_other(url_for(".desk", region=region.code))
    return page(region=region, found=comment, form=form)


@bp.get("/<code:region>/words/<comment>/photo/<int:size>", deed=Deed.READ_PUBLIC)
def photo(region: Region, comment: Found, size: int) -> Any:
    """Everyone sees a published photo; before that only who may decide about it."""
    public = comment.told.photo and comment.comment.state == CommentState.PUBLISHED.value
    looks = may(actor(), Deed.MODERATE_WORDS, comment.home.path) and not is_tied(actor(), comment.provider.id)
    name = comment.comment.photo
    if name is None or size not in (320, 1600) or not (public or looks):
        abort(404)
    return send_file(photo_path(name, size), "image/webp", max_age=86400 if public else 0)


@bp.get("/<code:region>/words/numbers", deed=Deed.READ_PUBLIC)
def numbers(region: Region) -> Any:
    """Everyone sees how many words were published, masked, hidden and why, and how often an appeal was upheld."""
    span = statistics.twelve_months()
    least = rules_for(region).cell_to_publish
    return page(region=region, counted=statistics.numbers_of(region, span), span=span, least=least)


@bp.route("/<code:region>/words/appeals/<int:word_appeal>", methods=["GET", "POST"], deed=Deed.JUDGE_APPEAL)
def judge(region: Region, word_appeal: CommentAppeal) -> Any:
    """Who was drawn decides alone on an appeal."""
    appeal, found = word_appeal, queries.find_comment(word_appeal.comment_key, {"region": region})
    if found is None or appeal.judge_id != actor().id:
        abort(404)
    form = JudgeForm()
    if form.validate_on_submit():
        with form.refusals():
            _judged(appeal, form)
            flash(gettext(N_("Written down, thank you.")))
            return see_other(url_for(".judge", region=region.code, word_appeal=appeal.id))
    return page(region=region, found=found, appeal=appeal, form=None if appeal.decided_at else form)


def _judged(appeal: CommentAppeal, form: JudgeForm) -> None:
    appealing.judge_appeal(actor(), appeal, upheld=form.answer(), reason=form.reason.data or "")


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["COMMENT_KINDS"] = KINDS
    app.jinja_env.filters["unmasked"] = own_views.masks_in_words
