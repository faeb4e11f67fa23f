"""Everyone reads the project list; committees draft projects from needs."""

import re
from typing import Any

from flask import Flask, abort, flash, request, send_file, url_for

from portal.policies.catalogue import catalogue
from portal.projects import actions, queries
from portal.projects.forms import ProjectForm, typed_before
from portal.projects.models import Project
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.rules.projects import ProjectState
from portal.store.files import SIZES, NotAPhoto, keep_photo, photo_path
from portal.web.addresses import LARGEST, row_number
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import gettext

bp = Guarded(
    "projects",
    __name__,
    url_prefix="/<code:region>/projects",
    finds={"region": find_region, "project": queries.find_project},
)

STATES = {
    ProjectState.DRAFTED: N_("Being prepared"),
    ProjectState.CONSULTED: N_("Residents vote"),
    ProjectState.VOTED: N_("Residents have voted"),
}


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone reads the project list."""
    found = queries.projects_of(region, request.args.get("after", ""))
    return page(region=region, projects=found, drafts=may(actor(), Deed.DRAFT_PROJECT, region.path))


@bp.get("/<int:project>/", deed=Deed.READ_PUBLIC)
def show(region: Region, project: Project) -> Any:
    """Everyone sees a project: the needs it answers, its budget, its designs and the way to its vote."""
    return page(
        region=region,
        project=project,
        subject=catalogue().get(project.category),
        needs=queries.needs_of(project),
        designs=queries.designs_of(project),
        runs=may(actor(), Deed.RUN_ROUND, region.path),
    )


@bp.route("/draft", methods=["GET", "POST"], deed=Deed.DRAFT_PROJECT)
def draft(region: Region) -> Any:
    """A committee makes a project of needs, with designs to choose from."""
    form = ProjectForm(needs=request.args.getlist("need", row_number))
    if _keeps_pictures(form) and form.validate_on_submit():
        with form.refusals():
            project = actions.draft_project(actor(), region, form.draft())
            flash(gettext(N_("The project is on the public list. Now say when residents vote on it.")))
            return see_other(f"/{region.code}/votes/announce/{project.id}")
    chosen = [number for number in form.needs.data or [] if 0 < number <= LARGEST]
    return page(region=region, form=form, needs=queries.needs_to_answer(region, chosen))


@bp.route("/<int:project>/revise", methods=["GET", "POST"], deed=Deed.DRAFT_PROJECT)
def revise(region: Region, project: Project) -> Any:
    """A committee changes a project before a vote on it is announced."""
    form = ProjectForm(**typed_before(project, queries.designs_of(project)))
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
    app.register_blueprint(bp)
    app.jinja_env.globals["PROJECT_STATES"] = STATES
