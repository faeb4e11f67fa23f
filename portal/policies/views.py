"""Everyone reads what holds here and who said so; officials publish it."""

from typing import Any

from flask import Flask, flash, request, url_for

from portal.policies import calendar_views, catalogue_views, milestone_views, pilot_views, publishing, rule_views
from portal.policies.blueprint import bp, items
from portal.policies.forms import DocumentForm, ReplyForm
from portal.policies.models import OfficialReply, PolicyDocument
from portal.policies.words import FEATURES, IMPLEMENTERS, LEVEL_WORDS, NATURES, number_in_words
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.catalogue import EXCLUSIONS
from portal.rules.permissions import Deed, may
from portal.store.clock import today
from portal.web.door import actor, page, see_other
from portal.web.words import gettext


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone finds the rules of a place: its catalogue, documents, numbers, calendar, replies and plans."""
    return page(region=region, documents=publishing.documents_of(region, size=5).rows, year=today().year)


@bp.get("/documents/", deed=Deed.READ_PUBLIC)
def documents(region: Region) -> Any:
    """Everyone reads which documents hold here."""
    found = publishing.documents_of(region, request.args.get("after", ""))
    return page(region=region, documents=found, keeps=keeps(region))


@bp.get("/documents/<int:document>/", deed=Deed.READ_PUBLIC)
def document(region: Region, document: PolicyDocument) -> Any:
    """Everyone reads a document, who issued it and when, and which one it replaces."""
    older, newer = publishing.beside(document)
    return page(region=region, document=document, older=older, newer=newer)


@bp.route("/documents/publish", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def publish_document(region: Region) -> Any:
    """An official publishes a document as it was issued."""
    form = DocumentForm(publishing.documents_of(region, size=100).rows)
    if form.validate_on_submit():
        with form.refusals():
            made = publishing.publish_document(actor(), region, form.draft(), form.key.data or "")
            flash(gettext(N_("Published.")))
            return see_other(url_for(".document", region=region.code, document=made.id))
    return page(region=region, form=form)


@bp.get("/replies/", deed=Deed.READ_PUBLIC)
def replies(region: Region) -> Any:
    """Everyone reads what was replied to the proposals of deputies and advisers."""
    return page(
        region=region, replies=publishing.replies_of(region, request.args.get("after", "")), keeps=keeps(region)
    )


@bp.get("/replies/<int:reply>/", deed=Deed.READ_PUBLIC)
def reply(region: Region, reply: OfficialReply) -> Any:
    """Everyone reads a reply, and when the proposal was received and answered."""
    return page(region=region, reply=reply)


@bp.route("/replies/publish", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def publish_reply(region: Region) -> Any:
    """An official publishes the reply to a proposal."""
    form = ReplyForm()
    if form.validate_on_submit():
        with form.refusals():
            made = publishing.publish_reply(actor(), region, form.draft(), form.key.data or "")
            flash(gettext(N_("Published.")))
            return see_other(url_for(".reply", region=region.code, reply=made.id))
    return page(region=region, form=form)


def keeps(region: Region) -> bool:
    return may(actor(), Deed.KEEP_POLICY, region.path)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(items)
    app.jinja_env.filters["as_number_of"] = lambda value, name: number_in_words(name, value)
    app.jinja_env.globals.update(
        EXCLUSIONS=EXCLUSIONS,
        ITEM_NATURES=NATURES,
        IMPLEMENTERS=IMPLEMENTERS,
        PILOT_FEATURES=FEATURES,
        LEVEL_WORDS=LEVEL_WORDS,
    )


ALL = (calendar_views, catalogue_views, milestone_views, pilot_views, rule_views)
"""Rooms of views that hang on `bp` and `items`."""
