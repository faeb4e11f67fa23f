"""Everyone sees a project; committees draft projects from needs."""

import re
from typing import Any

from flask import Flask, abort, flash, request, send_file, url_for

from portal.policies.catalogue import known_item
from portal.projects import (
    actions,
    bundling,
    coverage_views,
    group_views,
    life_views,
    list_views,
    queries,
    together,
)
from portal.projects.blueprint import bp
from portal.projects.forms import KINDS, LEVELS, ProjectForm, typed_before
from portal.projects.improving import further
from portal.projects.models import Project
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.store.files import SIZES, NotAPhoto, keep_photo, photo_path
from portal.web.addresses import LARGEST, row_number
from portal.web.door import actor, page, see_other
from portal.web.words import gettext

MOST_GROUPS = 20


@bp.get("/<int:project>/", deed=Deed.READ_PUBLIC)
def show(region: Region, project: Project) -> Any:
    """Everyone sees a project: the needs it answers, its budget, its designs and the way to its vote."""
    return page(
        region=region,
        project=project,
        subject=known_item(region, project.category),
        needs=queries.needs_of(project),
        designs=queries.designs_of(project),
        parts=bundling.parts_of(project, region),
        runs=may(actor(), Deed.RUN_ROUND, region.path),
        **life_views.shown(region, project),
    )


@bp.route("/draft", methods=["GET", "POST"], deed=Deed.DRAFT_PROJECT)
def draft(region: Region) -> Any:
    """A committee makes a project of needs, with designs to choose from."""
    asked = request.args.getlist
    gathered = queries.needs_of_groups(region, asked("group", row_number)[:MOST_GROUPS])
    taken = further(region, request.values.get("follows"), request.values.get("action"))
    served = queries.needs_to_take_further(region, taken.project) if taken else ()
    needed = [*asked("need", row_number), *gathered, *served]
    form = ProjectForm(region, needs=needed, **(taken.typed() if taken else {}))
    if _keeps_pictures(form) and form.validate_on_submit():
        with form.refusals():
            project = actions.draft_project(actor(), region, form.draft(), form.key.data, taken)
            flash(gettext(N_("The project is on the public list. Now say when residents vote on it.")))
            return see_other(f"/{region.code}/votes/announce/{project.id}")
    chosen = [*served, *(number for number in form.needs.data or [] if 0 < number <= LARGEST)]
    needs = queries.needs_to_answer(region, chosen, follows=taken.project if taken else None)
    return page(region=region, form=form, needs=needs, small=together.small_here(region), taken=taken)


@bp.route("/<int:project>/revise", methods=["GET", "POST"], deed=Deed.DRAFT_PROJECT)
def revise(region: Region, project: Project) -> Any:
    """A committee changes a project before a vote on it is announced."""
    form = ProjectForm(region, **typed_before(project, queries.designs_of(project), bundling.bundle_of(project)))
    if _keeps_pictures(form) and form.validate_on_submit():
        with form.refusals():
            actions.revise_project(actor(), project, form.draft())
            flash(gettext(N_("Saved.")))
            return see_other(url_for(".show", region=region.code, project=project.id))
    return page(region=region, project=project, form=form)


def _keeps_pictures(form: ProjectForm) -> bool:
    """Keep the pictures that were sent, whatever else is wrong; False, with errors beside them, if one is none."""
    kept = [_keeps_picture(form, fields) for fields in form.designs()]
    return all(kept)


def _keeps_picture(form: ProjectForm, fields: dict[str, Any]) -> bool:
    kept, file = fields["kept"], fields["picture"].data
    if not re.fullmatch(r"[0-9a-f]{32}", kept.data or "") or not photo_path(kept.data, 320).exists():
        kept.data = ""
    try:
        kept.data = keep_photo(file.stream).name if file else kept.data
    except NotAPhoto:
        form.validate()
        fields["picture"].errors = [gettext(N_("Please choose a picture (JPEG, PNG, WebP or HEIC)."))]
        return False
    return True


@bp.get("/picture/<name>/<int:size>", deed=Deed.READ_PUBLIC)
def picture(region: Region, name: str, size: int) -> Any:
    """Everyone sees the pictures of designs."""
    if size not in SIZES or not queries.is_picture_of(region, name):
        abort(404)
    return send_file(photo_path(name, size), "image/webp", max_age=86400)


def install(app: Flask) -> None:
    for part in (bp, life_views.bp, group_views.bp, coverage_views.bp):
        app.register_blueprint(part)
    app.jinja_env.globals.update(life_views.WORDS, PROJECT_LEVELS=LEVELS, PARTNER_KINDS=KINDS)


ALL = (list_views,)
"""Views that hang on `bp`, too."""
