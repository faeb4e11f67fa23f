"""Deeds of several processes at the same moment."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.store import db


@pytest.fixture
def elsewhere(app: Flask) -> Callable[..., Any]:
    """Call something as another process does: in a context and with a session of its own."""

    def call(deed: Callable[..., Any], *given: Any) -> Any:
        with app.app_context():
            try:
                return deed(*given)
            finally:
                db.session.remove()

    return call
