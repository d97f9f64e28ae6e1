"""How SQLite, which knows no sizes, goes about finding few among many."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import event

from otpapp.extensions import db
from otpapp.rules import events
from otpapp.rules.people import directory, trail
from otpapp.rules.people.directory import Standing, Wanted
from otpapp.rules.people.trail import Sought
from otpapp.transaction import transaction
from tests.conftest import NOON


@pytest.fixture
def database_url(sqlite_url) -> str:
    """PostgreSQL looks at sizes, and plans otherwise where there are few rows."""
    return sqlite_url


def plan(run) -> str:
    """Return how the database goes about each SELECT that `run` makes."""
    asked: list[tuple] = []

    def note(_connection, _cursor, statement, parameters, *_) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    run()
    event.remove(db.engine, "before_cursor_execute", note)
    with db.engine.connect() as connection:
        steps = [
            step.detail
            for statement, parameters in asked
            if statement.startswith("SELECT")
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    return "; ".join(steps)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(role="admin"), "ix_users_admins"),
        (Wanted(standing=Standing.DISABLED), "ix_users_disabled"),
        (Wanted(standing=Standing.FROZEN), "ix_users_disabled"),
    ],
)
def test_the_few_are_found_by_an_index_of_them(context, settings, wanted, index):
    """Else it took half a second where there are a hundred thousand users."""
    steps = plan(lambda: directory.page(wanted, settings))
    assert index in steps
    assert "(key>" not in steps.partition("tallies")[2], steps


def test_everybody_is_walked_from_where_a_page_begins(context, settings):
    steps = plan(lambda: directory.page(Wanted(), settings, "m"))
    walk = steps.partition("tallies")[2].partition("CORRELATED")[0]
    assert "SEARCH identifiers USING INDEX sqlite_autoindex_identifiers_1 (key>?)" in walk
    assert "SCAN" not in walk and "ORDER BY" not in walk


ONE = Sought(UUID(int=1))


@pytest.mark.parametrize(
    ("sought", "index"),
    [
        (Sought(), "ix_events_at"),
        (Sought(since=NOON), "ix_events_at"),
        (ONE, "ix_events_user_id_at"),
        (replace(ONE, kind="code.answered", ip="192.0.2.1", until=NOON), "ix_events_user_id_at"),
        (Sought(subjects=("a@example.org",), kind="code.answered"), "ix_events_subject_at"),
        (Sought(kind="code.answered"), "ix_events_kind_at"),
        (Sought(ip="192.0.2.1", kind="code.answered", since=NOON), "ix_events_ip_at"),
    ],
)
def test_each_part_of_the_trail_is_read_in_its_order(context, sought, index):
    """Among half a million lines each takes a few milliseconds, wherever a page begins."""
    with transaction():
        number = events.record("app.entered", NOON)
    for before in (0, number):
        steps = plan(lambda before=before: trail.page(sought, before))
        assert f"USING INDEX {index}" in steps
        assert "ORDER BY" not in steps.partition("SEARCH identifiers")[0], steps
