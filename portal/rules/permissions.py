"""Who may do what, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is to a region; a grant covers the region's whole subtree."""

    RESIDENT = "resident"
    COMMITTEE = "committee"
    OFFICIAL = "official"
    PROVIDER = "provider"


class Deed(StrEnum):
    """Everything that can be done here: `<noun>:<verb>`."""

    READ_PUBLIC = "public:read"
    SIGN_IN = "session:begin"
    SEE_OWN = "own:read"
    CHANGE_OWN = "own:change"
    REPORT_NEED = "need:report"
    REVISE_NEED = "need:revise"
    SUPPORT_NEED = "need:support"
    DECIDE_NEED = "need:decide"
    ANSWER_NEED = "need:answer"
    VOUCH_RESIDENT = "resident:vouch"
    DRAFT_PROJECT = "project:draft"
    RUN_ROUND = "round:run"
    CAST_VOTE = "vote:cast"
    CAST_BY_CODE = "vote:cast-by-code"
    HELP_VOTE = "vote:help"
    SEE_ROLL = "roll:read"
    KEEP_ROLL = "roll:keep"
    OBJECT_TO_ROLL = "roll:object"
    ENTER_PAPER = "paper:enter"
    RATE_SERVICE = "service:rate"
    RECORD_SERVICE = "service:record"
    REGISTER_PROVIDER = "provider:register"
    READ_SUMMARY = "summary:read"
    KEEP_CATALOGUE = "catalogue:keep"
    KEEP_POLICY = "policy:keep"
    KEEP_STAFFING = "staffing:keep"
    GROUP_NEEDS = "need:group"
    KEEP_RESOURCE = "resource:keep"
    OFFER_RESOURCE = "resource:offer"
    BOOK_RESOURCE = "resource:book"
    MOVE_PROJECT = "project:move"
    OBJECT_TO_PROJECT = "project:object"
    OFFER_SERVICE = "project:offer"
    SEE_FUNDS = "fund:read"
    KEEP_FUNDS = "fund:keep"
    ASK_GRANT = "grant:ask"
    RUN_PURCHASE = "purchase:run"
    BID = "purchase:bid"
    JUDGE_BIDS = "purchase:judge"
    RUN_CONTRACT = "contract:run"
    READ_TARGET = "contract:read-target"
    CHECK_DELIVERY = "delivery:check"
    ANSWER_CHECK = "delivery:answer"
    RUN_EXIT = "exit:run"
    DISCLOSE = "item:disclose"
    TAKE_CASE = "need:take-over"
    PUSH_TASK = "task:push"
    REFUSE_TASK = "task:refuse"
    IMPORT_DATA = "data:import"
    IMPORT_BY_KEY = "service:import-by-key"
    OPEN_CASE = "case:open"
    HANDLE_CASE = "case:handle"
    ANSWER_CASE = "case:answer"
    REVIEW_RATINGS = "rating:review"
    MODERATE_WORDS = "comment:moderate"
    ANSWER_WORDS = "comment:answer"
    APPEAL_WORDS = "comment:appeal"
    JUDGE_APPEAL = "appeal:judge"
    PLAN_EVALUATION = "evaluation:plan"
    EVALUATE = "evaluation:score"
    KEEP_CREDIT = "credit:keep"
    APPEAL_CREDIT = "credit:appeal"
    DECLARE_DONE = "promise:declare"
    ANSWER_PROMISE = "promise:answer"


ANYONE = frozenset(
    {
        Deed.READ_PUBLIC,
        Deed.SIGN_IN,
        Deed.REPORT_NEED,
        Deed.RATE_SERVICE,
        Deed.CAST_BY_CODE,
        Deed.IMPORT_BY_KEY,
        Deed.OPEN_CASE,
        Deed.APPEAL_WORDS,
    }
)
"""Reporting is for anyone, because acting comes first: a stranger's need waits as a draft for her to sign in.

What is done by a link, a code or a key asks for that and for nobody's name.
"""
SIGNED_IN = frozenset(
    {
        Deed.SEE_OWN,
        Deed.CHANGE_OWN,
        Deed.REVISE_NEED,
        Deed.SUPPORT_NEED,
        Deed.CAST_VOTE,
        Deed.OBJECT_TO_ROLL,
        Deed.HELP_VOTE,
        Deed.OFFER_RESOURCE,
        Deed.OBJECT_TO_PROJECT,
        Deed.JUDGE_BIDS,
        Deed.EVALUATE,
        Deed.JUDGE_APPEAL,
        Deed.ANSWER_PROMISE,
    }
)
BY_ROLE: dict[Role, frozenset[Deed]] = {
    Role.RESIDENT: frozenset(),
    Role.COMMITTEE: frozenset(
        {
            Deed.DECIDE_NEED,
            Deed.ANSWER_NEED,
            Deed.VOUCH_RESIDENT,
            Deed.DRAFT_PROJECT,
            Deed.RUN_ROUND,
            Deed.SEE_ROLL,
            Deed.KEEP_ROLL,
            Deed.ENTER_PAPER,
            Deed.RECORD_SERVICE,
            Deed.REGISTER_PROVIDER,
            Deed.READ_SUMMARY,
            Deed.GROUP_NEEDS,
            Deed.KEEP_RESOURCE,
            Deed.BOOK_RESOURCE,
            Deed.MOVE_PROJECT,
            Deed.CHECK_DELIVERY,
            Deed.REFUSE_TASK,
            Deed.HANDLE_CASE,
            Deed.REVIEW_RATINGS,
            Deed.MODERATE_WORDS,
            Deed.DECLARE_DONE,
        }
    ),
    Role.OFFICIAL: frozenset(
        {
            Deed.READ_SUMMARY,
            Deed.REGISTER_PROVIDER,
            Deed.RUN_ROUND,
            Deed.KEEP_CATALOGUE,
            Deed.KEEP_POLICY,
            Deed.KEEP_STAFFING,
            Deed.KEEP_RESOURCE,
            Deed.MOVE_PROJECT,
            Deed.SEE_FUNDS,
            Deed.KEEP_FUNDS,
            Deed.RUN_PURCHASE,
            Deed.RUN_CONTRACT,
            Deed.CHECK_DELIVERY,
            Deed.RUN_EXIT,
            Deed.DISCLOSE,
            Deed.PUSH_TASK,
            Deed.TAKE_CASE,
            Deed.HANDLE_CASE,
            Deed.REVIEW_RATINGS,
            Deed.MODERATE_WORDS,
            Deed.PLAN_EVALUATION,
            Deed.KEEP_CREDIT,
            Deed.DECLARE_DONE,
        }
    ),
    Role.PROVIDER: frozenset(
        {
            Deed.RECORD_SERVICE,
            Deed.BOOK_RESOURCE,
            Deed.OFFER_SERVICE,
            Deed.ASK_GRANT,
            Deed.BID,
            Deed.READ_TARGET,
            Deed.ANSWER_CHECK,
            Deed.ANSWER_CASE,
            Deed.ANSWER_WORDS,
            Deed.APPEAL_CREDIT,
        }
    ),
}


@dataclass(frozen=True)
class Grant:
    """A role over the region at `path` ("1.18.203.") and all below it; a provider's role names the provider."""

    role: Role
    path: str
    provider_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with what was granted; `id` is None for someone who has not signed in."""

    id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()

    def holds(self, role: Role, path: str) -> bool:
        """Whether `role` was granted over the region at `path`, or over one above it."""
        return any(grant.role is role and path.startswith(grant.path) for grant in self.grants)

    def works_for(self, provider_id: int) -> bool:
        """Whether this is one of the provider's own people, who decide nothing about it."""
        return any(grant.provider_id == provider_id for grant in self.grants)


NOBODY = Actor()


def may(actor: Actor, deed: Deed, path: str | None = None) -> bool:
    """Whether `actor` may do `deed` in the region at `path` (None: anywhere at all).

    Source: design of roles in `requirements` 1.6; a grant on a region covers its subtree.
    """
    if deed in ANYONE:
        return True
    if deed in SIGNED_IN:
        return actor.id is not None
    return any(deed in BY_ROLE[grant.role] and (path is None or path.startswith(grant.path)) for grant in actor.grants)
