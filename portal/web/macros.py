"""The macros of `templates/ui`, for every template as `ui.<file>.<macro>`.

Template globals, because imports at the top of a page are invisible to a block that is rendered alone.
"""

from pathlib import Path
from types import SimpleNamespace

from flask import Flask


def install(app: Flask) -> None:
    names = sorted(path.stem for path in Path(str(app.template_folder), "ui").glob("*.html"))
    ui = SimpleNamespace()
    app.jinja_env.globals["ui"] = ui
    for name in names:
        setattr(ui, name, app.jinja_env.get_template(f"ui/{name}.html").module)
