"""On PostgreSQL a sender is woken by the database and need not ask."""

from contextlib import contextmanager

import pytest
from sqlalchemy import text

from otpapp.delivery.worker import Worker
from otpapp.extensions import db
from tests.helpers.visitor import wait_for

FOR_LONG = 30.0  # a poll that no test waits for
LISTENING = "FROM pg_stat_activity WHERE query = 'LISTEN otpapp_outbox' AND state = 'idle'"

pytestmark = pytest.mark.postgres


@pytest.fixture
def database_url(postgres) -> str:
    """Only PostgreSQL notifies."""
    return postgres


@contextmanager
def working(outbox):
    """Run a worker that hears of new messages from the database alone."""
    worker = Worker(outbox.app, outbox.settings)
    worker.start(FOR_LONG)
    wait_for(lambda: one(outbox, f"SELECT count(*) {LISTENING}") == 1)
    try:
        yield
    finally:
        worker.stop()


def one(outbox, statement: str):
    """Return the one value of a statement."""
    with outbox.app.app_context():
        return db.session.execute(text(statement)).scalar()


def test_a_notice_wakes_the_sender_at_once(outbox, mailbox, alice):
    with working(outbox):
        outbox.ask(alice)
        assert wait_for(lambda: mailbox.mails) < 1


def test_a_lost_connection_is_made_again(outbox, mailbox, alice, monkeypatch):
    monkeypatch.setattr("otpapp.delivery.worker.AFTER_A_FAULT", 0.1)
    with working(outbox):
        before = one(outbox, f"SELECT pid {LISTENING}")
        one(outbox, f"SELECT pg_terminate_backend(pid) {LISTENING}")
        wait_for(lambda: one(outbox, f"SELECT pid {LISTENING}") not in (None, before))
        outbox.ask(alice)
        assert wait_for(lambda: mailbox.mails) < 1
