"""Each request takes the next counter of its user, and no counter is ever taken twice."""

from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import User
from otpapp.rules import users
from otpapp.transaction import transaction
from tests.helpers.people import RFC_CODES
from tests.rules.desk import STRANGER, in_parallel


def test_the_counter_rises_by_one_with_every_ask(desk, alice):
    for expected in range(1, 6):
        handle = desk.ask_later()
        assert desk.challenge(handle).counter == expected
        assert desk.code(handle) == RFC_CODES[expected]
    assert db.session.scalar(select(User.counter)) == 5


def test_one_users_asks_leave_the_others_counter_alone(desk, alice, bob):
    desk.ask_later()
    desk.ask_later()
    assert desk.challenge(desk.ask(bob.address)).counter == 1


def test_a_decoy_takes_nobodys_counter(desk, alice):
    decoy = desk.challenge(desk.ask(STRANGER))
    assert (decoy.user_id, decoy.counter) == (None, 0)
    assert db.session.scalar(select(User.counter)) == 0


def test_a_refused_ask_takes_no_counter(desk, alice):
    desk.ask()
    for _ in range(3):
        desk.try_asking(alice.address)
    assert db.session.scalar(select(User.counter)) == 1


def test_a_challenge_that_replaces_another_takes_the_next_counter(desk, alice):
    handle = desk.ask()
    desk.clock.advance(minutes=8)
    assert desk.send_again(handle).challenge.counter == 2


def test_parallel_asks_never_share_a_counter(app, alice):
    def take(_: int) -> list[int]:
        taken = []
        for _ in range(4):
            with transaction():
                taken.append(users.next_counter(alice.user_id))
        return taken

    taken = [number for numbers in in_parallel(app, 8, take) for number in numbers]
    assert sorted(taken) == list(range(1, 33))
