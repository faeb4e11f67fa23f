"""Headers and cookies that keep the site to itself."""

import secrets
from typing import Any

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

csrf = CSRFProtect()

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def nonce() -> str:
    """The word that lets this page's own script run."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(12)
    return str(g.nonce)


def secured(answer: Response) -> Response:
    headers = answer.headers
    headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self), interest-cohort=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers.setdefault("Cache-Control", "private, no-cache")
    return answer


def unkept(answer: Response) -> Response:
    """`answer`, which stays in no cache."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def kept_to_oneself(answer: Response) -> Response:
    """`answer`, whose address or words are a secret: it stays in no cache and goes to nobody as a referrer."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return unkept(answer)


class SessionCookie(SecureCookieSessionInterface):
    """Flask's own, but what answers a POST does not vary by cookie.

    A browser would not find a form with errors again when its reader goes back, and would ask her to send it anew.
    """

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        super().save_session(app, session, response)
        if request.method == "POST":
            response.vary.discard("cookie")  # in small letters: Werkzeug finds no others


def install(app: Flask) -> None:
    csrf.init_app(app)
    app.session_interface = SessionCookie()
    app.after_request(secured)
    app.jinja_env.globals["nonce"] = nonce
    settings = app.config["SETTINGS"]
    if settings.secure_cookies:
        app.after_request(_only_https)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, count, count, count, count)  # type: ignore[method-assign]


def _only_https(answer: Response) -> Response:
    answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    return answer
