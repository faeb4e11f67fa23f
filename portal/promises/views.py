"""Everyone reads what was declared done; those who asked for it say whether it is so."""

from typing import Any

from flask import Flask, flash, request, url_for

from portal.needs.models import Need
from portal.needs.queries import find_need
from portal.policies.queries import rules_for
from portal.promises import asking, queries
from portal.promises.forms import ANSWERS, SUBJECTS, VERDICTS, AnswerForm, DoneForm
from portal.promises.models import Promise
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.permissions import Deed
from portal.store.clock import today
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import gettext, in_words

bp = Guarded(
    "promises",
    __name__,
    url_prefix="/<code:region>/promises",
    finds={"region": find_region, "need": find_need, "promise": queries.find_promise},
)
HEAD = (
    N_("Number"),
    N_("Community"),
    N_("About"),
    N_("You said"),
    N_("We did"),
    N_("Declared done"),
    N_("People asked"),
    N_("What they say"),
)


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone reads what was declared done here, and how much of it was kept."""
    found = queries.promises_in(region, request.args.get("after", ""))
    return page(region=region, found=found, rate=queries.rate_in(region))


@bp.get("/promises.csv", deed=Deed.READ_PUBLIC)
def as_csv(region: Region) -> Any:
    """Everyone can take the list along."""
    return table_as_csv("promises", [gettext(word) for word in HEAD], map(_row, queries.all_in(region)))


def _row(row: Any) -> list[object]:
    one: Promise = row.Promise
    what = (gettext(SUBJECTS[one.subject]), in_words(one, "title"), one.words)
    return [one.id, in_words(row, "name"), *what, one.declared_on, one.asked, gettext(VERDICTS[one.verdict])]


@bp.get("/<int:promise>/", deed=Deed.READ_PUBLIC)
def show(region: Region, promise: Promise) -> Any:
    """Everyone reads one promise; who asked for it and was asked back answers here."""
    ask = queries.ask_of(actor(), promise)
    return page(
        region=region,
        promise=promise,
        form=AnswerForm() if ask and not ask.answered and promise.closes_on >= today() else None,
        has_answered=ask is not None and ask.answered,
        said=queries.said_of(promise, rules_for(region)),
    )


@bp.post("/<int:promise>/answer", deed=Deed.ANSWER_PROMISE)
def answer(region: Region, promise: Promise) -> Any:
    """A supporter says whether it is so."""
    form = AnswerForm()
    if form.validate_on_submit():
        with form.refusals():
            asking.answer_promise(actor(), promise, form.answer.data or "")
            flash(gettext(N_("Thank you. Your answer counts, and nobody sees that it is yours.")))
            return see_other(url_for(".show", region=region.code, promise=promise.id))
    return page("promises/show.html", region=region, promise=promise, form=form, has_answered=False, said=None)


@bp.route("/declare/<int:need>", methods=["GET", "POST"], deed=Deed.DECLARE_DONE)
def declare(region: Region, need: Need) -> Any:
    """A committee or an official says that a need is met; those behind it are asked."""
    form = DoneForm()
    if form.validate_on_submit():
        with form.refusals():
            promise = asking.declare_done(actor(), need, region, form.words.data or "")
            flash(gettext(N_("Declared done. Everyone who asked for it is asked whether it is so.")))
            return see_other(url_for(".show", region=region.code, promise=promise.id))
    return page(region=region, need=need, form=form)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(PROMISE_ANSWERS=ANSWERS, PROMISE_SUBJECTS=SUBJECTS, PROMISE_VERDICTS=VERDICTS)
