"""The committee prints slips and papers, takes papers in, and enters what they say."""

from typing import Any

from flask import flash, request, url_for

from portal.papers import actions, queries
from portal.papers import slips as slip_actions
from portal.papers.blueprint import bp
from portal.papers.forms import EntryForm, HouseholdsForm, PrintForm, SerialForm, entry_form
from portal.papers.models import PaperBallot
from portal.papers.sheets import paper_words, papers_of, slip_words, slips_of, titles
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.ballots import Stage
from portal.rules.papers import MOST_SLIPS, WAITING, Entry, PaperState, digits_of, grouped
from portal.rules.permissions import Deed
from portal.store.paging import Page
from portal.voting.queries import Poll, options_of, stage_of, terms_of
from portal.voting.voters import voter_numbered
from portal.web.addresses import row_number
from portal.web.door import actor, page, see_other
from portal.web.forms import cleaned
from portal.web.words import gettext

VOTES = "/<code:region>/votes/<int:poll>"
OUTCOMES = {
    PaperState.ONCE: N_("Entered. Somebody else enters this paper again, without seeing what you entered."),
    PaperState.DIFFERS: N_("Entered. It is not what the first person read; a third person settles it."),
    PaperState.COUNTED: N_("Entered by two people alike: the paper is counted."),
    PaperState.PASSED: N_("The voter has voted by telephone after handing in this paper; the later vote counts."),
    PaperState.VOID: N_("The paper is noted as one that cannot be counted."),
}


@bp.route(f"{VOTES}/slips", methods=["GET", "POST"], deed=Deed.ENTER_PAPER)
def slips(region: Region, poll: Poll) -> Any:
    """A committee prints slips for those who have no account, for households, or for one person."""
    form = HouseholdsForm()
    if form.validate_on_submit():
        with form.refusals():
            number = request.form.get("number", None, row_number)
            households = None if "all" in request.form else form.names()
            printed = slip_actions.print_slips(actor(), poll.round, region, number=number, households=households)
            return page(
                "papers/slips_printed.html",
                region=region,
                slips=slips_of(printed),
                said=slip_words(poll),
                questions=titles(poll.round, "question"),
                wide=True,
            )
    sought, found = _sought(region, poll)
    stage = stage_of(poll.round)
    return page(
        region=region,
        poll=poll,
        form=None if stage is Stage.CLOSED else form,
        left=queries.count_without_account(poll.round, region),
        most=MOST_SLIPS,
        sought=sought,
        found=found,
    )


@bp.route(f"{VOTES}/papers", methods=["GET", "POST"], deed=Deed.ENTER_PAPER)
def papers(region: Region, poll: Poll) -> Any:
    """A committee prints ballots of paper, and sees which ones wait to be entered."""
    form = PrintForm()
    if form.validate_on_submit():
        with form.refusals():
            serials = actions.print_papers(actor(), poll.round, form.count.data or 0)
            return page(
                "papers/papers_printed.html",
                region=region,
                poll=poll,
                papers=papers_of(region, poll.round, serials),
                said=paper_words(poll),
                questions=titles(poll.round, "question"),
                options=[(one, titles(one, "title")) for one in options_of(poll.round)],
                wide=True,
            )
    waiting = [
        (one, grouped(one.serial), queries.wants(one, actor())) for one in queries.papers_waiting(poll.round, region)
    ]
    stage = stage_of(poll.round)
    return page(region=region, poll=poll, form=None if stage is Stage.CLOSED else form, stage=stage, waiting=waiting)


@bp.get(f"{VOTES}/papers/find", deed=Deed.ENTER_PAPER)
def find(region: Region, poll: Poll) -> Any:
    """A committee opens a paper by its number."""
    return see_other(_paper(region, poll, digits_of(request.args.get("serial", "")) or "0"))


@bp.get(f"{VOTES}/papers/hand-in", deed=Deed.ENTER_PAPER)
def voters(region: Region, poll: Poll) -> Any:
    """A committee finds the voter who hands in a paper."""
    sought, found = _sought(region, poll)
    serial = digits_of(request.args.get("serial", ""))
    return page(region=region, poll=poll, serial=serial, sought=sought, found=found)


def _sought(region: Region, poll: Poll) -> tuple[str, Page[Any]]:
    sought = cleaned(request.args.get("q", ""))[:60]
    return sought, queries.page_of_voters(poll.round, region, sought, request.args.get("after", ""))


@bp.route(f"{VOTES}/papers/hand-in/<int:number>", methods=["GET", "POST"], deed=Deed.ENTER_PAPER)
def hand_in(region: Region, poll: Poll, number: int) -> Any:
    """A committee takes in the filled paper of a voter."""
    voter = voter_numbered(poll.round, region, number)
    if voter is None:
        return page("papers/no_voter.html", 404, region=region, poll=poll)
    form = SerialForm(serial=request.args.get("serial", ""))
    if form.validate_on_submit():
        with form.refusals():
            actions.hand_in(actor(), poll.round, number, form.serial.data or "")
            flash(gettext(N_("The paper is in. Two people enter it; then it counts.")))
            return see_other(url_for(".papers", region=region.code, poll=poll.round.id))
    return page(region=region, poll=poll, form=form, voter=voter)


@bp.route(f"{VOTES}/papers/<serial>", methods=["GET", "POST"], deed=Deed.ENTER_PAPER)
def paper(region: Region, poll: Poll, serial: str) -> Any:
    """Someone of the committee enters what a paper says, or settles what two others read differently."""
    found = queries.find_paper(poll.round, actor(), digits_of(serial))
    terms = terms_of(poll.round)
    form = entry_form(terms)
    if found and form.validate_on_submit():
        with form.refusals():
            settles = request.form.get("settles") == "1"
            deed = actions.settle_paper if settles else actions.enter_paper
            done = deed(actor(), poll.round, found.serial, form.entry(terms))
            flash(gettext(OUTCOMES[PaperState(done.state)]))
            return see_other(url_for(".papers", region=region.code, poll=poll.round.id))
    if found is None:
        return page("papers/no_paper.html", 404, region=region, poll=poll)
    return _entry_page(region, poll, found, form)


def _entry_page(region: Region, poll: Poll, found: PaperBallot, form: EntryForm) -> Any:
    state, mine = PaperState(found.state), queries.wants(found, actor())
    settles, still = state is PaperState.DIFFERS and mine, poll.round.sealed_at is None
    return page(
        region=region,
        poll=poll,
        serial=grouped(found.serial),
        state=state,
        waits=state in WAITING and still,
        options=options_of(poll.round),
        readings=[Entry.from_json(one) for one in (found.first, found.second) if one] if settles else [],
        form=form if mine and still else None,
        stage=stage_of(poll.round),
    )


@bp.get(f"{VOTES}/papers/numbers", deed=Deed.READ_PUBLIC)
def numbers(region: Region, poll: Poll) -> Any:
    """Everyone sees how many slips and papers there are; nothing of who or what."""
    closed = stage_of(poll.round) is Stage.CLOSED
    counts, hours = queries.numbers_of(poll.round, closed=closed), rules_for(poll.region).paper_entry_hours
    return page(region=region, poll=poll, counts=counts, hours=hours)


def _paper(region: Region, poll: Poll, serial: str) -> str:
    return url_for(".paper", region=region.code, poll=poll.round.id, serial=serial)
