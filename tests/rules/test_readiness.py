"""A server whose database is not as it must be says so instead of serving."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from otpapp.extensions import db
from otpapp.rules import readiness, users
from otpapp.rules.classroom import rooms, seats
from otpapp.transaction import transaction
from tests.conftest import make_settings

ANOTHER = make_settings(secret_key="another secret, as long as it has to be 9876543210")


def test_a_database_at_the_newest_revision_is_ready(context, settings, alice):
    assert readiness.faults(settings) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "0001"),
        ("DELETE FROM alembic_version", "none"),
        ("DROP TABLE alembic_version", "none"),
    ],
)
def test_one_that_is_not_says_which_command_to_run(context, settings, change, found):
    with transaction():
        db.session.execute(text(change))
    assert readiness.faults(settings) == [
        f"the database is at revision {found}; run: .venv/bin/flask db upgrade"
    ]


def test_another_secret_than_the_one_of_the_keys_is_noticed(context, settings, alice):
    (fault,) = readiness.faults(ANOTHER)
    assert fault.startswith("OTPAPP_SECRET_KEY is not the one that this database was made with")
    changed = replace(ANOTHER, secret_key_fallbacks=(settings.secret_key,))
    assert readiness.faults(changed) == []


def test_a_database_without_users_fits_every_secret(context):
    assert readiness.faults(ANOTHER) == []


CLASS = {"mode": "classroom", "public_url": "http://127.0.0.1:5000"}


def test_a_classroom_has_a_database_without_real_people(context, settings, clock, alice):
    (fault,) = readiness.faults(replace(settings, **CLASS))
    assert fault.startswith("this database has real people in it, and a classroom shows")


def test_a_database_of_made_up_people_is_ready_for_a_class(context, settings, clock):
    held = replace(settings, **CLASS)
    with transaction():
        room, _ = rooms.open_one(clock.now)
        seats.take(room, held, clock.now)
    assert readiness.faults(held) == []


@pytest.mark.parametrize("mode", ["production", "development"])
def test_nobody_real_signs_in_where_keys_were_shown(context, settings, clock, mode):
    with transaction():
        rooms.open_one(clock.now)
    (fault,) = readiness.faults(replace(settings, mode=mode))
    assert fault.startswith("this database was a classroom's, so keys in it were shown")
    with transaction():
        rooms.clear()
    assert readiness.faults(replace(settings, mode=mode)) == []


def test_a_key_that_cannot_be_opened_is_logged_and_breaks_nothing(context, alice, caplog):
    assert users.key_of(alice.user_id, ANOTHER) is None
    assert f"the key of user {alice.user_id} cannot be opened" in caplog.text
