"""How a reader wants the site shown: language and elder mode, switched without losing one's place."""

from typing import Any

from flask import Flask, Response, request

from portal.rules.permissions import Deed
from portal.web import words
from portal.web.door import Guarded, local, see_other

COOKIE = "display"
YEAR = 365 * 24 * 3600

bp = Guarded("display", __name__, url_prefix="/display")


@bp.post("/", deed=Deed.READ_PUBLIC)
def switch() -> Any:
    """A reader chooses a language or the elder mode and stays where she was."""
    return see_other(local(request.form.get("next", "/")))


def elder() -> bool:
    """Whether the reader wants the elder mode: large type, few things at once."""
    return (request.form.get("_display") or request.cookies.get(COOKIE)) == "elder"


def remember(answer: Response) -> Response:
    """Keep what was switched to; switches come with any form, so that nothing typed is lost."""
    if request.method == "POST":
        for field, cookie, allowed in (
            ("_language", words.COOKIE, words.LANGUAGES),
            ("_display", COOKIE, ("elder", "plain")),
        ):
            if request.form.get(field) in allowed:
                answer.set_cookie(cookie, request.form[field], max_age=YEAR, samesite="Lax", httponly=True)
    return answer


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.after_request(remember)
    app.jinja_env.globals["elder"] = elder
