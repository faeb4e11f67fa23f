"""How the site is served."""

from types import SimpleNamespace
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


def test_votes_wait_for_an_hour_after_the_clock_has_leapt(monkeypatch: pytest.MonkeyPatch) -> None:  # A26
    wall, running = [1_000_000.0], [50.0]
    monkeypatch.setattr(server, "time", SimpleNamespace(time=lambda: wall[0], monotonic=lambda: running[0]))
    clock = server.SteadyClock()

    def after(seconds: float, leap: float = 0) -> bool:
        running[0] += seconds
        wall[0] += seconds + leap
        return clock.is_steady()

    assert after(5)
    assert after(5, leap=60), "clocks are set by a minute"
    assert not after(5, leap=86_400)
    assert not after(3000)
    assert after(700)
    assert not after(5, leap=-86_400)
