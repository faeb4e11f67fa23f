"""The community participation portal: say what is needed, vote on what is built, rate what was done."""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from portal.settings import Settings

ROOMS = (
    "audit",
    "regions",
    "policies",
    "accounts",
    "notifications",
    "needs",
    "providers",
    "rolls",
    "staffing",
    "resources",
    "projects",
    "matching",
    "voting",
    "papers",
    "helpers",
    "funds",
    "purchases",
    "contracts",
    "ratings",
    "cases",
    "flags",
    "comments",
    "evaluations",
    "stars",
    "promises",
    "supervision",
    "moderation",
    "insights",
    "disclosure",
    "burden",
    "home",
)
"""Every room, lower ones first."""


def create_app(settings: "Settings | None" = None, **given: Any) -> "Flask":
    """The site, with `settings` or those of the environment; the only place that knows every room.

    What it needs is imported here, so that `portal.rules` runs with nothing installed.
    """
    from flask import Flask
    from flask_compress import Compress
    from flask_migrate import Migrate

    from portal.settings import ROOT, Settings
    from portal.store import db
    from portal.store.engines import options_for, prepare
    from portal.web import assets, display, errors, health, htmx, safety, templates, words
    from portal.web.addresses import CodeConverter, NumberConverter

    settings = settings or Settings.read(**given)
    app = Flask(__name__, static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.config.update(settings.flask_config())
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options_for(settings.database_url)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 86400
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.url_map.converters.update(code=CodeConverter, int=NumberConverter)
    db.init_app(app)
    migrations = str(ROOT / "migrations")
    Migrate(app, db, migrations, compare_type=True, transactional_ddl=True, transaction_per_migration=True)
    Compress(app)
    with app.app_context():
        prepare(db.engine)
    for part in (htmx, safety, words, display, assets, errors, health):
        part.install(app)
    for room in ROOMS:
        _install_room(app, room)
    templates.install(app)  # last: macros see only the globals that are there by now
    return app


def _install_room(app: "Flask", room: str) -> None:
    """Make the tables and pages of a room known, as far as it has them."""
    for part in ("models", "views"):
        name = f"portal.{room}.{part}"
        if find_spec(name):
            module = import_module(name)
            getattr(module, "install", lambda app: None)(app)
