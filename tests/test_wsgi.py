"""A server with bad settings does not start, and says why without a trace."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def serve(**settings: str) -> subprocess.CompletedProcess[str]:
    """Load what a server would load, in a process of its own."""
    return run([sys.executable, "-c", "import wsgi"], settings)


def flask(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a flask command."""
    return run([str(Path(sys.executable).parent / "flask"), *arguments], settings)


def run(command: list[str], settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environ = {name: text for name, text in os.environ.items() if not name.startswith("OTPAPP_")}
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**environ, **settings},
        text=True,
        capture_output=True,
    )


def test_a_database_that_is_not_up_to_date_ends_in_the_command_to_run(tmp_path):
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    ended = serve(OTPAPP_MODE="development", OTPAPP_DATABASE_URL=url)
    assert ended.returncode == 1
    assert "the database is at revision none; run: .venv/bin/flask db upgrade" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_that_is_away_keeps_nobody_from_starting(tmp_path):
    url = f"postgresql://nobody@/none?host={tmp_path}"
    ended = serve(OTPAPP_MODE="development", OTPAPP_DATABASE_URL=url, OTPAPP_SENDER="none")
    assert ended.returncode == 0, ended.stderr


def test_bad_settings_end_in_a_list_of_faults():
    ended = serve(OTPAPP_SEKRET_KEY="misspelt")
    assert ended.returncode == 1
    assert ended.stderr.startswith("otpapp cannot start:")
    assert "OTPAPP_SEKRET_KEY is not a setting" in ended.stderr
    assert "OTPAPP_PUBLIC_URL is missing" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_of_counts_that_cannot_be_is_said(tmp_path):
    url = f"sqlite:///{tmp_path / 'site.sqlite3'}"
    site = {"OTPAPP_MODE": "development", "OTPAPP_DATABASE_URL": url}
    site["OTPAPP_METRICS"] = "/proc/nothing/here"
    migrated = flask("db", "upgrade", **site)
    assert migrated.returncode == 0, "a command needs no such folder"
    for ended in (serve(**site, OTPAPP_SENDER="none"), flask("worker", **site)):
        assert ended.returncode == 1
        assert "OTPAPP_METRICS: /proc/nothing/here cannot be written to" in ended.stderr
        assert "Traceback" not in ended.stderr
