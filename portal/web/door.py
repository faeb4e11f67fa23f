"""One door: a route names its deed, finds its things, and answers with a page or a part of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.rules.permissions import NOBODY, SIGNED_IN, Actor, Deed, may
from portal.store.clock import now
from portal.web.htmx import wanted_part
from portal.web.templates import render

View = Callable[..., Any]
Finder = Callable[[Any, dict[str, Any]], Any]


def actor() -> Actor:
    """Who makes this request."""
    return getattr(current_user, "actor", NOBODY)


class Guarded(Blueprint):
    """A blueprint whose routes cannot be written without the deed that they do.

    `finds` turns words of the address into things, in order: finder(word, found so far) → thing, or None for 404.
    Where a `region` was found, the deed must be allowed there.
    """

    def __init__(self, name: str, import_name: str, *, finds: dict[str, Finder] | None = None, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.finds = finds or {}

    def route(self, rule: str, *, deed: Deed, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        def decorate(view: View) -> View:
            add = super(Guarded, self).route(rule, **options)
            return add(self._guarded(view, deed))

        return decorate

    def _guarded(self, view: View, deed: Deed) -> View:
        @wraps(view)
        def guarded(**words: Any) -> Any:
            found: dict[str, Any] = {}
            for name in (*(n for n in self.finds if n in words), *(n for n in words if n not in self.finds)):
                found[name] = self.finds[name](words[name], found) if name in self.finds else words[name]
                if found[name] is None:
                    abort(404)
            region = found.get("region")
            g.village = region is not None and region.code[9] == "2"
            if not may(actor(), deed, region.path if region else None):
                return _turned_away(deed, words)
            return view(**found)

        guarded.deed = deed  # type: ignore[attr-defined]
        return guarded


def _turned_away(deed: Deed, words: dict[str, Any]) -> Any:
    """Strangers are asked to sign in, and what they were about to do is kept; others are refused."""
    if actor().id is not None:
        abort(403)
    if request.method == "POST":
        if deed in SIGNED_IN:
            hold(deed, {**request.form.to_dict(), **words})
        return to_sign_in(request.form.get("back") or request.path.rpartition("/")[0] + "/")
    return to_sign_in(request.full_path.rstrip("?"))


def hold(deed: Deed, values: dict[str, Any]) -> None:
    """Keep a deed that waits for its doer to sign in; it is done right after, if she does so soon (`resumes`).

    What is too long for a cookie is not kept here; the browser keeps drafts of its own.
    """
    values.pop("csrf_token", None)
    if deed.value in RESUMES and len(str(values)) <= MOST_HELD:
        session["held"] = [*session.get("held", [])[-2:], [deed.value, values, now().timestamp()]]


def holds() -> bool:
    """Whether a deed waits for this stranger to sign in."""
    return any(now().timestamp() - at < HELD_SECONDS for *_, at in session.get("held", []))


def take_held() -> list[tuple[str, dict[str, Any]]]:
    """The deeds that were held a moment ago, to be done now; on a shared phone an old one may be somebody else's."""
    held = session.pop("held", [])
    return [(deed, values) for deed, values, at in held if now().timestamp() - at < HELD_SECONDS]


MOST_HELD = 800
HELD_SECONDS = 15 * 60
RESUMES: dict[str, Callable[[Actor, dict[str, Any]], None]] = {}


def resumes(deed: Deed) -> Callable[[Callable[[Actor, dict[str, Any]], None]], Callable[[Actor, dict[str, Any]], None]]:
    """Mark what does a held `deed` once its doer has signed in."""

    def decorate(doing: Callable[[Actor, dict[str, Any]], None]) -> Callable[[Actor, dict[str, Any]], None]:
        RESUMES[deed.value] = doing
        return doing

    return decorate


def to_sign_in(then: str) -> Any:
    """Send a stranger to sign in and from there to the page `then`; the whole page, where a part was asked for."""
    address = url_for("accounts.sign_in", next=local(then))
    return make_response("", 200, {"HX-Redirect": address}) if wanted_part() else see_other(address)


def local(address: str) -> str:
    """`address` if it is a path of this site, else the front page.

    Browsers drop tabs and line ends, so none may stand.
    """
    here = address.isprintable() and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if here else "/"


def see_other(address: str) -> Response:
    """The answer to a deed: look there (303), so that reloading repeats nothing.

    A part stays a part: htmx follows and swaps what the target's block says.
    """
    return redirect(address, 303)


def page(template: str = "", status: int = 200, **context: Any) -> Any:
    """The page of this view, or the one block of it that htmx asked for; 422 when its form has errors."""
    name = template or f"{request.blueprint}/{str(request.endpoint).rpartition('.')[2]}.html"
    form = context.get("form")
    if form is not None and form.errors:
        status = 422
    answer = make_response(render(name, wanted_part(), context), status)
    answer.vary.update(["HX-Request", "HX-Target", "Cookie", "Accept-Language"])
    return answer
