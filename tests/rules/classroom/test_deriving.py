"""The codes of a seat laid open are the codes that it is sent; one bit changes half of them."""

import pytest

from otpapp.otp import hotp
from otpapp.rules import users
from otpapp.rules.classroom import deriving, seats
from otpapp.rules.people import standing
from otpapp.transaction import transaction
from tests.rules.desk import Desk


@pytest.fixture
def seat(room, settings, clock):
    with transaction():
        return seats.take(room, settings, clock.now)[0]


def test_before_the_first_code_the_counter_is_none(seat):
    assert deriving.newest_counter(seat) == 0


def test_the_newest_code_is_the_one_that_was_sent(seat, settings, clock, context):
    desk = Desk(settings, clock)
    handle = desk.ask("ada@class.example")
    counter = deriving.newest_counter(seat)
    assert counter == 1
    found = deriving.of(seat, counter, 6, settings)
    assert found.key == users.key_of(seat.user_id, settings)
    assert found.code == desk.code(handle)


@pytest.mark.parametrize("digits", deriving.DIGITS)
def test_it_has_as_many_digits_as_are_asked_for(seat, settings, digits):
    found = deriving.of(seat, 7, digits, settings)
    assert found.code == hotp.code(found.key, 7, digits)


def test_who_is_shut_out_has_no_code(seat, settings, clock):
    with transaction():
        standing.disable(seat.user_id, clock.now)
    assert deriving.of(seat, 1, 6, settings) is None


@pytest.mark.parametrize(("bit", "byte", "mask"), [(0, 0, 0x80), (7, 0, 0x01), (159, 19, 0x01)])
def test_one_bit_of_the_key_changes_about_half_of_the_digest(seat, settings, bit, byte, mask):
    one = deriving.of(seat, 5, 7, settings)
    other = deriving.with_key_bit(one, bit)
    assert other.key[byte] == one.key[byte] ^ mask
    assert deriving.bits_apart(one.key, other.key) == 1
    assert (other.message, len(other.code)) == (one.message, 7)
    assert 40 < deriving.bits_apart(one.digest, other.digest) < 120


def test_one_bit_of_the_counter_leaves_the_key(seat, settings):
    one = deriving.of(seat, 5, 6, settings)
    other = deriving.with_counter_bit(one, 63)
    assert (other.key, other.message) == (one.key, (4).to_bytes(8, "big"))
    assert other == deriving.of(seat, 4, 6, settings)


@pytest.mark.parametrize(
    ("number", "fits"), [(-1, False), (0, True), (2**64 - 1, True), (2**64, False)]
)
def test_a_counter_has_eight_bytes(number, fits):
    assert deriving.is_counter(number) is fits
