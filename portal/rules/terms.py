"""What the settings of a vote are called in plain words, for those who choose them and those who vote under them."""

from portal.rules import N_
from portal.rules.counting import Completion, Rule
from portal.rules.elections import BallotKind
from portal.rules.opencount import AGGREGATE, BALLOTS, MARKS

ANSWERS = {
    BallotKind.APPROVAL: N_("Everyone marks all they like"),
    BallotKind.CHOOSE_K: N_("Everyone marks up to a number of options"),
    BallotKind.CHOOSE_1: N_("Everyone marks one option"),
    BallotKind.KNAPSACK: N_("Everyone marks what the budget can pay for together"),
    BallotKind.CUMULATIVE: N_("Everyone shares out points"),
    BallotKind.ORDINAL: N_("Everyone puts options in order, the best first"),
}
LIMITS = {
    BallotKind.CHOOSE_K: N_("at most %(most)s options"),
    BallotKind.CUMULATIVE: N_("%(most)s points each"),
    BallotKind.ORDINAL: N_("at most %(most)s places"),
}
"""What the limit of a ballot means."""
RULES = {
    Rule.GREEDY: N_("Most votes first; what the money that is left cannot pay for is passed over"),
    Rule.THRESHOLD: N_("Most votes first, and only what has a least number of votes"),
    Rule.NO_SKIP: N_("Most votes first, until the money that is left cannot pay for the next one"),
    Rule.EXCLUSIVE: N_("Most votes first; of options that exclude each other at most one"),
    Rule.CUSTOM: N_(
        "Most votes first, until the money cannot pay for the next one; "
        "that one still wins if at least 80 percent of its cost is left"
    ),
    Rule.EQUAL_SHARES: N_("Equal Shares: each voter has the same share of the money, and supporters pay together"),
}
COMPLETIONS = {
    Completion.NONE: N_("Money that is left stays left"),
    Completion.ADD1: N_("Shares grow in small steps as long as the budget can pay for what wins"),
    Completion.ADD1U: N_("Shares grow in small steps; then most votes first with the money that is left"),
}
FORMS = {
    BALLOTS: N_("Every ballot, without names: everyone can count again"),
    MARKS: N_("Every mark by itself, so that nobody sees which marks stood on one ballot: everyone can count again"),
    AGGREGATE: N_("Only the sums: nobody outside can count the choices again"),
}
"""How ballots are published."""
