"""Every revision goes up, down and up again, and ends where the models are."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from otpapp.extensions import db
from otpapp.models import Proof, UserSession
from tests.migrations.test_revisions import REVISIONS

NUMBERS = [script.revision for script in REVISIONS]


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def difference() -> list:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, db.metadata)


def shape() -> dict:
    """Return every column, key and index of the database, by table."""
    seen = inspect(db.engine)
    return {
        table: (
            sorted(
                (one["name"], str(one["type"]), one["nullable"]) for one in seen.get_columns(table)
            ),
            sorted((one["name"] or "", one["options"]) for one in seen.get_foreign_keys(table)),
            sorted((one["name"] or "", one["column_names"]) for one in seen.get_indexes(table)),
            seen.get_pk_constraint(table)["constrained_columns"],
        )
        for table in tables()
    }


@pytest.mark.parametrize("number", NUMBERS)
def test_each_revision_can_be_taken_back(bare, number):
    index = NUMBERS.index(number)
    if index:
        upgrade(revision=NUMBERS[index - 1])
    before = shape()
    upgrade(revision=number)
    after = shape()
    downgrade(revision=NUMBERS[index - 1] if index else "base")
    assert shape() == before != after
    upgrade(revision=number)
    assert shape() == after


def test_from_nothing_to_the_newest_and_back_to_nothing(bare):
    upgrade()
    assert tables() == set(db.metadata.tables)
    downgrade(revision="base")
    assert tables() == set()


def test_the_migrated_database_is_what_the_models_say(bare):
    upgrade()
    assert difference() == []


def test_the_migrated_database_has_the_shape_that_the_models_make(bare):
    upgrade()
    migrated = shape()
    downgrade(revision="base")
    db.create_all()
    assert shape() == migrated


def test_upgrading_twice_changes_nothing(bare):
    upgrade()
    before = shape()
    upgrade()
    assert shape() == before


def test_an_upgrade_that_fails_midway_leaves_nothing_of_itself(bare):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE tallies (in_the_way INTEGER)")
    with pytest.raises(DBAPIError, match="tallies"):
        upgrade()
    assert tables() == {"tallies"}


def test_rows_outlive_an_upgrade_to_the_newest(bare):
    upgrade(revision=NUMBERS[0])
    add = "INSERT INTO users (id, sealed_key, counter, created_at) VALUES "
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            add + "('00000000000000000000000000000007', '', 41, '2026-03-03 12:00:00+00:00')"
        )
    upgrade()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT counter FROM users").scalar_one() == 41


def test_sessions_keep_what_they_rest_on(bare):
    """0009: one proof becomes a list of proofs, and back."""
    upgrade(revision="0008")
    user = (
        "00000000000000000000000000000001" if "sqlite" in str(db.engine.url) else str(UUID(int=1))
    )
    row = {
        "id": 1,
        "token_hash": b"x" * 32,
        "user_id": user,
        "door": "page",
        "keep": False,
        "idle_seconds": 60,
        "ip": "",
        "browser": "",
        **dict.fromkeys(("created_at", "seen_at", "expires_at"), "2026-03-03 12:00:00"),
    }
    with db.engine.begin() as connection:
        person = {"id": user, "sealed_key": b"", "counter": 0, "created_at": "2026-03-03 12:00:00"}
        _insert(connection, "users", person)
        _insert(connection, "user_sessions", {**row, "proof": "sms"})
    upgrade(revision="0009")
    with db.engine.connect() as connection:
        (proofs,) = connection.scalars(select(UserSession.proofs)).all()
    assert proofs == (Proof("sms", datetime(2026, 3, 3, 12, tzinfo=UTC)),)
    downgrade(revision="0008")
    with db.engine.connect() as connection:
        assert connection.scalars(text("SELECT proof FROM user_sessions")).all() == ["sms"]


def _insert(connection, table: str, row: dict) -> None:
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


def test_messages_outlive_being_allowed_to_be_notices_and_back(bare):
    """SQLite makes their table anew for that."""
    upgrade(revision="0010")
    at, user = datetime(2026, 3, 3, 12, 0, tzinfo=UTC), UUID(int=7)
    tables = db.metadata.tables
    with db.engine.begin() as connection:
        for name, row in {
            "users": {"id": user, "sealed_key": b"", "created_at": at},
            "challenges": {
                **dict.fromkeys(("subject", "destination", "channel", "purpose", "door"), "x"),
                **dict.fromkeys(("method", "reference", "next_path", "ip", "browser"), "x"),
                "id": 5,
                "handle_hash": b"h" * 32,
                "user_id": user,
                "counter": 1,
                "digits": 6,
                "keep": False,
                "created_at": at,
                "expires_at": at,
            },
            "messages": {
                "id": 9,
                "kind": "code",
                "channel": "email",
                "challenge_id": 5,
                "message_id": "<x@y>",
                "created_at": at,
                "due_at": at,
            },
        }.items():
            connection.execute(tables[name].insert().values(row))
    upgrade()
    with db.engine.begin() as connection:
        event = {"id": 3, "at": at, "kind": "factor.enrolled", "user_id": user}
        connection.execute(tables["events"].insert().values(event))
        notice = {"id": 10, "kind": "notice", "channel": "email", "event_id": 3}
        rest = {"message_id": "<z@y>", "created_at": at, "due_at": at}
        connection.execute(tables["messages"].insert().values({**notice, **rest}))
    downgrade(revision="0010")
    with db.engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT id, challenge_id, message_id FROM messages")
        assert found.all() == [(9, 5, "<x@y>")]
        connection.exec_driver_sql("DELETE FROM challenges")
        assert connection.exec_driver_sql("SELECT count(*) FROM messages").scalar_one() == 0
