from portal.rules import N_
from portal.rules.staffing import CountDraft
from portal.web.forms import Form, Key, Line, Story

NUMBER = {"inputmode": "numeric", "maxlength": 12, "autocomplete": "off", "required": True}


class CountForm(Form):
    key = Key()
    served = Line(N_("How many people are served?"), render_kw=NUMBER)
    staff = Line(N_("How many full-time people work on it?"), render_kw=NUMBER)
    reason = Story(N_("Why is it not as the standard asks?"), render_kw={"rows": 3, "maxlength": 1000})

    def draft(self) -> CountDraft:
        return CountDraft(_whole(self.served.data or ""), _whole(self.staff.data or ""), self.reason.data or "")


def _whole(typed: str) -> int | None:
    plain = typed.replace(",", "").replace("\u3000", "").replace(" ", "")
    return int(plain) if plain.isdecimal() and len(plain) <= 12 else None
