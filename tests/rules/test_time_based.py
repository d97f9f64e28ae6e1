"""A time-based code lives as long as its step of 50 seconds, and is accepted once in it."""

from datetime import timedelta

import pytest

from otpapp.otp import hotp, totp
from otpapp.rules.challenges import TIME_STEP
from otpapp.rules.verdicts import Verdict
from tests.helpers.people import RFC_KEY
from tests.rules.desk import STRANGER


@pytest.fixture(autouse=True)
def at_the_start_of_a_step(clock) -> None:
    """Stand one second into a step."""
    step = totp.time_step(clock.now, TIME_STEP)
    clock.now = totp.step_ends(step, TIME_STEP) + timedelta(seconds=1)


def test_its_counter_is_the_time_step(desk, alice):
    challenge = desk.challenge(desk.ask(method="time"))
    assert challenge.counter == totp.time_step(desk.clock.now, TIME_STEP)
    assert challenge.expires_at == totp.step_ends(challenge.counter, TIME_STEP)


def test_steps_last_fifty_seconds_and_are_counted_from_1970(desk, alice):
    challenge = desk.challenge(desk.ask(method="time"))
    assert challenge.expires_at == desk.clock.now + timedelta(seconds=49)
    assert challenge.expires_at.timestamp() == 50 * (challenge.counter + 1)


def test_it_works_to_the_end_of_its_step_and_no_longer(desk, alice):
    first = desk.ask(method="time")
    desk.clock.advance(seconds=48)
    assert desk.answer(first, desk.code(first)) is Verdict.ACCEPTED
    desk.clock.advance(seconds=10)
    second = desk.ask(method="time")
    desk.clock.advance(seconds=45)
    assert desk.answer(second, desk.code(second)) is Verdict.EXPIRED


def test_it_is_accepted_once_a_step_even_through_two_challenges(desk, alice):
    """RFC 6238 section 5.2."""
    first = desk.ask(method="time")
    desk.clock.advance(seconds=29)
    second = desk.ask(method="time")
    code = desk.code(first)
    assert code == desk.code(second)
    assert desk.answer(first, code) is Verdict.ACCEPTED
    assert desk.answer(second, code) is Verdict.SPENT
    assert desk.answer(second, code) is Verdict.SPENT


def test_an_older_step_is_not_accepted_after_a_newer_one(desk, alice, clock):
    older = desk.ask(method="time")
    began = clock.now
    clock.advance(seconds=50)
    newer = desk.ask(method="time")
    assert desk.answer(newer, desk.code(newer)) is Verdict.ACCEPTED
    clock.now = began
    assert desk.answer(older, desk.code(older)) is Verdict.SPENT


def test_the_next_step_is_accepted_again(desk, alice):
    for _ in range(3):
        handle = desk.ask(method="time")
        assert desk.answer(handle, desk.code(handle)) is Verdict.ACCEPTED
        desk.clock.advance(seconds=150)


def test_the_code_of_a_neighbouring_step_is_wrong(desk, alice):
    handle = desk.ask(method="time")
    counter = desk.challenge(handle).counter
    for neighbour in (counter - 1, counter + 1):
        assert desk.answer(handle, hotp.code(RFC_KEY, neighbour)) is Verdict.WRONG


def test_a_counter_code_and_a_time_code_do_not_stand_in_for_each_other(desk, alice):
    by_counter, by_time = desk.ask(), desk.ask_later(method="time")
    assert desk.answer(by_counter, desk.code(by_time)) is Verdict.WRONG
    assert desk.answer(by_time, desk.code(by_counter)) is Verdict.WRONG


def test_a_time_based_decoy_looks_the_same(desk, alice):
    real, decoy = (
        desk.challenge(desk.ask(who, method="time")) for who in (alice.address, STRANGER)
    )
    assert (real.counter, real.expires_at) == (decoy.counter, decoy.expires_at)


def test_a_time_code_sent_again_is_still_a_time_code(desk, alice):
    sent = desk.send_again_later(desk.ask(method="time"))
    assert sent.challenge.counter == totp.time_step(desk.clock.now, TIME_STEP)
    assert sent.challenge.expires_at <= desk.clock.now + TIME_STEP
