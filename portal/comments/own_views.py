"""Everyone reads published words; a provider's own people read them beside their figures, and answer once."""

from datetime import date
from typing import Any

from flask import abort, flash, request, url_for

from portal.cases.repairs import owed_by
from portal.comments import answering, own, queries
from portal.comments.blueprint import bp
from portal.comments.forms import AnswerForm
from portal.policies.catalogue import catalogue
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.comments import MASK, MASKS
from portal.rules.permissions import Deed
from portal.rules.ratings import BAD_REASONS, GOOD_REASONS
from portal.web.door import actor, page, see_other
from portal.web.words import gettext


@bp.get("/<code:region>/providers/<int:provider>/words/", deed=Deed.READ_PUBLIC)
def public(region: Region, provider: Provider) -> Any:
    """Everyone reads what was said about a provider, in groups, and what it answered."""
    groups, after = queries.published_of(provider, request.args.get("after", ""))
    return page(
        region=region, provider=provider, groups=groups, after=after, least=rules_for(region).comments_to_publish
    )


@bp.get("/<code:region>/providers/<int:provider>/own/", deed=Deed.ANSWER_WORDS)
def ours(region: Region, provider: Provider) -> Any:
    """A provider's own people see the published figures, what would raise them, what they owe, and published words."""
    _only_own_people(provider)
    numbers = rules_for(region)
    groups, after = queries.published_of(provider, request.args.get("after", ""))
    told = own.own_of(provider, numbers)
    return page(
        region=region,
        provider=provider,
        told=told,
        owed=owed_by(provider.id),
        groups=groups,
        after=after,
        numbers=numbers,
        subject=catalogue().get(told.group),
        reasons=GOOD_REASONS | BAD_REASONS,
    )


@bp.route("/<code:region>/providers/<int:provider>/own/<group_day>", methods=["GET", "POST"], deed=Deed.ANSWER_WORDS)
def answer(region: Region, provider: Provider, group_day: str) -> Any:
    """A provider's own people answer a group of published words, once."""
    _only_own_people(provider)
    published_on = _day(group_day)
    group = queries.group_on(provider, published_on) if published_on else None
    if published_on is None or group is None:
        abort(404)
    form = AnswerForm()
    if form.validate_on_submit():
        with form.refusals():
            answering.answer_words(actor(), provider, published_on, form.words.data or "")
            flash(gettext(N_("Your answer is public now.")))
            return see_other(url_for(".ours", region=region.code, provider=provider.id))
    if group.answer:
        return page(
            status=422 if form.errors else 200, region=region, provider=provider, group=group, refused=form.errors
        )
    return page(region=region, provider=provider, group=group, form=form)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _only_own_people(provider: Provider) -> None:
    if not actor().works_for(provider.id):
        abort(403)


def masks_in_words(words: str) -> str:
    """`words` with every mask said in the reader's language."""
    return MASK.sub(lambda found: f"〔{gettext(MASKS[found[0][1:-1]])}〕", words)
