"""Each limit is the sentence that it says it is."""

from datetime import timedelta

import pytest

from otpapp.models import Tally
from otpapp.rules import budgets, limits, tallies
from otpapp.rules.tallies import Limit
from otpapp.rules.verdicts import Limited
from otpapp.transaction import transaction
from tests.conftest import make_settings
from tests.rules.desk import count, in_parallel

THRICE = Limit("three an hour", 3, timedelta(hours=1))


@pytest.fixture
def take(context, clock):
    """Take one at the time of the clock, in a transaction of its own."""

    def take(limit: Limit, subject: str = "somebody") -> Limited | None:
        with transaction():
            return tallies.take(limit, subject, clock.now)

    return take


def test_so_many_and_no_more(take, clock):
    began = clock.now
    assert [take(THRICE) for _ in range(3)] == [None] * 3
    clock.advance(minutes=7)
    refused = take(THRICE)
    assert refused == Limited(THRICE.name, began + THRICE.window, 3)
    assert take(THRICE, "somebody else") is None
    assert take(Limit("another limit", 3, THRICE.window)) is None


def test_the_window_ends_when_it_says(take, clock):
    for _ in range(3):
        take(THRICE)
    refused = take(THRICE)
    clock.now = refused.until - timedelta(microseconds=1)
    assert take(THRICE) == refused
    clock.now = refused.until
    assert tallies.next_time(THRICE, "somebody", clock.now) is None
    assert tallies.left(THRICE, "somebody", clock.now) == 3
    assert [take(THRICE) for _ in range(3)] == [None] * 3
    assert take(THRICE).until == refused.until + THRICE.window


def test_a_window_that_ended_long_ago_is_over_too(take, clock):
    for _ in range(3):
        take(THRICE)
    clock.advance(days=1)
    assert tallies.next_time(THRICE, "somebody", clock.now) is None
    assert [bool(take(THRICE)) for _ in range(4)] == [False, False, False, True]


def test_a_wait_is_as_long_as_it_says_and_may_end_two_seconds_early(take, clock):
    limit = Limit("waits", 9, timedelta(days=1), (timedelta(seconds=30), timedelta(seconds=60)))
    for seconds in (30, 60, 60):
        assert take(limit) is None
        ready = clock.now + timedelta(seconds=seconds)
        clock.now = ready - timedelta(seconds=2, microseconds=1)
        assert take(limit) == tallies.next_time(limit, "somebody", clock.now)
        assert take(limit) == Limited("gap", ready)
        for later in (0, 1):
            instant = ready + timedelta(seconds=later)
            assert tallies.next_time(limit, "somebody", instant) is None
        clock.now = ready - timedelta(seconds=2)


def test_before_the_first_time_there_is_no_wait():
    gaps = Limit("waits", 9, timedelta(days=1), (timedelta(seconds=30), timedelta(seconds=60)))
    waits = [gaps.gap_after(count).total_seconds() for count in range(4)]
    assert waits == [0, 30, 60, 60]
    assert THRICE.gap_after(1) == timedelta(0)


def test_a_limit_that_was_lowered_counts_what_was_taken_before(take, clock):
    for _ in range(3):
        take(THRICE)
    lower = Limit(THRICE.name, 2, THRICE.window)
    refused = Limited(THRICE.name, clock.now + THRICE.window, 2)
    assert tallies.next_time(lower, "somebody", clock.now) == refused
    assert take(lower) == refused


def test_refused_takes_do_not_make_the_wait_longer(take, clock):
    for _ in range(3):
        take(THRICE)
    first = take(THRICE)
    for _ in range(10):
        clock.advance(minutes=5)
        assert take(THRICE) == first


@pytest.mark.parametrize("back", [{"seconds": -1}, {"hours": -1}, {"days": -1}])
def test_a_clock_that_goes_back_refills_nothing(take, clock, back):
    """X43."""
    for _ in range(3):
        take(THRICE)
    clock.advance(**back)
    assert take(THRICE)


def test_a_clock_that_goes_back_and_forth_refills_nothing(take, clock):
    for _ in range(3):
        take(THRICE)
    for hours in (-2, 2, -0.5, 0.5):
        clock.advance(hours=hours)
        assert take(THRICE)


@pytest.mark.parametrize("gaps", [(), (timedelta(seconds=30),)])
def test_a_clock_that_was_years_ahead_refills_nothing_and_makes_no_wait_of_years(take, clock, gaps):
    """X43."""
    limit = Limit("an hour", 2, timedelta(hours=1), gaps, gap_name="gap")
    clock.advance(days=400)
    take(limit)
    clock.advance(minutes=1)
    assert take(limit) is None
    clock.advance(days=-400)
    looked = tallies.next_time(limit, "somebody", clock.now)
    assert tallies.left(limit, "somebody", clock.now) == 0
    assert take(limit) == looked == Limited("an hour", clock.now + limit.window, 2)
    clock.advance(minutes=59)
    assert take(limit).until == looked.until
    clock.now = looked.until
    assert take(limit) is None


@pytest.mark.parametrize("most", [2, 3])
def test_a_wait_of_a_clock_that_was_years_ahead_begins_now(take, clock, most):
    """X43."""
    limit = Limit("for ever", most, limits.FOR_EVER, (timedelta(minutes=1),) * 2)
    take(limit)
    clock.advance(days=400)
    assert take(limit) is None
    clock.advance(days=-400)
    closed = most == 2
    assert take(limit).limit == ("for ever" if closed else "gap")
    clock.advance(minutes=1)
    assert (take(limit) is None) is not closed


def test_a_count_that_began_while_a_clock_was_years_ahead_begins_now(take, clock):
    """X43: also where nothing was refused since."""
    clock.advance(days=400)
    take(THRICE)
    clock.advance(days=-400)
    began = clock.now
    assert [take(THRICE), take(THRICE)] == [None, None]
    clock.advance(minutes=30)
    assert take(THRICE) == Limited(THRICE.name, began + THRICE.window, 3)


@pytest.mark.parametrize("gaps", [(), (timedelta(seconds=30),)])
def test_a_clock_that_goes_back_makes_no_wait_where_none_is(context, clock, gaps):
    limit = Limit("gaps", 3, timedelta(hours=1), gaps)
    with transaction():
        tallies.take(limit, "somebody", clock.now)
        if gaps:
            tallies.give_back(limit, "somebody")
    clock.advance(seconds=-60)
    assert tallies.next_time(limit, "somebody", clock.now) is None
    before = tallies.left(limit, "somebody", clock.now)
    with transaction():
        assert tallies.take(limit, "somebody", clock.now) is None
    assert tallies.left(limit, "somebody", clock.now) == before - 1


def test_what_is_given_back_can_be_taken_again(take, clock):
    for _ in range(3):
        take(THRICE)
    with transaction():
        tallies.give_back(THRICE, "somebody")
    assert take(THRICE) is None
    assert take(THRICE)


def test_giving_back_more_than_was_taken_buys_nothing(take):
    for _ in range(5):
        with transaction():
            tallies.give_back(THRICE, "somebody")
    take(THRICE)
    for _ in range(5):
        with transaction():
            tallies.give_back(THRICE, "somebody")
    assert [bool(take(THRICE)) for _ in range(4)] == [False, False, False, True]


def test_looking_at_the_next_time_takes_nothing(take, clock):
    take(THRICE)
    for _ in range(5):
        assert tallies.next_time(THRICE, "somebody", clock.now) is None
    assert [take(THRICE) for _ in range(2)] == [None, None]
    assert tallies.next_time(THRICE, "somebody", clock.now) == take(THRICE)


def test_what_was_counted_for_one_counts_for_an_heir_who_has_no_count(take, clock):
    for subject, times in (("old", 2), ("new", 1), ("a stranger", 1)):
        for _ in range(times):
            take(THRICE, subject)
    for name in ("another limit", "zero an hour"):
        take(Limit(name, 3, THRICE.window), "heir")
    for heir in ("new", "heir", "old"):
        with transaction():
            tallies.move(THRICE, "old", heir)
    subjects = ("old", "new", "a stranger", "heir")
    assert [tallies.left(THRICE, one, clock.now) for one in subjects] == [3, 2, 2, 1]


@pytest.mark.parametrize("most", [1, 5])
def test_parallel_takes_never_exceed_the_most(app, clock, most):
    limit = Limit("parallel", most, timedelta(hours=1))

    def take_three(_: int) -> int:
        taken = 0
        for _ in range(3):
            with transaction():
                taken += tallies.take(limit, "somebody", clock.now) is None
        return taken

    assert sum(in_parallel(app, 8, take_three)) == most


def test_old_tallies_are_forgotten_and_new_ones_kept(take, clock):
    take(THRICE, "old")
    clock.advance(hours=23)
    take(THRICE, "new")
    clock.advance(hours=2)
    with transaction():
        budgets.forget_old(clock.now)
    assert count(Tally) == 1
    assert count(Tally, Tally.subject == "new") == 1


def test_each_limit_says_what_it_is(settings):
    for limit in (
        limits.sends_per_identifier,
        limits.sends_per_identifier_per_day,
        limits.sends_per_ip,
        limits.sends_per_site,
        limits.sends_to_strangers,
        limits.sms_per_day,
        limits.sms_notices_per_number,
        limits.sms_notices_per_day,
        limits.sms_unanswered,
        limits.failures_per_user,
        limits.failures_per_known_browser,
        limits.failures_in_a_row,
        limits.failures_per_ip,
        limits.failures_per_site,
        limits.ceremonies_per_ip,
    ):
        made = limit(settings)
        assert limit.__doc__.startswith(f"{made.most} ")
        assert len(made.name) <= Tally.__table__.c.limit_name.type.length


def test_a_site_with_few_messages_still_has_one_for_strangers():
    most = [
        limits.sends_to_strangers(make_settings(limit_sends_per_site=sends)).most
        for sends in (1, 2, 10, 100)
    ]
    assert most == [1, 1, 7, 70]
