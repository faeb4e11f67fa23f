"""How a project goes on: publish, match, serve, evaluate, improve. Source: A40, A23."""

from collections.abc import Collection, Iterator
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.projects import ProjectState
from portal.rules.wording import public_text


class Stage(StrEnum):
    """The five stages that everyone is shown. Source: A40 (发布-对接-服务-评价-提升)."""

    PUBLISH = "publish"
    MATCH = "match"
    SERVE = "serve"
    EVALUATE = "evaluate"
    IMPROVE = "improve"


class Way(StrEnum):
    """How residents took part. Source: A23."""

    NEED = "need"
    CONSULTATION = "consultation"
    VOTE = "vote"
    NOTICE = "notice"
    MEETING = "meeting"
    CHECK = "check"
    RATING = "rating"
    NONE = "none"
    """Nobody could; the reason is public."""


STAGE_OF = {
    ProjectState.DRAFTED: Stage.PUBLISH,
    ProjectState.CONSULTED: Stage.PUBLISH,
    ProjectState.VOTED: Stage.PUBLISH,
    ProjectState.NOTICED: Stage.PUBLISH,
    ProjectState.APPROVED: Stage.PUBLISH,
    ProjectState.TENDERED: Stage.MATCH,
    ProjectState.AWARDED: Stage.MATCH,
    ProjectState.CONTRACTED: Stage.MATCH,
    ProjectState.SERVING: Stage.SERVE,
    ProjectState.ACCEPTED: Stage.SERVE,
    ProjectState.EVALUATED: Stage.EVALUATE,
    ProjectState.IMPROVING: Stage.IMPROVE,
    ProjectState.CLOSED: Stage.IMPROVE,
    ProjectState.STOPPED: Stage.IMPROVE,
}
STAGES = tuple(Stage)
ENDED = (ProjectState.CLOSED, ProjectState.STOPPED)

NEXT: dict[ProjectState, frozenset[ProjectState]] = {
    ProjectState.DRAFTED: frozenset({ProjectState.CONSULTED, ProjectState.NOTICED, ProjectState.STOPPED}),
    ProjectState.CONSULTED: frozenset({ProjectState.VOTED, ProjectState.DRAFTED}),
    ProjectState.VOTED: frozenset({ProjectState.CONSULTED, ProjectState.NOTICED, ProjectState.STOPPED}),
    ProjectState.NOTICED: frozenset(
        {ProjectState.APPROVED, ProjectState.DRAFTED, ProjectState.VOTED, ProjectState.STOPPED}
    ),
    ProjectState.APPROVED: frozenset({ProjectState.TENDERED, ProjectState.STOPPED}),
    ProjectState.TENDERED: frozenset({ProjectState.AWARDED, ProjectState.APPROVED, ProjectState.STOPPED}),
    ProjectState.AWARDED: frozenset({ProjectState.CONTRACTED, ProjectState.APPROVED, ProjectState.STOPPED}),
    ProjectState.CONTRACTED: frozenset({ProjectState.SERVING, ProjectState.STOPPED}),
    ProjectState.SERVING: frozenset({ProjectState.ACCEPTED, ProjectState.STOPPED}),
    ProjectState.ACCEPTED: frozenset({ProjectState.EVALUATED}),
    ProjectState.EVALUATED: frozenset({ProjectState.IMPROVING}),
    ProjectState.IMPROVING: frozenset({ProjectState.CLOSED}),
    ProjectState.CLOSED: frozenset(),
    ProjectState.STOPPED: frozenset(),
}
"""While residents vote a project is neither stopped nor changed: its vote ends, or is withdrawn before it opens."""
WITH_REASON = frozenset(
    {
        (ProjectState.DRAFTED, ProjectState.NOTICED),
        (ProjectState.NOTICED, ProjectState.DRAFTED),
        (ProjectState.NOTICED, ProjectState.VOTED),
        (ProjectState.TENDERED, ProjectState.APPROVED),
        (ProjectState.AWARDED, ProjectState.APPROVED),
        *((state, ProjectState.STOPPED) for state in NEXT if ProjectState.STOPPED in NEXT[state]),
    }
)
"""Steps that everyone is told the reason of: no vote was held, or the project goes back or is given up."""
FEWEST_WORDS = 2
LONGEST_WORDS = 2000
MOST_PEOPLE = 99_999_999


def can_be_voted_on(state: ProjectState) -> bool:
    """Whether a vote on a project may be announced; one whose last vote is neither sealed nor withdrawn counts, too."""
    return state is ProjectState.CONSULTED or ProjectState.CONSULTED in NEXT[state]


def closes(state: ProjectState, to: ProjectState) -> Stage | None:
    """The stage that ends with the step from `state` to `to`; going back or giving up ends none as done."""
    stage, next_stage = STAGE_OF[state], STAGE_OF[to]
    if to is ProjectState.CLOSED:
        return stage
    forward = STAGES.index(next_stage) > STAGES.index(stage)
    return stage if forward and to is not ProjectState.STOPPED else None


def may_move(
    state: ProjectState, to: ProjectState, *, words: str, stages_with_people: Collection[str]
) -> Iterator[Refusal]:
    """Why a project does not go from `state` to `to`; `stages_with_people` have some, or a reason why nobody came.

    Source: A40 (the steps), A23 (no stage closes without participation or a stated reason), A24 (public reasons).
    """
    if to not in NEXT[state]:
        yield Refusal(N_("From where this project stands it cannot take this step; its page shows what comes next."))
        return
    if (state, to) in WITH_REASON and len(words.strip()) < FEWEST_WORDS:
        yield Refusal(N_("Please say why; everyone reads it."), "words")
    yield from public_words(words, "words")
    closing = closes(state, to)
    if closing is not None and closing not in stages_with_people:
        yield Refusal(
            N_(
                "This stage cannot end yet: nobody is noted as having taken part in it. "
                "Note who took part, or say openly why nobody could."
            )
        )


def public_words(words: str, beside: str) -> Iterator[Refusal]:
    """Why words may not stand where everyone reads them: too long, or a person's numbers. Source: B31."""
    yield from public_text(words, beside, LONGEST_WORDS)


def participation_refusals(
    state: ProjectState, way: str, took_part: int | None, asked: int | None, words: str
) -> Iterator[Refusal]:
    """Why a note of who took part says too little. Source: A23."""
    if state in ENDED:
        yield Refusal(N_("This project has ended; nothing is added to it any more."))
    if way not in (Way.MEETING, Way.CONSULTATION, Way.NONE):
        yield Refusal(N_("Please choose how they took part, or that nobody could."), "way")
    elif way == Way.NONE:
        if len(words.strip()) < FEWEST_WORDS:
            yield Refusal(N_("Please say why nobody took part; everyone reads it."), "words")
        if took_part:
            yield Refusal(N_("If nobody took part, please leave the number empty."), "took_part")
    else:
        if not took_part or took_part < 1:
            yield Refusal(N_("Please say how many took part: one or more."), "took_part")
        if asked is not None and asked < (took_part or 0):
            yield Refusal(N_("More people took part than were asked?"), "asked")
    for beside, count in (("took_part", took_part), ("asked", asked)):
        if count is not None and not 0 <= count <= MOST_PEOPLE:
            yield Refusal(N_("This is no number of people."), beside)
    yield from public_words(words, "words")
