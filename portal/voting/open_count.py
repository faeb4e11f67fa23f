"""Strangers recount: the log, its signed heads, and the open data of a vote."""

import gzip
import json
from typing import Any

from flask import Response, abort, request, url_for
from sqlalchemy import select

from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rules import opencount
from portal.rules.permissions import Deed
from portal.store import db
from portal.voting import log as logs
from portal.voting.blueprint import bp
from portal.voting.models import BallotRecord, Round
from portal.voting.publishing import bundle_file
from portal.voting.queries import Poll, count_voted
from portal.voting.results import published_in_words
from portal.web.addresses import row_number
from portal.web.csv import table_as_csv
from portal.web.door import page
from portal.web.qr import here, qr_code

MOST_HEADS = 60


@bp.get("/<int:poll>/log", deed=Deed.READ_PUBLIC)
def log(region: Region, poll: Poll) -> Any:
    """Everyone sees today's number of the public list, how many voted, and how to check it all."""
    head = _newest(poll.round)
    return page(
        region=region,
        poll=poll,
        head=head,
        older=[one for one in reversed(logs.daily_heads(poll.round)) if one.size < head.size][:MOST_HEADS],
        voted=count_voted(poll.round) if poll.round.voters is None else poll.round.voters,
        published=published_in_words(poll),
        numbers=rules_for(poll.region),
        fewest=logs.fewest_of(poll.round),
        bundle=url_for(".open_count", region=region.code, poll=poll.round.id),
        groups=groups,
    )


@bp.get("/<int:poll>/notice", deed=Deed.READ_PUBLIC)
def notice(region: Region, poll: Poll) -> Any:
    """A committee prints the newest head for the notice board."""
    head = _newest(poll.round)
    text = logs.head_text(poll.round, head)
    return page(
        region=region,
        poll=poll,
        head=head,
        text=text,
        parts=[groups(head.root[at : at + 16]) for at in range(0, 64, 16)],
        code=qr_code(text),
        where=here(url_for(".log", region=region.code, poll=poll.round.id)),
    )


@bp.get("/<int:poll>/log.json", deed=Deed.READ_PUBLIC)
def log_json(region: Region, poll: Poll) -> Any:
    """A stranger takes the list as it is now: what it holds tells nothing while the vote is open."""
    _newest(poll.round)
    heads = [vars(one) for one in logs.published(logs.daily_heads(poll.round))]
    told = {"format": opencount.FORMAT, "leaves": list(logs.leaves_of(poll.round)), "heads": heads}
    return _unchanged_or(Response(json.dumps(told, ensure_ascii=False), mimetype="application/json"))


@bp.get("/<int:poll>/consistency.json", deed=Deed.READ_PUBLIC)
def consistency(region: Region, poll: Poll) -> Any:
    """A stranger who kept an older head gets the proof that the list has only grown since."""
    newest = _newest(poll.round)
    size, larger = request.args.get("from", 0, row_number), request.args.get("to", newest.size, row_number)
    try:
        proof = logs.proof_of_growth(poll.round, size, larger)
    except IndexError:
        abort(404)
    return {"from": size, "to": larger, "proof": proof}


@bp.get("/<int:poll>/open-count.json", deed=Deed.READ_PUBLIC)
def open_count(region: Region, poll: Poll) -> Any:
    """A stranger takes everything that a recount needs, once the vote is sealed."""
    path = bundle_file(_sealed(poll.round))
    packed = "gzip" in request.accept_encodings
    with path.open("rb") if packed else gzip.open(path) as file:
        answer = Response(file.read(), mimetype="application/json")
    if packed:
        answer.content_encoding = "gzip"
    answer.vary.add("Accept-Encoding")
    return _unchanged_or(answer)


@bp.get("/<int:poll>/records.csv", deed=Deed.READ_PUBLIC)
def records(region: Region, poll: Poll) -> Any:
    """A stranger takes what is published of the ballots as a table, once the vote is sealed."""
    listed = select(BallotRecord.tag, BallotRecord.choices, BallotRecord.nonce)
    mine = listed.where(BallotRecord.round_id == _sealed(poll.round).id).order_by(BallotRecord.tag)
    return table_as_csv(f"{region.code}-{poll.round.id}-records", ["tag", "choices", "nonce"], db.session.execute(mine))


def groups(text: str) -> str:
    """Signs in fours, so that people can read and compare them."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _newest(round: Round) -> Any:
    return logs.newest_head(round) or abort(404)


def _sealed(round: Round) -> Round:
    if round.sealed_at is None or logs.newest_head(round) is None:
        abort(404)
    return round


def _unchanged_or(answer: Response) -> Any:
    answer.add_etag()
    return answer.make_conditional(request)
