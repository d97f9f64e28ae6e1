"""The browsers that somebody is known by, as their owner sees and forgets them."""

import pytest

from otpapp.rules import known_browsers
from otpapp.rules.account import browsers
from otpapp.transaction import transaction
from tests.rules.desk import Desk, in_parallel, trail


@pytest.fixture
def known(desk, alice) -> list[int]:
    """The numbers of two browsers that Alice is known by, the older one first."""
    desk.sign_in(known="laptop")
    desk.sign_in_later(known="phone")
    return [one.id for one in reversed(browsers.of(alice.user_id))]


def forget(desk: Desk, user_id, number: int) -> int:
    with transaction():
        return browsers.forget(user_id, number, desk.visitor(), desk.clock.now)


def numbers(user_id) -> list[int]:
    return [one.id for one in browsers.of(user_id)]


def test_the_one_that_signed_in_last_comes_first(desk, alice, known):
    assert numbers(alice.user_id) == known[::-1]
    desk.sign_in_later(known="laptop")
    assert numbers(alice.user_id) == known


def test_one_is_forgotten_and_the_trail_says_which(desk, alice, known):
    assert forget(desk, alice.user_id, known[0]) == 1
    assert numbers(alice.user_id) == [known[1]]
    assert known_browsers.number_of(desk.visitor(known="laptop"), alice.user_id) == 0
    assert trail()[-1] == ("browser.forgotten", "")


def test_all_are_forgotten_at_once(desk, alice, known):
    assert forget(desk, alice.user_id, browsers.ALL) == 2
    assert numbers(alice.user_id) == []
    assert trail()[-1] == ("browsers.forgotten", "")


def test_what_is_forgotten_or_somebody_elses_is_neither_forgotten_nor_told(desk, alice, bob, known):
    assert forget(desk, bob.user_id, known[0]) == 0
    assert forget(desk, bob.user_id, browsers.ALL) == 0
    assert trail()[-1][0] == "session.started"
    forget(desk, alice.user_id, known[0])
    lines = len(trail())
    assert forget(desk, alice.user_id, known[0]) == 0
    assert len(trail()) == lines


def test_of_two_presses_at_once_one_forgets(desk, alice, known, app):
    done = in_parallel(app, 4, lambda _: forget(desk, alice.user_id, known[0]))
    assert sorted(done) == [0, 0, 0, 1]
    assert [kind for kind, _ in trail()].count("browser.forgotten") == 1


def test_trust_is_taken_back_and_the_trail_says_so_once(desk, alice, known):
    visitor = desk.visitor(known="laptop")
    with transaction():
        known_browsers.remember(visitor, known[0], alice.user_id, desk.clock.now, trust=True)
    for expected in (1, 0):
        with transaction():
            who, now = alice.user_id, desk.clock.now
            assert browsers.distrust(who, browsers.ALL, desk.visitor(), now) == expected
    assert known_browsers.trusted(alice.user_id, desk.clock.now) == []
    assert [kind for kind, _ in trail()].count("browsers.distrusted") == 1
