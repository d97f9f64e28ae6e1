"""After a backup was restored no code, session or key of it opens anything (X49)."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules.gate import apps, keys
from otpapp.rules.gate.apps import Plan
from otpapp.transaction import transaction
from tests.helpers.browser import new_browser
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, is_in, sign_in


def post_restore(app, *arguments: str, typed: str = ""):
    return app.test_cli_runner().invoke(args=["post-restore", *arguments], input=typed)


@pytest.fixture
def restored(app, client, alice, settings, clock, tmp_path):
    """A site whose database went back to before a sign-in, with a session and a code of before."""
    path = settings.database_url.removeprefix("sqlite:///")
    sign_in(client)
    other = new_browser(app)
    clock.advance(minutes=2)
    other.ask(ALICE)
    copy(path, tmp_path / "backup")
    assert other.answer(RFC_CODES[2]).status_code == 303
    copy(tmp_path / "backup", path)
    return client, other


def copy(source, target) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def test_without_it_a_used_code_lives_again(restored, app):
    """What the command is for: its message may lie in any mailbox."""
    before, other = restored
    assert is_in(before)
    assert not is_in(other)
    assert other.get("/sign-in/code").status_code == 200


def test_no_session_and_no_code_survives(restored, app, client, mailbox, clock):
    before, other = restored
    waiting = new_browser(app)
    waiting.ask("nobody@example.org")
    result = post_restore(app, "--yes")
    assert result.exit_code == 0, result.output
    assert result.output == "Ended 1 sessions and 2 codes; 1 users have new keys.\n"
    assert not is_in(before)
    assert mailbox.deliver() == []
    with app.app_context():
        assert db.session.query(Event).filter_by(kind="backup.restored").count() == 1


def test_no_code_of_the_old_key_works_and_those_of_the_new_one_do(restored, app, mailbox, clock):
    post_restore(app, "--yes")
    clock.advance(hours=1)
    client = new_browser(app)
    client.ask(ALICE)
    code = mailbox.code_for(ALICE)
    assert code not in RFC_CODES
    for old in RFC_CODES[:4]:
        assert client.answer(old).status_code == 422
    assert client.answer(code).status_code == 303


def test_no_access_key_opens_anything_any_more(app, clock):
    with app.app_context():
        with transaction():
            apps.keep(Plan("wiki", "Wiki", "https://wiki.example.org", ()), clock.now)
            wiki, until = apps.find("wiki"), clock.now + timedelta(days=1)
            key = keys.make(wiki, "backup", "/", until, clock.now)
        post_restore(app, "--yes")
        looking = keys.prepare(db.engine)
        assert keys.look(looking, "https://wiki.example.org", key, clock.now) is None
        assert keys.of_app(apps.find("wiki"), clock.now) == []


def test_it_asks_first(app, alice):
    result = post_restore(app, typed="n\n")
    assert result.exit_code == 1
    assert "Sign everybody out and replace every user's key?" in result.output
    with app.app_context():
        assert db.session.query(Event).count() == 0
    assert post_restore(app, typed="y\n").exit_code == 0
