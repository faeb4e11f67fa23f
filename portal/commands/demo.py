"""Try the portal: a fictional county, and one-tap links into it."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import segno
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.accounts.models import Person
from portal.accounts.views import demo_signer
from portal.commands.county import content
from portal.commands.county.empty import Found, empty, what_is_here
from portal.commands.county.load import load
from portal.commands.county.people import COLLEAGUE, COMMITTEE, COUNTY, OFFICIAL, PROVIDER, RESIDENT
from portal.commands.county.services import ticket
from portal.commands.server import run
from portal.commands.setup import prepare_database
from portal.purchases.models import Judge
from portal.ratings.models import Ticket
from portal.ratings.queries import ticket_hash
from portal.settings import ROOT, Settings
from portal.store import db
from portal.store.clock import now
from portal.voting.models import Round

COMMUNITY = "990121001001"
JUDGE = content.story()["judge"][0]["name"]
EVALUATOR = content.story()["believing"]["evaluator"]["name"]
LINKS = (
    ("居民　　", "Resident", RESIDENT, f"/{COMMUNITY}/"),
    ("社区　　", "Committee", COMMITTEE["hepan"], f"/{COMMUNITY}/moderation/"),
    ("社区同事", "Colleague", COLLEAGUE, f"/{COMMUNITY}/votes/"),
    ("政府　　", "Official", OFFICIAL, f"/{COUNTY}/summary/"),
    ("服务机构", "Provider", PROVIDER, f"/{COMMUNITY}/services/record"),
    ("评委　　", "Judge", JUDGE, f"/{COUNTY}/purchases/{{judging}}/judge"),
    ("评估方　", "Evaluator", EVALUATOR, "/evaluating/"),
)


@click.command()
@click.option("--lan", is_flag=True, help="Also for phones on this network; shows a QR code.")
@click.option("--reset", is_flag=True, help="Throw away what was done in the demo and load it afresh.")
@click.option("--no-serve", is_flag=True, help="Prepare the demo and show its links only.")
@click.option("--port", envvar="PORT", default=8000, show_default=True)
def demo(lan: bool, reset: bool, no_serve: bool, port: int) -> None:
    """Load the demo once and serve it. Data: instance/demo, or where PORTAL_* variables say."""
    host = "0.0.0.0" if lan else "127.0.0.1"  # noqa: S104 (that is what --lan asks for)
    if not no_serve and _is_taken(host, port):
        raise click.ClickException(f"port {port} is in use; try PORT={port + 1}")
    address = f"http://{_own_address() if lan else 'localhost'}:{port}"
    try:
        app = _site(address)
        with app.app_context():
            try:
                prepare_database()
            except SystemExit:  # an older version's demo, with a vote that is going on
                _throw_away(reset)
                prepare_database()
            _prepare_county(reset)
            click.echo("\n".join(_welcome(address)))
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except OperationalError as error:
        raise click.ClickException(f"the database does not answer: {str(error.orig).splitlines()[0]}") from None
    if lan:
        segno.make(f"{address}/{COMMUNITY}/").terminal(compact=True)
    sys.stdout.flush()
    if not no_serve:
        run(app, host, port)


def _site(address: str) -> Flask:
    from portal import create_app

    environment = {"PORTAL_DATA_DIR": str(ROOT / "instance" / "demo")} | os.environ
    return create_app(Settings.read(environment, demo=True, sms_sender="console", base_url=address))


def _throw_away(reset: bool) -> None:
    """Delete the file of a demo that cannot be upgraded, if that was asked for. Raises ValueError otherwise."""
    if not reset or db.engine.dialect.name != "sqlite" or what_is_here() is not Found.COUNTY:
        raise ValueError("this database cannot be upgraded now; if it is an old demo, make demo-reset makes it fresh")
    db.session.remove()
    db.engine.dispose()
    for ending in ("", "-wal", "-shm"):
        Path(f"{db.engine.url.database}{ending}").unlink(missing_ok=True)


def _prepare_county(reset: bool) -> None:
    """Load the county into an empty database; leave one that holds anything else as it is."""
    found = what_is_here()
    if reset and found is Found.COUNTY:
        empty()
        found = Found.NOTHING
    elif found is Found.OTHER or (reset and found is Found.COUNTY_AND_MORE):
        raise ValueError("this database holds data that is not the demo's; nothing was changed")
    if found is Found.NOTHING:
        load()


def _welcome(address: str) -> Iterator[str]:
    county = next(region["title"] for region in content.county()["region"] if region["code"] == COUNTY)
    yield ""
    yield click.style(f"  {county[0]} · {county[2]}", bold=True) + f"   {address}/"
    yield ""
    judging = db.session.scalar(
        select(Judge.purchase_id)
        .join(Person, Person.id == Judge.person_id)
        .where(Person.name == JUDGE)
        .order_by(Judge.id.desc())
    )
    for chinese, english, name, then in LINKS:
        person_id = db.session.scalars(select(Person.id).where(Person.name == name).order_by(Person.id)).first()
        if person_id:
            yield _line(
                chinese, english, f"{address}/enter/{demo_signer().dumps([person_id, then.format(judging=judging)])}"
            )
    if db.session.get(Ticket, ticket_hash(ticket())):
        yield _line("评服务　", "Rate", f"{address}/rate/{ticket()}")
    yield ""
    if not db.session.scalar(select(Round.id).where(Round.closes_at > now()).limit(1)):
        yield "  演示数据已旧，make demo-reset 更新。 The demo has aged; make demo-reset makes it fresh."
    yield "  一点即入，Ctrl+C 结束。 One tap signs you in; Ctrl+C ends it."
    yield ""


def _line(chinese: str, english: str, link: str) -> str:
    return f"  {chinese}  {english:<11}{click.style(link, fg='cyan')}"


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return True
    return False


def _own_address() -> str:
    """The address by which this network knows the machine; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(trial.getsockname()[0])


def install(main: click.Group) -> None:
    main.add_command(demo)
