"""Templates, compiled once for each language: what never changes is translated then, and not at every request."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app
from jinja2 import Environment
from jinja2.ext import Extension
from jinja2_fragments import render_block
from markupsafe import escape

from portal.web.words import LANGUAGES, catalog, reading

_LITERAL = r'_\(\s*"((?:[^"\\]|\\.)*)"\s*\)'
_SAID = re.compile(r"\{\{\s*" + _LITERAL + r"\s*\}\}")
_PASSED = re.compile(r"(?<![\w.])" + _LITERAL)
_GAP = re.compile(r"(?<=[。！？]) (?=\S)")
_FILLED = re.compile(r"(\{\{\s*_\(\s*\"((?:[^\"\\]|\\.)*)\"\s*,[^{}]*\}\}) (?=\S)")
"""After a full-width stop stands no blank, nor after words that end with one."""


class Translated(Extension):
    """Puts the words of the environment's reading in the place of `_("…")` before a template is compiled."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        def words(literal: str) -> str:
            return catalog(*self.environment.reading).gettext(json.loads(f'"{literal}"'))  # type: ignore[attr-defined]

        def say(literal: str) -> str:
            return words(literal) % {}

        source = _FILLED.sub(lambda found: found[1 if words(found[2]).endswith("。") else 0], source)
        source = _GAP.sub("", _SAID.sub(lambda found: str(escape(say(found[1]))), source))
        return _PASSED.sub(lambda found: json.dumps(say(found[1]), ensure_ascii=False), source)


def install(app: Flask) -> None:
    """Make an environment for each reading, each with the macros of `templates/ui` as `ui.<file>.<macro>`.

    Macros are globals because imports at the top of a page are invisible to a block that is rendered alone.
    """
    app.extensions["templates"] = {(tag, v): _environment(app, tag, v) for tag in LANGUAGES for v in (False, True)}


def _environment(app: Flask, tag: str, village: bool) -> Environment:
    environment = app.jinja_env.overlay()
    environment.reading = (tag, village)  # type: ignore[attr-defined]
    environment.globals = dict(app.jinja_env.globals)
    environment.add_extension(Translated)
    environment.globals["ui"] = ui = SimpleNamespace()
    for path in sorted(Path(str(app.template_folder), "ui").glob("*.html")):
        setattr(ui, path.stem, environment.get_template(f"ui/{path.name}").module)
    return environment


def render(name: str, part: str | None, context: dict[str, Any]) -> str:
    """The template in the reader's language; only its block `part`, where it has one of that name."""
    environment: Environment = current_app.extensions["templates"][reading()]
    current_app.update_template_context(context)
    template = environment.get_template(name)
    if part in template.blocks:
        return render_block(environment, name, str(part), **context)
    return template.render(context)
