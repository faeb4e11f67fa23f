"""The verifiers: verify.py as a module, verify.js and its page in a browser."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from portal.commands.setup import prepare_database
from portal.store import db
from tests.conftest import a_site
from tests.serving import serving
from tests.verify import making

Found = dict[str, Any]
"""`check`: "fits", or the name of the check that failed first; `winners` where it fits; `said`: the checks that held."""


@pytest.fixture(scope="session")
def verify() -> Any:
    """static/verify/verify.py, taken alone."""
    return making.verifier()


@pytest.fixture(scope="session")
def in_python(verify: Any) -> Callable[..., Found]:
    """What verify.py finds."""

    def look(text: str, **known: Any) -> Found:
        said: list[str] = []
        try:
            counted = verify.check(text, **known, say=lambda english, chinese: said.append(english))
        except verify.Wrong as wrong:
            return {"check": wrong.check, "why": wrong.english, "said": said}
        except verify.Malformed as fault:
            return {"check": "format", "why": str(fault), "said": said}
        return {"check": "fits", "winners": counted["winners"], "said": said}

    return look


@pytest.fixture(scope="session")
def script(browser: Browser) -> Iterator[Page]:
    """A page with nothing but verify.js."""
    page = browser.new_page()
    page.add_script_tag(path=making.VERIFIER.with_name("verify.js"))
    yield page
    page.close()


@pytest.fixture(scope="session")
def in_javascript(script: Page) -> Callable[..., list[Found]]:
    """What verify.js finds, for each of many files."""

    def look(texts: list[str], **known: Any) -> list[Found]:
        return script.evaluate(
            """async ([texts, known]) => {
                const found = [];
                for (const text of texts) {
                    const said = [];
                    try {
                        const { winners } = await openCount.check(text, { ...known, say: (key) => said.push(key) });
                        found.push({ check: "fits", winners, said });
                    } catch (error) {
                        const check = error instanceof openCount.Malformed ? "format" : error.check || String(error);
                        found.push({ check, why: [error.key || error.message, ...(error.values || [])].join(" "), said });
                    }
                }
                return found;
            }""",
            [texts, known],
        )

    return look


@pytest.fixture(scope="session")
def site_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site, served as in production."""
    app = a_site(tmp_path_factory.mktemp("files"))
    with app.app_context():
        prepare_database()
        db.session.remove()
        db.engine.dispose()
    with serving(app.config["SETTINGS"]) as server:
        yield server.url


def edited(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    """A published file after `change` was made to it."""
    data = json.loads(text)
    change(data)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
