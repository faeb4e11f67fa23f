"""How a project goes on: publish, match, serve, evaluate, improve. Source: A40, A23."""

from enum import StrEnum

from portal.rules.projects import ProjectState


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
