"""What a recipient is given on paper: a square to scan, a code to type, and what she should know."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, url_for

from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.papers import grouped
from portal.store.clock import today
from portal.web.qr import QrCode, here, qr_code
from portal.web.words import day as day_in_words
from portal.web.words import gettext, in_words, speaking

SAID = (
    N_("Scan the square with a telephone, or type the code at %(address)s. One tap; no sign-up is needed."),
    N_("Nobody sees who rates: neither the provider, nor the committee, nor the government."),
    N_("With this same slip you can change your grade for %(days)s days."),
    N_("It can be used until %(until)s."),
)


@dataclass(frozen=True)
class Slip:
    """A slip to print, in the language of the place."""

    tag: str
    code: str
    qr: QrCode
    title: str
    lines: tuple[str, ...]
    ticket_page: str
    """Where she rates on the telephone or screen of the one who asks."""


def slip_of(token: str, provider: Provider, region: Region) -> Slip:
    numbers = rules_for(region)
    tag = current_app.config["SETTINGS"].default_language
    with speaking(tag):
        values: dict[str, Any] = {
            "address": here(url_for("ratings.enter")),
            "days": numbers.rating_revision_days,
            "until": day_in_words(today() + timedelta(days=numbers.rating_invitation_days)),
        }
        title = gettext(N_("%(provider)s: how was it?"), provider=in_words(provider, "name"))
        lines = tuple(gettext(words, **values) for words in SAID)
    return Slip(
        tag,
        grouped(token),
        qr_code(here(url_for("ratings.rate", token=token))),
        title,
        lines,
        url_for("ratings.rate", token=token, at="counter"),
    )
