"""The clock of a class stands still and jumps ahead, and is never set back."""

from datetime import timedelta

import pytest

from otpapp.clock import Movable, make_movable, reading, real_now, utc_now
from tests.conftest import NOON

TEN = timedelta(minutes=10)


@pytest.fixture
def movable(clock) -> Movable:
    """A clock over that of the test."""
    return Movable(lambda: clock.now)


def test_it_goes_as_the_real_one(movable, clock):
    assert movable() == movable.real() == NOON
    clock.advance(minutes=1)
    assert movable() == clock.now


def test_it_stands_still_and_goes_on_from_there(movable, clock):
    movable.freeze()
    clock.advance(minutes=5)
    assert movable() == NOON
    movable.go_on()
    assert movable() == NOON
    clock.advance(minutes=1)
    assert movable() == NOON + timedelta(minutes=1)


def test_to_go_on_where_it_goes_changes_nothing(movable, clock):
    movable.advance(TEN)
    movable.go_on()
    assert movable() == NOON + TEN


@pytest.mark.parametrize("is_frozen", [True, False])
def test_it_jumps_ahead(movable, is_frozen):
    if is_frozen:
        movable.freeze()
    movable.advance(TEN)
    assert movable() == NOON + TEN
    assert (movable.frozen_at is not None) is is_frozen


def test_it_goes_as_another_did(movable):
    other = Movable(movable.real)
    other.advance(TEN)
    movable.set_as(600, None)
    assert movable() == other() == NOON + TEN
    other.freeze()
    movable.set_as(600, other.frozen_at)
    assert movable() == movable.frozen_at == NOON + TEN


def test_everything_reads_it_once_it_is_made(clock):
    with reading(lambda: clock.now):
        movable = make_movable()
        movable.advance(TEN)
        assert (utc_now(), real_now()) == (NOON + TEN, NOON)
    assert utc_now() == real_now() == NOON
