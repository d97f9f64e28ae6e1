"""`flask keys rotate` seals all keys under the newest secret, and changes nothing else."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from otpapp import create_app
from otpapp.extensions import db
from otpapp.models import User
from otpapp.otp.keys import Sealer
from otpapp.rules import upkeep, users
from otpapp.rules.identifiers import Address
from otpapp.transaction import transaction
from tests.helpers.browser import new_browser
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, is_in, sign_in

NEW = "the secret of this year, which seals from here on"


@pytest.fixture
def with_secret(settings):
    """Return the app as it is under other secrets, on the same database."""
    made = []

    def with_secret(*secrets: str):
        changed = replace(settings, secret_key=secrets[0], secret_key_fallbacks=secrets[1:])
        made.append(create_app(changed))
        return made[-1]

    yield with_secret
    for app in made:
        with app.app_context():
            db.engine.dispose()


def rotate(app):
    return app.test_cli_runner().invoke(args=["keys", "rotate"])


def sealed(app) -> dict:
    with app.app_context():
        return dict(db.session.execute(select(User.id, User.sealed_key)).all())


def test_afterwards_the_old_secret_is_no_longer_needed(app, settings, with_secret, alice, bob):
    both = with_secret(NEW, settings.secret_key)
    result = rotate(both)
    assert (result.exit_code, result.output) == (
        0,
        "Sealed 2 keys anew. Older secrets are no longer needed for keys.\n",
    )
    opened = Sealer((NEW,)).open(sealed(app)[alice.user_id], alice.user_id.bytes)
    assert opened == alice.key
    client = new_browser(with_secret(NEW))
    client.ask(ALICE)
    assert client.answer(RFC_CODES[1]).status_code == 303


def test_running_it_again_changes_nothing(settings, with_secret, alice):
    both = with_secret(NEW, settings.secret_key)
    rotate(both)
    before = sealed(both)
    assert rotate(both).output.startswith("Sealed 0 keys anew.")
    assert sealed(both) == before


def test_nobody_is_signed_out(settings, with_secret, client, alice):
    sign_in(client)
    rotate(with_secret(NEW, settings.secret_key))
    assert is_in(client)


def test_more_users_than_one_batch_are_all_done(settings, with_secret, app, clock, monkeypatch):
    monkeypatch.setattr(upkeep, "_NEXT", upkeep._NEXT.limit(2))
    with app.app_context(), transaction():
        for number in range(5):
            address = Address("email", f"{number}@example.org", f"{number}@example.org")
            assert users.create(address, settings, clock.now)
    assert rotate(with_secret(NEW, settings.secret_key)).output.startswith("Sealed 5 keys anew.")


def test_a_key_that_cannot_be_opened_ends_it_in_a_sentence(settings, with_secret, app, alice, bob):
    both = with_secret(NEW, settings.secret_key)
    with app.app_context(), transaction():
        last = max(alice.user_id, bob.user_id)
        db.session.execute(update(User).where(User.id == last).values(sealed_key=b"x" * 48))
    result = rotate(both)
    assert result.exit_code == 1
    assert result.output.startswith("Error: Not every key can be opened: ")
