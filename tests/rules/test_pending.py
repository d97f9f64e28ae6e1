"""Sign-ins under way: each goes on by itself, whatever becomes of those before and after it."""

import pytest

from otpapp.extensions import db
from otpapp.models import PendingSignIn, Proof
from otpapp.rules import pending
from otpapp.transaction import transaction


@pytest.fixture
def tokens(desk, alice, bob, zoe) -> list[str]:
    """Three sign-ins of three people; the second is Alice's."""
    with transaction():
        return [
            pending.start(who.user_id, None, (), False, "", desk.clock.now)
            for who in (bob, alice, zoe)
        ]


@pytest.fixture
def held(desk, tokens) -> PendingSignIn:
    """Alice's sign-in."""
    return pending.resume(tokens[1], desk.clock.now)


def kept(token: str, now) -> tuple:
    """Return what is kept of the sign-in of `token`; of one that ended, nothing."""
    db.session.rollback()
    one = pending.resume(token, now)
    return (one.tries, one.challenge_id, len(one.proofs)) if one else ()


@pytest.mark.parametrize(
    ("act", "after"),
    [
        (lambda held, now: pending.take_try(held, now), (1, None, 0)),
        (lambda held, now: pending.add(held, Proof("totp", now)), (0, None, 1)),
        (lambda held, now: pending.end(held, now), ()),
        (lambda held, now: pending.end_all(held.user_id, now), ()),
    ],
    ids=["take_try", "add", "end", "end_all"],
)
def test_what_happens_to_one_happens_to_no_other(desk, tokens, held, act, after):
    with transaction():
        act(held, desk.clock.now)
    found = [kept(token, desk.clock.now) for token in tokens]
    assert found == [(0, None, 0), after, (0, None, 0)]


def test_a_challenge_leads_one_on_and_no_other(desk, tokens, held):
    number = desk.challenge(desk.ask()).id
    with transaction():
        pending.follow(held, number)
    found = [kept(token, desk.clock.now) for token in tokens]
    assert found == [(0, None, 0), (0, number, 0), (0, None, 0)]


def test_the_one_that_is_locked_is_the_one_that_was_asked_for(desk, tokens):
    for token in tokens:
        number = pending.resume(token, desk.clock.now).id
        assert pending.lock(number, desk.clock.now).id == number


def test_of_one_that_ended_none_is_locked_though_another_lives(desk, tokens, held):
    with transaction():
        pending.end(held, desk.clock.now)
    assert pending.lock(held.id, desk.clock.now) is None


def test_no_other_token_holds_any(desk, tokens):
    for number in range(20):
        assert pending.resume(f"no token {number}", desk.clock.now) is None


def test_one_that_is_over_stays_over(desk, tokens):
    desk.clock.advance(hours=1)
    assert pending.resume(tokens[0], desk.clock.now) is None
