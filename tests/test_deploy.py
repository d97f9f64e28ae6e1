"""What is shipped to run otpapp as a service holds together, as far as that can be seen here."""

import fnmatch
import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
import yaml

from otpapp.settings.model import NAMES
from tests.helpers.served import BIN, ROOT, START_SECONDS, Served, answers, free_port
from tests.helpers.visitor import wait_for

DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
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
        [ROOT / "deploy" / "systemd" / "flask", "users", "create", "alice@example.org"],
        env={**server.environ, "ENV_FILE": str(tmp_path / "site.env")},
        cwd=tmp_path,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("alice@example.org can now sign in at http://127.0.0.1:")


def copied() -> list[list[str]]:
    """Return what each COPY of the Dockerfile takes from here, and where to."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [line.split() for line in lines]


def commands(instruction: str) -> list[str]:
    return json.loads(re.findall(rf"{instruction} (\[.*\])$", DOCKERFILE, re.MULTILINE)[-1])


def test_what_an_image_is_made_of_is_there_and_let_in():
    _, *let_in, never = (ROOT / ".dockerignore").read_text().split()
    sources = {source for *found, _ in copied() for source in found}
    assert sources == {one.removeprefix("!") for one in let_in}
    assert all((ROOT / one).exists() for one in sources)
    assert fnmatch.fnmatch("otpapp/rules/__pycache__", never)


def test_an_image_is_built_apart_and_runs_as_nobody():
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 2
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("USER 10001") < DOCKERFILE.index("\nCMD")


def test_the_commands_of_an_image_run_with_what_is_copied_into_it(tmp_path):
    """But for the system around it: in a folder that holds that and nothing else."""
    for *sources, _ in copied():
        for source in sources:
            whole = ROOT / source
            (shutil.copytree if whole.is_dir() else shutil.copy)(whole, tmp_path / source)
    port = free_port()
    environ = {
        **{name: text for name, text in os.environ.items() if not name.startswith("OTPAPP_")},
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "OTPAPP_MODE": "development",
        "OTPAPP_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    told = {"cwd": tmp_path, "env": environ}
    migrate = COMPOSE["services"]["migrate"]["command"]
    assert subprocess.run(migrate, **told, capture_output=True).returncode == 0
    serve, check = (
        [part.replace("8000", str(port)) for part in commands(name)]
        for name in ("\\nCMD", "HEALTHCHECK.* CMD")
    )
    server = subprocess.Popen(serve, **told, start_new_session=True)
    try:
        wait_for(lambda: answers(port), seconds=START_SECONDS)
        assert subprocess.run(check, **told).returncode == 0
    finally:
        # Its workers too; told to end while one of them starts, it may wait for that one for ever.
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    assert subprocess.run(check, **told, capture_output=True).returncode != 0


def test_compose_names_what_there_is():
    services = COMPOSE["services"]
    assert set(services) == {"database", "migrate", "app", "worker", "nginx"}
    for service in services.values():
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
        assert set(service.get("depends_on", [])) <= set(services)
        for name in service.get("environment", {}):
            assert not name.startswith("OTPAPP_") or name.removesuffix("_FILE") in NAMES, name
    for name in ("app", "worker", "migrate"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    ports = {name for name, service in services.items() if "ports" in service}
    assert ports == {"nginx"}, "nobody reaches anything else"


def test_the_head_of_compose_makes_what_it_needs(tmp_path):
    (tmp_path / "deploy").symlink_to(ROOT / "deploy")
    head = (ROOT / "compose.yaml").read_text().partition("\n# and a file")[0]
    lines = [line[6:] for line in head.splitlines() if line.startswith("#     ")]
    script = "\n".join(line for line in lines if not line.startswith("sudo"))
    done = subprocess.run(["bash", "-eu", "-c", script], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr
    made = {path.name for path in (tmp_path / "secrets").iterdir()}
    assert made == {Path(one["file"]).name for one in COMPOSE["secrets"].values()} | {"site.conf"}
    site = (tmp_path / "secrets" / "site.conf").read_text()
    assert "server app:8000;" in site
    assert "127.0.0.1:8000" not in site
