"""How a project goes on: public notice, objections, approval, who took part, and what is to get better."""

from typing import Any

from flask import flash, url_for

from portal.policies.queries import rules_for
from portal.projects import improving, noticing, stages
from portal.projects.life_forms import (
    ActionForm,
    AnswerForm,
    ApproveForm,
    DoneForm,
    NoticeForm,
    ObjectionForm,
    StepForm,
    TakingPartForm,
)
from portal.projects.models import ImprovementAction, Project, ProjectObjection
from portal.projects.queries import find_project
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.catalogue import EXCLUSIONS
from portal.rules.improving import IMPROVED, is_overdue
from portal.rules.lifecycle import ENDED, NEXT, STAGE_OF, WITH_REASON, Stage, Way
from portal.rules.permissions import Deed, Role, may
from portal.rules.projects import ProjectState
from portal.store.clock import now, today
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import gettext

bp = Guarded(
    "life",
    __name__,
    url_prefix="/<code:region>/projects",
    finds={
        "region": find_region,
        "project": find_project,
        "concern": noticing.find_objection,
        "action": improving.find_action,
    },
)

STATES = {
    ProjectState.DRAFTED: N_("Being prepared"),
    ProjectState.CONSULTED: N_("Residents vote"),
    ProjectState.VOTED: N_("Residents have voted"),
    ProjectState.NOTICED: N_("On public notice"),
    ProjectState.APPROVED: N_("Approved"),
    ProjectState.TENDERED: N_("Put out to tender"),
    ProjectState.AWARDED: N_("Provider chosen"),
    ProjectState.CONTRACTED: N_("Contract signed"),
    ProjectState.SERVING: N_("Being served"),
    ProjectState.ACCEPTED: N_("Delivered and accepted"),
    ProjectState.EVALUATED: N_("Evaluated"),
    ProjectState.IMPROVING: N_("Being improved"),
    ProjectState.CLOSED: N_("Closed"),
    ProjectState.STOPPED: N_("Given up"),
}
STAGES = {
    Stage.PUBLISH: N_("Publish"),
    Stage.MATCH: N_("Match"),
    Stage.SERVE: N_("Serve"),
    Stage.EVALUATE: N_("Evaluate"),
    Stage.IMPROVE: N_("Improve"),
}
LOOKS = {
    "done": N_("done"),
    "current": N_("now"),
    "coming": N_("to come"),
    "skipped": N_("not come to yet"),
}
WAYS = {
    Way.NEED: N_("said that they need it"),
    Way.CONSULTATION: N_("asked for their opinion"),
    Way.VOTE: N_("voted"),
    Way.NOTICE: N_("objected while it was on public notice"),
    Way.MEETING: N_("came to a meeting"),
    Way.CHECK: N_("checked the service"),
    Way.RATING: N_("rated the service"),
    Way.NONE: N_("nobody took part"),
}
TO_DO = {
    ProjectState.DRAFTED: N_("Take it back to be changed"),
    ProjectState.VOTED: N_("Take it back to what residents voted on"),
    ProjectState.EVALUATED: N_("Evaluated"),
    ProjectState.IMPROVING: N_("On to what is to get better"),
    ProjectState.CLOSED: N_("Close it"),
    ProjectState.STOPPED: N_("Give it up"),
}


def shown(region: Region, project: Project) -> dict[str, Any]:
    """What the page of a project tells of its life, and what the one who reads may do."""
    state, steps, notice = ProjectState(project.state), stages.steps_of(project), noticing.notice_of(project)
    moves = may(actor(), Deed.MOVE_PROJECT, region.path)
    on_notice = state is ProjectState.NOTICED and notice is not None
    return {
        "state": state,
        "progress": stages.progress_of(project, steps),
        "steps": steps,
        "voted_on": state is ProjectState.VOTED or any(step.state == ProjectState.VOTED for step in steps),
        "participation": stages.participation_in(project),
        "notice": notice,
        "objects": on_notice and notice is not None and now() <= notice.ends_at,
        "actions": improving.actions_of(project),
        "overdue": lambda one: is_overdue(one.due_on, one.done_at is not None, today()),
        "moves": moves,
        "noticeable": moves and ProjectState.NOTICED in NEXT[state],
        "approvable": on_notice and actor().holds(Role.OFFICIAL, region.path),
        "improvable": state in IMPROVED,
        "by_hand": moves and bool(_possible(region, project)),
        "ended": state in ENDED,
    }


def _possible(region: Region, project: Project) -> dict[ProjectState, str]:
    return {to: TO_DO[to] for to in stages.steps_for(actor(), project, region)}


def _back(region: Region, project: Project, said: str) -> Any:
    flash(gettext(said))
    return see_other(url_for("projects.show", region=region.code, project=project.id))


@bp.route("/<int:project>/notice", methods=["GET", "POST"], deed=Deed.MOVE_PROJECT)
def notice(region: Region, project: Project) -> Any:
    """A committee or an official shows a project to everyone before it is approved."""
    form = NoticeForm()
    if form.validate_on_submit():
        with form.refusals():
            noticing.put_on_notice(actor(), project, region, form.words.data or "")
            return _back(region, project, N_("The project is on public notice."))
    unvoted = (project.state, ProjectState.NOTICED) in WITH_REASON
    days = rules_for(region).project_notice_working_days
    return page("projects/notice.html", region=region, project=project, form=form, unvoted=unvoted, days=days)


@bp.route("/<int:project>/object", endpoint="object", methods=["GET", "POST"], deed=Deed.OBJECT_TO_PROJECT)
def objection(region: Region, project: Project) -> Any:
    """Someone says what is wrong with a project on public notice."""
    form = ObjectionForm()
    if form.validate_on_submit():
        with form.refusals():
            noticing.object_to_project(actor(), project, form.words.data or "", form.key.data or "")
            return _back(region, project, N_("Thank you. Your objection is public, without your name; it is answered."))
    found = noticing.notice_of(project)
    return page("projects/object.html", region=region, project=project, form=form, notice=found)


@bp.route("/<int:project>/objections/<int:concern>", methods=["GET", "POST"], deed=Deed.MOVE_PROJECT)
def answer(region: Region, project: Project, concern: ProjectObjection) -> Any:
    """A committee or an official answers an objection, for everyone to read."""
    form = AnswerForm()
    if form.validate_on_submit():
        with form.refusals():
            upheld, words = form.upheld.data == "yes", form.answer.data or ""
            noticing.answer_objection(actor(), region, project, concern, upheld=upheld, answer=words)
            return _back(region, project, N_("Answered. Who objected is told."))
    return page("projects/answer.html", region=region, project=project, form=form, objection=concern)


@bp.route("/<int:project>/approve", methods=["GET", "POST"], deed=Deed.MOVE_PROJECT)
def approve(region: Region, project: Project) -> Any:
    """An official approves a project after its public notice."""
    form = ApproveForm()
    if form.validate_on_submit():
        with form.refusals():
            noticing.approve(actor(), project, region, form.answers(), form.words.data or "")
            return _back(region, project, N_("The project is approved. Fitting providers are told."))
    found = noticing.notice_of(project)
    return page("projects/approve.html", region=region, project=project, form=form, notice=found, checks=EXCLUSIONS)


@bp.route("/<int:project>/go-on", methods=["GET", "POST"], deed=Deed.MOVE_PROJECT)
def go_on(region: Region, project: Project) -> Any:
    """A committee or an official takes a project to its next state by hand, or gives it up, with a public word."""
    possible = _possible(region, project)
    form = StepForm(possible)
    if form.validate_on_submit():
        with form.refusals():
            stages.take_on(actor(), project, region, form.state.data or "", form.words.data or "")
            return _back(region, project, N_("Noted; everyone can read it."))
    return page("projects/go_on.html", region=region, project=project, form=form, possible=possible)


@bp.route("/<int:project>/taking-part", methods=["GET", "POST"], deed=Deed.MOVE_PROJECT)
def taking_part(region: Region, project: Project) -> Any:
    """A committee or an official notes who took part in the present stage, or says why nobody did."""
    form = TakingPartForm()
    if form.validate_on_submit():
        with form.refusals():
            numbers = form.took_part.data, form.asked.data
            said = form.way.data or "", *numbers, form.words.data or "", form.key.data or ""
            stages.note_taking_part(actor(), project, *said)
            return _back(region, project, N_("Noted; everyone can read it."))
    stage = STAGE_OF[ProjectState(project.state)]
    return page("projects/taking_part.html", region=region, project=project, form=form, stage=stage)


@bp.get("/improving", endpoint="improving", deed=Deed.READ_PUBLIC)
def list_improving(region: Region) -> Any:
    """Everyone sees what is to get better here, and what is late."""
    rows = improving.open_actions_in(region)
    return page(
        "projects/improving.html",
        region=region,
        rows=rows,
        late=sum(is_overdue(row[0].due_on, row[0].done_at is not None, today()) for row in rows),
        overdue=lambda one: is_overdue(one.due_on, one.done_at is not None, today()),
        drafts=may(actor(), Deed.DRAFT_PROJECT, region.path),
    )


@bp.route("/<int:project>/improve", methods=["GET", "POST"], deed=Deed.MOVE_PROJECT)
def improve(region: Region, project: Project) -> Any:
    """A committee or an official notes what is to get better, who sees to it and by when."""
    form = ActionForm()
    if form.validate_on_submit():
        with form.refusals():
            facts = form.words.data or "", form.owner.data or "", form.due_on.data, form.key.data or ""
            improving.note_improvement(actor(), project, *facts)
            return _back(region, project, N_("Noted; everyone can read it."))
    return page("projects/improve.html", region=region, project=project, form=form)


@bp.route("/<int:project>/improve/<int:action>", methods=["GET", "POST"], deed=Deed.MOVE_PROJECT)
def done(region: Region, project: Project, action: ImprovementAction) -> Any:
    """A committee or an official notes that something got better, and how."""
    form = DoneForm()
    if form.validate_on_submit():
        with form.refusals():
            improving.note_done(actor(), action, form.result.data or "")
            return _back(region, project, N_("Noted; everyone can read it."))
    return page("projects/done.html", region=region, project=project, form=form, action=action)


WORDS = {
    "PROJECT_STATES": STATES,
    "STAGES": STAGES,
    "STAGE_LOOKS": LOOKS,
    "PARTICIPATION_WAYS": WAYS,
}
"""What templates call the things of a project's life."""
