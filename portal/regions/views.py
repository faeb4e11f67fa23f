"""A resident finds her community: by typing, or by walking down."""

from typing import Any

from flask import Flask, request

from portal.regions import queries
from portal.regions.models import Region
from portal.rules.permissions import Deed
from portal.web.door import Guarded, page, see_other
from portal.web.forms import cleaned

COOKIE = "community"
YEAR = 365 * 24 * 3600

bp = Guarded("regions", __name__, finds={"region": queries.find_region})


@bp.get("/", deed=Deed.READ_PUBLIC)
def front() -> Any:
    """A resident who has been here goes home; others choose."""
    code = request.cookies.get(COOKIE, "")
    if code and queries.find_region(code):
        return see_other(f"/{code}/")
    return see_other("/find")


@bp.get("/find", deed=Deed.READ_PUBLIC)
def find() -> Any:
    """A resident finds her community by typing or by walking down."""
    words = cleaned(request.args.get("q"))[:40]
    inside = queries.find_region(request.args.get("in", ""))
    found = queries.typed(words)
    return page(
        words=words,
        found=found,
        paths=queries.paths_to(found) if found else {},
        inside=inside,
        way=queries.path_to(inside) if inside else [],
        below=queries.children(inside),
    )


def remember(answer: Any, region: Region) -> Any:
    """Keep the community that was visited last."""
    if request.cookies.get(COOKIE) != region.code:
        answer.set_cookie(COOKIE, region.code, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


def install(app: Flask) -> None:
    app.register_blueprint(bp)
