from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import Optional

from portal.rules import N_
from portal.rules.moderation import REASONS, Decision, DecisionDraft
from portal.web.addresses import LARGEST
from portal.web.forms import Form, Story


class DecisionForm(Form):
    """One decision; which one is said by the button that was pressed."""

    reason = RadioField(N_("Reason"), choices=dict(REASONS), validate_choice=False)
    words = Story(N_("Words to the author"), render_kw={"rows": 3, "maxlength": 1000})
    into = IntegerField(N_("Number of the need to join it with"), [Optional()], render_kw={"inputmode": "numeric"})
    private = BooleanField(N_("Keep it between author and committee"))

    def draft(self, decision: str) -> DecisionDraft:
        """Raises ValueError for a decision that there is not."""
        into = self.into.data if self.into.data and 0 < self.into.data <= LARGEST else None
        return DecisionDraft(Decision(decision), self.reason.data or "", self.words.data, into, bool(self.private.data))
