"""Bad news in the reader's words: as a page, or as a part where a part was asked for."""

from typing import Any

from flask import Flask, current_app, g, make_response, request
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from portal.rules import N_, Refused
from portal.web.htmx import wanted_part
from portal.web.templates import render
from portal.web.words import gettext

ADVICE = {
    400: (
        N_("That did not reach us whole"),
        N_("Please go back, reload the page and try again. What you typed is still there."),
    ),
    403: (N_("This is not yours to open"), N_("Sign in with another account, or ask your committee for access.")),
    404: (N_("There is nothing here"), N_("The address may be mistyped, or what stood here is not public.")),
    405: (N_("That does not work here"), N_("Please go back and use the buttons of the page.")),
    409: (N_("This cannot be done now"), ""),
    413: (N_("That is too large"), N_("Please choose fewer or smaller photos and try again.")),
    429: (N_("Please wait a little"), N_("Too many tries in a short time.")),
    500: (
        N_("Something broke on our side"),
        N_("It has been noted. Nothing that was accepted is lost. Please try again."),
    ),
    503: (N_("We cannot save right now"), N_("Please try again in a minute. Nothing that was accepted is lost.")),
}


def answer(code: int, said: str = "") -> Any:
    """The error `code` as a page, or as a part for htmx; `said` takes the place of the usual advice."""
    title, advice = ADVICE.get(code) or ADVICE[500 if code >= 500 else 400]
    context = {"code": code, "title": gettext(title), "advice": said or gettext(advice)}
    if wanted_part():
        response = make_response(render("error_part.html", None, context), code)
        response.headers["HX-Retarget"] = "#notice"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        response = make_response(render("error.html", None, context), code)
    response.vary.update(["HX-Request", "HX-Target", "Cookie", "Accept-Language"])
    if code == 503:
        response.headers["Retry-After"] = "10"
    return response


def words_of(error: Refused) -> str:
    return " ".join(gettext(one.text, **one.values) for one in error.refusals)


def install(app: Flask) -> None:
    @app.errorhandler(CSRFError)
    def stale(error: CSRFError) -> Any:
        return answer(400)

    @app.errorhandler(HTTPException)
    def expected(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        return answer(error.code)

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Any:
        return answer(409, words_of(error))

    @app.errorhandler(DataError)
    def impossible(error: DataError) -> Any:
        return answer(404)  # a number or sign in the address that no column can hold

    @app.errorhandler(OperationalError)
    @app.errorhandler(TimeoutError)
    def unavailable(error: Exception) -> Any:
        current_app.logger.error(
            "%s %s: the database is not available: %s", request.method, request.endpoint, type(error).__name__
        )
        g._login_user = AnonymousUserMixin()  # who asks cannot be looked up while the answer is written
        return answer(503)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Any:
        if app.testing or app.debug:
            raise error
        current_app.logger.exception("%s %s", request.method, request.endpoint)
        return answer(500)
