from wtforms import RadioField, SelectChoice

from portal.rules import N_
from portal.rules.promises import LONGEST, Answer, Subject, Verdict
from portal.web.forms import Form, Story

ANSWERS = {
    Answer.YES.value: N_("Yes, it is so"),
    Answer.PARTLY.value: N_("Partly"),
    Answer.NO.value: N_("No, it is not so"),
}
VERDICTS = {
    Verdict.KEPT.value: N_("Kept"),
    Verdict.PARTLY.value: N_("Partly kept"),
    Verdict.NOT_KEPT.value: N_("Not kept"),
    Verdict.UNKNOWN.value: N_("Too few answered to say"),
    "": N_("Those who asked are being asked"),
}
SUBJECTS = {
    Subject.NEED.value: N_("Need"),
    Subject.PROJECT.value: N_("Project"),
    Subject.IMPROVEMENT.value: N_("Improvement"),
}


class DoneForm(Form):
    words = Story(N_("What was done?"), render_kw={"rows": 4, "maxlength": LONGEST, "required": True})


class AnswerForm(Form):
    answer = RadioField(N_("Is it so?"), choices=[SelectChoice(*one) for one in ANSWERS.items()], validate_choice=False)
