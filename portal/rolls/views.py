"""The roll of a community: what everyone may know of it, what a resident may say of it, and how it is kept."""

from typing import Any

from flask import Flask, flash, request, url_for

from portal.accounts.queries import home_of
from portal.regions.models import Region
from portal.rolls import queries
from portal.rolls.forms import DecisionForm, EntryForm, ImportForm, ObjectionForm, RemoveForm
from portal.rolls.imports import import_roll
from portal.rolls.keeping import add_entry, remove_entry, vouch_entry
from portal.rolls.models import RollEntry, RollObjection
from portal.rolls.objecting import decide_objection, object_to_roll
from portal.rules import N_, Refusal
from portal.rules.permissions import Deed, may
from portal.rules.rolls import LONGEST_HOUSEHOLD, EntrySource, EntryState, ObjectionKind, read_roll, roll_text
from portal.rules.tables import BadTable
from portal.web.door import Guarded, actor, page, see_other
from portal.web.forms import cleaned
from portal.web.safety import unkept
from portal.web.words import gettext

bp = Guarded(
    "rolls",
    __name__,
    url_prefix="/<code:region>/roll",
    finds={"region": queries.find_community, "entry": queries.find_entry, "objection": queries.find_objection},
)
MOST_BYTES = 1_000_000
MOST_SHOWN = 50
TOO_LARGE = Refusal(N_("This list is too large; please load it in parts."))

ENTRY_STATES = {
    EntryState.VOUCHED.value: N_("waits for a second word"),
    EntryState.ACTIVE.value: N_("on the roll"),
    EntryState.REMOVED.value: N_("taken off"),
}
ENTRY_SOURCES = {
    EntrySource.IMPORT.value: N_("from the list"),
    EntrySource.VOUCHED.value: N_("vouched for"),
    EntrySource.RESIDENT.value: N_("resident of the portal"),
}
OBJECTION_KINDS = {
    ObjectionKind.MISSING.value: N_("Someone is missing on the roll"),
    ObjectionKind.WRONG.value: N_("Someone is on the roll who should not be"),
}
ROLL_CHANGES = {
    "imported": N_("came on the roll from the committee's list:"),
    "added": N_("came on the roll by the word of two members of the committee:"),
    "confirmed": N_("came on the roll as residents whom the committee confirmed:"),
    "removed": N_("taken off the roll:"),
    "moved_away": N_("moved to another community:"),
}


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees how large the roll is, how people came on it, and what was changed."""
    return page(
        region=region,
        facts=queries.facts_of(region),
        opening=queries.next_opening(region),
        decided=queries.decided_objections(region),
        keeps=may(actor(), Deed.KEEP_ROLL, region.path),
    )


@bp.get("/mine", deed=Deed.SEE_OWN)
def mine(region: Region) -> Any:
    """A resident sees whether she is on the roll, and what became of her objections."""
    me, home = actor(), home_of(actor())
    return page(
        region=region,
        entry=queries.entry_here(me, region),
        household=queries.household_of(me, region),
        lives_here=home is not None and home.region_id == region.id,
        verified=home is not None and home.verified,
        opening=queries.next_opening(region),
        objections=[(one, queries.answer_due(one, region)) for one in queries.objections_by(me, region)],
    )


@bp.route("/objection", methods=["GET", "POST"], deed=Deed.OBJECT_TO_ROLL)
def objection(region: Region) -> Any:
    """A resident says that someone is missing on the roll, or should not be on it."""
    form = ObjectionForm()
    if form.validate_on_submit():
        with form.refusals():
            object_to_roll(actor(), region, ObjectionKind(form.kind.data), form.words.data or "", form.key.data or "")
            flash(gettext(N_("Thank you. The committee has your objection and answers here.")))
            return see_other(url_for(".mine", region=region.code))
    return page(region=region, form=form, opening=queries.next_opening(region), days=queries.answer_days(region))


@bp.get("/entries", deed=Deed.SEE_ROLL)
def entries(region: Region) -> Any:
    """The committee looks through the roll."""
    household = cleaned(request.args.get("household"))[:LONGEST_HOUSEHOLD]
    state = request.args.get("state", "")
    state = state if state in ENTRY_STATES else ""
    return page(
        region=region,
        entries=queries.entries_of(region, household=household, state=state, after=request.args.get("after", "")),
        counts=queries.count_entries(region),
        households=queries.count_households(region),
        filters={"household": household, "state": state},
        states=list(ENTRY_STATES),
        waiting=len(queries.open_objections(region)),
        doubles=queries.doubles_of(region),
    )


@bp.route("/add", methods=["GET", "POST"], deed=Deed.KEEP_ROLL)
def add(region: Region) -> Any:
    """A member of the committee vouches for someone who is not on the roll."""
    form = EntryForm()
    if form.validate_on_submit():
        with form.refusals():
            _say_vouched(add_entry(actor(), region, form.draft()))
            return see_other(url_for(".entries", region=region.code))
    return page(region=region, form=form)


@bp.post("/entries/<int:entry>/vouch", deed=Deed.KEEP_ROLL)
def vouch(region: Region, entry: RollEntry) -> Any:
    """A second member of the committee vouches for someone."""
    _say_vouched(vouch_entry(actor(), region, entry))
    return see_other(url_for(".entries", region=region.code))


def _say_vouched(entry: RollEntry) -> None:
    if entry.state == EntryState.ACTIVE:
        flash(gettext(N_("No. %(number)s is on the roll now."), number=entry.id))
    else:
        flash(gettext(N_("No. %(number)s waits for a second member of the committee to vouch, too."), number=entry.id))


@bp.route("/entries/<int:entry>/remove", methods=["GET", "POST"], deed=Deed.KEEP_ROLL)
def remove(region: Region, entry: RollEntry) -> Any:
    """A member of the committee takes someone off the roll."""
    form = RemoveForm()
    if form.validate_on_submit():
        with form.refusals():
            remove_entry(actor(), region, entry, form.reason.data or "")
            flash(gettext(N_("No. %(number)s is off the roll."), number=entry.id))
            return see_other(url_for(".entries", region=region.code))
    return page(region=region, form=form, entry=entry)


@bp.route("/import", endpoint="import", methods=["GET", "POST"], deed=Deed.KEEP_ROLL)
def import_list(region: Region) -> Any:
    """The committee puts its list of residents on the roll."""
    form = ImportForm()
    if form.validate_on_submit():
        try:
            done = import_roll(actor(), region, read_roll(_given(form)))
        except BadTable as bad:
            form.form_errors = _in_lines(bad)
        else:
            flash(gettext(N_("%(new)s new on the roll; %(known)s were on it already."), new=done.new, known=done.known))
            if done.removed:
                flash(gettext(N_("%(count)s were taken off before and stay off."), count=done.removed))
            return see_other(url_for(".entries", region=region.code))
    return page(region=region, form=form)


def _given(form: ImportForm) -> str:
    """The list that was sent; that of a file stands in the form from now on, so that it can be mended there."""
    if form.file.data:
        data = form.file.data.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BadTable([(1, TOO_LARGE)])
        form.text.data = cleaned(roll_text(data))
    return form.text.data or ""


def _in_lines(bad: BadTable) -> list[str]:
    said = [
        gettext(N_("Line %(line)s: %(fault)s"), line=line, fault=gettext(fault.text, **fault.values))
        for line, fault in bad.faults[:MOST_SHOWN]
    ]
    more = len(bad.faults) - len(said)
    return [*said, gettext(N_("and %(count)s more"), count=more)] if more else said


@bp.get("/objections/", deed=Deed.SEE_ROLL)
def objections(region: Region) -> Any:
    """The committee sees what residents say of the roll."""
    waiting = [(one, queries.answer_due(one, region)) for one in queries.open_objections(region)]
    return page(region=region, waiting=waiting, decided=queries.decided_objections(region))


@bp.route("/objections/<int:objection>/", methods=["GET", "POST"], deed=Deed.KEEP_ROLL)
def decide(region: Region, objection: RollObjection) -> Any:
    """A member of the committee decides on an objection."""
    form = DecisionForm()
    if form.validate_on_submit():
        with form.refusals():
            upheld, number = form.upheld.data == "yes", form.entry.data
            entry = queries.find_entry(number, {"region": region}) if number else None
            decide_objection(actor(), region, objection, upheld=upheld, answer=form.answer.data or "", entry=entry)
            flash(gettext(N_("Decided. Who objected is told.")))
            missing = upheld and objection.kind == ObjectionKind.MISSING
            return see_other(url_for(".add" if missing else ".objections", region=region.code))
    return page(region=region, form=form, objection=objection, due=queries.answer_due(objection, region))


@bp.after_request
def keep_to_oneself(answer: Any) -> Any:
    """What only the committee or one resident may read stays in no cache; a refused form can be found again."""
    private = request.endpoint != "rolls.index" and request.method == "GET"
    return unkept(answer) if private else answer


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        ENTRY_STATES=ENTRY_STATES,
        ENTRY_SOURCES=ENTRY_SOURCES,
        OBJECTION_KINDS=OBJECTION_KINDS,
        ROLL_CHANGES=ROLL_CHANGES,
    )
