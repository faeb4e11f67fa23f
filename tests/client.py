"""A browser for tests that looks at every answer."""

import contextvars
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from portal.store import db
from tests.inspection import faults_of_answer


class InspectingClient(FlaskClient):
    """Every HTML answer is looked at as a page or a part; a POST carries the token that its page would have had.

    `token=False` sends a POST without one, `part="x"` asks as htmx does for the element `#x`,
    `inspect=False` leaves an answer unread.
    """

    def open(self, *args: Any, part: str = "", token: bool = True, inspect: bool = True, **kwargs: Any) -> TestResponse:
        if part:
            kwargs["headers"] = {**(kwargs.get("headers") or {}), "HX-Request": "true", "HX-Target": part}
        if kwargs.get("method", "GET") not in ("GET", "HEAD", "OPTIONS") and token:
            kwargs["data"] = {"csrf_token": self.csrf_token(), **(kwargs.get("data") or {})}
        # A context of its own: what one request remembers in `g` must not reach the next one, nor the test.
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.rollback()
            db.session.expire_all()
        if inspect and answer.mimetype == "text/html" and answer.status_code // 100 != 3:
            faults = faults_of_answer(answer)
            assert not faults, f"{answer.request.method} {answer.request.path} ({answer.status_code}):\n" + "\n".join(
                f"  - {fault}" for fault in faults
            )
        return answer

    def csrf_token(self) -> str:
        """The token that any page of this browser's session would carry."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", "0123456789abcdef0123456789abcdef01234567")
        return str(URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw))
