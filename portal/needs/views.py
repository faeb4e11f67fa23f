"""Residents read needs, report them, and say "me too"."""

from typing import Any

from flask import Flask, abort, flash, request, send_file, url_for

from portal.needs import actions, case_views, lists, queries
from portal.needs.forms import AnswerForm, NeedForm, WordsForm
from portal.needs.models import Need, NeedPhoto
from portal.policies.catalogue import EVERYDAY, catalogue, known_item
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.regions.views import remember
from portal.rules import N_, Refused
from portal.rules.moderation import REASONS
from portal.rules.needs import LISTED, NEXT, SUPPORTABLE, UNDECIDED, NeedState
from portal.rules.permissions import Actor, Deed, may
from portal.rules.promises import DONE_FROM
from portal.store import db
from portal.store.files import NotAPhoto, Photo, discard, keep_photo, photo_path
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, actor, hold, page, resumes, see_other, to_sign_in
from portal.web.forms import cleaned
from portal.web.words import gettext
from portal.web.xlsx import table_as_xlsx

MOST_PHOTOS = 9
MOST_ON_SHEET = 500

bp = Guarded(
    "needs", __name__, url_prefix="/<code:region>/needs", finds={"region": find_region, "need": queries.find_need}
)


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone reads the published needs; the committee reads them all."""
    filters = lists.filters()
    whole = may(actor(), Deed.DECIDE_NEED, region.path)
    place = lists.place_of(region, filters["place"])
    asked = {name: value for name, value in filters.items() if name != "place"}
    return page(
        region=region,
        needs=queries.published_needs(place, whole=whole, **asked, after=request.args.get("after", "")),
        filters=filters,
        count=queries.count_matching(place, filters["words"], whole=whole) if filters["words"] else None,
        states=[state for state in NeedState if state is not NeedState.DRAFT] if whole else LISTED,
        subjects=EVERYDAY,
        places=lists.places_below(region),
    )


@bp.get("/sheet", deed=Deed.READ_PUBLIC)
def sheet(region: Region) -> Any:
    """Everyone reads and prints the needs list as a sheet."""
    filters = lists.filters()
    rows = list(lists.rows(region, filters, MOST_ON_SHEET))
    return page(region=region, head=lists.head(), rows=rows, filters=filters)


@bp.get("/sheet.csv", deed=Deed.READ_PUBLIC)
def sheet_csv(region: Region) -> Any:
    """Everyone saves the needs list as a table."""
    return table_as_csv(f"{region.code}-needs", lists.head(), lists.rows(region, lists.filters()))


@bp.get("/sheet.xlsx", deed=Deed.READ_PUBLIC)
def sheet_xlsx(region: Region) -> Any:
    """Everyone saves the needs list for a spreadsheet program."""
    return table_as_xlsx(f"{region.code}-needs", lists.head(), lists.rows(region, lists.filters()))


@bp.route("/report", methods=["GET", "POST"], deed=Deed.REPORT_NEED)
def report(region: Region) -> Any:
    """A resident reports a need; a stranger does so first and signs in after."""
    form = NeedForm(region, by_committee=may(actor(), Deed.DECIDE_NEED, region.path))
    if form.validate_on_submit():
        with form.refusals():
            photos = _photos(form)
            if photos is not None:
                return _reported(_report(region, form, photos), region)
    return remember(page(region=region, form=form), region)


def _photos(form: NeedForm) -> list[Photo] | None:
    """The photos that were sent, kept; None, with an error beside the field, if one is no photo."""
    files = [file for file in form.photos.data or [] if file and file.filename]
    kept: list[Photo] = []
    try:
        if len(files) > MOST_PHOTOS:
            raise NotAPhoto
        for file in files:
            kept.append(keep_photo(file.stream))
        return kept
    except NotAPhoto:
        discard(photo.name for photo in kept)
        form.photos.errors = [
            gettext(N_("Please choose up to %(most)s photos (JPEG, PNG, WebP or HEIC)."), most=MOST_PHOTOS)
        ]
        return None


def _report(region: Region, form: NeedForm, photos: list[Photo]) -> Need:
    """The need that was reported; where it was refused, its photos do not stay behind."""
    try:
        return actions.report_need(
            actor(), region, form.draft(), form.key.data, photos, address=request.remote_addr or ""
        )
    except Refused:
        discard(photo.name for photo in photos)
        raise


def _reported(need: Need, region: Region) -> Any:
    there = url_for(".show", region=region.code, need=need.id)
    if need.state == NeedState.DRAFT:
        hold(Deed.REPORT_NEED, {"region": region.code, "key": need.key})
        flash(gettext(N_("Your words are kept. Sign in once, and they are sent.")))
        return to_sign_in(there)
    flash(gettext(N_("Thank you. Your need has number %(number)s; the committee answers it here."), number=need.id))
    return see_other(there)


@resumes(Deed.REPORT_NEED)
def claim(doer: Actor, values: dict[str, Any]) -> None:
    """What a stranger typed becomes hers once she has signed in."""
    region = find_region(values["region"])
    if region and actions.claim_draft(doer, region, values["key"]):
        flash(gettext(N_("Thank you. Your need was sent; the committee answers it here.")))


@bp.get("/<int:need>/", deed=Deed.READ_PUBLIC)
def show(region: Region, need: Need) -> Any:
    """Everyone follows a need: what was said, what was done, what comes next."""
    reader = actor()
    if not queries.can_read(reader, need, region):
        abort(404)
    own = reader.id is not None and need.author_id == reader.id
    waits = own and need.state == NeedState.SUBMITTED
    return page(
        region=region,
        need=need,
        own=own,
        similar=queries.similar_needs(region, need.title, besides=need.id, most=3) if waits else (),
        into=_joined_with(need, region),
        inside=own or may(reader, Deed.DECIDE_NEED, region.path),
        publishable=own and need.private and not need.about_child and need.state in UNDECIDED,
        subject=known_item(region, need.category),
        thread=queries.thread_of(need, reader),
        reasons=REASONS,
        supportable=need.listed and need.state in SUPPORTABLE and not own,
        may_group=need.listed and may(reader, Deed.GROUP_NEEDS, region.path),
        may_answer=may(reader, Deed.ANSWER_NEED, region.path) and _is_open_for_answer(need),
        may_declare=need.listed and need.state in DONE_FROM and may(reader, Deed.DECLARE_DONE, region.path),
    )


def _joined_with(need: Need, region: Region) -> Need | None:
    """The need that this one was joined with, if its reader may know of it."""
    into = db.session.get(Need, need.merged_into_id) if need.merged_into_id else None
    return into if into is not None and queries.can_read(actor(), into, region) else None


@bp.post("/<int:need>/support", deed=Deed.SUPPORT_NEED)
def support(region: Region, need: Need) -> Any:
    """A resident says "me too", or takes it back."""
    actions.support_need(actor(), need, request.form.get("supports") != "0")
    return see_other(url_for(".show", region=region.code, need=need.id))


@resumes(Deed.SUPPORT_NEED)
def support_held(doer: Actor, values: dict[str, Any]) -> None:
    if found := _held(values):
        actions.support_need(doer, found[1], supports=True)


def _held(values: dict[str, Any]) -> tuple[Region, Need] | None:
    """The region and need that a held deed is about, if they are still there."""
    region = find_region(values["region"])
    need = queries.find_need(int(values["need"]), {"region": region}) if region else None
    return (region, need) if region and need else None


@bp.route("/<int:need>/revise", methods=["GET", "POST"], deed=Deed.REVISE_NEED)
def revise(region: Region, need: Need) -> Any:
    """An author says a returned need anew."""
    if need.author_id != actor().id or need.state not in (NeedState.RETURNED, NeedState.REJECTED):
        abort(404)
    form = WordsForm(words=need.story)
    if form.validate_on_submit():
        with form.refusals():
            actions.revise_need(actor(), need, region, form.words.data)
            flash(gettext(N_("Thank you. It was sent again.")))
            return see_other(url_for(".show", region=region.code, need=need.id))
    return page(region=region, need=need, form=form)


@resumes(Deed.REVISE_NEED)
def revise_held(doer: Actor, values: dict[str, Any]) -> None:
    found = _held(values)
    if found and found[1].author_id == doer.id and values.get("words"):
        actions.revise_need(doer, found[1], found[0], cleaned(values["words"]))


@bp.post("/<int:need>/publish", deed=Deed.REVISE_NEED)
def publish(region: Region, need: Need) -> Any:
    """An author lets everyone read a need that is private by default."""
    if need.author_id != actor().id:
        abort(404)
    actions.publish_need(actor(), need)
    return see_other(url_for(".show", region=region.code, need=need.id))


@bp.route("/<int:need>/answer", methods=["GET", "POST"], deed=Deed.ANSWER_NEED)
def answer(region: Region, need: Need) -> Any:
    """A committee tells what came of a need."""
    if not _is_open_for_answer(need):
        abort(404)
    form = AnswerForm()
    if form.validate_on_submit():
        with form.refusals():
            actions.answer_need(actor(), need, region, form.words.data)
            flash(gettext(N_("The answer stands on the page of the need; its author is told.")))
            return see_other(url_for(".show", region=region.code, need=need.id))
    return page(region=region, need=need, form=form)


def _is_open_for_answer(need: Need) -> bool:
    return NeedState.ANSWERED in NEXT[NeedState(need.state)]


@bp.get("/photo/<name>/<int:size>", deed=Deed.READ_PUBLIC)
def photo(region: Region, name: str, size: int) -> Any:
    """Everyone sees the photos of needs that they may read."""
    kept = db.session.get(NeedPhoto, name)
    need = queries.find_need(kept.need_id, {"region": region}) if kept else None
    if kept is None or need is None or size not in (320, 1600) or not queries.can_read(actor(), need, region):
        abort(404)
    return send_file(photo_path(name, size), "image/webp", max_age=86400 if need.listed else 0)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    case_views.install(app)
    app.jinja_env.globals["NEED_STATES"] = lists.STATES
    app.jinja_env.globals["catalogue"] = catalogue
