from wtforms import BooleanField, RadioField, SelectField

from portal.comments.models import CommentDecision
from portal.comments.moderating import CommentDraft
from portal.rules import N_, Refusal, Refused
from portal.rules.comments import (
    BY_HAND,
    KINDS,
    LONGEST_ANSWER,
    LONGEST_APPEAL,
    LONGEST_REASON,
    MASKS,
    Verdict,
    names_in,
)
from portal.web.forms import Form, Line, Story

VERDICTS = {
    Verdict.PUBLISH.value: N_("It may be public"),
    Verdict.MASK.value: N_("It may be public when names in it are masked"),
    Verdict.HIDE.value: N_("It should be hidden"),
}


class DecisionForm(Form):
    verdict = RadioField(N_("What do you decide?"), choices=VERDICTS, validate_choice=False)
    names = Line(N_("Names to mask, as they stand in the text"), render_kw={"maxlength": 120, "autocomplete": "off"})
    mask = SelectField(N_("Whose names are they?"), choices={by: MASKS[by] for by in BY_HAND}, validate_choice=False)
    kind = SelectField(N_("Why hidden?"), choices={"": "", **KINDS}, validate_choice=False)
    reason = Story(
        N_("What is it that cannot be public?"), render_kw={"rows": 2, "maxlength": LONGEST_REASON, "required": True}
    )
    photo_cleared = BooleanField(N_("The photo may be shown"))

    def offer(self, proposal: CommentDecision | None) -> None:
        """Let her confirm the mask that somebody proposes."""
        if proposal is not None:
            self.verdict.choices = VERDICTS | {f"mask-{proposal.id}": N_("It may be public with the proposed mask")}

    def draft(self) -> CommentDraft:
        verdict, _, confirms = (self.verdict.data or "").partition("-")
        return CommentDraft(
            verdict,
            self.kind.data or "",
            self.reason.data or "",
            names_in(self.names.data or ""),
            self.mask.data or "",
            self.photo_cleared.data,
            int(confirms) if confirms.isdecimal() else 0,
        )


class AppealForm(Form):
    words = Story(
        N_("Why should your words be read?"), render_kw={"rows": 3, "maxlength": LONGEST_APPEAL, "required": True}
    )


class JudgeForm(Form):
    upheld = RadioField(
        N_("What do you decide?"),
        choices={"yes": N_("The words are shown as they were written"), "no": N_("It stays as it is")},
        validate_choice=False,
    )
    reason = Story(N_("Why?"), render_kw={"rows": 3, "maxlength": LONGEST_REASON, "required": True})

    def answer(self) -> bool:
        """What was chosen. Raises Refused if it was nothing."""
        if self.upheld.data not in ("yes", "no"):
            raise Refused([Refusal(N_("Please choose what is to be done."), "upheld")])
        return bool(self.upheld.data == "yes")


class AnswerForm(Form):
    words = Story(N_("Your answer"), render_kw={"rows": 4, "maxlength": LONGEST_ANSWER, "required": True})
