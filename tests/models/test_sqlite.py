"""SQLite keeps what it acknowledged, and its writers queue."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from otpapp import create_app
from otpapp.extensions import db
from otpapp.models import User
from otpapp.transaction import transaction
from tests.conftest import make_settings

# X48: synchronous 2 is FULL; with less, a used code could come alive again after a power cut.
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "busy_timeout": 5000,
    "foreign_keys": 1,
    "mmap_size": 268435456,
}


@pytest.fixture
def database_url(sqlite_url) -> str:
    """Only SQLite knows pragmas."""
    return sqlite_url


@pytest.mark.parametrize(("name", "value"), list(PRAGMAS.items()))
def test_every_connection_is_tuned(context, name, value):
    connections = [db.engine.connect() for _ in range(3)]
    try:
        for connection in connections:
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value
    finally:
        for connection in connections:
            connection.close()


def test_a_second_app_on_another_file_is_tuned_as_well(tmp_path):
    app = create_app(make_settings(database_url=f"sqlite:///{tmp_path / 'second.sqlite3'}"))
    with app.app_context(), db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.fixture
def no_collection() -> Iterator[None]:
    """What is closed in time needs no garbage collector."""
    gc.disable()
    yield
    gc.enable()


def test_once_a_write_failed_that_could_only_be_read_everything_is_opened_anew(
    context, settings, no_collection
):
    log = Path(settings.database_url.removeprefix("sqlite:///") + "-wal")
    in_use = db.engine.connect()
    with db.engine.connect() as connection:
        # As if it had been opened while the file could not be written.
        connection.exec_driver_sql("PRAGMA query_only = ON")
    assert log.exists()
    with pytest.raises(OperationalError), transaction():
        db.session.execute(delete(User))
    in_use.close()
    assert not log.exists()  # whoever closes last removes it
    with transaction():
        db.session.execute(delete(User))
