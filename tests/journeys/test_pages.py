"""Every page of the site, with something on it, before axe, fingertips, narrow screens, keys and a slow network."""

import re
from collections.abc import Callable
from itertools import chain
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from tests.journeys.conftest import House
from tests.journeys.filled import Pages, fill
from tests.journeys.looking import faults_of, faults_of_keys
from tests.journeys.walker import LOCALES, Walker

NO_PAGES = {
    "static",
    "assets.show",
    "health.healthz",
    "regions.front",
    "needs.photo",
    "projects.picture",
    "insights.table",
    "providers.batches",
    "providers.batches_here",
    "ratings.empty_list",
    "ratings.why",
    "voting.of_project",
    "voting.vote",
    "voting.receipt_text",
    "voting.result_csv",
    "voting.record_csv",
    "voting.card_picture",
    "voting.votes",
    "voting.lots",
    "voting.log_json",
    "voting.consistency",
    "voting.open_count",
    "voting.records",
    "papers.vote",
    "papers.receipt_text",
    "papers.digits",
    "papers.find",
    "helpers.vote",
    "helpers.done",
    "accounts.code",
    "bad_ratings.table",
    "burden.table",
    "catalogue.as_csv",
    "comments.photo",
    "contracts.as_csv",
    "contracts.as_xlsx",
    "coverage.table",
    "disclosure.number",
    "evaluations.as_csv",
    "evaluations.payment_csv",
    "evaluations.payment_json",
    "disclosure.ocds",
    "disclosure.register_csv",
    "disclosure.register_xlsx",
    "funds.table",
    "needs.sheet_csv",
    "needs.sheet_xlsx",
    "policies.coverage_as_csv",
    "projects.sheet_csv",
    "projects.sheet_xlsx",
    "promises.as_csv",
    "purchases.of_project",
    "purchases.result_csv",
    "purchases.result_xlsx",
    "resources.save_csv",
    "resources.save_xlsx",
    "resources.use_csv",
    "stars.as_csv",
}
"""GET routes that answer with a file or lead on."""
ENGINES = ("sqlite", "postgresql", "sqlite")
"""The engine below each language: pages look alike on both, so that looking at each once is enough."""
ROLES = ("stranger", "resident", "committee", "official", "provider", "expert")
MOST_BYTES, MOST_REQUESTS = 50 * 1024, 6


@pytest.fixture(scope="session")
def pages(house: House) -> Pages:
    """Filled once for a house, however the tests of a worker follow each other."""
    with house.app.app_context():
        return fill(house.tree)


def test_every_page_is_looked_at(house: House, pages: Pages) -> None:
    adapter = house.app.url_map.bind("127.0.0.1")
    addresses = [*chain.from_iterable(pages.addresses.values()), *chain.from_iterable(pages.chain.values())]
    seen = {_endpoint(adapter, address) for address in addresses}
    wanted = {rule.endpoint for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    missing = wanted - seen - NO_PAGES
    assert not missing, f"add an address of {', '.join(sorted(missing))} to tests/journeys/filled.py"


def _endpoint(adapter: object, address: str) -> str:
    try:
        return str(adapter.match(urlsplit(address).path)[0])  # type: ignore[attr-defined]
    except (NotFound, RequestRedirect):
        return ""


@pytest.mark.parametrize(
    ("house", "language"), list(zip(ENGINES, LOCALES, strict=True)), indirect=["house"], scope="session"
)
@pytest.mark.parametrize("role", ROLES)
def test_everyone_can_read_and_use_every_page(
    house: House, pages: Pages, walker: Callable[..., Walker], role: str, language: str
) -> None:
    one = walker(language, role, pages.people[role], phone=False)
    one.forgives += ("status of 404", "status of 403")
    faults = []
    turn = list(LOCALES).index(language)
    for address in pages.addresses[role] + pages.chain.get(role, [])[turn :: len(LOCALES)]:
        one.goes(address)
        faults += [f"{_shown(address)}: {fault}" for fault in faults_of(one.page)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("house", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("role", ROLES)
def test_keys_alone_reach_everything(house: House, pages: Pages, walker: Callable[..., Walker], role: str) -> None:
    one = walker("zh-Hans", role, pages.people[role], phone=False)
    one.forgives += ("status of 404", "status of 403")
    faults = []
    step = 3 if role == "official" else 1  # her long forms are made of the same fields
    for address in pages.addresses[role] + pages.chain.get(role, [])[::step]:
        one.goes(address)
        faults += [f"{_shown(address)}: {fault}" for fault in faults_of_keys(one.page)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("house", ["postgresql"], indirect=True, scope="session")
@pytest.mark.parametrize("role", ["stranger", "resident"])
def test_every_page_of_a_resident_loads_over_a_bad_line(
    house: House, pages: Pages, walker: Callable[..., Walker], role: str
) -> None:
    """At most 50 KB and 6 requests, headers included, with nothing in the cache."""
    one = walker("zh-Hans", role, pages.people[role])
    one.forgives += ("status of 404", "status of 403")
    line = one.context.new_cdp_session(one.page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    asked: set[str] = set()
    line.on("Network.requestWillBeSent", lambda e: e["request"]["url"].startswith("http") and asked.add(e["requestId"]))
    loaded: list[float] = []
    line.on("Network.loadingFinished", lambda e: e["requestId"] in asked and loaded.append(e["encodedDataLength"]))
    heavy = []
    for address in pages.addresses[role] + pages.chain.get(role, [])[::2]:
        loaded.clear()
        one.page.goto(house.url + address, wait_until="networkidle")
        if sum(loaded) > MOST_BYTES or len(loaded) > MOST_REQUESTS:
            heavy.append(f"{_shown(address)}: {sum(loaded) / 1024:.1f} KB in {len(loaded)} requests")
    assert not heavy, "\n".join(heavy)


def _shown(address: str) -> str:
    return re.sub(r"/(rate|enter)/[\w.-]+", r"/\1/…", address)
