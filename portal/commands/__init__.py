"""The `portal` command: everything that is done from a terminal."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click

from portal.settings import Settings
from portal.store import db


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The community participation portal."""


def on_site(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the application, made from the environment's settings."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from portal import create_app

        try:
            app = create_app(Settings.read())
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        with app.app_context():
            try:
                return command(*args, **kwargs)
            finally:
                db.session.remove()
                db.engine.dispose()

    return run


def stop(reason: str) -> NoReturn:
    """End the command because of bad input, with one line that says where and why."""
    click.echo(f"portal: {reason}", err=True)
    sys.exit(2)


from portal.commands import accounts, check, demo, imports, recount, server, setup  # noqa: E402

for module in (setup, imports, accounts, server, demo, check, recount):
    module.install(main)
