"""A message that could not be sent is tried again after growing waits, but never past its code."""

from datetime import timedelta

import pytest

from tests.conftest import NOON

WAITS = (5, 10, 20, 40, 60, 60, 60)


@pytest.fixture
def down(smtp):
    """The settings for a mail server that takes nothing for now."""
    smtp.replies["MAIL"] = "451 later"
    return {"mail_port": smtp.port}


def test_the_waits_are_5_10_20_40_and_then_60_seconds(outbox, down, alice, clock):
    outbox.ask(alice)
    for tries, wait in enumerate(WAITS, start=1):
        assert outbox.send_next(**down)
        assert outbox.row.due_at == clock.now + timedelta(seconds=wait)
        assert (outbox.row.attempts, outbox.row.leased_until) == (tries, None)
        clock.advance(seconds=wait - 0.1)
        assert not outbox.send_next(**down)
        clock.advance(seconds=0.1)


def test_a_server_that_comes_back_gets_the_same_code(outbox, mailbox, down, smtp, alice, clock):
    outbox.ask(alice)
    outbox.send_next(**down)
    clock.advance(seconds=5)
    mail = mailbox.newest_for("alice@example.org")
    assert mail["Subject"].startswith(outbox.code)
    assert (outbox.row.outcome, outbox.row.error) == ("sent", "")


def test_tries_end_before_the_code_does(outbox, down, alice, clock):
    outbox.ask(alice)
    while outbox.row.ended_at is None:
        assert clock.now < NOON + timedelta(minutes=10)
        outbox.send_next(**down)
        clock.now = max(clock.now, outbox.row.due_at)
    assert outbox.row.outcome == "given_up"
    assert len(outbox.events("message.given_up")) == 1


def test_a_mail_is_still_sent_a_moment_before_its_code_ends(outbox, mailbox, alice, clock):
    outbox.ask(alice)
    clock.advance(minutes=9, seconds=59)
    assert len(mailbox.deliver()) == 1


@pytest.mark.parametrize("later", [{"minutes": 10}, {"minutes": 11}, {"days": 3}])
def test_after_its_end_no_code_is_sent(later, outbox, mailbox, alice, clock):
    outbox.ask(alice)
    clock.advance(**later)
    assert mailbox.deliver() == []
    assert outbox.row.outcome == "given_up"
    assert outbox.row.error == "the code was over before it could be sent"
    assert len(outbox.events("message.given_up")) == 1


def test_a_code_that_was_answered_meanwhile_is_not_sent(outbox, mailbox, alice, clock):
    outbox.ask(alice)
    mailbox.deliver()
    clock.advance(seconds=30)
    outbox.ask_again()
    assert outbox.prove(outbox.code) == "ACCEPTED"
    assert len(mailbox.deliver()) == 1
    assert outbox.row.outcome == "given_up"


def test_a_code_that_another_took_the_place_of_is_not_sent(outbox, mailbox, alice, clock):
    outbox.ask(alice)
    clock.advance(minutes=8)
    outbox.ask_again()
    (mail,) = mailbox.deliver()
    assert mail["Subject"].startswith(outbox.code)
    assert [row.outcome for row in outbox.rows()] == ["given_up", "sent"]


def test_a_code_without_tries_left_is_not_sent(outbox, mailbox, alice):
    outbox.ask(alice)
    wrong = f"{(int(outbox.code) + 1) % 10**6:06}"
    assert [outbox.prove(wrong) for _ in range(5)][-1] == "LOCKED"
    assert mailbox.deliver() == []
    assert outbox.row.outcome == "given_up"
