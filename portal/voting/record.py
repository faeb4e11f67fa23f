"""Everyone reads what a vote was worth under the law, on one sheet of paper or as a table."""

from collections.abc import Iterator
from typing import Any

from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed
from portal.voting.blueprint import bp
from portal.voting.legal import LegalRecord, record_of
from portal.voting.queries import Poll
from portal.voting.results import said
from portal.web.csv import table_as_csv
from portal.web.door import page
from portal.web.words import gettext, in_words, moment


@bp.get("/<int:poll>/record", deed=Deed.READ_PUBLIC)
def record(region: Region, poll: Poll) -> Any:
    """Everyone reads, and prints, the legal record of a vote once it is counted."""
    if poll.round.sealed_at is None:
        return page("voting/not_yet.html", 404, region=region, poll=poll)
    record = record_of(poll)
    return page(region=region, poll=poll, record=record, statement=said(record.statement, record.result.options))


@bp.get("/<int:poll>/record.csv", deed=Deed.READ_PUBLIC)
def record_csv(region: Region, poll: Poll) -> Any:
    """Everyone takes the legal record as a table."""
    if poll.round.sealed_at is None:
        return page("voting/not_yet.html", 404, region=region, poll=poll)
    head = [gettext(word) for word in HEAD]
    return table_as_csv(f"record-{poll.round.id}", head, _rows(poll, record_of(poll)))


HEAD = (N_("What"), N_("Said"), N_("Share"), N_("Percent"), N_("Needed"), N_("Reached"))


def _rows(poll: Poll, record: LegalRecord) -> Iterator[tuple[object, ...]]:
    round, result, legal = poll.round, record.result, record.result.legal
    yield gettext(N_("Question")), in_words(round, "question")
    yield gettext(N_("Place")), in_words(poll.region, "name")
    yield gettext(N_("What it is worth")), gettext(record.law.name)
    yield gettext(N_("Legal basis")), in_words(round, "legal_basis")
    yield gettext(N_("Announced")), moment(round.announced_at)
    yield gettext(N_("The vote opens")), moment(round.opens_at)
    yield gettext(N_("The vote closes")), moment(round.closes_at)
    yield gettext(N_("Full days of notice")), record.notice_days
    yield gettext(N_("Might vote")), result.eligible
    share = f"{result.voters}/{result.eligible}"
    held = _yes(legal.held) if legal.quorum_needs is not None else ""
    yield gettext(N_("Took part")), result.voters, share, record.percent, legal.quorum_needs, held
    for line in record.lines:
        share, agreed = f"{line.votes}/{result.voters}", "" if line.agreed is None else _yes(line.agreed)
        yield in_words(line.option, "title"), line.votes, share, line.percent, legal.majority_needs, agreed
    yield gettext(N_("Statement")), said(record.statement, record.result.options)


def _yes(reached: bool) -> str:
    return gettext(N_("Yes")) if reached else gettext(N_("No"))
