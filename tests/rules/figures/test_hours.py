"""Hours that are over are counted once each, whoever counts and whatever clocks say."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, select

from otpapp.extensions import db
from otpapp.models import Event, Hour
from otpapp.rules.figures import hours
from otpapp.rules.figures.hours import HOUR
from otpapp.transaction import transaction
from tests.rules.desk import in_parallel

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
TEN = NOON - 2 * HOUR
LONG_AGO = NOON - timedelta(days=9000)
MINUTE = timedelta(minutes=1)


def counted() -> list[tuple]:
    db.session.rollback()
    found = db.session.execute(select(Hour.at, Hour.kind, Hour.verdict, Hour.number))
    return sorted(tuple(row) for row in found)


def forget(now: datetime) -> None:
    with transaction():
        hours.forget(now)


@pytest.mark.parametrize(
    ("instant", "step", "begin"),
    [
        (NOON, HOUR, NOON),
        (NOON + 59 * MINUTE, HOUR, NOON),
        (NOON.astimezone(timezone(timedelta(hours=5, minutes=30))), HOUR, NOON),
        (NOON - MINUTE, 6 * HOUR, NOON - 6 * HOUR),
        (NOON + 11 * HOUR, 24 * HOUR, NOON - 12 * HOUR),
    ],
)
def test_steps_begin_where_those_of_utc_do(instant, step, begin):
    assert hours.begin_of(instant, step) == begin


def test_an_hour_is_counted_by_kind_and_verdict_without_its_neighbours(happened, count):
    happened(TEN - timedelta(microseconds=1))
    happened(TEN, times=2)
    happened(TEN + HOUR - timedelta(microseconds=1), "code.answered", "WRONG")
    happened(TEN + HOUR)
    assert count(TEN)
    assert counted() == [
        (TEN, "", "", 0),
        (TEN, "code.answered", "WRONG", 1),
        (TEN, "code.asked", "", 2),
    ]


def test_an_hour_is_counted_once(happened, count):
    happened(TEN)
    assert count(TEN)
    happened(TEN)
    assert not count(TEN)
    assert counted() == [(TEN, "", "", 0), (TEN, "code.asked", "", 1)]


def test_two_that_count_at_once_count_it_once(app, happened):
    happened(TEN, times=3)

    def work(_: int) -> bool:
        with transaction():
            return hours.count(TEN)

    assert sorted(in_parallel(app, 4, work)) == [False, False, False, True]
    assert counted() == [(TEN, "", "", 0), (TEN, "code.asked", "", 3)]


def test_the_newest_hour_that_is_over_comes_first(happened, count):
    happened(NOON - 3 * HOUR)
    late = NOON + hours.SETTLED
    assert hours.uncounted(LONG_AGO, late) == [NOON - HOUR, TEN, NOON - 3 * HOUR]
    count(TEN)  # also one in which nothing happened
    assert hours.uncounted(LONG_AGO, late) == [NOON - HOUR, NOON - 3 * HOUR]
    assert hours.uncounted(TEN, late) == [NOON - HOUR]


def test_an_hour_is_over_once_slow_nodes_have_written_of_it(happened):
    happened(NOON - MINUTE)
    assert hours.uncounted(LONG_AGO, NOON + hours.SETTLED - MINUTE) == []
    assert hours.uncounted(LONG_AGO, NOON + hours.SETTLED) == [NOON - HOUR]


def test_where_nothing_happened_nothing_is_to_be_counted(context):
    assert hours.uncounted(LONG_AGO, NOON) == []


def test_an_event_of_a_clock_that_began_in_1970_costs_no_more_than_the_days_that_are_kept(happened):
    happened(datetime(1970, 1, 1, tzinfo=UTC))
    assert len(hours.uncounted(LONG_AGO, NOON + hours.SETTLED)) == 400 * 24


def test_hours_outlive_their_events_and_are_not_counted_anew(happened, count):
    happened(TEN, times=2)
    happened(NOON)
    count(TEN)
    before = counted()
    with transaction():
        db.session.execute(delete(Event).where(Event.at < NOON))
    forget(NOON + timedelta(days=399))
    assert not count(TEN)
    assert counted() == before


def test_hours_go_after_400_days(happened, count):
    happened(TEN)
    count(TEN)
    forget(TEN + hours.KEPT)
    assert counted()
    forget(TEN + hours.KEPT + MINUTE)
    assert not counted()


def test_what_a_clock_counted_that_was_ahead_is_counted_anew(happened, count):
    count(NOON)
    happened(NOON + MINUTE)
    count(NOON - HOUR)
    forget(NOON + 10 * MINUTE)
    assert counted() == [(NOON - HOUR, "", "", 0)]
    assert count(NOON)
    assert (NOON, "code.asked", "", 1) in counted()
