"""What is done with help: begun with the voter's consent, tapped, ended, taken back by the voter, forgotten."""

import secrets
from typing import Any

from sqlalchemy import delete, select, update

from portal import audit
from portal.accounts.models import Person
from portal.accounts.queries import home_of
from portal.accounts.secrets import keyed_hash
from portal.helpers.models import Assistance
from portal.helpers.queries import (
    as_left,
    code_hash,
    code_of,
    count_helped,
    find_code,
    helps_for,
    sight_of,
    standing,
    stands,
)
from portal.notifications.actions import tell
from portal.notifications.models import Notice
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rules import N_, Refusal, ballots, enforce, helpers
from portal.rules.ballots import Road, Standing
from portal.rules.permissions import NOBODY, Actor, Deed, may
from portal.store import action, db, locked, take_turn
from portal.store.clock import now, today
from portal.voting.actions import ballot_of, hold, mark, replace, take_back
from portal.voting.electors import Elector, account_of, elector_numbered
from portal.voting.forgetting import CLEANED
from portal.voting.models import Ballot, Round
from portal.voting.notices import named
from portal.voting.queries import own_ballot, stage_of
from portal.voting.sealing import FORGETS
from portal.voting.voters import voter_numbered

TEMPLATE = "vote_helped"


@action
def begin_help(
    helper: Actor, round: Round, region: Region, number: int, *, consents: bool, known_by: str | None = None
) -> Assistance:
    """Begin to help the voter with this number, who consents; twice it is the same help.

    `known_by`: what a neighbour says of her, so that nobody is picked who is not there (rules.helpers.is_known_by);
    None: `helper` sees the roll of `region`. Whatever the voter chose before stands until the first tap.
    """
    hold(round)
    enforce(ballots.may_vote(Standing.VOTER, stage_of(round)))
    take_turn(f"helper {round.id} {helper.id}")
    here, home = db.session.get_one(Region, round.region_id), home_of(helper)
    lives_here = home is not None and home.votes_in(here)
    confirmed = may(helper, Deed.SEE_ROLL, region.path) if known_by is None else lives_here
    enforce(helpers.helper_refusals(named=bool(helper.name), confirmed=confirmed, consents=consents))
    elector, entry = _voter(round, region, number, known_by)
    most = rules_for(here).helped_people if known_by is not None else None
    helped = count_helped(round, helper, number)
    enforce(helpers.helping_refusals(herself=_is_herself(helper, entry), helped=helped, most=most))
    if elector.standing is not Standing.VOTER:
        enforce([HOUSEHOLD])
    assistance = _assistance(helper, round, number)
    if sight_of(round, assistance):
        return assistance
    ballot = own_ballot(round, elector, void=True)
    assistance.as_left = as_left(round, assistance, ballot.turn if ballot else 0, begun=False)
    assistance.ends_at = helpers.ends_at(now(), round.closes_at)
    assistance.consented_on = today()
    assistance.revoked = False
    audit.record(helper, Deed.HELP_VOTE, round, helped=1)
    account = account_of(round, number)
    if account is not None:
        own = link_of(round)
        back = {"link": f"/back/{code_of(round, assistance)}"}
        tell(account, TEMPLATE, own, back, helper=helper.name, **named(round), link=own)
    return assistance


def _voter(round: Round, region: Region, number: int, known_by: str | None) -> tuple[Elector, RollEntry]:
    elector = elector_numbered(round, number) if voter_numbered(round, region, number) else None
    entry = db.session.get(RollEntry, number)
    if elector is None or entry is None:
        enforce([NOT_LISTED if known_by is None else NOBODY_SUCH])
        raise LookupError(number)
    if known_by is not None and not helpers.is_known_by(known_by, entry.phone_end, entry.household):
        enforce([NOBODY_SUCH])
    return elector, entry


def _is_herself(helper: Actor, entry: RollEntry) -> bool:
    phone = db.session.scalar(select(Person.phone).where(Person.id == helper.id))
    return entry.person_id == helper.id or (phone is not None and entry.phone_hash == keyed_hash("phone", phone))


def _assistance(helper: Actor, round: Round, number: int) -> Assistance:
    """The one of this helper and voter, nobody else's to change until this deed ends; a new one where there is none."""
    assert helper.id is not None
    theirs = (Assistance.round_id == round.id, Assistance.helper_id == helper.id, Assistance.number == number)
    found = db.session.scalar(select(Assistance).where(*theirs).with_for_update())
    if found is None:
        found = Assistance(round_id=round.id, number=number, helper_id=helper.id, consented_on=today())
        found.revoke_hash = secrets.token_hex(32)
        db.session.add(found)
        db.session.flush()
        found.revoke_hash = code_hash(code_of(round, found))
    return found


@action
def tap_with_help(round: Round, assistance: Assistance, option: int, value: int, seen: int) -> None:
    """A tap on the ballot of the voter who is helped; counted at once. The first one takes the place of any earlier
    vote of hers, of which the helper sees nothing. Nothing is logged of who chose what. Source: A26, trust 5.
    """
    hold(round)
    locked(assistance)
    enforce(ballots.may_vote(Standing.VOTER, stage_of(round)))
    ballot = _ballot(round, assistance)
    turn, sight = ballot.turn if ballot else 0, sight_of(round, assistance)
    if sight is None:
        enforce([OVER])
    assert sight is not None
    if not sight.begun and sight.elector.voted and replace(round, sight.elector, Road.HELPER, {}, turn):
        turn += 1
    after = mark(round, sight.elector, Road.HELPER, option, value, seen).turn
    alone = after <= turn + 1
    assistance.as_left = as_left(round, assistance, after, begun=True) if alone else None


def _ballot(round: Round, assistance: Assistance) -> Ballot | None:
    """The voter's ballot, nobody else's to change until this deed ends."""
    elector = elector_numbered(round, assistance.number or 0)
    return ballot_of(round, elector) if elector else None


@action
def end_help(round: Round, assistance: Assistance) -> str:
    """The helper gives the screen back; gives the voter's code, which takes the vote back. Twice it is the same."""
    hold(round)
    locked(assistance)
    enforce(ballots.may_vote(Standing.VOTER, stage_of(round)))
    assistance.ends_at = None
    return code_of(round, assistance)


@action
def take_back_by_code(code: str) -> bool:
    """The voter takes her helped vote back by the code on her slip; gives whether it still stood."""
    found = find_code(code)
    if found is None:
        enforce([UNKNOWN])
    assert found is not None
    return _take_back(found.poll.round, found.assistance)


@action
def take_back_own(round: Round, number: int) -> bool:
    """The voter with this number on the roll ends all help; gives whether a vote given with it stood, and is back."""
    helps = helps_for(round, elector_numbered(round, number))
    taken = [_take_back(round, help.assistance) for help in helps]
    return any(taken)


def _take_back(round: Round, assistance: Assistance) -> bool:
    hold(round)
    enforce(ballots.may_vote(Standing.VOTER, stage_of(round)))
    locked(assistance).ends_at = None
    _ballot(round, assistance)
    left = standing(round, assistance)
    if left is None or not stands(left):
        return False
    take_back(round, left.elector)
    assistance.revoked = True
    audit.record(NOBODY, Deed.HELP_VOTE, round, taken_back=1)
    return True


def link_of(round: Round) -> str:
    """Where a voter sees, signed in, who helped her."""
    return f"/{db.session.get_one(Region, round.region_id).code}/votes/{round.id}/help/mine"


def forget_helped(round: Round) -> None:
    """Forget whom helpers helped, and what tells the voter when; who helped how many, and on which day, stays."""
    gone: dict[str, Any] = {"number": None, "as_left": None, "revoke_hash": None, "ends_at": None}
    plain = {"synchronize_session": False}
    db.session.execute(
        update(Assistance).where(Assistance.round_id == round.id).values(**gone), execution_options=plain
    )
    told = (Notice.template == TEMPLATE, Notice.link == link_of(round))
    db.session.execute(delete(Notice).where(*told), execution_options=plain)


NOT_LISTED = Refusal(N_("This person is not on the roll of this vote."))
NOBODY_SUCH = Refusal(
    N_("On the roll of this vote there is nobody with this number and this telephone or household."), "known_by"
)
HOUSEHOLD = Refusal(N_("Each household has one vote here, and somebody of hers has voted."))
OVER = Refusal(N_("This help has ended. What was tapped before is saved, unless she has changed it herself."))
UNKNOWN = Refusal(N_("We know no vote with this code. Please compare each digit with your slip."), "code")
CLEANED.append(Assistance.__tablename__)
FORGETS.append(forget_helped)
