"""The words of every message: short, because many are read on an old phone."""

from portal.rules import N_
from portal.web.words import gettext, language

MESSAGES = {
    "sign_in_code": N_("Your sign-in code is %(code)s, valid for %(minutes)s minutes. Tell it to nobody."),
    "need_accepted": N_("Your need “%(title)s” was accepted and is on the public list."),
    "need_accepted_private": N_("Your need “%(title)s” was accepted. Only you and the committee can see it."),
    "need_returned": N_("About your need “%(title)s” the committee asks for a change; your words are kept."),
    "need_refused": N_("Your need “%(title)s” was not accepted. The reason is on its page."),
    "need_merged": N_("Your need “%(title)s” was joined with a similar one; your support counts there."),
    "need_reopened": N_("The committee looks at your need “%(title)s” again."),
    "need_matched": N_("Your need “%(title)s” became part of a project; residents choose how it is done."),
    "need_answered": N_("There is an answer to your need “%(title)s”."),
    "vote_marked": N_(
        "You are marked as having voted on “%(title)s”. If that was not you, tell your committee at once."
    ),
    "vote_helped": N_(
        "%(helper)s helped you to vote on “%(title)s”. If you did not want that, take it back here: %(link)s"
    ),
    "slip_printed": N_(
        "A slip with a code was printed for you for the vote “%(title)s”. "
        "If you did not ask for it, look here: %(link)s"
    ),
    "roll_objection": N_(
        "The committee of %(place)s has decided on your objection to its roll. Its reason is on the page."
    ),
    "roll_removed": N_("You were taken off the roll of %(place)s. If that is wrong, you can object on its page."),
    "project_objection": N_("Your objection to the project “%(title)s” has its answer. It is on the project's page."),
    "project_published": N_("“%(title)s” looks for a provider, and you may fit. What you would do can be said here."),
    "purchase_invited": N_("You are invited to bid for “%(title)s”."),
    "purchase_ended": N_("The purchase of “%(title)s” ended without a result. The reason is on its page."),
    "purchase_won": N_("You won the purchase of “%(title)s”. A contract follows."),
    "purchase_lost": N_(
        "“%(title)s”: your bid has %(points)s points, place %(place)s of %(bids)s; %(winner)s won with %(best)s. "
        "See the page."
    ),
    "purchase_dearer": N_(
        "“%(title)s”: your price of %(price)s yuan has place %(place)s of %(bids)s; %(winner)s won with %(best)s yuan."
    ),
    "purchase_refused": N_("“%(title)s”: your bid was not let in. The reason is on the page."),
    "challenge_answered": N_("There is an answer to your challenge of the purchase of “%(title)s”."),
    "judge_appointed": N_("You are asked to judge the bids for “%(title)s”. If you are tied to a bidder, step back."),
    "resource_listed": N_("What you offered, “%(title)s”, is on the public resource list now."),
    "resource_withdrawn": N_("“%(title)s” was taken off the resource list. The reason is on its page."),
    "booking_cancelled": N_("Your booking of “%(title)s” on %(day)s was cancelled: it is not open then any more."),
    "task_asked": N_("Your committee is asked to do something: “%(title)s”. You can look at it and answer here."),
    "check_waits": N_("A check of “%(title)s” found something to mend. Please answer in time."),
    "need_handed": N_("Your need “%(title)s” was handed to another office. Its number stays the same."),
    "rate_service": N_("You were served by %(provider)s. How was it? One tap, nobody sees who you are: %(link)s"),
}


def words_of(template: str, values: dict[str, object]) -> str:
    """The words of a message in the language of the moment; what is private has a `number` in place of a `title`, and
    what was translated `titles` by language beside it.
    """
    titles = values.get("titles")
    if isinstance(titles, dict):
        values = {**values, "title": titles.get(language(), values["title"])}
    if "number" in values:
        values = {**values, "title": gettext(N_("No. %(number)s"), number=values["number"])}
    return gettext(MESSAGES[template], **values)
