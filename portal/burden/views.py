"""One page for what a committee bears: its own work in minutes, and what is handed down to it."""

from typing import Any

from flask import Flask, abort, flash, url_for

from portal.burden import actions, queries
from portal.burden.forms import MatterForm, ReasonForm, TaskForm
from portal.burden.models import AssistedMatter, CommitteeTask
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.burden import TaskState, is_matched
from portal.rules.permissions import Deed, Role, may
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, actor, page, see_other
from portal.web.forms import flashed_refusals
from portal.web.words import gettext, in_words

bp = Guarded(
    "burden",
    __name__,
    url_prefix="/<code:region>/burden",
    finds={"region": find_region, "task": queries.find_task, "matter": queries.find_matter},
)

TASK_STATES = {
    TaskState.ASKED: ("wait", N_("waits for the committee")),
    TaskState.TAKEN: ("going", N_("taken")),
    TaskState.REFUSED: ("", N_("refused")),
    TaskState.DONE: ("done", N_("done")),
    TaskState.WITHDRAWN: ("", N_("withdrawn")),
}
HEAD = (
    N_("Community"),
    N_("Submissions seen to"),
    N_("Seconds for each"),
    N_("Tasks from above"),
    N_("Minutes for them"),
    N_("Refused"),
    N_("Without means"),
)


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees what committees bear and what they were asked to do."""
    tasks = queries.tasks_of(region)
    return page(
        region=region,
        loads=queries.loads_of(region, tasks),
        tasks=tasks,
        matters=queries.matters_for(region),
        pushes=may(actor(), Deed.PUSH_TASK, region.path),
        answers=actor().holds(Role.COMMITTEE, region.path),
    )


@bp.get("/burden.csv", deed=Deed.READ_PUBLIC)
def table(region: Region) -> Any:
    """Everyone takes the figures along."""
    rows = [
        (
            in_words(one.region, "name"),
            one.seen_to,
            one.seconds_each,
            one.tasks,
            one.minutes,
            one.refused,
            one.unmatched,
        )
        for one in queries.loads_of(region, queries.tasks_of(region))
    ]
    return table_as_csv(f"burden-{region.code}", [gettext(head) for head in HEAD], rows)


@bp.route("/push", methods=["GET", "POST"], deed=Deed.PUSH_TASK)
def push(region: Region) -> Any:
    """An official asks something of a committee."""
    form = TaskForm(queries.matters_for(region))
    if form.validate_on_submit():
        with form.refusals():
            actions.push_task(actor(), region, _office(region), form.draft(), form.key.data or "")
            flash(gettext(N_("The committee has been told.")))
            return see_other(url_for(".index", region=region.code))
    return page(region=region, form=form)


def _office(region: Region) -> Region:
    """Whose office asks: the place of the official's grant."""
    paths = [
        grant.path for grant in actor().grants if grant.role is Role.OFFICIAL and region.path.startswith(grant.path)
    ]
    return queries.region_at(max(paths, key=len))


@bp.post("/<int:task>/take", deed=Deed.REFUSE_TASK)
def take(region: Region, task: CommitteeTask) -> Any:
    """A committee takes a task."""
    return _moved(region, Deed.REFUSE_TASK, task, TaskState.TAKEN)


@bp.post("/<int:task>/done", deed=Deed.REFUSE_TASK)
def done(region: Region, task: CommitteeTask) -> Any:
    """A committee has done a task."""
    return _moved(region, Deed.REFUSE_TASK, task, TaskState.DONE)


def _moved(region: Region, deed: Deed, task: CommitteeTask, to: TaskState) -> Any:
    with flashed_refusals():
        actions.move_task(actor(), deed, task, to)
    return see_other(url_for(".index", region=region.code))


@bp.route("/<int:task>/refuse", methods=["GET", "POST"], deed=Deed.REFUSE_TASK)
def refuse(region: Region, task: CommitteeTask) -> Any:
    """A committee refuses what is on no list, and says why."""
    return _reasoned(region, Deed.REFUSE_TASK, task, TaskState.REFUSED)


@bp.route("/<int:task>/withdraw", methods=["GET", "POST"], deed=Deed.PUSH_TASK)
def withdraw(region: Region, task: CommitteeTask) -> Any:
    """An official of the office that asked, or of one above it, takes a task back."""
    if not may(actor(), Deed.PUSH_TASK, queries.office_of(task).path):
        abort(403)
    return _reasoned(region, Deed.PUSH_TASK, task, TaskState.WITHDRAWN)


def _reasoned(region: Region, deed: Deed, task: CommitteeTask, to: TaskState) -> Any:
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            actions.move_task(actor(), deed, task, to, form.reason.data or "")
            return see_other(url_for(".index", region=region.code))
    return page("burden/reason.html", region=region, task=task, form=form, to=to.value)


@bp.route("/matters", methods=["GET", "POST"], deed=Deed.PUSH_TASK)
def matters(region: Region) -> Any:
    """An official lists the matters in which committees help."""
    form = MatterForm()
    if form.validate_on_submit():
        with form.refusals():
            actions.list_matter(actor(), region, form.title.data or "", form.cites.data or "", form.key.data or "")
            flash(gettext(N_("It is on the list.")))
            return see_other(url_for(".matters", region=region.code))
    return page(region=region, form=form, matters=queries.matters_for(region))


@bp.post("/matters/<int:matter>/end", deed=Deed.PUSH_TASK)
def end(region: Region, matter: AssistedMatter) -> Any:
    """An official takes a matter off the list."""
    actions.end_matter(actor(), matter)
    return see_other(url_for(".matters", region=region.code))


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(TASK_STATES=TASK_STATES, is_matched=is_matched)
