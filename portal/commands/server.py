"""Serve the site, and do the work that no request waits for."""

import threading
import time
from collections.abc import Callable, Sequence

import click
import waitress
from flask import Flask, current_app

from portal.accounts.actions import forget_attempts
from portal.audit.actions import seal
from portal.cases.opening import open_cases
from portal.cases.rising import raise_cases
from portal.commands import on_site, stop
from portal.comments.looking import look_at_releases
from portal.comments.publishing import publish_comments
from portal.flags.raising import raise_flags
from portal.funds.voted import settle_votes
from portal.insights.actions import refresh_summary
from portal.needs.actions import count_supporters, forget_drafts
from portal.notifications.senders import deliver as deliver_messages
from portal.promises.asking import ask_of_projects, count_promises
from portal.ratings.inviting import forget_salts
from portal.ratings.releasing import release_ratings
from portal.ratings.settling import forget_links, settle_ratings
from portal.stars.awarding import award_stars
from portal.voting.notices import tell_voters
from portal.voting.rounds import open_due_rounds
from portal.voting.sealing import log_waiting_ballots, seal_closed_rounds

BY_CLOCK = ((open_due_rounds, 5), (seal_closed_rounds, 10))
"""What cannot be undone and goes by the clock, in a thread of its own: a long count keeps no message waiting."""
CHORES = (
    (count_supporters, 5),
    (log_waiting_ballots, 10),
    (tell_voters, 600),
    (settle_votes, 60),
    (settle_ratings, 3600),
    (forget_links, 3600),
    (raise_flags, 600),
    (release_ratings, 60),
    (open_cases, 60),
    (raise_cases, 600),
    (publish_comments, 600),
    (look_at_releases, 60),
    (award_stars, 86_400),
    (ask_of_projects, 600),
    (count_promises, 3600),
    (refresh_summary, 60),
    (seal, 30),
    (forget_salts, 3600),
    (forget_attempts, 3600),
    (forget_drafts, 3600),
)
"""What is done again and again, and after how many seconds."""
ALL = ((deliver_messages, 1), *CHORES)
LEAP, REST = 600, 3600
"""Seconds by which a clock may be set, and how long votes wait after more than that, for somebody to look."""
Chores = Sequence[tuple[Callable[[], object], int]]


class SteadyClock:
    """Whether the clock of the machine has gone on as time does, or has leapt within the last hour."""

    def __init__(self) -> None:
        self._offset, self._rests_until = time.time() - time.monotonic(), 0.0

    def is_steady(self) -> bool:
        offset = time.time() - time.monotonic()
        if abs(offset - self._offset) > LEAP:
            self._rests_until = time.monotonic() + REST
        self._offset = offset
        return time.monotonic() >= self._rests_until


def work(app: Flask, ended: threading.Event) -> None:
    """Deliver messages and do the chores until `ended`; votes open and close beside that, while the clock is steady."""
    clock = SteadyClock()
    beside = threading.Thread(target=_work, args=(app, ended, BY_CLOCK, clock.is_steady), daemon=True)
    beside.start()
    _work(app, ended, ALL, lambda: True)
    beside.join()


def _work(app: Flask, ended: threading.Event, chores: Chores, may: Callable[[], bool]) -> None:
    due = {chore: 0.0 for chore, _ in chores}
    while not ended.wait(1):
        if not may():
            continue
        for chore, pause in chores:
            if time.monotonic() >= due[chore]:
                due[chore] = time.monotonic() + pause
                with app.app_context():
                    try:
                        chore()
                    except Exception:
                        app.logger.exception("%s failed; it is tried again", chore.__name__)


def do_chores() -> None:
    """All the chores, once, now."""
    for chore, _ in (*BY_CLOCK, *CHORES):
        chore()


@click.command()
@click.option("--once", is_flag=True, help="Deliver what is due and stop.")
@on_site
def deliver(once: bool) -> None:
    """Deliver messages and refresh summaries; for sites whose server does not (PORTAL_DELIVER=0)."""
    if once:
        click.echo(f"{deliver_messages()} sent")
        do_chores()
        return
    work(current_app._get_current_object(), threading.Event())  # type: ignore[attr-defined]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@on_site
def serve(host: str, port: int) -> None:
    """Serve the site on one port."""
    settings = current_app.config["SETTINGS"]
    if settings.sms_sender == "gateway" and not (settings.sms_gateway_url and settings.sms_gateway_key):
        stop("PORTAL_SMS_SENDER=gateway needs PORTAL_SMS_GATEWAY_URL and PORTAL_SMS_GATEWAY_KEY")
    run(current_app._get_current_object(), host, port)  # type: ignore[attr-defined]


def run(app: Flask, host: str, port: int) -> None:
    """Serve until the process is told to end."""
    settings = app.config["SETTINGS"]
    ended = threading.Event()
    if settings.deliver:
        threading.Thread(target=work, args=(app, ended), daemon=True).start()
    try:
        waitress.serve(
            app,
            host=host,
            port=port,
            threads=settings.threads,
            ident="",
            channel_timeout=60,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 2**20,
            clear_untrusted_proxy_headers=not settings.trusted_proxies,
        )
    finally:
        ended.set()


def install(main: click.Group) -> None:
    main.add_command(serve)
    main.add_command(deliver)
