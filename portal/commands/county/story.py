"""What the county's people and offices did with each other, told by the real deeds at their own times."""

from portal.commands.county import believing, commons, offices, purse
from portal.commands.county.chain import chains, skills
from portal.commands.county.repairing import named
from portal.commands.county.shed import shed
from portal.commands.county.telling import Teller


def begin(teller: Teller) -> None:
    """Let all chapters begin. What is first named here happens first among things of the same moment."""
    teller.begin(offices.policies(teller), offices.milestone(teller), offices.pilot(teller))
    teller.begin(*purse.funds(teller), *commons.resources(teller))
    teller.begin(skills(teller), *chains(teller), commons.agreement(teller), commons.incubator(teller))
    teller.begin(offices.reply(teller), offices.staffing(teller), offices.burden(teller), *offices.tasks(teller))
    teller.begin(purse.community_fund(teller), purse.reason(teller), shed(teller))
    teller.begin(believing.weeks(teller), *believing.standings(teller), *believing.campaigns(teller))
    teller.begin(*believing.promised(teller), *named(teller))
