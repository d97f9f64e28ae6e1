"""What is shipped to run otpapp as a service holds together, as far as that can be seen here."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers.served import ROOT, Served

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
HERE = ("/opt/otpapp", str(ROOT))
MOST_EXPOSED = 15  # of 100; what is left is its network, and that it lives in this file system
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
every_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)


def as_here(unit: Path, folder: Path) -> Path:
    """Copy a unit, for a checkout that is here."""
    copy = folder / unit.name
    copy.write_text(unit.read_text().replace(*HERE))
    return copy


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(ANALYZE), *arguments], text=True, capture_output=True, timeout=60)


@needs_systemd
@every_unit
def test_systemd_finds_nothing_wrong_with_a_unit(unit, tmp_path):
    done = analyze("verify", str(as_here(unit, tmp_path)))
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@every_unit
def test_whoever_breaks_into_a_service_can_do_little(unit, tmp_path):
    copy = str(as_here(unit, tmp_path))
    done = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", copy)
    assert done.returncode == 0, done.stdout[-300:]


def test_the_server_and_the_worker_are_shut_in_alike():
    shut_in = {re.search(r"\n# What it writes.*", unit.read_text(), re.DOTALL)[0] for unit in UNITS}
    assert len(UNITS) == 2
    assert len(shut_in) == 1


def test_commands_run_with_the_settings_of_the_service(tmp_path):
    server = Served({}, tmp_path)
    assert server.flask("db", "upgrade").returncode == 0
    names = [name for name in server.environ if name.startswith("OTPAPP_")]
    lines = [f"{name}='{server.environ.pop(name)}'\n" for name in names]
    (tmp_path / "site.env").write_text("".join(lines))
    done = subprocess.run(
        [ROOT / "deploy" / "systemd" / "flask", "create-user", "alice@example.org"],
        env={**server.environ, "ENV_FILE": str(tmp_path / "site.env")},
        cwd=tmp_path,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("alice@example.org can now sign in at http://127.0.0.1:")
