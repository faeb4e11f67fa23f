"""What must hold of the files themselves."""

import ast
import gzip
import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from portal.settings import ROOT, Settings

HOST = re.compile(r"(?:https?://|@)[a-z0-9.-]+\.[a-z]{2,}|--(?:extra-)?index-url", re.IGNORECASE)
UNDONE = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
SKIPPED = ("static/vendor/", "LICENSE")


def files() -> list[Path]:
    """Every file of the repository, those not yet committed among them."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    names = listed.stdout.splitlines() or [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if _ours(p)]
    return [ROOT / name for name in names if (ROOT / name).is_file() and not name.startswith(SKIPPED)]


def _ours(path: Path) -> bool:
    return path.is_file() and not {".venv", ".git", "instance", "artifacts"} & set(path.relative_to(ROOT).parts)


def texts() -> Iterator[tuple[str, str]]:
    for path in files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_the_style_is_at_most_8_kb() -> None:
    size = len(gzip.compress((ROOT / "static" / "portal.css").read_bytes(), 9))
    assert size <= 8192, f"static/portal.css is {size} bytes compressed, of 8192: find a rule that can go"


def test_the_vendored_htmx_is_the_one_that_was_checked() -> None:
    vendor = ROOT / "static" / "vendor"
    wanted = (vendor / "htmx.min.js.sha256").read_text().split()[0]
    assert hashlib.sha256((vendor / "htmx.min.js").read_bytes()).hexdigest() == wanted, (
        "static/vendor/htmx.min.js was changed: take the release again, or its .sha256 with the release"
    )
    assert (vendor / "htmx.LICENSE").exists()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_names_no_host_and_pins_everything_by_hash(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not HOST.search(text), f"{name} names a host: uv pip compile --no-emit-index-url --no-header"
    pinned = re.findall(r"^[a-z0-9._-]+(?:\[.*\])?==\S+", text, re.MULTILINE | re.IGNORECASE)
    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned), f"{name}: uv pip compile --generate-hashes"


def test_no_lock_that_carries_addresses_is_committed() -> None:
    unwanted = {"uv.lock", "pylock.toml", "package-lock.json", "poetry.lock"}
    assert not unwanted & {path.name for path in files()}


def test_every_setting_says_what_it_means() -> None:
    tree = ast.parse((ROOT / "portal" / "settings.py").read_text())
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings").body
    for number, node in enumerate(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            after = body[number + 1] if number + 1 < len(body) else None
            said = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            assert said, f"portal/settings.py:{node.lineno}: write below {node.target.id} what it means"


def test_every_setting_stands_in_the_manual() -> None:
    manual = "\n".join(
        path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")] if path.exists()
    )
    missing = [f"PORTAL_{field.name.upper()}" for field in fields(Settings)]
    missing = [name for name in missing if name not in manual]
    assert not missing, f"README.md or docs/*.md must say what these are for: {', '.join(missing)}"


def test_nothing_is_left_undone_in_the_text() -> None:
    found = [f"{name}:{text[: m.start()].count(chr(10)) + 1}" for name, text in texts() for m in UNDONE.finditer(text)]
    assert not found, f"do it, or open an issue: {', '.join(found)}"


def test_every_module_says_what_it_is_for() -> None:
    for path in sorted((ROOT / "portal").rglob("*.py")):
        tree = ast.parse(path.read_text())
        if path.name in ("models.py", "forms.py") or not tree.body:
            continue  # their room's __init__ says it
        assert ast.get_docstring(tree), f"{path.relative_to(ROOT)}: begin with one line that says what it is for"


def test_every_view_says_who_does_what() -> None:
    for path in sorted((ROOT / "portal").rglob("views.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any(_is_route(d) for d in node.decorator_list):
                assert ast.get_docstring(node), (
                    f'{path.relative_to(ROOT)}:{node.lineno}: """A resident …""" as the manual'
                )


def _is_route(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in ("get", "post", "route")


def test_only_the_store_commits() -> None:
    for path in sorted((ROOT / "portal").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name.startswith("portal/store/"):
            continue
        found = re.search(r"session\.(?:commit|begin)\(", path.read_text())
        assert not found, f"{name} commits by itself: write an @action (portal/store/action.py), which commits once"
