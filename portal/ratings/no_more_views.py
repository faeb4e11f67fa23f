"""Who wants no messages about ratings says so with one tap."""

from typing import Any

from flask import request, url_for

from portal.ratings import inviting
from portal.ratings.blueprint import bp
from portal.rules.permissions import Deed
from portal.web.door import page, see_other


@bp.route("/rate/no-more/<mark>", methods=["GET", "POST"], deed=Deed.RATE_SERVICE)
def no_more(mark: str) -> Any:
    """A recipient asks for no more messages; opening the link stores nothing."""
    if not inviting.is_mark(mark):
        return page("ratings/unknown.html", 404, typed="")
    if request.method == "POST":
        inviting.ask_no_more(mark)
        return see_other(url_for(".no_more", mark=mark, done=1))
    return page(mark=mark, done="done" in request.args)
