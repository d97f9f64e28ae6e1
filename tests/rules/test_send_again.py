"""Asking again sends the same code while it lasts, then a new one; it buys no guesses."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from otpapp.extensions import db
from otpapp.models import Challenge, Message
from otpapp.rules.sign_in import Sent
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.transaction import transaction
from tests.rules.desk import STRANGER, count, trail


def test_the_same_code_goes_out_while_three_minutes_remain(desk, alice):
    handle = desk.ask()
    desk.clock.advance(minutes=7)
    sent = desk.send_again(handle)
    assert (sent.handle, sent.challenge.id) == ("", desk.challenge(handle).id)
    assert count(Challenge) == 1
    assert desk.answer(handle, desk.code(handle)) is Verdict.ACCEPTED


def test_a_message_that_still_waits_is_hurried_and_not_doubled(desk, alice):
    handle = desk.ask()
    now = desk.clock.advance(minutes=7)
    desk.send_again(handle)
    (row,) = db.session.scalars(select(Message))
    assert row.due_at == now


@pytest.mark.parametrize("state", [{"ended_at": True}, {"leased_until": True}])
def test_a_message_that_is_out_or_in_hand_is_followed_by_another(state, desk, alice):
    handle = desk.ask()
    now = desk.clock.advance(minutes=7)
    soon = now + timedelta(seconds=30)
    with transaction():
        db.session.execute(update(Message).values(dict.fromkeys(state, soon)))
    sent = desk.send_again(handle)
    assert count(Message, Message.challenge_id == sent.challenge.id) == 2


def test_sending_again_does_not_make_a_code_live_longer(desk, alice):
    handle = desk.ask()
    ends = desk.challenge(handle).expires_at
    for _ in range(3):
        desk.clock.advance(minutes=2)
        desk.send_again(handle)
    assert desk.challenge(handle).expires_at == ends


def test_with_less_time_left_a_new_challenge_takes_its_place(desk, alice):
    old = desk.ask(keep=True, next_path="/apps")
    desk.clock.advance(minutes=7, seconds=1)
    sent = desk.send_again(old)
    new = desk.challenge(sent.handle)
    assert desk.challenge(old).closed_at == desk.clock.now
    assert (new.keep, new.next_path, new.subject) == (True, "/apps", alice.address)
    assert new.expires_at == desk.clock.now + desk.settings.code_lifetime
    assert new.handle_hash != desk.challenge(old).handle_hash
    assert desk.answer(old, desk.code(old)) is not Verdict.ACCEPTED
    assert desk.answer(sent.handle, desk.code(sent.handle)) is Verdict.ACCEPTED


def test_a_new_challenge_takes_the_place_of_one_and_leaves_the_others(desk, alice):
    handles = [desk.ask_later() for _ in range(3)]
    desk.clock.advance(minutes=6)
    new = desk.send_again(handles[1]).handle
    closed = [desk.challenge(handle).closed_at for handle in (*handles, new)]
    assert closed == [None, desk.clock.now, None, None]


def test_tries_stay_spent_when_the_same_code_is_sent(desk, alice):
    handle = desk.ask()
    for _ in range(4):
        desk.answer(handle, desk.wrong(handle))
    desk.clock.advance(minutes=1)
    desk.send_again(handle)
    assert desk.answer(handle, desk.wrong(handle)) is Verdict.LOCKED


def test_the_new_challenge_inherits_the_tries(desk, alice):
    """X02."""
    handle = desk.ask()
    for _ in range(4):
        desk.answer(handle, desk.wrong(handle))
    desk.clock.advance(minutes=8)
    new = desk.send_again(handle).handle
    assert desk.challenge(new).tries == 4
    assert desk.answer(new, desk.wrong(new)) is Verdict.LOCKED


@pytest.mark.parametrize("why", ["locked", "expired", "spent"])
def test_a_code_that_no_longer_works_is_replaced(desk, alice, why):
    handle = desk.ask()
    if why == "locked":
        for _ in range(5):
            desk.answer(handle, desk.wrong(handle))
    elif why == "spent":
        desk.answer(handle, desk.code(handle))
    desk.clock.advance(minutes=11 if why == "expired" else 1)
    new = desk.send_again(handle).handle
    assert new
    assert desk.challenge(new).tries == (1 if why == "spent" else 0)
    assert desk.answer(new, desk.code(new)) is Verdict.ACCEPTED


def test_sending_again_counts_as_sending(desk, alice):
    handle = desk.ask()
    assert isinstance(desk.send_again(handle), Limited)
    for _ in range(4):
        desk.clock.advance(minutes=2)
        assert isinstance(desk.send_again(handle), Sent)
    desk.clock.advance(minutes=2)
    assert desk.send_again(handle).limit == "sends_per_identifier"
    assert trail().count(("code.asked_again", "")) == 4


def test_a_refused_resend_sends_and_closes_nothing(desk, alice):
    handle = desk.ask()
    assert desk.send_again(handle).limit == "gap"
    assert count(Message) == 1
    assert desk.challenge(handle).closed_at is None


def test_a_decoy_is_sent_again_in_the_same_way(desk, alice):
    """X12."""
    handle = desk.ask(STRANGER)
    assert desk.send_again(handle).limit == "gap"
    desk.clock.advance(minutes=1)
    assert desk.send_again(handle).handle == ""
    desk.clock.advance(minutes=8)
    assert desk.challenge(desk.send_again(handle).handle).user_id is None
    assert count(Message) == 2
