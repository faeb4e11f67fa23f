"""What the plan of an evaluation stands on: its contract, its days, and who may be the third party."""

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.contracts.contents import instalments_of, parties_of
from portal.contracts.models import Contract, Instalment
from portal.evaluations.queries import plans_of
from portal.policies.queries import rules_for, working_days_after
from portal.regions.models import Region
from portal.rules.evaluation import Ties
from portal.rules.evaluation_plans import Ground
from portal.rules.parties import PartyRole
from portal.rules.permissions import Role
from portal.store import db
from portal.store.clock import CHINA, now, today


def ground_of(contract: Contract, region: Region) -> Ground:
    """What an evaluation of `contract` that is published today stands on."""
    numbers = rules_for(region)
    taken, after = _evaluated_so_far(contract)
    return Ground(
        starts_on=contract.starts_on,
        latest=contract.ends_on + timedelta(days=numbers.evaluation_days),
        earliest=_day(working_days_after(now(), numbers.evaluation_notice_working_days)) + timedelta(days=1),
        today=today(),
        parties=[party.name for party in parties_of(contract)],
        free=[one.number for one in open_instalments(contract) if one.number not in taken],
        after=after,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def open_instalments(contract: Contract) -> list[Instalment]:
    """Those that follow from an evaluation and are not paid."""
    return [one for one in instalments_of(contract) if one.is_linked and one.paid_on is None]


def _evaluated_so_far(contract: Contract) -> tuple[set[int], date | None]:
    """The instalments whose amount an evaluation says or will say, and the last day that one covers."""
    standing = [plan for plan, result in plans_of(contract) if result is None or result.composite is not None]
    taken = {number for plan in standing for number in plan.instalments}
    return taken, max((plan.until_on for plan in standing), default=None)


def person_at(account: str) -> Person | None:
    """Who signs in with this phone number or name."""
    typed = account.strip()
    return db.session.scalar(select(Person).where(or_(Person.phone == typed, Person.login == typed))) if typed else None


def ties_of(person: Person, contract: Contract, region: Region, planner_id: int | None) -> Ties:
    """How somebody is tied to the parties of a contract."""
    whole = actor_of(person)
    assisting = [party for party in parties_of(contract) if party.role == PartyRole.ASSISTING]
    places = [db.session.get_one(Region, party.region_id) for party in assisting if party.region_id]
    return Ties(
        provider=whole.works_for(contract.provider_id),
        assisting=any(whole.holds(Role.COMMITTEE, place.path) for place in places)
        or any(party.provider_id is not None and whole.works_for(party.provider_id) for party in assisting),
        purchaser=any(_in_line(grant.path, region.path) for grant in whole.grants if grant.role is Role.OFFICIAL),
        herself=person.id == planner_id,
    )


def _in_line(path: str, other: str) -> bool:
    """Whether one of two regions lies in the other: offices above and below the purchaser's are its own, too."""
    return path.startswith(other) or other.startswith(path)
