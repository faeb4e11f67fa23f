"""Who may stand on whom, and what the law may know."""

import ast
import subprocess
import sys
from pathlib import Path

from portal.settings import ROOT


def test_imports_only_go_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"see [tool.importlinter] in pyproject.toml for who may import whom:\n{done.stdout}"


def test_the_law_imports_nothing_but_the_standard_library() -> None:
    for path in sorted((ROOT / "portal" / "rules").glob("*.py")):
        for name in _imported(path):
            known = name.split(".")[0] in sys.stdlib_module_names or name.startswith("portal.rules")
            assert known, f"{path.relative_to(ROOT)} imports {name}: give the rule the value it needs instead"


def test_the_law_reads_no_clock_and_no_file() -> None:
    for path in sorted((ROOT / "portal" / "rules").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            assert name not in ("now", "today", "open", "utcnow", "getenv"), (
                f"{path.relative_to(ROOT)}:{node.lineno} calls {name}(): let the action give the rule that value"
            )


def _imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return names
