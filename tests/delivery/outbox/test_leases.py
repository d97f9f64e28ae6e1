"""A row belongs to one sender at a time, and a sender that died holds it for 60 seconds only."""

from datetime import timedelta

import pytest

from otpapp.clock import utc_now
from otpapp.delivery import outbox as rows
from otpapp.delivery.parcels import NotSent
from otpapp.extensions import db
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.helpers.mailbox import code_in

LATER = timedelta(minutes=5)


@pytest.fixture
def take(outbox):
    """Lease the next mail as a sender does, which then does nothing more with it."""

    def take():
        with outbox.app.app_context(), transaction():
            return rows.take("email", utc_now())

    return take


@pytest.fixture
def finish(outbox):
    """Call one of the outbox's verbs in a transaction."""

    def finish(verb, *arguments):
        with outbox.app.app_context(), transaction():
            return verb(*arguments)

    return finish


def test_a_taken_row_is_leased_for_60_seconds(outbox, take, alice):
    outbox.ask(alice)
    lease = take()
    assert (lease.id, lease.attempts) == (outbox.row.id, 1)
    assert outbox.row.leased_until == NOON + timedelta(seconds=60)


def test_a_leased_row_is_nobody_elses(outbox, take, alice, clock):
    outbox.ask(alice)
    take()
    clock.advance(seconds=59.9)
    assert take() is None
    assert not outbox.send_next()


def test_when_the_lease_of_a_killed_sender_ends_the_mail_is_sent(
    outbox, mailbox, take, alice, clock
):
    outbox.ask(alice)
    take()
    clock.advance(seconds=60)
    (mail,) = mailbox.deliver()
    assert code_in(mail) == outbox.code
    assert (outbox.row.outcome, outbox.row.attempts) == ("sent", 2)


def test_a_fault_while_sending_keeps_the_row_for_the_next_sender(
    outbox, mailbox, alice, clock, monkeypatch
):
    outbox.ask(alice)
    with pytest.raises(MemoryError), monkeypatch.context() as broken:
        broken.setattr("otpapp.delivery.codes.compose", _out_of_memory)
        outbox.send_next()
    clock.advance(seconds=60)
    assert len(mailbox.deliver()) == 1


def _out_of_memory(*_):
    raise MemoryError


@pytest.mark.parametrize("verb", ["end", "put back"])
def test_a_sender_that_lost_its_lease_cannot_undo_the_result_of_the_other(
    verb, outbox, mailbox, take, finish, alice, clock
):
    outbox.ask(alice)
    late = take()
    now = clock.advance(seconds=60)
    mailbox.deliver()
    if verb == "end":
        finish(rows.end, late, "given_up", now, "too late")
    else:
        finish(rows.put_back, late, NotSent("too late"), now + timedelta(minutes=5), now)
    row = outbox.row
    assert (row.outcome, row.error, row.due_at) == ("sent", "", NOON)


def test_a_sender_that_lost_its_lease_cannot_take_the_row_from_the_one_that_has_it(
    outbox, take, finish, alice, clock
):
    outbox.ask(alice)
    late = take()
    now = clock.advance(seconds=60)
    take()
    finish(rows.put_back, late, NotSent("too late"), now + timedelta(minutes=5), now)
    assert outbox.row.leased_until == now + timedelta(seconds=60)
    assert take() is None


def test_looking_whether_something_waits_takes_nothing(outbox, alice):
    outbox.ask(alice)
    with outbox.app.app_context():
        assert rows.is_waiting("email", utc_now())
        assert rows.is_waiting("email", utc_now())
        assert not rows.is_waiting("sms", utc_now())
        db.session.rollback()
    assert outbox.row.attempts == 0


@pytest.mark.parametrize("verb", ["end", "put back"])
def test_a_long_reason_is_cut_to_what_the_row_can_hold(verb, outbox, take, finish, alice, clock):
    outbox.ask(alice)
    if verb == "end":
        finish(rows.end, take(), "given_up", clock.now, "x" * 300)
    else:
        finish(rows.put_back, take(), NotSent("x" * 300), clock.now + LATER, clock.now)
    assert outbox.row.error == "x" * 200
