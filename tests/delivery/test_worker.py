"""The sender threads of one process."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from otpapp.delivery.worker import Worker
from otpapp.extensions import db
from otpapp.models import Event, Tally, User
from otpapp.transaction import transaction
from tests.delivery.servers import SAY_NOTHING
from tests.helpers.visitor import wait_for

FOR_LONG = 30.0  # a poll that no test waits for


@pytest.fixture
def overrides(gateway) -> dict:
    """Text messages go to the gateway."""
    return {"sms_url": gateway.url}


@contextmanager
def working(outbox, poll: float = FOR_LONG) -> Iterator[Worker]:
    """Let sender threads run for the length of the block."""
    worker = Worker(outbox.app, outbox.settings)
    worker.start(poll)
    try:
        yield worker
    finally:
        worker.stop()


def rename(table: str, to: str) -> None:
    """Give a table another name, as a repair in the wrong moment might."""
    with transaction():
        db.session.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


def test_what_waited_before_the_start_is_sent(outbox, mailbox, gateway, alice, bob):
    outbox.ask(alice)
    outbox.ask(bob)
    with working(outbox):
        wait_for(lambda: mailbox.mails and gateway.received)


def test_without_a_bell_polling_finds_what_came_in(outbox, mailbox, alice):
    with working(outbox, poll=0.05):
        outbox.ask(alice)
        assert wait_for(lambda: mailbox.mails) < 1


def test_ringing_has_the_mail_sent_at_once(outbox, mailbox, alice):
    with working(outbox) as worker:
        outbox.ask(alice)
        worker.ring("email")
        assert wait_for(lambda: mailbox.mails) < 1


def test_a_mute_mail_server_holds_up_no_text_message(
    outbox, smtp, gateway, alice, bob, short_time_outs
):
    smtp.replies["CONNECT"] = SAY_NOTHING
    outbox.use(mail_port=smtp.port)
    outbox.ask(alice)
    with working(outbox) as worker:
        wait_for(lambda: smtp.conversations)
        outbox.ask(bob)
        worker.ring("sms")
        assert wait_for(lambda: gateway.received) < 1


def test_a_thread_outlives_a_fault_of_the_database(outbox, mailbox, alice, monkeypatch, caplog):
    monkeypatch.setattr("otpapp.delivery.worker.AFTER_A_FAULT", 0.05)
    with outbox.app.app_context():
        rename("messages", "away")
    with working(outbox, poll=0.05):
        wait_for(lambda: "sending by email stumbled" in caplog.text)
        with outbox.app.app_context():
            rename("away", "messages")
        outbox.ask(alice)
        wait_for(lambda: mailbox.mails)


def test_stopping_lets_the_mail_in_hand_be_finished(outbox, smtp, alice):
    smtp.drip = 0.005
    outbox.use(mail_port=smtp.port)
    outbox.ask(alice)
    with working(outbox):
        wait_for(lambda: smtp.conversations)
    assert outbox.row.outcome == "sent"
    assert smtp.conversations[0][-1] == "QUIT"


def test_what_is_over_is_swept_away_now_and_then(outbox, alice, clock):
    outbox.ask(alice)
    clock.advance(days=2)
    with outbox.app.app_context():
        assert db.session.query(Tally).count() > 0
    with working(outbox, poll=0.05), outbox.app.app_context():
        wait_for(lambda: db.session.rollback() or db.session.query(Tally).count() == 0)


def test_a_worker_forgets_whoever_signed_up_and_never_came(outbox, alice, clock):
    outbox.use(sign_up="open")
    outbox.ask(alice)
    clock.advance(days=2)
    with working(outbox, poll=0.05), outbox.app.app_context():
        wait_for(lambda: db.session.rollback() or db.session.query(User).count() == 0)


def test_a_worker_forgets_events_that_were_kept_for_long_enough(outbox, alice, clock):
    outbox.ask(alice)
    before = clock.now
    clock.advance(days=401)

    def is_done() -> bool:
        db.session.rollback()
        return all(one.at > before for one in db.session.query(Event))

    with outbox.app.app_context():
        assert not is_done()
        with working(outbox, poll=0.05):
            wait_for(is_done)
