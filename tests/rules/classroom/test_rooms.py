"""A room: one at a time, joined by its code, taught with its token, and then nothing is left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from otpapp.extensions import Base, db
from otpapp.models import Event, Room, Seat, User
from otpapp.rules import events
from otpapp.rules.classroom import rooms, seats
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.rules.desk import count


def test_a_room_lasts_twelve_hours(room, clock):
    assert rooms.present(clock.now).id == room.id
    assert room.ends_at == NOON + timedelta(hours=12)
    assert rooms.present(clock.advance(hours=12, microseconds=-1))
    assert rooms.present(clock.advance(microseconds=1)) is None


def test_before_any_was_opened_there_is_none(context, clock):
    assert rooms.present(clock.now) is None
    with transaction():
        assert not rooms.sweep(clock.now)


def test_its_token_alone_lets_somebody_teach(open_room):
    room, token = open_room()
    assert rooms.is_taught_by(room, token)
    assert not rooms.is_taught_by(room, room.join_code)
    assert not rooms.is_taught_by(room, "")


@pytest.mark.parametrize("spelled", [str, str.lower, lambda code: f" {code[:3]} {code[3:]}\n"])
def test_its_code_lets_somebody_join_however_it_is_written(room, spelled):
    assert rooms.is_joined_by(room, spelled(room.join_code))


@pytest.mark.parametrize("typed", ["", "AEIOUA", "\udcff", "ſſſſſſ"])
def test_nothing_else_does(room, typed):
    assert not rooms.is_joined_by(room, typed)


def test_the_key_of_whoever_teaches_is_of_this_server_alone(settings):
    key = rooms.teachers_key(settings)
    assert rooms.is_teachers_key(key, settings)
    assert len(key) == 16
    other = replace(settings, secret_key="another secret, as long as it has to be 9876543210")
    for typed in ("", key[:-1], rooms.teachers_key(other)):
        assert not rooms.is_teachers_key(typed, settings)


def test_two_rooms_have_two_codes_and_two_tokens(open_room):
    opened = [(room.join_code, token) for room, token in (open_room() for _ in range(2))]
    codes, tokens = (set(one) for one in zip(*opened, strict=True))
    assert len(codes) == len(tokens) == 2
    assert {len(code) for code in codes} == {rooms.JOIN_LETTERS}


def fill(room, settings, clock) -> None:
    with transaction():
        seats.take(room, settings, clock.now)
        events.record("code.asked", clock.now)


def test_another_room_begins_with_nobody(open_room, settings, clock):
    fill(open_room()[0], settings, clock)
    second, _ = open_room()
    assert rooms.present(clock.now).id == second.id
    assert (count(Room), count(Seat), count(User), count(Event)) == (1, 0, 0, 0)


def test_when_its_time_is_over_nothing_at_all_is_left(room, settings, clock):
    fill(room, settings, clock)
    with transaction():
        assert not rooms.sweep(clock.now)
    assert count(Seat) == 1
    clock.advance(hours=12)
    with transaction():
        assert rooms.sweep(clock.now)
    left = [table.name for table in Base.metadata.sorted_tables if db.session.query(table).count()]
    assert left == []


def test_how_its_clock_goes_is_kept(room, clock):
    with transaction():
        rooms.set_clock(timedelta(minutes=10), None)
    db.session.expire_all()
    assert (rooms.present(clock.now).ahead_seconds, room.frozen_at) == (600, None)
    with transaction():
        rooms.set_clock(timedelta(), NOON)
    db.session.expire_all()
    assert (room.ahead_seconds, room.frozen_at) == (0, NOON)
