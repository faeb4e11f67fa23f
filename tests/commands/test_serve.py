"""How the site is served."""

from typing import Any

import pytest
from flask import Flask

from portal.commands import server


@pytest.mark.parametrize(("proxies", "cleared"), [(0, True), (1, False)])
def test_a_proxys_word_on_who_asks_is_believed_only_where_one_is_set(
    site: Flask, monkeypatch: pytest.MonkeyPatch, proxies: int, cleared: bool
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(server.waitress, "serve", lambda app, **options: asked.update(options))
    monkeypatch.setitem(site.config["SETTINGS"].__dict__, "trusted_proxies", proxies)
    server.run(site, "127.0.0.1", 0)
    assert asked["clear_untrusted_proxy_headers"] is cleared
