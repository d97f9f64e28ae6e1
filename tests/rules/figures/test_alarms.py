"""Who is being guessed at, whether it rains on the site, and what text messages cost today."""

import pytest

from otpapp.rules import limits, tallies
from otpapp.rules.factors import totp
from otpapp.rules.figures import alarms
from otpapp.rules.figures.alarms import Guessed, Spent
from otpapp.transaction import transaction
from tests.rules.desk import STRANGER


@pytest.fixture
def guess(desk):
    """Have wrong codes counted for a subject, all at this instant."""

    def counted(subject: str, times: int) -> None:
        limit = tallies.Limit("failures_in_a_row", 100, limits.FOR_EVER)
        with transaction():
            for _ in range(times):
                assert tallies.take(limit, subject, desk.clock.now) is None

    return counted


def test_from_the_tenth_wrong_code_in_a_row_on_somebody_is_guessed_at(desk, alice, guess):
    guess(str(alice.user_id), 9)
    assert alarms.guessed_at(desk.settings) == []
    guess(str(alice.user_id), 1)
    found = Guessed(alice.user_id, 10, desk.clock.now, False)
    assert alarms.guessed_at(desk.settings) == [found]


def test_the_hundredth_closes_them(desk, alice, guess):
    guess(str(alice.user_id), 100)
    assert alarms.guessed_at(desk.settings) == [Guessed(alice.user_id, 100, desk.clock.now, True)]


def test_each_is_named_once_for_the_worst_and_strangers_are_not(desk, alice, bob, guess):
    guess(f"{alice.user_id} {totp.KIND}", 11)
    guess(str(alice.user_id), 12)
    guess(str(bob.user_id), 13)
    guess(STRANGER, 14)
    found = alarms.guessed_at(desk.settings)
    assert [(one.user_id, one.times) for one in found] == [(bob.user_id, 13), (alice.user_id, 12)]


def test_no_more_than_ten_are_named(desk, guess):
    for number in range(11):
        guess(f"00000000-0000-0000-0000-{number:012}", 10 + number)
    assert [one.times for one in alarms.guessed_at(desk.settings)] == list(range(20, 10, -1))


def test_it_rains_until_the_hour_is_over(desk):
    desk.use(limit_failures_per_site=2)
    for is_raining in (False, True):
        with transaction():
            tallies.take(limits.failures_per_site(desk.settings), "", desk.clock.now)
        assert alarms.is_raining(desk.settings, desk.clock.now) is is_raining
    assert not alarms.is_raining(desk.settings, desk.clock.advance(hours=1))


def test_text_messages_are_counted_against_the_days_most(desk, bob):
    desk.use(limit_sms_per_day=7)
    assert alarms.codes_by_sms(desk.settings, desk.clock.now) == Spent(0, 7)
    desk.ask(bob.address)
    assert alarms.codes_by_sms(desk.settings, desk.clock.now) == Spent(1, 7)
    assert alarms.notices_by_sms(desk.settings, desk.clock.now) == Spent(0, 7)
    with transaction():
        tallies.take(limits.sms_notices_per_day(desk.settings), "", desk.clock.now)
    assert alarms.notices_by_sms(desk.settings, desk.clock.now) == Spent(1, 7)
    assert alarms.codes_by_sms(desk.settings, desk.clock.advance(days=1)) == Spent(0, 7)
