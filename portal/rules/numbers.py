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
    ratings_to_publish: int = 10
    """Ratings below which no figure is shown. Source: ratings F9, trust 4.1."""
    cell_to_publish: int = 5
    """People below which no cell of a table is shown. Source: ratings F9."""
    prior_weight: int = 5
    """m of F3: how much the mix of all providers of a kind weighs in one's score. Source: ratings F3."""
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
    supervision_after_days: int = 30
    """Days after the last day in which the points after delivery are looked at [I]. Source: B30."""
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
