"""A session lasts as long as it may, opens its own door, and ends when it is ended."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from otpapp.extensions import db
from otpapp.models import Event, User, UserSession
from otpapp.rules import lifetimes, sessions
from otpapp.rules.handles import digest
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE

BLINK = timedelta(microseconds=1)
LASTING = [(False, timedelta(hours=12), timedelta(hours=1))]
LASTING += [(True, timedelta(days=30), timedelta(days=7))]


@pytest.fixture
def resume(desk):
    """Look who holds a token at the time of the clock."""

    def resume(token: str, door: str = "page") -> sessions.SignedIn | None:
        db.session.rollback()
        return sessions.resume(token, door, desk.clock.now)

    return resume


def use(token: str, now) -> None:
    with transaction():
        sessions.touch(sessions.resume(token, "page", now).session_id, now)


def test_a_token_says_who_is_signed_in(desk, alice, resume):
    signed_in = resume(desk.sign_in())
    assert (signed_in.user_id, signed_in.proofs[0].factor, signed_in.keep) == (
        alice.user_id,
        "email",
        False,
    )
    assert signed_in.started_at == signed_in.seen_at == desk.clock.now
    (event,) = db.session.query(Event).filter_by(kind="session.started")
    assert (event.user_id, event.ip, event.challenge_id) == (alice.user_id, HERE, 1)


@pytest.mark.parametrize("token", ["", "unknown", "a" * 43, "\x00", "\ud800", "é"])
def test_an_unknown_token_opens_nothing(desk, alice, resume, token):
    desk.sign_in()
    assert resume(token) is None


def test_the_row_does_not_hold_the_token(desk, alice, resume):
    token = desk.sign_in()
    kept = db.session.scalars(select(UserSession.token_hash)).one()
    assert len(kept) == 32
    assert token.encode() not in kept
    assert resume(kept.hex()) is None


@pytest.mark.parametrize(("keep", "most", "idle"), LASTING)
def test_it_ends_when_not_used_for_long(desk, alice, resume, keep, most, idle):
    token = desk.sign_in(keep=keep)
    desk.clock.now += idle - BLINK
    assert resume(token)
    for _ in range(2):
        desk.clock.now += BLINK
        assert resume(token) is None


@pytest.mark.parametrize(("keep", "most", "idle"), LASTING)
def test_it_ends_at_last_however_much_it_is_used(desk, alice, resume, keep, most, idle):
    token = desk.sign_in(keep=keep)
    end = desk.clock.now + most
    while desk.clock.now + idle / 2 < end:
        desk.clock.now += idle / 2
        use(token, desk.clock.now)
    desk.clock.now = end - BLINK
    assert resume(token)
    for _ in range(2):
        desk.clock.now += BLINK
        assert resume(token) is None


def test_being_used_sets_the_idle_clock_anew(desk, alice, resume):
    token = desk.sign_in()
    desk.clock.advance(minutes=59)
    use(token, desk.clock.now)
    desk.clock.advance(minutes=59)
    assert resume(token)


def test_being_used_keeps_no_other_session_alive(desk, alice, resume):
    tokens = [desk.sign_in_later() for _ in range(3)]
    began = [resume(token).seen_at for token in tokens]
    use(tokens[1], desk.clock.advance(minutes=5))
    assert [resume(token).seen_at for token in tokens] == [began[0], desk.clock.now, began[2]]


def test_a_clock_that_goes_back_ends_no_session_and_shortens_none(desk, alice, resume):
    """X43."""
    token = desk.sign_in()
    seen = desk.clock.now
    desk.clock.advance(seconds=-60)
    use(token, desk.clock.now)
    assert resume(token).seen_at == seen


@pytest.mark.parametrize(("seconds", "due"), [(59, False), (60, True), (61, True)])
def test_the_idle_clock_is_set_once_a_minute(desk, alice, resume, seconds, due):
    token = desk.sign_in()
    desk.clock.advance(seconds=seconds)
    assert lifetimes.is_due(resume(token).seen_at, desk.clock.now) is due


def test_an_ended_session_opens_nothing(desk, alice, resume):
    """X30."""
    token, other = desk.sign_in(), desk.sign_in_later()
    with transaction():
        sessions.end(token, "page", Visitor(HERE), desk.clock.now)
        sessions.end(token, "page", Visitor(HERE), desk.clock.now)
    assert resume(token) is None
    assert resume(other)
    (event,) = db.session.query(Event).filter_by(kind="session.ended")
    assert (event.user_id, event.ip, event.at) == (alice.user_id, HERE, desk.clock.now)


def test_ending_one_session_ends_no_other(desk, alice, resume):
    tokens = sorted((desk.sign_in_later() for _ in range(4)), key=digest)
    for number in (0, 3):
        with transaction():
            sessions.end(tokens[number], "page", Visitor(), desk.clock.now)
        assert resume(tokens[number]) is None
        assert resume(tokens[1])
        assert resume(tokens[2])


@pytest.mark.parametrize(("whose", "others"), [(0, 1), (1, 0)])
def test_all_sessions_of_one_user_end_and_nobody_elses(desk, alice, bob, resume, whose, others):
    people = (alice, bob)
    doors = ("page", "api")
    tokens = [[desk.sign_in_later(who.address, door=door) for door in doors] for who in people]
    for ended in (2, 0):
        with transaction():
            assert sessions.end_all(people[whose].user_id, desk.clock.now) == ended
    assert [resume(*one) for one in zip(tokens[whose], doors, strict=True)] == [None, None]
    assert all(resume(*one) for one in zip(tokens[others], doors, strict=True))


def test_disabling_a_user_ends_their_sessions_at_once(desk, alice, bob, resume):
    """X29."""
    hers, his = desk.sign_in(), desk.sign_in(bob.address)
    with transaction():
        now = desk.clock.now
        db.session.execute(update(User).where(User.id == alice.user_id).values(disabled_at=now))
    assert resume(hers) is None
    assert resume(his)


@pytest.mark.parametrize(("door", "other"), [("page", "api"), ("api", "page")])
def test_a_token_opens_only_its_own_door(desk, alice, resume, door, other):
    token = desk.sign_in(door=door)
    assert resume(token, door)
    assert resume(token, other) is None
    with transaction():
        sessions.end(token, other, Visitor(), desk.clock.now)
    assert resume(token, door)


def test_no_two_tokens_are_alike(desk, alice):
    tokens = {desk.sign_in_later() for _ in range(4)}
    assert len(tokens) == 4
    assert {len(token) for token in tokens} == {43}
