"""Seats: each a made-up person of its own, held by one browser, until the room is full."""

import pytest

from otpapp.extensions import db
from otpapp.models import Identifier, Seat, User
from otpapp.rules import identifiers, users
from otpapp.rules.classroom import rooms, seats
from otpapp.transaction import transaction
from tests.rules.desk import count, in_parallel


@pytest.fixture
def take(settings, clock):
    """Return what takes a seat in a room."""

    def take(room):
        with transaction():
            return seats.take(room, settings, clock.now)

    return take


def test_a_seat_is_a_person_with_an_address_and_a_number_both_proved(room, take, clock):
    seat, _ = take(room)
    assert (seat.number, seat.name, seat.taken_at) == (1, "ada", clock.now)
    held = users.addresses_of(seat.user_id)
    assert [(one.channel, one.key) for one in held] == [
        ("email", "ada@class.example"),
        ("sms", "+12025550100"),
    ]
    assert all(one.verified_at for one in held)


def test_each_browser_gets_one_of_its_own_and_holds_it(room, take):
    (one, mine), (other, theirs) = take(room), take(room)
    assert [seat.number for seat in seats.of_room(room)] == [1, 2]
    assert one.user_id != other.user_id
    assert (seats.held(mine).id, seats.held(theirs).id) == (one.id, other.id)
    assert seats.held("") is None
    assert (seats.at(2).id, seats.at(3)) == (other.id, None)


def test_a_room_has_as_many_seats_as_there_are_names(room, take):
    taken = [take(room) for _ in range(seats.MOST + 1)]
    assert taken.pop() is None
    assert len({seat.name for seat, _ in taken}) == seats.MOST == 60
    assert count(User) == 60
    keys = list(db.session.scalars(db.select(Identifier.key)))
    assert all(identifiers.is_made_up(key) for key in keys)
    assert len(keys) == 120


def test_a_name_that_somebody_signed_up_with_is_passed_over(room, take, settings, clock):
    with transaction():
        users.create(identifiers.parse("ada@class.example", settings), settings, clock.now)
    assert take(room)[0].name == "alan"
    assert take(room)[0].name == "alonzo"


def test_who_joins_at_once_gets_different_seats(app, room, settings, clock):
    def join(_):
        with transaction():
            seats.take(rooms.present(clock.now), settings, clock.now)

    in_parallel(app, 6, join)
    assert sorted(db.session.scalars(db.select(Seat.number))) == [1, 2, 3, 4, 5, 6]
