from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Optional, ValidationError

from portal.rules import N_, Refusal, Refused, terms
from portal.rules.counting import Completion, Method, Rule
from portal.rules.decisions import LAWS, Body, Share
from portal.rules.elections import BallotKind
from portal.rules.papers import CODE_DIGITS, digits_of
from portal.rules.projects import fen_of
from portal.rules.rounds import LONGEST_BASIS, LONGEST_QUESTION, MAY_LIMIT, OptionDraft, read_conflicts
from portal.store.clock import CHINA, now, today
from portal.voting.drafts import places_of
from portal.voting.queries import BESIDE
from portal.web.forms import Form, Line, Story
from portal.web.words import gettext

MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""As browsers send it, and as people type it where a browser has no calendar."""
BY_BALLOT = ""
"""The form of publication that rules.opencount proposes."""
PRESETS = {
    "opinion": N_("Opinion vote"),
    "shares": N_("Share out a budget fairly"),
    "meeting": N_("Decision of a meeting"),
}
GIVEN = {"required": True}
"""Of a choice that is proposed: it is never empty."""
NUMBER = {"inputmode": "numeric", "min": 0}
AMOUNT = {"inputmode": "decimal", "maxlength": 20, "autocomplete": "off"}
SHARE = {"maxlength": 12, "autocomplete": "off", "placeholder": ">1/2"}


class RoundForm(Form):
    """Everything that decides a vote on one project; what is not looked at is as usual."""

    question = Line(N_("What is asked?"), render_kw={"maxlength": LONGEST_QUESTION, "required": True})
    opens_at = DateTimeLocalField(N_("The vote opens"), [Optional()], format=MINUTES, render_kw={"required": True})
    closes_at = DateTimeLocalField(N_("The vote closes"), [Optional()], format=MINUTES, render_kw={"required": True})
    budget = Line(N_("Budget in yuan"), render_kw={**AMOUNT, "required": True})
    ballot = SelectField(N_("How people answer"), choices=terms.ANSWERS)
    most = IntegerField(N_("How many options, or how many points"), [Optional()], render_kw=NUMBER)
    rule = SelectField(N_("What decides"), choices=terms.RULES)
    threshold = IntegerField(N_("Votes that are needed at least"), [Optional()], render_kw=NUMBER)
    completion = SelectField(N_("Money that is left"), choices=terms.COMPLETIONS, render_kw=GIVEN)
    stop_exhaustive = BooleanField(N_("Stop as soon as nothing more can be paid for"))
    comparison = BooleanField(N_("Take the result by most votes if more voters prefer it"))
    beside = BooleanField(N_("Show the other way of counting beside it"))
    one_each = BooleanField(N_("At most one design of a project can win"))
    conflicts = Line(N_("Other options that exclude each other"), render_kw={"maxlength": 500, "autocomplete": "off"})
    body = SelectField(N_("What it is worth"), choices={body: law.name for body, law in LAWS.items()}, render_kw=GIVEN)
    legal_basis = Line(N_("Legal basis"), render_kw={"maxlength": LONGEST_BASIS})
    quorum = Line(N_("How many must take part"), render_kw=SHARE)
    majority = Line(N_("How many of those must agree"), render_kw=SHARE)
    publish = SelectField(
        N_("What is published of the ballots"),
        choices={BY_BALLOT: N_("As fits the ballot")} | terms.FORMS,
        render_kw=GIVEN,
    )

    @classmethod
    def proposed(cls, preset: str, body: Body, notice_days: int, **values: Any) -> "RoundForm":
        """A form as `preset` proposes it; `body` decides where a meeting is to, which is told `notice_days` before."""
        given: dict[str, Any] = {
            "opens_at": now().astimezone(CHINA),
            "closes_at": datetime.combine(today() + timedelta(days=14), time(20)),
            "ballot": BallotKind.APPROVAL.value,
            "rule": Rule.GREEDY.value,
            "completion": BESIDE.completion.value,
            "beside": True,
            "body": Body.OPINION.value,
            "publish": BY_BALLOT,
        }
        if preset == "shares":
            given |= {"rule": Rule.EQUAL_SHARES.value}
        if preset == "meeting":
            law, opens_on = LAWS[body], today() + timedelta(days=max(notice_days, LAWS[body].notice_days) + 1)
            given |= {
                "opens_at": datetime.combine(opens_on, time(8)),
                "closes_at": datetime.combine(opens_on + timedelta(days=14), time(20)),
                "body": body.value,
                "legal_basis": gettext(law.source),
                "quorum": str(law.quorum),
                "majority": str(law.majority),
            }
        return cls(**given | values)

    def settings(self, options: tuple[OptionDraft, ...], places: Mapping[int, tuple[int, ...]]) -> dict[str, Any]:
        """What was typed, as a RoundDraft on `options` says it; `places`: what numbers mean.

        What is `unreadable` is left out.
        """
        body, kind = Body(self.body.data), BallotKind(self.ballot.data)
        beside = BESIDE if self.rule.data != Rule.EQUAL_SHARES else Method(Rule.GREEDY)
        return {
            "question": self.question.data,
            "options": options,
            "budget_fen": fen_of(self.budget.data) or 0,
            "opens_at": _in_china(self.opens_at.data),
            "closes_at": _in_china(self.closes_at.data),
            "ballot": kind,
            "most": self.most.data if kind in MAY_LIMIT else None,
            "method": self._method(),
            "beside": beside if self.beside.data else None,
            "conflicts": (*self._one_each(options), *self._conflicts(places)[0]),
            "body": body,
            "legal_basis": self.legal_basis.data,
            "quorum": _share(self.quorum.data) or LAWS[body].quorum,
            "majority": _share(self.majority.data) or LAWS[body].majority,
            "publish": self.publish.data,
        }

    def unreadable(self, places: Mapping[int, tuple[int, ...]]) -> Iterator[Refusal]:
        """What of the typed nobody can read."""
        if fen_of(self.budget.data) is None:
            yield Refusal(N_("Please give an amount in yuan, such as 12000 or 12000.50."), "budget")
        if (self.threshold.data or 0) < 0:
            yield Refusal(N_("Please give 0 or a larger number."), "threshold")
        for name in ("quorum", "majority"):
            if self[name].data and _share(self[name].data) is None:
                yield Refusal(N_("Please write a share like this: >1/2 or >=2/3"), name)
        yield from self._conflicts(places)[1]

    def _conflicts(
        self, places: Mapping[int, tuple[int, ...]]
    ) -> tuple[tuple[tuple[int, ...], ...], tuple[Refusal, ...]]:
        """Options that exclude each other, and why what was typed of them cannot be read."""
        try:
            return read_conflicts(self.conflicts.data, places), ()
        except Refused as refused:
            return (), tuple(refused.refusals)

    def _method(self) -> Method:
        rule, threshold = Rule(self.rule.data), max(0, self.threshold.data or 0)
        if rule is not Rule.EQUAL_SHARES:
            return Method(rule, threshold)
        completion = Completion(self.completion.data)
        return Method(
            rule, threshold, completion, self.stop_exhaustive.data, self.comparison.data, increment=BESIDE.increment
        )

    def _one_each(self, options: tuple[OptionDraft, ...]) -> list[tuple[int, ...]]:
        return [places for places in places_of(options).values() if len(places) > 1] if self.one_each.data else []


class ProjectsForm(RoundForm):
    """A vote among several projects."""

    options = SelectMultipleField(N_("Which projects?"), coerce=int, validate_choice=False)
    among = SelectField(
        N_("What can be chosen"),
        choices={"projects": N_("Whole projects, each at its budget"), "designs": N_("The designs of the projects")},
    )


class WithdrawForm(Form):
    """Why a vote is taken back before it opens."""

    reason = Story(N_("Why?"), render_kw={"rows": 3, "maxlength": 500, "required": True})


class DigitsForm(Form):
    """The end of a voter's code, as she chooses it."""

    digits = Line(
        N_("Four digits"), render_kw={"inputmode": "numeric", "maxlength": 4, "autocomplete": "off", "required": True}
    )


class CodeForm(Form):
    """The 16 digits of a slip."""

    code = Line(
        N_("The code on your slip"),
        [DataRequired()],
        render_kw={
            "inputmode": "numeric",
            "autocomplete": "off",
            "required": True,
            "maxlength": 200,
            "autofocus": True,
        },
    )

    def validate_code(self, field: Line) -> None:
        field.data = digits_of(field.data or "")
        if len(field.data) != CODE_DIGITS:
            raise ValidationError(gettext(N_("The code on your slip has %(count)s digits."), count=CODE_DIGITS))


def _share(typed: str) -> Share | None:
    """None where nothing that can be read was typed."""
    try:
        return Share.read(typed) if typed else None
    except ValueError:
        return None


def _in_china(typed: datetime | None) -> datetime | None:
    return typed.replace(tzinfo=CHINA) if typed else None
