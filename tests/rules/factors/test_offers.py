"""A key that is offered lives in the form alone, for an hour, for one user."""

import pytest

from otpapp.models import Credential
from otpapp.otp.keys import new_key
from otpapp.rules.factors import offers
from tests.conftest import make_settings
from tests.rules.desk import count


def test_what_was_offered_is_accepted_for_an_hour(desk, alice):
    key = new_key()
    offered = offers.offer(alice.user_id, key, desk.settings, desk.clock.now)
    desk.clock.advance(minutes=59, seconds=59)
    assert offers.accept(alice.user_id, offered, desk.settings, desk.clock.now) == key
    desk.clock.advance(seconds=1)
    assert offers.accept(alice.user_id, offered, desk.settings, desk.clock.now) is None


def test_an_offer_of_a_clock_that_was_ahead_is_refused(desk, alice):
    """X43."""
    offered = offers.offer(alice.user_id, new_key(), desk.settings, desk.clock.now)
    desk.clock.advance(minutes=-3)
    assert offers.accept(alice.user_id, offered, desk.settings, desk.clock.now) is None


def test_an_offer_is_for_one_user(desk, alice, bob):
    offered = offers.offer(alice.user_id, new_key(), desk.settings, desk.clock.now)
    assert offers.accept(bob.user_id, offered, desk.settings, desk.clock.now) is None


def test_an_offer_is_not_readable_and_nothing_is_kept(desk, alice):
    key = new_key()
    offered = offers.offer(alice.user_id, key, desk.settings, desk.clock.now)
    assert key.hex() not in offered
    assert count(Credential) == 0


@pytest.mark.parametrize("forged", ["", "A", "AAAA", "=" * 8, "é", "A" * 4000, "\udcff"])
def test_what_we_did_not_offer_is_none(desk, alice, forged):
    assert offers.accept(alice.user_id, forged, desk.settings, desk.clock.now) is None


def test_an_offer_under_a_lost_secret_is_none(desk, alice):
    other = make_settings(secret_key="another secret, long enough to pass 0123456789 abc")
    offered = offers.offer(alice.user_id, new_key(), other, desk.clock.now)
    assert offers.accept(alice.user_id, offered, desk.settings, desk.clock.now) is None
