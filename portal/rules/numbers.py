"""Every number that a place may set for itself, with the default of the law."""

from dataclasses import dataclass
from typing import Any

from portal.rules.staffing import TIELING, rows_of


@dataclass(frozen=True)
class Numbers:
    """Defaults; a division's rule sets replace them (Source: A44). `[I]` marks our own proposals."""

    most_open_needs: int = 20
    """Open needs of one person in one community [I]."""
    answer_working_days: int = 5
    """Working days for the committee's first answer to a need. Source: rules-and-standards 2.4 (12345), A24."""
    undo_days: int = 7
    """Days in which a committee may take a decision back [I]."""
    drafts_per_address: int = 20
    """Needs that strangers may leave from one network address in an hour before they sign in [I]."""
    codes_per_number: int = 5
    """Sign-in codes for one phone number in an hour [I]."""
    codes_per_address: int = 30
    """Sign-in codes asked from one network address in an hour [I]."""
    codes_per_site: int = 3000
    """Sign-in codes in an hour in all [I]."""
    rating_revision_days: int = 7
    """Days in which a rating can be changed by its private link. Source: B34 and the plan of satisfaction."""
    rating_invitation_days: int = 90
    """Days in which a service can be rated [I]."""
    rating_reminder_days: int = 3
    """Days after which who has not rated is reminded, once; 0: nobody is. Source: rules-and-standards 2.4."""
    ratings_to_publish: int = 10
    """Ratings below which no figure is shown. Source: ratings F9, trust 4.1."""
    cell_to_publish: int = 5
    """People below which no cell of a table is shown. Source: ratings F9."""
    grades_to_publish: int = 30
    """Ratings below which it is not shown how many gave each grade. Source: trust 4.3."""
    batch_ratings: int = 10
    """Further raters with whom a provider's figures are published anew. Source: trust 4.2."""
    batch_days: int = 7
    """Days that figures stand at least before they are published anew. Source: trust 4.2."""
    prior_weight: int = 5
    """m of F3: how much the mix of all providers of a kind weighs in one's score. Source: ratings F3."""
    burst_least: int = 8
    """Ratings of one day below which it is no burst. Source: ratings F10."""
    burst_one_in: int = 10_000
    """A burst is a day that chance makes less than once in so many times. Source: ratings F10."""
    shift_least: int = 10
    """Ratings that wait, below which their grades are not compared with the usual ones [I]. Source: ratings F11."""
    shift_one_in: int = 1000
    """Other grades than usual: chance makes them less than once in so many times. Source: ratings F11."""
    best_least: int = 5
    """Made-up best ratings below which nobody asks [I]."""
    best_times: int = 200
    """So many times likelier some best ratings must be made up than none, given the services recorded [I]."""
    shared_percent: int = 30
    """Of a provider's raters that wait, from one device, one who invites, or entered by staff. Source: ratings."""
    shared_least: int = 5
    """People below which no share is looked at [I]."""
    shared_one_in: int = 10_000
    """One who invites, and staff: chance makes so large a share less than once in so many times [I]."""
    device_people: int = 8
    """People who rated one provider on one device in a month, from which on two people look [I]."""
    alike_least: int = 3
    """Comments in nearly the same words. Source: ratings."""
    alike_percent: int = 70
    """Of all pairs of letters of two comments; from that on they are nearly the same [I]."""
    alike_length: int = 10
    """Letters below which a comment is too short to be told from another [I]."""
    same_raters: int = 5
    """Devices that rated the same providers on one day. Source: ratings."""
    same_providers: int = 3
    """Providers that these rated. Source: ratings."""
    too_good_least: int = 200
    """Published ratings below which nothing is too good to be true. Source: ratings ("hundreds")."""
    too_good_percent: int = 10
    """Of the usual part of bad ratings; below it a provider may be too good to be true [I]."""
    too_good_response_percent: int = 99
    """Of those who were asked; from so many answers on figures may be too good to be true [I]. Source: ratings."""
    too_good_one_in: int = 10_000
    """A provider twice as good as others has so few bad ratings less than once in so many times [I]."""
    sensitive_categories: tuple[str, ...] = ("01", "03", "05", "06", "0801")
    """Categories (or groups of them) whose needs are private by default. Source: A7, A14, 2.6 (PIPL 28, 29)."""
    notice_days: int = 0
    """Days between announcement and opening of a decision, where a place asks for more than the law does [I]."""
    project_notice_working_days: int = 5
    """Working days for which a project is shown before it is approved, and objections are heard [I]. Source: A24."""
    most_options: int = 300
    """Options on one ballot [I]; the longest real list seen has 199. Source: domain/voting."""
    log_batch: int = 10
    """Ballots that wait until the public log gets them, mixed. Source: trust 3.5."""
    fewest_published_ballots: int = 20
    """Below so many, only totals of a vote are published. Source: trust 3, modes."""
    paper_entry_hours: int = 72
    """Hours after the closing in which papers that were handed in before are entered [I]."""
    objection_working_days: int = 3
    """Working days in which the committee decides on an objection to the roll. Source: rules-and-standards 2.3."""
    helped_people: int = 2
    """People whom one neighbour may help in one vote; a committee's own people may help more. Source: trust 5."""
    helper_share_percent: int = 5
    """Of the votes; a helper of more people than that stands out on the list of helpers [I]."""
    small_project_fen: int = 10_000_000
    """Budget below which projects of one place and quarter could be bought together [I]. Source: A36."""
    called_back: int = 30
    """People marked as voters whom two people of different bodies ask whether they voted. Source: trust 3.9."""
    most_open_offers: int = 10
    """Offers to the resource list of one person that wait for a committee [I]."""
    booking_days_ahead: int = 90
    """Days ahead that premises can be booked [I]. Source: A52."""
    staffing_table: tuple[Any, ...] = rows_of(TIELING)
    """Rows of `rules.staffing.Band`. Source: B28, B29."""
    staffing_reading: str = "full"
    """"full" or "started": what counts as a further step [I]. Source: requirements 1.3."""
    staffing_counts: str = "people"
    """Whom the table counts: people, households or population. Source: requirements 1.3."""
    longest_contract_years: int = 3
    """Years that a contract may run in all, with every extension and renewal. Source: A42, 1.4."""
    usual_contract_years: int = 1
    """Years above which the four conditions and the budget must be shown. Source: A41, rules-and-standards 2.1."""
    supplement_percent: int = 10
    """Of the first price; all supplements of a contract together. Source: rules-and-standards 2.2 (Law 49)."""
    contract_signing_days: int = 30
    """Days from the letter of award to the signature. Source: rules-and-standards 2.2 (Law 46)."""
    contract_filing_working_days: int = 7
    """Working days from the signature to the filing. Source: rules-and-standards 2.2 (Law 47)."""
    contract_publishing_working_days: int = 2
    """Working days from the signature to the publication. Source: rules-and-standards 2.2 (Regulation 50)."""
    payment_days: int = 60
    """Days after the last day of a contract in which its last instalment may be due [I]."""
    fewest_targets: int = 1
    """Performance targets that a contract has before it is signed. Source: A61."""
    target_amber_percent: int = 10
    """Of the whole way; further behind a steady way a target is shown in amber [I]. Source: A62."""
    target_red_percent: int = 25
    """Further behind it is shown in red [I]. Source: A62."""
    social_share_points: int = 3000
    """Of new public-service spending, in hundredths of a percent, to social organisations. Source: A46."""
    assistance_share_points: int = 500
    """Of an earmarked social-assistance fund, in hundredths of a percent, for purchases. Source: B25."""
    startup_months: int = 36
    """Age up to which an organisation is a start-up in a call for grants [I]. Source: A58."""
    procurement_from_fen: int = 50_000_000
    """Amount from which only methods of government procurement are allowed; below also direct purchase. Source: B20."""
    tender_days: int = 20
    """Days at least to bid in a tender. Source: rules-and-standards 2.2 (Law 35)."""
    consultation_days: int = 10
    """Days at least to bid in a consultation, negotiation or inquiry [I]."""
    fewest_bids: int = 3
    """Bids below which a purchase by an open method has failed. Source: B8 (Law 36)."""
    fewest_judges: int = 3
    """Judges of a purchase at least; their number is odd. Source: B22."""
    report_working_days: int = 2
    """Working days from the last score to the evaluation report. Source: rules-and-standards 2.2 (Reg. 43)."""
    winner_working_days: int = 5
    """Working days from the report to the choice of the winner. Source: rules-and-standards 2.2 (Reg. 43)."""
    result_working_days: int = 2
    """Working days from the choice to the result notice. Source: rules-and-standards 2.2 (Reg. 43)."""
    challenge_working_days: int = 7
    """Working days from the result notice in which a bidder may challenge. Source: rules-and-standards 2.2 (Law 52)."""
    challenge_answer_working_days: int = 7
    """Working days in which a challenge is answered. Source: rules-and-standards 2.2 (Law 53)."""
    work_pause_seconds: int = 600
    """A member of a committee who does nothing for longer is taken to have paused [I]. Source: A17."""
    work_first_seconds: int = 60
    """What the first deed after a pause is taken to have cost [I]. Source: A17."""
    supervision_every_days: int = 30
    """Days between two looks at each point while a service runs [I]. Source: B30 (常态化)."""
    supervision_fewer_every_days: int = 60
    """The same where good credit brings fewer checks [I]. Source: A69."""
    supervision_more_every_days: int = 15
    """The same where bad credit or an outside list brings more of them [I]. Source: A69."""
    supervision_after_days: int = 30
    """Days after the last day in which the points after delivery are looked at [I]. Source: B30."""
    evaluation_notice_working_days: int = 5
    """Working days for which a plan of an evaluation is shown before it starts [I]. Source: A64."""
    evaluation_fewest_ratings: int = 30
    """Recipients' ratings below which an evaluation has no result. Source: ratings F6, F9."""
    evaluation_days: int = 180
    """Days after the last day of a contract in which its evaluation closes [I]. Source: A64."""
    check_answer_working_days: int = 5
    """Working days in which a provider answers a check [I]. Source: A31."""
    exit_credit_points: int = -10
    """What an exit that the provider caused counts in its credit record [I]. Source: A67, B33."""
    exit_credit_years: int = 3
    """Years until that expires [I]. Source: A67."""
    disclosure_working_days: int = 20
    """Working days in which what has arisen is made public. Source: rules-and-standards 2.2 (article 26)."""
    hand_over_working_days: int = 5
    """Working days in which an office answers a need that was handed to it [I]. Source: B11, 2.4 (12345)."""
    promise_answer_days: int = 14
    """Days in which those who asked for something can say whether it is done [I]. Source: A70."""
    case_contact_working_days: int = 1
    """Working days to contact who left a way with a bad rating. Source: rules-and-standards 2.4 (Anyang, art. 52)."""
    case_verify_working_days: int = 3
    """Working days to find out what is true of a bad rating, and for another body to look at it [I]."""
    case_repair_working_days: int = 5
    """Working days to repair what was upheld. Source: rules-and-standards 2.4 (Dezhou)."""
    case_complex_working_days: int = 15
    """Working days to repair what is not simple. Source: rules-and-standards 2.4 (a city of Sichuan)."""
    case_callback_working_days: int = 5
    """Working days that who rated has to say whether it is put right, before another body looks [I]."""
    case_check_working_days: int = 5
    """Working days for the look of another body [I]."""
    case_rise_working_days: int = 2
    """Working days after which a case that is still overdue rises once more [I]."""
    case_reopen_days: int = 30
    """Days in which who rated can open her closed case again, once [I]."""
    comment_working_days: int = 3
    """Working days in which words beside a rating can be looked at; silence lets them go on [I]. Source: trust 4.6."""
    comments_to_publish: int = 5
    """Words of one provider that are published together, at least. Source: trust 4.6."""
    comment_appeal_working_days: int = 10
    """Working days in which who wrote words can appeal against what was done to them [I]."""
    comment_judge_working_days: int = 5
    """Working days in which who was drawn decides on such an appeal; silence upholds it [I]."""
    star_cuts: tuple[int, ...] = (60, 70, 80, 90)
    """Points of 100 from which on there are 2, 3, 4 and 5 stars. Source: ratings F7."""
    star_weights: tuple[int, ...] = (60, 25, 15)
    """What recipients, third party and purchaser weigh in points for stars, together 100 [I]. Source: ratings F6."""
    star_up_margin: int = 2
    """Points above the cut that it takes to rise. Source: ratings F7."""
    star_down_margin: int = 4
    """Points below the cut at which stars fall in any case. Source: ratings F7."""
    ratings_for_star: int = 30
    """Ratings of a year below which there are no stars. Source: ratings F7, F9."""
    star_response_percent: int = 20
    """Of those who were asked; with fewer answers stars need a narrow figure. Source: ratings F9."""
    star_half_width_tenths: int = 75
    """Half of the width, in tenths of a point, that is narrow. Source: ratings F9."""
    star_valid_days: int = 30
    """Days after the next quarter, when new ones are given, for which stars still hold [I]. Source: A68."""
    star_withheld_days: int = 180
    """Days after a proven breach or an exit in which no stars are given [I]. Source: ratings F6 (limiters)."""
    credit_base: int = 100
    """Points of credit of who did nothing yet [I]. Source: A67."""
    credit_floor: int = 0
    """The credit score is never lower [I]."""
    credit_ceiling: int = 120
    """The credit score is never higher [I]."""
    credit_points: tuple[str, ...] = (
        "breach:-20:3",
        "unrepaired:-5:1",
        "false_ratings:-50:3",
        "failed:-10:1",
        "passed:3:1",
        "kept_promises:5:1",
        "broken_promises:-5:1",
        "honour:5:2",
    )
    """What each event counts and for how many years: kind:points:years [I]. Source: A67, 2.5."""
    credit_effects: tuple[str, ...] = (
        "105:priority+fewer_checks",
        "80:",
        "60:more_checks",
        "0:more_checks+exit_review+barred",
    )
    """From which score on what follows: score:effect+effect [I]. Source: A69."""
    credit_appeal_working_days: int = 10
    """Working days in which a provider can appeal against an event [I]. Source: A67, 2.5."""
    credit_answer_working_days: int = 15
    """Working days in which an appeal or a repair is decided [I]."""
    credit_repair_days: int = 90
    """Days after an event before it can be made good [I]. Source: 2.5."""
    abnormal_years: int = 2
    """Years on the list of abnormal activity after which an organisation is on the serious one. Source: 2.5."""
    serious_years: int = 2
    """Years on the serious list at least; a repeated breach restarts them. Source: 2.5."""
    assessment_years: int = 5
    """Years for which a grade of 5A to 1A holds where its source does not say. Source: 2.5."""
