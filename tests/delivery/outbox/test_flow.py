"""How messages leave the site is known, and tells nothing of any receiver."""

import pytest

from otpapp.extensions import db
from otpapp.rules import messages
from otpapp.rules.messages import Flow
from tests.delivery.servers import HANG_UP, ScriptedSmtp
from tests.helpers.mailbox import free_port

STRANGER = "stranger@example.org"
ALICE = "alice@example.org"
CLOSED = [
    {"CONNECT": HANG_UP},
    {"CONNECT": "554 no service"},
    {"EHLO": "421 closing"},
    {"MAIL": "550 not you"},
    {"MAIL": "451 later"},
]
REFUSALS = [
    {"RCPT": "550 no such user"},
    {"RCPT": "451 later"},
    {"DATA": "451 later"},
    {".": "554 spam"},
]


@pytest.fixture
def flow(outbox, clock):
    """Say how mails, or text messages, leave the site now."""

    def flow(channel: str = "email") -> Flow:
        with outbox.app.app_context():
            found = messages.flow(channel, clock.now)
            db.session.rollback()
        return found

    return flow


def test_a_new_message_is_no_reason_to_worry(outbox, flow, alice, clock):
    assert flow() is Flow.GOING
    outbox.ask(alice)
    clock.advance(seconds=39)
    assert flow() is Flow.GOING


@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_a_message_that_no_sender_took_for_long_is_noticed(outbox, smtp, flow, alice, clock, who):
    outbox.ask(who)
    clock.advance(seconds=40)
    assert flow() is Flow.WAITING
    assert flow("sms") is Flow.GOING
    outbox.send_next(mail_port=smtp.port)
    assert flow() is Flow.GOING


def test_a_receiver_that_is_to_be_tried_later_holds_up_nobody(outbox, smtp, flow, alice, clock):
    smtp.replies["RCPT"] = "451 later"
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    clock.advance(minutes=2)
    assert flow() is Flow.GOING


@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_a_server_that_is_not_there_is_noticed_whoever_was_written_to(outbox, flow, alice, who):
    outbox.ask(who)
    outbox.send_next(mail_port=free_port())
    assert flow() is Flow.FAILING
    assert flow("sms") is Flow.GOING


@pytest.mark.parametrize("replies", CLOSED, ids=str)
@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_a_server_that_takes_nobody_is_noticed(outbox, smtp, flow, alice, who, replies):
    smtp.replies.update(replies)
    outbox.ask(who)
    outbox.send_next(mail_port=smtp.port)
    assert flow() is Flow.FAILING


@pytest.mark.parametrize("replies", REFUSALS, ids=str)
def test_what_a_server_says_of_one_mail_is_not(outbox, smtp, flow, alice, replies):
    smtp.replies.update(replies)
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    assert flow() is Flow.GOING


def test_once_the_server_is_back_everything_goes_out_at_once(outbox, mailbox, flow, alice, clock):
    for who in (ALICE, STRANGER):
        outbox.ask(who)
        outbox.send_next(mail_port=free_port())
        clock.advance(seconds=2.5)
    # Now is the first one's next try; the other's would be later.
    assert len(mailbox.deliver()) == 1
    assert [row.outcome for row in outbox.rows()] == ["sent", "decoy"]
    assert flow() is Flow.GOING


def test_nothing_stays_stuck_longer_than_its_code(outbox, mailbox, flow, alice, clock):
    outbox.ask(alice)
    outbox.send_next(mail_port=free_port())
    clock.advance(minutes=10)
    mailbox.deliver()
    assert flow() is Flow.GOING


def test_a_decoy_meets_the_same_hang_up_in_the_same_way(outbox, clock, alice):
    with ScriptedSmtp() as first:
        for who in (ALICE, STRANGER):
            outbox.ask(who)
            outbox.send_next(mail_port=first.port)
            first.hang_up()
            clock.advance(minutes=15)
            outbox.ask(who)
            outbox.send_next()
        assert [row.attempts for row in outbox.rows()] == [1, 1, 1, 1]
        assert [row.ended_at is None for row in outbox.rows()] == [False] * 4
