"""Old events are deleted some at a time, so that nothing else waits long."""

from dataclasses import replace
from datetime import timedelta

import pytest

from otpapp.delivery import sweeping
from otpapp.extensions import db
from otpapp.models import Event, Hour, User
from otpapp.rules import events
from otpapp.rules.classroom import rooms, seats
from otpapp.rules.figures import hours
from otpapp.rules.people import trail
from otpapp.transaction import transaction


@pytest.fixture
def old(context, clock, monkeypatch) -> None:
    """Five events that were kept for long enough, and batches of two."""
    with transaction():
        for _ in range(5):
            events.record("app.entered", clock.now)
    clock.advance(days=500)
    monkeypatch.setattr(trail, "BATCH", 2)
    monkeypatch.setattr(trail, "_FORGET", trail._FORGET.where(Event.id.in_(trail._OLD.limit(2))))


def left() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.kind, one.detail) for one in db.session.query(Event).order_by(Event.id)]


def test_all_of_them_go_and_how_many_is_told_once(old, settings, clock):
    assert sweeping.prune(settings, clock.now) == 5
    assert left() == [("events.forgotten", "5")]
    assert sweeping.prune(settings, clock.now) == 0
    assert len(left()) == 1


def test_a_sweep_leaves_what_is_too_much_to_the_next(old, settings, clock, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCHES", 1)
    sweeping.sweep(settings, clock.now)
    assert left()[-1] == ("events.forgotten", "2")
    assert len(left()) == 3 + 1
    sweeping.sweep(settings, clock.now)
    assert [kind for kind, _ in left()].count("app.entered") == 1


def counted() -> int:
    db.session.rollback()
    return db.session.query(Hour).filter(Hour.kind == "").count()


def test_a_sweep_counts_some_hours_and_leaves_the_rest_of_an_old_trail_to_the_next(
    context, settings, clock, monkeypatch
):
    monkeypatch.setattr(sweeping, "HOURS", 4)
    with transaction():
        events.record("app.entered", clock.now)
    now = clock.advance(hours=7)
    for before, after in ((0, 4), (4, 6), (6, 6)):
        assert counted() == before
        sweeping.sweep(settings, now)
        assert counted() == after


def test_a_sweep_forgets_hours_and_events_each_after_its_time(context, settings, clock):
    with transaction():
        events.record("app.entered", clock.now)
    sweeping.sweep(settings, clock.advance(hours=2))
    shorter = replace(settings, keep_events_days=90)
    sweeping.sweep(shorter, clock.now + timedelta(days=90))
    assert [kind for kind, _ in left()] == ["events.forgotten"]
    assert db.session.query(Hour).filter(Hour.kind == "app.entered").count() == 1
    sweeping.prune(settings, clock.now + hours.KEPT)
    assert db.session.query(Hour).filter(Hour.kind == "app.entered").count() == 0


class TestClassroom:
    """Where a class is, all of it goes once its time is over, by the clock outside."""

    @pytest.fixture
    def overrides(self) -> dict:
        here = "http://127.0.0.1:5000"
        return {"mode": "classroom", "public_url": here, "mail_server": "", "sms_url": ""}

    def test_after_twelve_hours_nothing_is_left(self, context, settings, clock):
        with transaction():
            room, _ = rooms.open_one(clock.now)
            seats.take(room, settings, clock.now)
        still = clock.advance(hours=12, seconds=-1)
        sweeping.sweep(settings, still)
        assert db.session.query(User).count() == 1
        clock.advance(seconds=1)
        sweeping.sweep(settings, still)
        assert db.session.query(User).count() == 0
