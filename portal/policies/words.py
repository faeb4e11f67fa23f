"""What everyone reads of the numbers, the catalogue and the pilots."""

from typing import Any

from portal.rules import N_
from portal.rules.policies import Feature
from portal.rules.projects import yuan_of
from portal.rules.setting import DEFAULTS
from portal.web.words import gettext, money

NUMBERS: dict[str, dict[str, str]] = {
    N_("Needs"): {
        "answer_working_days": N_("Working days for the committee's first answer to a need"),
        "most_open_needs": N_("Open needs of one person in one community, at most"),
        "undo_days": N_("Days in which a committee may take a decision back"),
        "drafts_per_address": N_("Needs that strangers may leave from one network address in an hour"),
        "sensitive_categories": N_("Subjects whose needs are private by default"),
    },
    N_("Votes and the roll"): {
        "notice_days": N_("Days between announcement and opening of a vote"),
        "most_options": N_("Options on one ballot, at most"),
        "log_batch": N_("Ballots that wait until the public log gets them, mixed"),
        "fewest_published_ballots": N_("Ballots below which only totals of a vote are published"),
        "paper_entry_hours": N_("Hours after the closing in which papers are entered"),
        "objection_working_days": N_("Working days in which the committee decides on an objection to the roll"),
        "helped_people": N_("People whom one neighbour may help in one vote"),
        "helper_share_percent": N_("Percent of the votes; a helper of more people stands out on the list of helpers"),
        "called_back": N_("People marked as voters who are asked whether they voted"),
    },
    N_("Ratings"): {
        "rating_revision_days": N_("Days in which a rating can be changed"),
        "rating_invitation_days": N_("Days in which a service can be rated"),
        "rating_reminder_days": N_("Days after which who has not rated is reminded once"),
        "ratings_to_publish": N_("Ratings below which no figure is shown"),
        "cell_to_publish": N_("People below which no cell of a table is shown"),
        "grades_to_publish": N_("Ratings below which it is not shown how many gave each grade"),
        "batch_ratings": N_("Further raters with whom figures are published anew"),
        "batch_days": N_("Days that figures stand at least before they are published anew"),
        "prior_weight": N_("Weight of the mix of all providers in one provider's score"),
        "burst_least": N_("Ratings of one day below which it is no burst"),
        "burst_one_in": N_("A burst: chance makes it less than once in so many times"),
        "shift_least": N_("Ratings below which grades are not compared with the usual ones"),
        "shift_one_in": N_("Other grades than usual: chance makes them less than once in so many times"),
        "best_least": N_("Best ratings beyond what the services explain, below which nobody looks"),
        "best_times": N_("So many times likelier are such best ratings made up than chance"),
        "shared_percent": N_("Percent of raters from one device, one who invites, or entered by staff"),
        "shared_least": N_("People below which such a share is not looked at"),
        "shared_one_in": N_("Such a share: chance makes it less than once in so many times"),
        "device_people": N_("People on one device, from which on two people look"),
        "alike_least": N_("Comments in nearly the same words"),
        "alike_percent": N_("Percent of pairs of letters that nearly the same comments share"),
        "alike_length": N_("Letters below which comments are not compared"),
        "same_raters": N_("Devices that rated the same providers on one day"),
        "same_providers": N_("Providers that the same devices rated on one day"),
        "too_good_least": N_("Ratings below which nothing is too good to be true"),
        "too_good_percent": N_("Percent of the usual part of bad ratings below which figures may be too good"),
        "too_good_response_percent": N_("Percent of those asked who answered, from which on it may be too good"),
        "too_good_one_in": N_("Too good to be true: chance makes it less than once in so many times"),
    },
    N_("Projects, resources and purchases"): {
        "small_project_fen": N_("Budget in yuan below which projects could be bought together"),
        "project_notice_working_days": N_("Working days in which everyone may object to a project before approval"),
        "most_open_offers": N_("Offers to the resource list of one person that wait, at most"),
        "booking_days_ahead": N_("Days ahead that premises can be booked"),
        "procurement_from_fen": N_("Amount in yuan from which only methods of government procurement are allowed"),
        "tender_days": N_("Days at least to bid in a tender"),
        "consultation_days": N_("Days at least to bid in a consultation, negotiation or inquiry"),
        "fewest_bids": N_("Bids below which a purchase by an open method has failed"),
        "fewest_judges": N_("Judges of a purchase, at least"),
        "report_working_days": N_("Working days from the last score to the evaluation report"),
        "winner_working_days": N_("Working days from the report to the choice of the winner"),
        "result_working_days": N_("Working days from the choice to the result notice"),
        "challenge_working_days": N_("Working days in which a bidder may challenge a result"),
        "challenge_answer_working_days": N_("Working days in which a challenge is answered"),
        "promise_answer_days": N_("Days in which those who asked say whether it is done"),
        "hand_over_working_days": N_("Working days in which an office answers what was handed to it"),
        "disclosure_working_days": N_("Working days in which what has arisen is made public"),
    },
    N_("Contracts and money"): {
        "longest_contract_years": N_("Years that a contract may run in all"),
        "usual_contract_years": N_("Years above which a contract must show the four conditions"),
        "supplement_percent": N_("Percent of the first price for all supplements together, at most"),
        "contract_signing_days": N_("Days from the letter of award to the signature"),
        "contract_filing_working_days": N_("Working days from the signature to the filing"),
        "contract_publishing_working_days": N_("Working days from the signature to the publication"),
        "payment_days": N_("Days after the end of a contract in which its last instalment may be due"),
        "fewest_targets": N_("Performance targets that a contract has before it is signed"),
        "target_amber_percent": N_("Percent behind a steady way from which a target is shown in amber"),
        "target_red_percent": N_("Percent behind a steady way from which a target is shown in red"),
        "social_share_points": N_("Percent of new public-service spending for social organisations"),
        "assistance_share_points": N_("Percent of an earmarked assistance fund for purchases"),
        "startup_months": N_("Months up to which an organisation is a start-up"),
    },
    N_("Supervision and exit"): {
        "evaluation_notice_working_days": N_("Working days in which everyone reads the plan of an evaluation first"),
        "evaluation_fewest_ratings": N_("Ratings of recipients below which an evaluation has no result"),
        "evaluation_days": N_("Days after the last day of a contract in which its evaluation closes"),
        "check_answer_working_days": N_("Working days in which a provider answers a check"),
        "supervision_every_days": N_("Days between two checks while a service runs"),
        "supervision_fewer_every_days": N_("Days between two checks of a provider with good credit"),
        "supervision_more_every_days": N_("Days between two checks of a provider with bad credit"),
        "supervision_after_days": N_("Days after the end of a service in which it is checked"),
        "exit_credit_points": N_("Points in its credit record for a provider that has to leave"),
        "exit_credit_years": N_("Years for which these points count"),
    },
    N_("Cases of bad ratings"): {
        "case_contact_working_days": N_("Working days to contact who left a way with a bad rating"),
        "case_verify_working_days": N_("Working days to find out what is true of a bad rating"),
        "case_repair_working_days": N_("Working days to repair what was upheld"),
        "case_complex_working_days": N_("Working days to repair what is not simple"),
        "case_callback_working_days": N_("Working days that who rated has to say whether it is put right"),
        "case_check_working_days": N_("Working days for the look of another body at a case"),
        "case_rise_working_days": N_("Working days after which an overdue case rises once more"),
        "case_reopen_days": N_("Days in which a closed case can be opened again"),
    },
    N_("Stars and credit of providers"): {
        "star_cuts": N_("Points from which on there are 2, 3, 4 and 5 stars"),
        "star_weights": N_("Percent that recipients, third party and purchaser weigh in the points for stars"),
        "star_up_margin": N_("Points above the line that it takes for one star more"),
        "star_down_margin": N_("Points below the line at which a star is lost in any case"),
        "ratings_for_star": N_("Ratings of a year below which there are no stars"),
        "star_response_percent": N_("Percent of those asked who answer; with fewer, stars need a narrow figure"),
        "star_half_width_tenths": N_("Half of the width of a narrow figure, in tenths of a point"),
        "star_valid_days": N_("Days after the next quarter for which stars still hold"),
        "star_withheld_days": N_("Days after a proven breach or an exit in which no stars are given"),
        "credit_base": N_("Points of credit of who did nothing yet"),
        "credit_floor": N_("Points of credit, at least"),
        "credit_ceiling": N_("Points of credit, at most"),
        "credit_points": N_("What each event counts in the credit record, and for how many years"),
        "credit_effects": N_("What follows from how many points of credit"),
        "credit_appeal_working_days": N_("Working days in which a provider can appeal against an event"),
        "credit_answer_working_days": N_("Working days in which an appeal or a repair is decided"),
        "credit_repair_days": N_("Days after an event before it can be made good"),
        "abnormal_years": N_("Years on the list of abnormal activity that lead to the serious list"),
        "serious_years": N_("Years on the serious list, at least"),
        "assessment_years": N_("Years for which an assessment grade holds"),
    },
    N_("Staffing"): {
        "staffing_table": N_("Table of staff by people served"),
        "staffing_reading": N_("What counts as a further step of the table"),
        "staffing_counts": N_("Whom the table counts"),
    },
    N_("Work of committees"): {
        "work_pause_seconds": N_("Seconds without a deed after which a pause is assumed"),
        "work_first_seconds": N_("Seconds that the first deed after a pause is taken to cost"),
    },
    N_("Words beside ratings"): {
        "comment_working_days": N_("Working days in which words can be looked at; silence publishes"),
        "comments_to_publish": N_("Words of a provider that are published together, at least"),
        "comment_appeal_working_days": N_("Working days to appeal against what was hidden or masked"),
        "comment_judge_working_days": N_("Working days in which such an appeal is decided; silence upholds it"),
    },
    N_("Signing in"): {
        "codes_per_number": N_("Sign-in codes for one phone number in an hour"),
        "codes_per_address": N_("Sign-in codes asked from one network address in an hour"),
        "codes_per_site": N_("Sign-in codes in an hour in all"),
    },
}
"""What each number is called, by what it is about."""
OTHER = N_("Other numbers")

NATURES = {
    "transactional": N_("administrative work"),
    "direct_service": N_("service to people"),
    "auxiliary": N_("help for government's own work"),
}
IMPLEMENTERS = {
    "county/township": N_("county or township"),
    "province/city": N_("province or city"),
}
FEATURES = {
    Feature.DESIGN_VOTE.value: N_("Residents vote on the design of projects"),
    Feature.IN_KIND.value: N_("Premises count as part of the price"),
    Feature.LONG_TERM.value: N_("Contracts of more than one year"),
    Feature.PAY_BY_RESULT.value: N_("Payment by results"),
    Feature.CREDIT.value: N_("Credit and stars of providers"),
    Feature.COMMUNITY_FUND.value: N_("A community development fund"),
}
LEVEL_WORDS = {
    "province": N_("provinces"),
    "prefecture": N_("cities"),
    "county": N_("counties and districts"),
    "township": N_("townships and sub-districts"),
    "village": N_("communities and villages"),
}


def numbers_by_subject() -> dict[str, dict[str, str]]:
    """Every number with its words, by subject; one without words by its own name."""
    named = {name for names in NUMBERS.values() for name in names}
    rest = {name: name.replace("_", " ") for name in DEFAULTS if name not in named}
    known = {subject: {n: words for n, words in names.items() if n in DEFAULTS} for subject, names in NUMBERS.items()}
    return known | ({OTHER: rest} if rest else {})


def number_in_words(name: str, value: Any) -> str:
    """A number as everyone reads it: an amount in yuan, a share in percent, a list with commas."""
    if name.endswith("_fen"):
        return money(value)
    if name.endswith("_share_points"):
        return f"{yuan_of(value)} %"
    if isinstance(value, bool):
        return gettext(N_("yes")) if value else gettext(N_("no"))
    if isinstance(value, tuple):
        if all(isinstance(one, str | int) for one in value):
            return ", ".join(map(str, value))
        return gettext(N_("a table of %(rows)s rows"), rows=len(value))
    return f"{value} %" if name.endswith("_percent") else str(value)
