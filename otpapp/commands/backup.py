"""flask backup"""

import json
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from tempfile import mkstemp

import click
from flask import current_app
from sqlalchemy import URL, make_url
from sqlalchemy.exc import OperationalError

from otpapp.clock import utc_now
from otpapp.commands.database import with_database
from otpapp.rules import events, readiness
from otpapp.transaction import transaction

COUNTED = ("users", "user_sessions", "events")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_database
def backup(file: Path, as_json: bool) -> None:
    """Copy the database into FILE while the site goes on, and check the copy.

    FILE must not be there yet, and only you can read it: it holds addresses, and keys that the
    secret key opens, which is not in it. Keep that one elsewhere, and keep it too.

    \b
    Example:
      flask backup /var/backups/otpapp-$(date +%F).sqlite3
    """
    url = make_url(current_app.extensions["otpapp.settings"].database_url)
    if url.get_backend_name() != "sqlite":
        raise click.ClickException(_elsewhere(url, file))
    if file.exists():
        raise click.ClickException(f"{file} is there already, and nothing was changed in it.")
    try:
        found = _copy(str(url.database), file)
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(f"No backup was made: {error}.") from error
    # A disk that is full keeps nobody from saving what is on it.
    with suppress(OperationalError), transaction():
        events.record("backup.made", utc_now(), detail=file.name[:200])
    click.echo(json.dumps({"file": str(file), **found}) if as_json else _said(file, found))


def _copy(database: str, file: Path) -> dict[str, int | str]:
    """Write a whole, checked copy and then give it its name; raises OSError or sqlite3.Error.

    VACUUM INTO reads one state of the database, holds up no writer, and leaves behind what was
    deleted, where a copy of all pages would carry that along.
    """
    # Nobody but its owner may read it, from the first byte on.
    handle, name = mkstemp(prefix=f".{file.name}.", dir=file.parent)
    unfinished = Path(name)
    try:
        with closing(sqlite3.connect(database)) as source:
            source.execute("VACUUM INTO ?", (name,))
        os.fsync(handle)
        found = _checked(unfinished)
        os.link(unfinished, file)  # where a rename would replace what came there meanwhile
        _sync(file.parent)
    finally:
        os.close(handle)
        unfinished.unlink()
    return found


def _checked(copy: Path) -> dict[str, int | str]:
    """Return what the copy holds; raises sqlite3.Error where it is not whole."""
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        (said,) = opened.execute("PRAGMA integrity_check").fetchone()
        if said != "ok" or opened.execute("PRAGMA foreign_key_check").fetchone():
            raise sqlite3.DatabaseError("the database is damaged, and so was its copy")
        (revision,) = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        if revision != readiness.newest_revision():
            raise sqlite3.DatabaseError(f"the copy is at revision {revision}")
        counts = {
            table: opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in COUNTED
        }
    return {"bytes": copy.stat().st_size, "revision": revision, **counts}


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _said(file: Path, found: dict[str, int | str]) -> str:
    return (
        f"{file} holds {found['users']} users and {found['events']} lines of the trail, "
        f"at revision {found['revision']}. It was opened and is whole.\n"
        "The secret key is not in it. After it was put back: flask post-restore"
    )


def _elsewhere(url: URL, file: Path) -> str:
    shown = url.set(drivername="postgresql", password=None).render_as_string()
    return (
        "PostgreSQL makes its own copies, with all that they need:\n"
        f"  (umask 077; pg_dump --format=custom --file={file} '{shown}')\n"
        "and puts them back into an empty database, where nothing serves yet:\n"
        f"  pg_restore --no-owner --exit-on-error --dbname='{shown}' {file}\n"
        "  flask post-restore"
    )
