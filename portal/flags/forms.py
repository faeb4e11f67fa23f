from wtforms import RadioField

from portal.rules import N_
from portal.rules.reviews import LONGEST, Verdict
from portal.web.forms import Form, Story

VERDICTS = {
    Verdict.COUNTED: N_("They count"),
    Verdict.LEFT_OUT: N_("They are left out"),
}


class ReviewForm(Form):
    verdict = RadioField(
        N_("What do you decide?"), choices={one.value: said for one, said in VERDICTS.items()}, validate_choice=False
    )
    reason = Story(N_("Why?"), render_kw={"rows": 4, "maxlength": LONGEST, "required": True})
