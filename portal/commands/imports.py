"""Load what others keep in spreadsheets."""

from pathlib import Path

import click

from portal.commands import on_site, stop
from portal.regions.imports import BadRow, import_regions

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def load() -> None:
    """Load data from a CSV file."""


@load.command()
@click.argument("file", type=FILE)
@on_site
def regions(file: Path) -> None:
    """Load divisions: columns code, level, name, parent_code. All of it, or nothing."""
    with click.progressbar(length=1, label=file.name, show_pos=True) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        try:
            new, changed = import_regions(file, progress)
        except BadRow as bad:
            stop(f"{file}: {bad}; nothing was loaded")
    click.echo(f"{new} new, {changed} changed")


def install(main: click.Group) -> None:
    main.add_command(load)
