"""What waited longest goes first, each message once, whoever sends it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from otpapp.clock import utc_now
from otpapp.delivery.post import deliver_next, transport_for
from otpapp.extensions import db
from otpapp.models import User
from otpapp.transaction import transaction
from tests.helpers.mailbox import free_port

SENDERS = 6
MAILS = 18


def test_the_oldest_message_is_sent_first(outbox, mailbox, clock):
    people = [f"person{number}@example.org" for number in range(4)]
    for one in people:
        outbox.add(one)
    for one in reversed(people):
        outbox.ask(one)
        clock.advance(seconds=1)
    assert [mail["To"] for mail in mailbox.deliver()] == people[::-1]


def test_a_message_that_waits_for_its_next_try_lets_others_pass(
    outbox, mailbox, smtp, alice, clock
):
    outbox.add("carol@example.org")
    outbox.ask(alice)
    smtp.replies["RCPT"] = "451 later"
    outbox.send_next(mail_port=smtp.port)
    clock.advance(seconds=1)
    outbox.ask("carol@example.org")
    assert [mail["To"] for mail in mailbox.deliver()] == ["carol@example.org"]
    clock.advance(seconds=4)
    assert mailbox.deliver()[-1]["To"] == "alice@example.org"


def test_two_senders_never_send_the_same_message(outbox, mailbox):
    people = [f"person{number}@example.org" for number in range(MAILS)]
    for one in people:
        outbox.add(one)
        outbox.ask(one)
    together = Barrier(SENDERS)

    def sender() -> int:
        transport = transport_for("email", outbox.settings)
        together.wait()
        with outbox.app.app_context():
            sent = 0
            while deliver_next("email", transport, outbox.settings):
                sent += 1
            transport.close()
        return sent

    with ThreadPoolExecutor(SENDERS) as pool:
        shares = [future.result() for future in [pool.submit(sender) for _ in range(SENDERS)]]
    assert sum(shares) == MAILS
    assert Counter(mail["To"] for mail in mailbox.mails) == Counter(people)
    assert {row.attempts for row in outbox.rows()} == {1}


@pytest.fixture
def overrides(gateway) -> dict:
    """Text messages go to the gateway."""
    return {"sms_url": gateway.url}


def test_a_mail_that_cannot_be_sent_holds_up_no_text_message(outbox, gateway, alice, bob):
    outbox.ask(alice)
    outbox.ask(bob)
    outbox.send_next("email", mail_port=free_port())
    assert outbox.send_next("sms")
    assert len(gateway.received) == 1
    assert [row.outcome for row in outbox.rows()] == ["", "sent"]


def test_a_user_who_was_disabled_meanwhile_gets_nothing(outbox, mailbox, alice):
    outbox.ask(alice)
    with outbox.app.app_context(), transaction():
        db.session.get(User, alice.user_id).disabled_at = utc_now()
    assert mailbox.deliver() == []
    assert (outbox.row.outcome, outbox.row.error) == ("given_up", "there is nobody to send it to")
