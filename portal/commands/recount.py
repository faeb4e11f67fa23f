"""Recount a published election; needs neither database nor settings."""

import click

from portal.rules.recount import main as recounted


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def recount(arguments: tuple[str, ...]) -> None:
    """Recount an election in Pabulib's format: recount FILE.pb (recount -h says more)."""
    raise SystemExit(recounted(arguments))


def install(main: click.Group) -> None:
    main.add_command(recount)
