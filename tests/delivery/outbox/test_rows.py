"""One row for each message, written together with what it is about, and without the code."""

import pytest

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import Challenge, Message
from otpapp.rules import sign_in
from otpapp.rules.asks import Ask
from otpapp.rules.handles import new_handle
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.delivery.outbox_steps import SOMEBODY


def test_asking_for_a_code_leaves_one_row_that_names_its_challenge(outbox, alice):
    challenge = outbox.ask(alice)
    (row,) = outbox.rows()
    assert (row.kind, row.channel, row.challenge_id) == ("code", "email", challenge.id)
    assert (row.created_at, row.due_at, row.ended_at) == (NOON, NOON, None)
    assert (row.attempts, row.leased_until, row.outcome, row.error) == (0, None, "", "")


def test_a_code_for_a_phone_waits_for_the_sms_sender(outbox, bob):
    outbox.ask(bob)
    assert outbox.row.channel == "sms"
    assert not outbox.send_next("email")


def test_challenge_and_row_are_kept_together_or_not_at_all(outbox, alice):
    ask = Ask(outbox.address("alice@example.org"), SOMEBODY, new_handle())
    with outbox.app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            sign_in.begin(ask, (), outbox.settings, utc_now())
            assert db.session.query(Message).count() == 1
            raise ZeroDivisionError
        assert db.session.query(Challenge).count() == 0
        assert db.session.query(Message).count() == 0


def test_asking_again_adds_a_row_for_the_same_challenge(outbox, alice, clock):
    first = outbox.ask(alice)
    outbox.send_next()
    clock.advance(seconds=30)
    outbox.ask_again()
    assert [row.challenge_id for row in outbox.rows()] == [first.id, first.id]


def test_a_sent_row_is_ended_and_its_sending_is_an_event(outbox, mailbox, alice, clock):
    outbox.ask(alice)
    sent_at = clock.advance(seconds=3)
    mailbox.deliver()
    row = outbox.row
    assert (row.outcome, row.ended_at, row.attempts) == ("sent", sent_at, 1)
    assert (row.leased_until, row.error) == (None, "")
    assert outbox.challenge.sent_at == sent_at
    assert [event.detail for event in outbox.events("message.sent")] == [row.message_id]


def test_a_decoy_waits_like_any_other_and_ends_without_a_mail(outbox, mailbox, alice, clock):
    outbox.ask("stranger@example.org")
    assert (outbox.row.outcome, outbox.row.ended_at) == ("", None)
    sent_at = clock.advance(seconds=3)
    assert mailbox.deliver() == []
    row = outbox.row
    assert (row.outcome, row.ended_at, row.attempts) == ("decoy", sent_at, 1)
    assert outbox.events("message.sent") == []
    assert [event.subject for event in outbox.events("message.withheld")] == [
        "stranger@example.org"
    ]
    assert outbox.challenge.sent_at is None


def test_asking_again_for_a_decoy_sends_nothing_either(outbox, mailbox, clock):
    outbox.ask("stranger@example.org")
    mailbox.deliver()
    clock.advance(seconds=30)
    outbox.ask_again()
    assert mailbox.deliver() == []
    assert [row.outcome for row in outbox.rows()] == ["decoy", "decoy"]


def test_a_decoy_that_is_over_is_given_up_like_any_other(outbox, mailbox, clock):
    outbox.ask("stranger@example.org")
    clock.advance(minutes=10)
    assert mailbox.deliver() == []
    assert outbox.row.outcome == "given_up"
    assert len(outbox.events("message.given_up")) == 1


def test_no_row_of_any_table_holds_the_code_while_it_waits_or_after(outbox, mailbox, alice):
    outbox.ask(alice)
    assert outbox.code not in outbox.everything()
    mailbox.deliver()
    assert outbox.code not in outbox.everything()
