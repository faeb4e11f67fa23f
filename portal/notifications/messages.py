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
    "evaluator_appointed": N_(
        "You are asked to evaluate “%(title)s” as the third party, from %(day)s on. Please look at the plan."
    ),
    "resource_listed": N_("What you offered, “%(title)s”, is on the public resource list now."),
    "resource_withdrawn": N_("“%(title)s” was taken off the resource list. The reason is on its page."),
    "booking_cancelled": N_("Your booking of “%(title)s” on %(day)s was cancelled: it is not open then any more."),
    "task_asked": N_("Your committee is asked to do something: “%(title)s”. You can look at it and answer here."),
    "check_waits": N_("A check of “%(title)s” found something to mend. Please answer in time."),
    "credit_event": N_("The credit record of %(title)s has a new entry. You can read it and appeal here."),
    "credit_decided": N_("What %(title)s sent about its credit record was decided."),
    "need_handed": N_("Your need “%(title)s” was handed to another office. Its number stays the same."),
    "promise_asked": N_("“%(title)s” was declared done. Is it so? You asked for it, so please say."),
    "bad_case_opened": N_("A bad rating of “%(title)s” has become a case. Please look at it in time."),
    "bad_case_risen": N_("A case about “%(title)s” was not handled in time and has come to you."),
    "bad_case_repair": N_("A bad rating of your service was upheld. Please repair it and answer in time."),
    "bad_case_overdue": N_("The time to repair an upheld bad rating of your service is over. Please answer now."),
    "bad_case_asked": N_(
        "There is an answer about the service that you rated. Is it put right? Please open the link of your rating."
    ),
    "words_appeal": N_("You were drawn to decide alone on an appeal about words beside a rating in %(place)s."),
    "ratings_worse": N_("There are new published ratings of %(provider)s, and they are worse. Please look."),
    "rate_service": N_("%(provider)s: how was it? One tap, nobody sees who you are: %(link)s No more: %(no_more)s"),
    "rate_reminder": N_("%(provider)s: how was it? We ask this last time: %(link)s No more: %(no_more)s"),
    "rated_by_phone": N_("%(provider)s: your answer was entered. Change it unseen: %(link)s No more: %(no_more)s"),
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
