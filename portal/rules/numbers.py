"""Every number that a place may set for itself, with the default of the law."""

from dataclasses import dataclass


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
    called_back: int = 30
    """People marked as voters whom two people of different bodies ask whether they voted. Source: trust 3.9."""
