"""How the site is at an instant: what waits to be sent, and how many are signed in."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from otpapp.extensions import db
from otpapp.models import Message
from otpapp.rules import sessions, vitals
from otpapp.rules.visitor import Visitor
from otpapp.rules.vitals import Queue
from otpapp.transaction import transaction

NOTHING = Queue(0, timedelta(), False)
SECOND = timedelta(seconds=1)


def change(**values) -> None:
    with transaction():
        db.session.execute(update(Message).values(**values))


def start(alice, keep: bool, now) -> str:
    with transaction():
        return sessions.start(alice.user_id, None, "page", (), keep, Visitor(), now)[0]


def test_a_message_waits_from_when_it_is_due(desk, alice):
    assert vitals.queue("email", desk.clock.now) == NOTHING
    desk.ask()
    assert vitals.queue("email", desk.clock.now) == Queue(1, timedelta(), False)
    assert vitals.queue("email", desk.clock.advance(seconds=7)) == Queue(1, 7 * SECOND, False)
    assert vitals.queue("sms", desk.clock.now) == NOTHING


def test_one_that_is_put_off_is_there_and_has_not_waited_yet(desk, alice):
    desk.ask()
    change(due_at=desk.clock.now + timedelta(hours=1))
    assert vitals.queue("email", desk.clock.now) == Queue(1, timedelta(), False)


def test_one_that_was_tried_has_waited_since_it_was_written(desk, alice):
    desk.ask()
    change(due_at=desk.clock.now + timedelta(minutes=1), attempts=1, stuck=True)
    assert vitals.queue("email", desk.clock.advance(seconds=9)) == Queue(1, 9 * SECOND, True)


def test_the_oldest_counts_and_what_has_ended_does_not(desk, alice):
    desk.ask()
    with transaction():
        first = db.session.scalars(select(Message)).one()
        first.ended_at = desk.clock.now
    desk.clock.advance(seconds=5)
    desk.ask("dora@example.org")
    desk.clock.advance(seconds=5)
    desk.ask("carol@example.org")
    assert vitals.queue("email", desk.clock.advance(seconds=2)) == Queue(2, 7 * SECOND, False)


@pytest.mark.parametrize(("keep", "idle"), [(False, timedelta(hours=1)), (True, timedelta(days=7))])
def test_a_session_lives_until_it_is_idle(desk, alice, keep, idle):
    start(alice, keep, desk.clock.now)
    assert vitals.live_sessions(desk.clock.now + idle - SECOND) == 1
    assert vitals.live_sessions(desk.clock.now + idle) == 0


def test_what_has_ended_or_is_over_is_not_signed_in(desk, alice):
    now = desk.clock.now
    start(alice, True, now)
    ended = start(alice, True, now)
    with transaction():
        sessions.end(ended, "page", Visitor(), now)
    assert vitals.live_sessions(now) == 1
    with transaction():
        db.session.execute(text("UPDATE user_sessions SET expires_at = seen_at"))
    assert vitals.live_sessions(now) == 0


def test_the_last_refusal_is_that_of_what_still_waits(desk, alice):
    desk.ask()
    assert vitals.last_refusal("email") == ""
    change(error="450 later", attempts=1)
    desk.ask("dora@example.org")
    assert vitals.last_refusal("email") == "450 later"
    assert vitals.last_refusal("sms") == ""
    change(ended_at=desk.clock.now)
    assert vitals.last_refusal("email") == ""
