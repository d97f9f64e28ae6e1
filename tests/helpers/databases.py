"""Real databases: SQLite files, and a PostgreSQL that the tests start themselves."""

import glob
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy

from otpapp.rules import readiness

# Without autovacuum nobody counts the rows, for which plans would change while tests look at them.
FAST = "-c fsync=off -c listen_addresses='' -c max_connections=200 -c autovacuum=off"

_times = count(1)
_new_sqlite = sqlite3.connect(":memory:", check_same_thread=False)


def empty(db: SQLAlchemy) -> None:
    """Leave the tables of the models, and no row in them, as the newest migration would.

    Making them takes longer than most tests do: SQLite copies those that it made once, PostgreSQL
    keeps them. To delete the few rows of a test costs it a tenth of what TRUNCATE does, which has
    its turn now and then, to make an end of what deleted rows leave behind.
    """
    if db.engine.dialect.name == "sqlite":
        _copy(db)
        return
    with db.engine.begin() as connection:
        is_there = connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar()
    if not is_there:
        _make(db)
    tables = [*reversed(db.metadata.sorted_tables), "alembic_version"]
    if next(_times) % 100 == 0:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(map(str, tables))}")
    statements = [
        *(f"DELETE FROM {table};" for table in tables),
        f"INSERT INTO alembic_version VALUES ('{readiness.newest_revision()}');",
        "PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';",
    ]
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DO $$ BEGIN {' '.join(statements)} END $$")


def _copy(db: SQLAlchemy) -> None:
    with closing(db.engine.raw_connection()) as connection:
        file = connection.driver_connection
        assert isinstance(file, sqlite3.Connection)
        if _new_sqlite.execute("SELECT 1 FROM sqlite_master").fetchone():
            _new_sqlite.backup(file)
            return
        _make(db)
        file.backup(_new_sqlite)


def _make(db: SQLAlchemy) -> None:
    db.create_all()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.exec_driver_sql(
            f"INSERT INTO alembic_version VALUES ('{readiness.newest_revision()}')"
        )


class Cluster:
    """A PostgreSQL in a folder of its own that can be stopped and started; `url` is where."""

    def __init__(self) -> None:
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not programs:
            pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
        self._programs = programs[-1]
        self._home = Path(tempfile.mkdtemp(prefix="otpapp-pg-"))
        self._user = _unprivileged_user()
        self.url = f"postgresql://otpapp@/postgres?host={self._home}"
        if self._user:
            shutil.chown(self._home, self._user)
        self._run("initdb", "-U", "otpapp", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = f"{FAST} -k {self._home}"
        self._run("pg_ctl", "start", "-w", "-l", str(self._home / "log"), "-o", options)

    def stop(self) -> None:
        """Stop it at once, as a crash would: nobody is waited for."""
        self._run("pg_ctl", "stop", "-m", "immediate")

    def remove(self) -> None:
        """Stop it, if it runs, and delete all that it kept."""
        if (self._home / "data" / "postmaster.pid").exists():
            self.stop()
        for _ in range(20):
            shutil.rmtree(self._home, ignore_errors=True)
            if not self._home.exists():
                return
            time.sleep(0.1)

    def _run(self, name: str, *arguments: str) -> None:
        command = [f"{self._programs}/{name}", "-D", str(self._home / "data"), *arguments]
        prefix = ["setpriv", f"--reuid={self._user}", "--clear-groups"] if self._user else []
        subprocess.run([*prefix, *command], check=True, capture_output=True, cwd=self._home)


@contextmanager
def postgresql() -> Iterator[Cluster]:
    """Run a PostgreSQL, as an unprivileged user when root."""
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


def _unprivileged_user() -> str:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return ""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
