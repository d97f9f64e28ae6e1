"""`flask users create` lets somebody sign in, once, and says in a sentence why not."""

import json

import pytest
from sqlalchemy import select

from otpapp import create_app
from otpapp.extensions import db
from otpapp.models import Event, Identifier, User
from otpapp.otp.keys import sealer
from tests.conftest import make_settings


def kept(app, model) -> list:
    with app.app_context():
        return list(db.session.scalars(select(model)))


def create(app, identifier: str):
    return app.test_cli_runner().invoke(args=["users", "create", identifier])


@pytest.mark.parametrize(
    ("typed", "channel", "key", "address"),
    [
        ("Dora@Example.org", "email", "dora@example.org", "Dora@example.org"),
        ("+1 (202) 555-0143", "sms", "+12025550143", "+12025550143"),
    ],
)
def test_somebody_can_be_let_in_by_email_or_phone(app, typed, channel, key, address):
    result = create(app, typed)
    assert result.exit_code == 0, result.output
    assert result.output.endswith("can now sign in at https://auth.example.org/sign-in\n")
    (found,) = kept(app, Identifier)
    assert (found.channel, found.key, found.address) == (channel, key, address)
    assert found.verified_at is None


def test_the_new_user_has_a_sealed_key_and_starts_at_zero(app, settings):
    create(app, "dora@example.org")
    (user,) = kept(app, User)
    assert user.counter == 0
    assert len(sealer(settings.secrets).open(user.sealed_key, user.id.bytes)) == 20


def test_it_is_written_down(app, clock):
    create(app, "dora@example.org")
    (event,) = kept(app, Event)
    assert (event.kind, event.subject, event.at) == (
        "user.created",
        "dora@example.org",
        clock.now,
    )


def test_whoever_was_created_can_sign_in(app, client, mailbox):
    create(app, "dora@example.org")
    client.ask("dora@example.org")
    home = client.follow(client.answer(mailbox.code_for("dora@example.org")))
    assert "You are signed in" in home.text


def test_a_program_reads_who_was_created(app):
    result = app.test_cli_runner().invoke(args=["users", "create", "Dora@example.org", "--json"])
    (user,) = kept(app, User)
    assert json.loads(result.stdout) == {"id": str(user.id), "address": "dora@example.org"}


@pytest.mark.parametrize("typed", ["alice@example.org", " ALICE@example.org "])
def test_an_identifier_that_is_taken_is_refused(app, alice, typed):
    result = create(app, typed)
    assert result.exit_code == 1
    assert "belongs to a user already." in result.output
    assert len(kept(app, User)) == len(kept(app, Identifier)) == 1
    assert kept(app, Event) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter an email address or a phone number."),
        ("dora", "Enter an email address or a phone number, like"),
        ("dora@", "Enter an email address in full, like name@example.org."),
        ("12025550143", "Start the phone number with + and the country code"),
        ("+1 876 210 1234", "We cannot send text messages to that country."),
    ],
)
def test_what_names_nobody_is_refused_in_a_sentence(app, typed, words):
    result = create(app, typed)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert words in result.output
    assert kept(app, User) == []


def test_a_database_that_is_not_up_to_date_is_told_in_a_sentence(app):
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    result = create(app, "dora@example.org")
    assert result.exit_code == 1
    assert result.output == (
        "Error: the database is at revision none; run: .venv/bin/flask db upgrade\n"
    )


def test_a_database_that_does_not_answer_is_told_in_a_sentence(tmp_path):
    away = create_app(make_settings(database_url=f"postgresql://nobody@/none?host={tmp_path}"))
    result = create(away, "dora@example.org")
    assert result.exit_code == 1
    assert result.output.startswith("Error: The database does not answer: ")
