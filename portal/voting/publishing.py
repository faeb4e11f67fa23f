"""The open data of a sealed round as a file: made once, for it never changes."""

import gzip
import os
import tempfile
from pathlib import Path

from flask import current_app

from portal.voting.models import Round
from portal.voting.sealing import open_data


def bundle_file(round: Round) -> Path:
    """The gzipped bundle of a sealed round; made now, if nobody asked for it before."""
    folder: Path = current_app.config["SETTINGS"].data_dir / "open-count"
    path = folder / f"{round.uid}.json.gz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(gzip.compress(open_data(round).encode(), 6, mtime=0))
        os.replace(file.name, path)
    return path
