"""Notices wait behind codes, are tried for three days, and are written with what they tell of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import Credential, Event, Identifier, Message
from otpapp.rules import messages, upkeep
from otpapp.rules.factors import changes, credentials
from otpapp.rules.messages import Flow
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.helpers.mailbox import code_in, free_port

BLINK = timedelta(microseconds=1)


@pytest.fixture
def alices(factors_of, alice):
    """Alice's factors."""
    return factors_of(alice)


@pytest.fixture
def overrides(gateway) -> dict:
    """Text messages go to the gateway."""
    return {"sms_url": gateway.url}


def test_its_row_names_the_event_and_the_identifier(outbox, alices):
    alices.add()
    (row,) = outbox.rows()
    (event,) = outbox.events("factor.enrolled")
    assert (row.kind, row.channel, row.challenge_id) == ("notice", "email", None)
    assert (row.event_id, row.created_at, row.due_at) == (event.id, NOON, NOON)
    assert row.identifier_id


def test_change_and_notice_are_kept_together_or_not_at_all(outbox, alice, alices):
    def change() -> None:
        now, settings = utc_now(), outbox.settings
        credentials.add(alice.user_id, "totp", "x", b"k", now, settings)
        changes.enrolled(alice.user_id, "totp", "x", Visitor(), settings, now)

    with outbox.app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            change()
            assert db.session.query(Message).count() == 1
            raise ZeroDivisionError
        for model in (Message, Event, Credential):
            assert db.session.query(model).count() == 0


def test_a_code_goes_before_notices_that_waited_for_longer(outbox, alices, alice, clock, mailbox):
    for _ in range(3):
        alices.add()
    clock.advance(minutes=5)
    outbox.ask(alice)
    outbox.send_next()
    assert code_in(mailbox.mails[0]) == outbox.code
    assert len(mailbox.mails) == 1
    assert len(mailbox.deliver()) == 4


def test_a_sent_one_is_ended_and_its_sending_is_an_event(outbox, alices, alice, clock, mailbox):
    alices.add()
    sent_at = clock.advance(seconds=3)
    mailbox.deliver()
    row = outbox.row
    assert (row.outcome, row.ended_at, row.attempts, row.leased_until) == ("sent", sent_at, 1, None)
    (told,) = outbox.events("notice.sent")
    assert (told.user_id, told.subject, told.detail) == (
        alice.user_id,
        alice.address,
        row.message_id,
    )


def test_it_is_tried_again_after_growing_waits_and_never_sooner(outbox, alices, clock):
    alices.add()
    down = {"mail_port": free_port()}
    for minutes in (1, 5, 15, 60, 60):
        assert outbox.send_next(**down)
        assert outbox.row.due_at == clock.now + timedelta(minutes=minutes)
        assert not outbox.send_next(**down), "no clock was set back"
        clock.now = outbox.row.due_at - BLINK
        assert not outbox.send_next(**down)
        clock.now += BLINK
    assert (outbox.row.outcome, outbox.row.attempts) == ("", 5)


def test_one_that_an_absurd_clock_put_off_is_sent(outbox, alices, clock, mailbox):
    """X43."""
    alices.add()
    outbox.send_next(mail_port=free_port())
    clock.advance(minutes=-62)
    assert len(mailbox.deliver()) == 1


def test_it_arrives_two_days_late(outbox, alices, clock, mailbox):
    alices.add()
    outbox.send_next(mail_port=free_port())
    clock.advance(days=2)
    assert len(mailbox.deliver()) == 1


def test_once_its_link_is_over_it_is_given_up(outbox, alices, clock, mailbox):
    alices.add()
    clock.advance(hours=72)
    assert mailbox.deliver() == []
    assert (outbox.row.outcome, outbox.row.error) == (
        "given_up",
        "it was over before it could be sent",
    )


def test_no_try_is_planned_for_when_it_is_over(outbox, alices, clock):
    alices.add()
    clock.advance(hours=72, minutes=-1)
    outbox.send_next(mail_port=free_port())
    assert outbox.row.outcome == "given_up"
    assert len(outbox.events("notice.given_up")) == 1


def test_one_that_the_receivers_server_refuses_for_good_is_given_up(outbox, alices, smtp):
    alices.add()
    smtp.replies["RCPT"] = "550 no such box"
    outbox.send_next(mail_port=smtp.port)
    assert outbox.row.outcome == "given_up"


def test_what_was_stuck_goes_out_when_a_notice_shows_that_the_server_is_back(
    outbox, alices, clock, mailbox
):
    alices.add()
    alices.add()
    for _ in range(2):
        outbox.send_next(mail_port=free_port())
    clock.advance(minutes=1)
    outbox.send_next(mail_port=free_port())
    clock.advance(minutes=1)
    assert len(mailbox.deliver()) == 2


def test_notices_that_wait_say_nothing_of_how_codes_fare(outbox, alices, clock):
    alices.add()
    clock.advance(minutes=2)
    with outbox.app.app_context():
        assert messages.flow("email", clock.now) is Flow.GOING
    outbox.send_next(mail_port=free_port())
    with outbox.app.app_context():
        assert messages.flow("email", clock.now) is Flow.GOING


def test_it_goes_where_the_identifier_is_now_and_nowhere_once_it_is_gone(outbox, alices, mailbox):
    alices.add()
    with outbox.app.app_context(), transaction():
        db.session.execute(db.delete(Identifier))
    assert outbox.rows() == []
    assert mailbox.deliver() == []


def test_one_whose_row_went_while_it_was_in_hand_breaks_nothing(outbox, alices, monkeypatch):
    alices.add()
    monkeypatch.setattr("otpapp.delivery.post.users.identifier", lambda _: None)
    assert outbox.send_next()
    assert outbox.row.outcome == "given_up"


def test_after_a_restore_none_is_sent_again(outbox, alices, mailbox):
    alices.add()
    with outbox.app.app_context(), transaction():
        upkeep.end_everything(utc_now())
    assert mailbox.deliver() == []


def test_text_messages_are_five_a_day_and_cost_the_codes_nothing(
    outbox, factors_of, bob, gateway, clock
):
    """X20."""
    bobs = factors_of(bob)
    for _ in range(8):
        bobs.add()
    assert sum(one.due_at > clock.now for one in outbox.rows()) == 1, "one for all that followed"
    assert len(outbox.rows()) == 6
    refused = outbox.events("limit.reached")[0]
    assert (refused.subject, refused.detail) == (bob.address, "sms_notices_per_number")
    outbox.ask(bob)
    assert outbox.row.kind == "code"
    clock.advance(days=1)
    bobs.add()
    assert len(outbox.rows()) == 8


def test_what_was_put_off_for_want_of_text_messages_goes_out_the_day_after(
    outbox, factors_of, bob, gateway, clock
):
    bobs = factors_of(bob)
    for _ in range(6):
        bobs.add()
    while outbox.send_next("sms"):
        pass
    assert len(gateway.bodies) == 5
    clock.advance(days=1)
    while outbox.send_next("sms"):
        pass
    assert len(gateway.bodies) == 6


def test_a_site_s_day_of_text_messages_is_full_for_notices_alone(outbox, factors_of, bob):
    bobs = factors_of(bob)
    bobs.settings = replace(outbox.settings, limit_sms_per_day=2)
    for _ in range(3):
        bobs.add()
    assert len(outbox.rows()) == 3
    outbox.use(limit_sms_per_day=2)
    outbox.ask(bob)
    assert outbox.row.kind == "code"


def test_one_that_had_to_wait_speaks_for_all_that_happened_since(
    outbox, factors_of, bob, gateway, clock
):
    bobs = factors_of(bob)
    number = bobs.add()
    for _ in range(4):
        bobs.add()
    bobs.remove(number)
    bobs.add("Evil", "hotp")
    while outbox.send_next("sms"):
        pass
    clock.advance(days=1)
    while outbox.send_next("sms"):
        pass
    said = (
        gateway.bodies[-1]["body"] if isinstance(gateway.bodies[-1], dict) else gateway.bodies[-1]
    )
    assert "Your Example sign-in was changed 2 times since 12:00 UTC, 3 Mar." in said
    assert "Not you? https://" in said


def test_a_copied_passkey_is_told_by_text_message_in_words(outbox, factors_of, bob, gateway):
    bobs = factors_of(bob)
    bobs.add("Laptop", "passkey")
    with outbox.app.app_context(), transaction():
        db.session.query(Event).update({"kind": "passkey.cloned"})
    outbox.send_next("sms")
    assert "A passkey of yours seems to be copied. It opens nothing any more." in str(
        gateway.bodies[0]
    )


def test_only_notices_are_put_off_for_a_day(outbox, alice, clock):
    """X43: a code that was hurried goes out after the clock was set back."""
    outbox.ask(alice)
    with outbox.app.app_context(), transaction():
        row = db.session.query(Message).one()
        row.due_at = row.created_at + timedelta(minutes=3)
    clock.advance(minutes=-30)
    assert outbox.send_next()
