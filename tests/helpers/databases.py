"""Real databases: SQLite files, and a PostgreSQL that the tests start themselves."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy

from otpapp.rules import readiness

FAST = "-c fsync=off -c listen_addresses='' -c max_connections=200"


def empty(db: SQLAlchemy) -> None:
    """Leave the tables of the models, and no row in them, as the newest migration would."""
    db.create_all()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.exec_driver_sql(
            f"INSERT INTO alembic_version VALUES ('{readiness.newest_revision()}')"
        )
    if db.engine.dialect.name == "postgresql":
        names = ", ".join(db.metadata.tables)
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL in a folder of its own, as an unprivileged user when root."""
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not programs:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    home = Path(tempfile.mkdtemp(prefix="otpapp-pg-"))
    user = _unprivileged_user()
    if user:
        shutil.chown(home, user)

    def run(name: str, *arguments: str) -> None:
        command = [f"{programs[-1]}/{name}", "-D", str(home / "data"), *arguments]
        prefix = ["setpriv", f"--reuid={user}", "--clear-groups"] if user else []
        subprocess.run([*prefix, *command], check=True, capture_output=True, cwd=home)

    run("initdb", "-U", "otpapp", "-A", "trust", "-E", "UTF8", "--no-sync")
    run("pg_ctl", "start", "-w", "-l", str(home / "log"), "-o", f"{FAST} -k {home}")
    try:
        yield f"postgresql://otpapp@/postgres?host={home}"
    finally:
        run("pg_ctl", "stop", "-m", "immediate")
        _remove(home)


def _unprivileged_user() -> str:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return ""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _remove(home: Path) -> None:
    for _ in range(20):
        shutil.rmtree(home, ignore_errors=True)
        if not home.exists():
            return
        time.sleep(0.1)
