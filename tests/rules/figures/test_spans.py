"""What happened in a day, a week or a month, step by step, counted before or counted now."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules.figures import spans
from otpapp.rules.figures.hours import HOUR
from otpapp.rules.figures.spans import SPANS
from otpapp.transaction import transaction

NOW = datetime(2026, 3, 3, 12, 40, tzinfo=UTC)
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ASKED, ANSWERED = "code.asked", "code.answered"
DAY = SPANS["day"]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("day", NOON - 23 * HOUR, NOON),
        ("week", NOON - timedelta(days=6, hours=18), NOON),
        ("month", datetime(2026, 2, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)),
    ],
)
def test_steps_are_whole_and_the_last_is_going_on(name, first, last):
    span = SPANS[name]
    begins = span.begins(NOW)
    assert (begins[0], begins[-1], len(begins)) == (first, last, span.steps)
    assert {after - one for one, after in zip(begins, begins[1:], strict=False)} == {span.step}


def test_what_is_going_on_is_counted_as_it_happens(happened):
    happened(NOON, times=2)
    happened(NOW, ANSWERED, "WRONG")
    found = spans.read(DAY, (ASKED, ANSWERED), NOW)
    assert found.of(ASKED) == (0,) * 23 + (2,)
    assert found.of(ANSWERED, verdict="WRONG")[-1] == 1
    assert found.uncounted == 0


def test_in_the_first_minutes_of_an_hour_both_are(happened):
    early = NOON + timedelta(minutes=2)
    happened(NOON - timedelta(minutes=1), times=3)
    happened(NOON)
    assert spans.read(DAY, (ASKED,), early).of(ASKED)[-2:] == (3, 1)


def test_hours_that_are_over_are_read_as_they_were_counted(happened, count):
    happened(NOON - 3 * HOUR, times=2)
    happened(NOON - 2 * HOUR, ANSWERED, "ACCEPTED")
    for back in range(1, 4):
        count(NOON - back * HOUR)
    with transaction():
        db.session.execute(delete(Event))
    found = spans.read(DAY, (ASKED, ANSWERED), NOW)
    assert found.of(ASKED) == (0,) * 20 + (2, 0, 0, 0)
    assert found.of(ANSWERED) == (0,) * 21 + (1, 0, 0)


def test_hours_that_wait_to_be_counted_are_said_and_none_before_the_span(happened, count):
    happened(NOON - 30 * HOUR)
    count(NOON - 2 * HOUR)
    found = spans.read(DAY, (ASKED,), NOW)
    assert found.of(ASKED) == (0,) * 24
    assert found.uncounted == 22


def test_hours_are_put_together_to_steps(happened, count):
    for back, times in ((1, 1), (6, 2), (7, 4)):
        happened(NOON - back * HOUR, times=times)
        count(NOON - back * HOUR)
    happened(NOON, times=8)
    assert spans.read(SPANS["week"], (ASKED,), NOW).of(ASKED)[-3:] == (4, 3, 8)
    assert spans.read(SPANS["month"], (ASKED,), NOW).of(ASKED)[-2:] == (0, 15)


def test_kinds_and_verdicts_are_told_apart_and_put_together(happened):
    for verdict, times in (("WRONG", 1), ("ACCEPTED", 2)):
        happened(NOON, ANSWERED, verdict, times)
    happened(NOON, "factor.answered", "WRONG", 4)
    happened(NOON, "group.joined", times=9)
    found = spans.read(DAY, (ANSWERED, "factor.answered"), NOW)
    assert found.of(ANSWERED)[-1] == 3
    assert found.of(ANSWERED, "factor.answered", verdict="WRONG")[-1] == 5
    assert found.of("group.joined") == (0,) * 24


def test_what_is_yet_to_happen_is_left_out(happened):
    happened(NOW + timedelta(seconds=5))
    happened(NOW + timedelta(seconds=6))
    assert spans.read(DAY, (ASKED,), NOW).of(ASKED)[-1] == 1


def test_what_was_counted_too_early_is_counted_live(happened, count):
    happened(NOON)
    count(NOON)
    assert spans.read(DAY, (ASKED,), NOW).of(ASKED)[-1] == 1
