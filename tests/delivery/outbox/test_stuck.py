"""Whether our own mail server can be reached is known, and tells nothing of any receiver."""

import pytest

from otpapp.extensions import db
from otpapp.rules import messages
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
def stuck(outbox):
    """Say whether mails, or text messages, are known to be stuck."""

    def stuck(channel: str = "email") -> bool:
        with outbox.app.app_context():
            found = messages.are_stuck(channel)
            db.session.rollback()
        return found

    return stuck


def test_nothing_is_stuck_before_anything_was_tried(outbox, stuck, alice):
    outbox.ask(alice)
    assert not stuck()


@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_a_server_that_is_not_there_is_noticed_whoever_was_written_to(outbox, stuck, alice, who):
    outbox.ask(who)
    outbox.send_next(mail_port=free_port())
    assert stuck()
    assert not stuck("sms")


@pytest.mark.parametrize("replies", CLOSED, ids=str)
@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_a_server_that_takes_nobody_is_noticed(outbox, smtp, stuck, alice, who, replies):
    smtp.replies.update(replies)
    outbox.ask(who)
    outbox.send_next(mail_port=smtp.port)
    assert stuck()


@pytest.mark.parametrize("replies", REFUSALS, ids=str)
def test_what_a_server_says_of_one_mail_is_not(outbox, smtp, stuck, alice, replies):
    smtp.replies.update(replies)
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port)
    assert not stuck()


def test_a_decoy_names_no_receiver(outbox, smtp):
    outbox.ask(STRANGER)
    outbox.send_next(mail_port=smtp.port)
    outbox.close()
    assert smtp.conversations == [["EHLO", "MAIL", "RSET", "QUIT"]]


def test_once_the_server_is_back_everything_goes_out_at_once(outbox, mailbox, stuck, alice, clock):
    for who in (ALICE, STRANGER):
        outbox.ask(who)
        outbox.send_next(mail_port=free_port())
        clock.advance(seconds=2.5)
    # Now is the first one's next try; the other's would be later.
    assert len(mailbox.deliver()) == 1
    assert [row.outcome for row in outbox.rows()] == ["sent", "decoy"]
    assert not stuck()


def test_nothing_stays_stuck_longer_than_its_code(outbox, mailbox, stuck, alice, clock):
    outbox.ask(alice)
    outbox.send_next(mail_port=free_port())
    clock.advance(minutes=10)
    mailbox.deliver()
    assert not stuck()


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
