from wtforms import HiddenField

from portal.rules import N_
from portal.rules.disclosure import LONGEST_WORDS
from portal.web.forms import Form, Story


class DiscloseForm(Form):
    seen = HiddenField(default="0")
    words = Story(N_("What is to be said besides"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS})

    @property
    def version(self) -> int:
        """The newest version on the page that was sent."""
        typed = self.seen.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 6 else 0
