"""A challenge is found by its number, by its handle, or as a program's newest that is open."""

import pytest
from sqlalchemy import update

from otpapp.extensions import db
from otpapp.models import Challenge
from otpapp.otp import totp
from otpapp.rules import challenges
from otpapp.rules.challenges import TIME_STEP
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import ALICE, HERE, STRANGER, Desk


def newest(desk: Desk, who: str = ALICE, method: str = "counter", ip: str = HERE) -> int:
    db.session.rollback()
    found = challenges.newest(who, method, Visitor(ip), desk.settings, desk.clock.now)
    return found.id if found else 0


def ask(desk: Desk, who: str = ALICE, **changes) -> int:
    return desk.challenge(desk.ask_later(who, **{"door": "api", **changes})).id


def test_a_number_and_a_handle_find_their_challenge_and_no_other(desk, alice):
    handles = [desk.ask_later() for _ in range(3)]
    numbers = [desk.challenge(handle).id for handle in handles]
    assert [challenges.get(number).id for number in numbers] == numbers
    assert challenges.get(max(numbers) + 1) is None
    assert challenges.get(0) is None
    assert challenges.find("of nobody") is None


def test_what_a_number_finds_is_read_anew_each_time(desk, alice):
    """A sender looks at it twice, and must see what happened in between."""
    number = desk.challenge(desk.ask()).id
    first = challenges.get(number)
    with transaction():
        db.session.execute(update(Challenge).values(closed_at=desk.clock.now))
    assert (first.closed_at, challenges.get(number).closed_at) == (None, desk.clock.now)


def test_without_any_there_is_none(desk, alice):
    assert newest(desk) == 0


@pytest.mark.parametrize("who", [ALICE, STRANGER])
def test_it_is_the_newest_of_those_asked_for_by_programs(desk, alice, who):
    ask(desk, who)
    second = ask(desk, who)
    ask(desk, who, door="page")
    for other in ("aaron@example.org", "zoe@example.org"):
        ask(desk, other)
    assert newest(desk, who) == second


def test_another_network_finds_none(desk, alice):
    asked = ask(desk, ip="2001:db8::1")
    assert newest(desk) == newest(desk, ip="2001:db8:1::1") == 0
    assert newest(desk, ip="fd00::1") == newest(desk, ip="2001:cafe::1") == 0
    assert newest(desk, ip="2001:db8::2") == asked


@pytest.mark.parametrize("methods", [("counter", "time"), ("time", "counter")])
def test_each_method_has_its_own(desk, alice, methods):
    desk.clock.now = totp.step_ends(totp.time_step(desk.clock.now, TIME_STEP), TIME_STEP)
    first = desk.challenge(desk.ask(door="api", method=methods[0])).id
    desk.clock.advance(seconds=30)
    second = desk.challenge(desk.ask(door="api", method=methods[1])).id
    assert [newest(desk, method=method) for method in methods] == [first, second]


def test_those_that_are_over_are_passed_over(desk, alice):
    first = ask(desk)
    handle = desk.ask_later(door="api")
    desk.answer(handle, desk.code(handle))
    assert newest(desk) == first
    desk.clock.advance(minutes=10)
    assert newest(desk) == 0


def test_no_more_are_looked_at_than_one_day_allows(desk, alice):
    first = ask(desk)
    for _ in range(2):
        handle = desk.ask_later(door="api")
        desk.answer(handle, desk.code(handle))
    for most, found in ((2, 0), (3, first)):
        desk.use(limit_sends_per_identifier_per_day=most)
        assert newest(desk) == found
