from typing import Any

from wtforms import RadioField, SelectField

from portal.rules import N_
from portal.rules.credit import RECORDED, Effect, EventKind
from portal.rules.outside import EntryKind
from portal.rules.pleas import LONGEST_EVIDENCE, LONGEST_REASON, EventDraft
from portal.web.forms import Form, Key, Line, Story

EVENTS = {
    EventKind.EXIT: N_("It had to leave a contract"),
    EventKind.BREACH: N_("A breach of contract was proven"),
    EventKind.UNREPAIRED: N_("An upheld complaint was not put right in time"),
    EventKind.FALSE_RATINGS: N_("False ratings were proven"),
    EventKind.FAILED: N_("An inspection was failed"),
    EventKind.PASSED: N_("An inspection was passed"),
    EventKind.KEPT: N_("What was promised was kept"),
    EventKind.BROKEN: N_("What was promised was not kept"),
    EventKind.HONOUR: N_("It was honoured for its work"),
}
EFFECTS = {
    Effect.PRIORITY: N_("Comes first where offers are equal"),
    Effect.FEWER_CHECKS: N_("Is checked less often"),
    Effect.MORE_CHECKS: N_("Is checked more often"),
    Effect.EXIT_REVIEW: N_("Whether it has to leave its contracts is looked at"),
    Effect.BARRED: N_("Is barred from selection"),
}
ENTRIES = {
    EntryKind.ASSESSMENT: N_("Assessment grade"),
    EntryKind.ABNORMAL: N_("List of abnormal activity"),
    EntryKind.SERIOUS: N_("List of serious violation and breach of trust"),
}
REASON: dict[str, Any] = {"rows": 4, "maxlength": LONGEST_REASON, "required": True}
EVIDENCE: dict[str, Any] = {"maxlength": LONGEST_EVIDENCE, "required": True}


class EventForm(Form):
    key = Key()
    kind = SelectField(
        N_("What happened?"),
        choices={"": "", **{kind.value: EVENTS[kind] for kind in RECORDED}},
        validate_choice=False,
        render_kw={"required": True},
    )
    reason = Story(N_("What exactly?"), render_kw=REASON)
    evidence = Line(N_("Where can it be looked up?"), render_kw=EVIDENCE)

    def draft(self) -> EventDraft:
        return EventDraft(self.kind.data or "", self.reason.data or "", self.evidence.data or "")


class PleaForm(Form):
    key = Key()
    words = Story(N_("What do you say to it?"), render_kw=REASON)
    evidence = Line(N_("What shows it?"), render_kw=EVIDENCE)


class DecisionForm(Form):
    granted = RadioField(
        N_("Your decision"),
        choices={"yes": N_("It no longer counts"), "no": N_("It stands")},
        validate_choice=False,
        render_kw={"required": True},
    )
    answer = Story(N_("Why?"), render_kw=REASON)


class ImportForm(Form):
    lines = Story(N_("Lines of the list"), render_kw={"rows": 8, "required": True})


class TryForm(Form):
    """What is tried out; whole numbers with blanks or commas between them."""

    class Meta(Form.Meta):
        csrf = False

    star_cuts = Line(N_("Points from which on there are 2, 3, 4 and 5 stars"))
    star_weights = Line(N_("Percent that recipients, third party and purchaser weigh in the points for stars"))
    star_up_margin = Line(N_("Points above the line that it takes for one star more"))
    star_down_margin = Line(N_("Points below the line at which a star is lost in any case"))
    ratings_for_star = Line(N_("Ratings of a year below which there are no stars"))
