"""The floors of the house: imports go down only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("otp", "models", "rules", "delivery", "web", "commands")
STAIRWELL = ("settings", "extensions", "transaction", "prepared", "clock", "metrics")
FILES = sorted((ROOT / "otpapp").rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of everything that `path` imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(name: str) -> str:
    """Return the floor or stairwell part that `otpapp.rules.limits` and its like belong to."""
    parts = name.split(".")
    return parts[1] if parts[0] == "otpapp" and len(parts) > 1 else ""


def floor_of(path: Path) -> str:
    return path.relative_to(ROOT / "otpapp").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down_only(path):
    floor = floor_of(path)
    if floor not in FLOORS:
        return
    above = FLOORS[FLOORS.index(floor) + 1 :]
    for name in imported(path):
        assert room(name) not in above, f"{path} ({floor}) reaches up to {name}"
        if floor == "otp":
            assert room(name) in ("", "otp"), f"{path} needs {name}; otp stands on nothing"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_know_no_flask_and_no_clock(path):
    floor = floor_of(path)
    if floor not in ("otp", "models", "rules"):
        return
    for name in imported(path):
        assert name.split(".")[0] not in ("flask", "flask_login", "flask_wtf"), f"{path}: {name}"
        assert not (floor == "rules" and room(name) == "clock"), f"{path} reads the clock"


def test_blueprints_never_import_each_other():
    wings = {path.parent.name for path in FILES if path.name == "routes.py"}
    for path in FILES:
        if path.parent.parent.name != "web":
            continue
        mine = path.parent.name
        for name in imported(path):
            parts = name.split(".")
            other = parts[2] if parts[:2] == ["otpapp", "web"] and len(parts) > 2 else mine
            if other in wings and other != mine:
                raise AssertionError(f"{path} imports {name}")


def test_only_transactions_commit():
    for path in FILES:
        assert path.name == "transaction.py" or ".commit(" not in path.read_text(), path


def test_only_one_module_touches_the_cookie():
    for path in FILES:
        cookie = path == ROOT / "otpapp" / "web" / "cookie.py"
        assert cookie or "flask.session" not in imported(path), path


def test_only_the_factory_reads_the_environment():
    for path in FILES:
        factory = path == ROOT / "otpapp" / "__init__.py"
        assert factory or "os.environ" not in path.read_text(), path


def test_the_stairwell_stands_on_no_floor():
    for path in FILES:
        if floor_of(path) in STAIRWELL:
            for name in imported(path):
                assert room(name) in ("", *STAIRWELL), f"{path} imports {name}"
