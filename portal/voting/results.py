"""Everyone reads what a vote came to, and why."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from portal.regions.models import Region
from portal.rules import N_, decisions, terms
from portal.rules.counting import Method
from portal.rules.decisions import Body
from portal.rules.elections import BallotKind
from portal.rules.explaining import Reason
from portal.rules.opencount import AGGREGATE
from portal.rules.permissions import Deed
from portal.rules.rounds import RANKED
from portal.voting import log, queries
from portal.voting.blueprint import bp
from portal.voting.queries import Poll, Result
from portal.web.csv import table_as_csv
from portal.web.door import page
from portal.web.errors import answer
from portal.web.qr import here, qr_code
from portal.web.words import gettext, in_words, joined, money

MOST_COLUMNS = 6
"""Options whose support by community the page shows; the file has all."""


@bp.get("/<int:poll>/result", deed=Deed.READ_PUBLIC)
def result(region: Region, poll: Poll) -> Any:
    """Everyone reads which options were chosen and why, once the vote is sealed; before, only when that will be."""
    if poll.round.sealed_at is None:
        return page("voting/not_yet.html", 404, region=region, poll=poll)
    found = queries.result_of(poll)
    method = Method.from_json(poll.round.method)
    return page(
        region=region,
        poll=poll,
        result=found,
        by_points=BallotKind(poll.round.ballot) in RANKED,
        why=lambda reason: said(reason, found.options),
        statement=_statement(poll, found),
        turnout=decisions.percent(found.voters, found.eligible),
        places=queries.places_of(poll.round),
        columns=sorted(found.options, key=lambda number: _weight(found, number))[:MOST_COLUMNS],
        decides=rule_in_words(method),
        other=rule_in_words(Method.from_json(poll.round.beside)) if poll.round.beside else [],
        threshold=method.threshold,
        published=published_in_words(poll),
        logged=log.newest_head(poll.round) is not None,
    )


@bp.get("/<int:poll>/result.csv", deed=Deed.READ_PUBLIC)
def result_csv(region: Region, poll: Poll) -> Any:
    """Everyone takes the figures of a result along as a table."""
    if poll.round.sealed_at is None:
        return _not_yet()
    found, places = queries.result_of(poll), queries.places_of(poll.round)
    points = BallotKind(poll.round.ballot) in RANKED
    head = [
        N_("Number"),
        N_("Option"),
        N_("Points") if points else N_("Votes for it"),
        N_("Cost in yuan"),
        N_("Result"),
    ]
    rows: list[list[object]] = []
    for one in found.outcome.decisions:
        option = found.options[int(one.id)]
        why = joined(said(reason, found.options) for reason in (one.reason, one.missing, one.tie) if reason)
        chosen = gettext(N_("Chosen") if one.chosen else N_("Not chosen"))
        row = [option.number, in_words(option, "title"), one.score, _yuan(one.cost), chosen, why]
        rows.append([*row, *(_cell(place.votes[option.number]) for place in places)])
    ballots = ["", gettext(N_("Ballots")), found.voters, "", "", "", *(_cell(place.ballots) for place in places)]
    names = [in_words(place.region, "name") for place in places]
    titles = [*(gettext(title) for title in (*head, N_("Why"))), *names]
    return table_as_csv(f"vote-{poll.round.id}", titles, [*rows, ballots])


@bp.get("/<int:poll>/card", deed=Deed.READ_PUBLIC)
def card(region: Region, poll: Poll) -> Any:
    """Everyone passes a result on: as a picture, and as text for a chat."""
    if poll.round.sealed_at is None:
        return _not_yet()
    return page(region=region, poll=poll, text="\n".join((*_news(poll), _address(poll))))


@bp.get("/<int:poll>/card.svg", deed=Deed.READ_PUBLIC)
def card_picture(region: Region, poll: Poll) -> Any:
    """A picture of a result, 1200 by 630."""
    if poll.round.sealed_at is None:
        return _not_yet()
    title, *news = _news(poll)
    drawn = page(
        "voting/card.svg",
        title=_lines(title, 18, 2),
        news=[line for one in news for line in _lines(one, 22, 2)],
        heading=gettext(N_("%(place)s · result of the vote"), place=in_words(poll.region, "name")),
        qr=qr_code(_address(poll)),
        address=_address(poll),
    )
    drawn.mimetype = "image/svg+xml"
    return drawn


def said(reason: Reason, options: Mapping[int, Row[Any]]) -> str:
    """A reason of the count in the reader's words: amounts as money, options by their titles."""
    return gettext(reason.text, **{name: _value(name, value, options) for name, value in reason.values.items()})


def _value(name: str, value: int | str, options: Mapping[int, Row[Any]]) -> object:
    if name.endswith("_fen"):
        return money(int(value))
    return in_words(options[int(value)], "title") if name.endswith("_id") else value


def rule_in_words(method: Method) -> list[str]:
    """What a method does, in the reader's words."""
    completion = [terms.COMPLETIONS[method.completion]] if method.rule.value == "equalshares" else []
    return [gettext(text) for text in (terms.RULES[method.rule], *completion)]


def published_in_words(poll: Poll) -> str:
    """How the ballots of a round are published, and why; before the sealing, what was promised. Without a full stop."""
    round = poll.round
    if round.sealed_at is None:
        return gettext(terms.FORMS[round.publish])
    if round.published != AGGREGATE or round.publish == AGGREGATE or round.outcome is None:
        return gettext(terms.FORMS[round.published or AGGREGATE])
    fewest = log.fewest_of(round)
    if (round.voters or 0) < fewest:
        return gettext(
            N_("Only totals are published, because fewer than %(fewest)s voted: single voters could be found out"),
            fewest=fewest,
        )
    return gettext(N_("Only totals are published, because a ballot unlike all others could give its voter away"))


def _statement(poll: Poll, found: Result) -> str:
    standing = found.legal
    winners = [found.counts[int(key)] for key in found.outcome.winners]
    verdict = decisions.verdict(Body(poll.round.body), standing, winners)
    values = {"voters": found.voters, "quorum": standing.quorum_needs, "majority": standing.majority_needs}
    return gettext(decisions.STATEMENTS[verdict], **values)


def _weight(found: Result, number: int) -> tuple[bool, int, int]:
    return str(number) not in found.outcome.winners, -found.counts[number], number


def _not_yet() -> Any:
    return answer(404, gettext(N_("This vote is not counted yet; nobody sees a count before.")))


def _yuan(fen: int) -> object:
    return Decimal(fen) / 100 if fen % 100 else fen // 100


def _cell(votes: int | None) -> object:
    return gettext(N_("hidden")) if votes is None else votes


def _address(poll: Poll) -> str:
    return here(f"/{poll.region.code}/votes/{poll.round.id}/result")


def _news(poll: Poll) -> list[str]:
    """A result in few lines: the question, what was chosen, who took part."""
    found = queries.result_of(poll)
    winners = [in_words(found.options[int(key)], "title") for key in found.outcome.winners]
    shown = [f"{place}. {title}" for place, title in enumerate(winners[:3], 1)]
    if len(winners) > len(shown):
        shown.append(gettext(N_("and %(more)s more"), more=len(winners) - len(shown)))
    percent = decisions.percent(found.voters, found.eligible)
    part = gettext(
        N_("%(voters)s of %(eligible)s took part (%(percent)s%%).") if percent else N_("%(voters)s took part."),
        voters=found.voters,
        eligible=found.eligible,
        percent=percent,
    )
    chosen = gettext(N_("Residents chose:")) if winners else gettext(N_("Nothing was chosen."))
    return [in_words(poll.round, "question"), chosen, *shown, part]


def _lines(text: str, wide: int, most: int) -> Sequence[str]:
    """`text` in at most so many lines of `wide` Chinese characters; a Latin one counts half."""
    lines, used = [""], 0
    for sign in text:
        width = 1 if sign.isascii() else 2
        if used + width > 2 * wide:
            if len(lines) == most:
                lines[-1] = lines[-1][:-1] + "…"
                break
            lines.append("")
            used = 0
        lines[-1] += sign
        used += width
    return lines
