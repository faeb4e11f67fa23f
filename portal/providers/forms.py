from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired

from portal.rules import N_
from portal.rules.providers import ProviderDraft, ProviderKind, normal_code
from portal.web.forms import Form, Line, Story

KINDS = {
    ProviderKind.SOCIAL: N_("Social organisation"),
    ProviderKind.EXEMPT: N_("Social organisation exempted from registration"),
    ProviderKind.INSTITUTION: N_("Public institution"),
    ProviderKind.ENTERPRISE: N_("Enterprise or other body"),
}


class ProviderForm(Form):
    name = Line(N_("Registered name"), [DataRequired()], render_kw={"maxlength": 100, "autocomplete": "organization"})
    kind = SelectField(
        N_("Kind"), choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()], validate_choice=False
    )
    usc_code = Line(
        N_("Unified social credit code"),
        [DataRequired()],
        render_kw={"maxlength": 24, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    story = Story(N_("What it does, in a few words"), render_kw={"rows": 3, "maxlength": 2000})

    def draft(self) -> ProviderDraft:
        return ProviderDraft(
            self.name.data, self.kind.data or "", normal_code(self.usc_code.data or ""), self.story.data or ""
        )
