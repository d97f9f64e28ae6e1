"""A PostgreSQL that was away, is mute or holds locks costs bounded time, and no answer after it."""

import socket
import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from otpapp import connections, create_app
from otpapp.extensions import db
from tests.conftest import make_settings

OTHERS = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'otpapp'"
TABLE = "LOCK TABLE users IN ACCESS EXCLUSIVE MODE"

pytestmark = pytest.mark.postgres


@pytest.fixture
def database_url(postgres) -> str:
    """Only PostgreSQL has connections to lose."""
    return postgres


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def ask(statement: str):
    """Return the one value of a statement, on a connection that the pool gives out for it."""
    with db.engine.connect() as connection:
        return connection.execute(text(statement)).scalar()


def test_connections_that_were_closed_while_idle_are_made_anew_unnoticed(context):
    held = [db.engine.connect() for _ in range(3)]
    before = {one.execute(text("SELECT pg_backend_pid()")).scalar() for one in held}
    for one in held[1:]:
        one.close()
    held[0].execute(text(f"SELECT pg_terminate_backend(pid, 5000) {OTHERS}"))
    after = [db.engine.connect() for _ in range(2)]
    assert before.isdisjoint(one.execute(text("SELECT pg_backend_pid()")).scalar() for one in after)
    for one in (held[0], *after):
        one.close()


def test_a_connection_that_is_well_is_kept(context):
    assert len({ask("SELECT pg_backend_pid()") for _ in range(5)}) == 1


def test_seeing_that_a_connection_is_well_costs_no_statement(context, postgres):
    pid = ask("SELECT pg_backend_pid()")
    with psycopg.connect(postgres) as watching:
        spoke = f"SELECT state_change FROM pg_stat_activity WHERE pid = {pid}"
        before = watching.execute(spoke).fetchone()
        watching.rollback()
        with db.engine.connect():
            assert watching.execute(spoke).fetchone() == before


def test_a_lock_that_others_hold_is_waited_for_in_bounded_time(app, monkeypatch):
    monkeypatch.setattr(connections, "LOCKS_WAIT", 200)
    with app.app_context():
        db.engine.dispose()
        with db.engine.begin() as holder:
            holder.execute(text(TABLE))
            began = time.monotonic()
            with pytest.raises(OperationalError, match="lock timeout"):
                ask("SELECT count(*) FROM users")
            assert time.monotonic() - began < 2
        assert ask("SELECT count(*) FROM users") == 0


def test_a_server_that_says_nothing_is_left_in_bounded_time(mute, monkeypatch):
    monkeypatch.setitem(connections.POSTGRESQL, "connect_timeout", 2)
    url = f"postgresql://otpapp@127.0.0.1:{mute}/postgres"
    with create_app(make_settings(database_url=url)).app_context():
        began = time.monotonic()
        with pytest.raises(OperationalError):
            ask("SELECT 1")
        assert time.monotonic() - began < 5


def test_every_connection_has_its_bounds_and_those_of_the_url_come_first(postgres):
    url = f"{postgres}&connect_timeout=9"
    with create_app(make_settings(database_url=url)).app_context():
        with db.engine.connect() as connection:
            told = connection.connection.dbapi_connection.info.get_parameters()
        db.engine.dispose()
    bounds = {**connections.POSTGRESQL, "connect_timeout": 9}
    assert {name: int(told[name]) for name in bounds} == bounds
