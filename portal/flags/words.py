"""What a flag says, in words."""

from datetime import date

from portal.ratings.models import RatingHold
from portal.rules import N_
from portal.rules.flags import Flag
from portal.rules.privacy import is_small
from portal.web.words import day, gettext, number

FLAGS = {
    Flag.BURST: N_("Many ratings on one day"),
    Flag.SHIFT: N_("Other grades than usual"),
    Flag.BEST: N_("More best ratings than the services explain"),
    Flag.DEVICE: N_("Many people on one device"),
    Flag.INVITER: N_("Many ratings invited by one person"),
    Flag.STAFF: N_("Many ratings entered by staff"),
    Flag.EARLY: N_("Rated before the service had ended"),
    Flag.ALIKE: N_("Comments in nearly the same words"),
    Flag.SAME_RATERS: N_("The same people at several providers on one day"),
    Flag.TOO_GOOD: N_("Too good to be true"),
}
EVIDENCE = {
    Flag.BURST: N_("%(ratings)s ratings came on %(day)s; in the %(days)s days before there were %(usual)s."),
    Flag.SHIFT: N_("They are so far from the %(usual)s ratings of the last year that chance seldom does it."),
    Flag.BEST: N_("%(services)s services were recorded: more best ratings came of them than chance explains."),
    Flag.DEVICE: N_("%(people)s people of %(of)s rated on one device."),
    Flag.INVITER: N_(
        "One person recorded the services of %(people)s of %(of)s people; before, it was %(part)s %% of all services."
    ),
    Flag.STAFF: N_("Staff entered %(held)s of %(of)s ratings; usual for this provider are %(part)s %%."),
    Flag.EARLY: N_("The day of the service had not come when they were given."),
    Flag.ALIKE: N_("%(held)s people wrote nearly the same."),
    Flag.SAME_RATERS: N_("On %(day)s %(people)s devices rated the same %(providers)s providers."),
    Flag.TOO_GOOD: N_(
        "Among %(ratings)s published ratings hardly one is bad, or nearly everybody who was asked answered."
    ),
}
WAYS = {"better": N_("They are better than usual."), "worse": N_("They are worse than usual.")}


def evidence(hold: RatingHold) -> list[str]:
    """Sentences with counts, for those who look."""
    flag, told = Flag(hold.flag), dict(hold.evidence)
    way, on = told.pop("way", ""), told.pop("day", "")
    values = {name: number(value) for name, value in told.items()}
    said = [gettext(EVIDENCE[flag], **values, day=day(date.fromisoformat(on)) if on else "")]
    said += [gettext(N_("One person recorded all of these services."))] if told.get("by_one") else []
    return said + ([gettext(WAYS[way])] if way else [])


def few(held: int) -> str:
    """A number of held ratings as everyone may read it: in steps of five."""
    if is_small(held, 5):
        return gettext(N_("fewer than five"))
    return gettext(N_("%(number)s or a few more"), number=number(held - held % 5)) if held else gettext(N_("none"))
