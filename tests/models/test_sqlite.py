"""SQLite keeps what it acknowledged, and its writers queue."""

import pytest

from otpapp import create_app
from otpapp.extensions import db
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
