"""Who signed up by asking and never typed the code is forgotten after a day (X57)."""

import pytest
from sqlalchemy import select, update

from otpapp.extensions import db
from otpapp.models import Challenge, Event, Identifier, Message, Tally, User
from otpapp.rules import identifiers, upkeep, users
from otpapp.transaction import transaction
from tests.rules.desk import STRANGER, count


@pytest.fixture
def overrides() -> dict:
    return {"sign_up": "open"}


@pytest.fixture
def forget(desk):
    """Look for users to forget, at the time of the clock; return how many there were."""

    def forget() -> int:
        with transaction():
            return upkeep.forget_unproved(desk.settings, desk.clock.now)

    return forget


def test_a_stranger_who_never_came_is_forgotten_with_all_that_was_theirs(desk, forget, clock):
    desk.ask(STRANGER)
    clock.advance(hours=24, minutes=10, seconds=-1)
    assert forget() == 0
    clock.advance(seconds=1)
    assert forget() == 1
    assert [count(one) for one in (User, Identifier, Challenge, Message)] == [0] * 4
    (event,) = db.session.scalars(select(Event).where(Event.kind == "users.forgotten"))
    assert (event.detail, event.at) == ("1", clock.now)
    assert forget() == 0
    assert count(Event, Event.kind == "users.forgotten") == 1


def test_they_can_ask_again(desk, forget, clock):
    desk.ask(STRANGER)
    clock.advance(hours=24, minutes=10)
    assert forget() == 1
    assert desk.sign_in(STRANGER)
    assert count(User) == 1


def test_whoever_proved_an_address_stays(desk, forget, clock):
    desk.sign_in(STRANGER)
    clock.advance(days=400)
    assert forget() == 0


def test_whoever_is_about_to_prove_it_stays(desk, forget, clock):
    desk.ask(STRANGER)
    clock.advance(hours=23, minutes=55)
    handle = desk.ask(STRANGER)
    clock.advance(minutes=6)
    assert forget() == 0
    assert desk.prove(handle, desk.code(handle)).token
    clock.advance(hours=1)
    assert forget() == 0


def test_whoever_wants_no_codes_goes_on_getting_none(desk, forget, clock):
    desk.ask(STRANGER)
    clock.advance(hours=23, minutes=55)
    desk.stop(desk.ask(STRANGER))
    clock.advance(hours=24, seconds=-1)
    assert forget() == 0
    assert desk.challenge(desk.ask(STRANGER)).user_id is None
    clock.advance(minutes=11)
    assert forget() == 1


def test_wrong_codes_in_a_row_are_not_forgotten_with_their_user(desk, forget, clock):
    """X02: else whoever lets a day go by has a hundred more."""
    desk.use(limit_failures_in_a_row=11)
    for day in range(3):
        for _ in range(2):
            handle = desk.ask_later(STRANGER)
            for _ in range(2):
                desk.prove(handle, desk.no_code(handle))
        clock.advance(hours=24, minutes=10)
        assert forget() == 1, day
        assert count(User) == 0
    refused = desk.prove(desk.ask(STRANGER), "000000")
    assert (refused.limit, refused.most) == ("failures_in_a_row", 11)
    assert count(Tally, Tally.limit == "failures_in_a_row") == 1


def test_one_proved_address_of_several_is_enough(desk, forget, clock, alice):
    with transaction():
        again = {"user_id": alice.user_id, "channel": "email", "created_at": clock.now}
        db.session.add(Identifier(key="a@b.example", address="a@b.example", **again))
        one = Identifier.key == alice.address
        db.session.execute(update(Identifier).where(one).values(verified_at=clock.now))
    clock.advance(days=2)
    assert forget() == 0


def test_whoever_an_operator_shut_out_stays_shut_out(desk, forget, clock, alice):
    with transaction():
        db.session.execute(update(User).values(disabled_at=clock.now))
    clock.advance(days=2)
    assert forget() == 0


@pytest.mark.parametrize(
    ("sign_up", "domains", "left"),
    [
        ("invited", (), 3),
        ("domains", ("example.org",), 2),
        ("domains", ("other.example", "example.org"), 1),
        ("domains", ("nowhere.example",), 3),
        ("open", (), 0),
    ],
)
def test_whoever_could_not_sign_up_again_stays(desk, forget, clock, sign_up, domains, left):
    desk.use(sign_up=sign_up, sign_up_domains=frozenset(domains))
    with transaction():
        for who in ("a@example.org", "b@other.example", "c@notexample.org"):
            address = identifiers.parse(who, desk.settings)
            assert users.create(address, desk.settings, clock.now)
    clock.advance(days=2)
    forget()
    assert count(User) == left
