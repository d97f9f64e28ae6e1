"""The other sessions of whoever is signed in."""

from datetime import timedelta

import pytest

from otpapp.rules import elsewhere, pending, sessions
from otpapp.rules.proofs import Proof
from otpapp.rules.verdicts import Verdict
from otpapp.transaction import transaction
from tests.rules.desk import trail
from tests.rules.factors_desk import is_in


@pytest.fixture
def here(desk, alice) -> str:
    """The token of a session of Alice; each step of the tests comes two minutes after another."""
    return desk.sign_in()


def another(desk) -> str:
    desk.clock.advance(minutes=2)
    return desk.sign_in()


def signed_in(desk, token: str) -> sessions.SignedIn:
    found = sessions.resume(token, "page", desk.clock.now)
    assert found
    return found


def others(desk, token: str) -> list[int]:
    return [one.id for one in elsewhere.sessions(signed_in(desk, token), desk.clock.now)]


def end(desk, token: str) -> int:
    who, visitor = signed_in(desk, token), desk.visitor()
    with transaction():
        return elsewhere.end(who, visitor, desk.clock.now)


def test_they_are_listed_the_one_used_last_first_and_without_this_one(desk, here):
    tokens = [another(desk) for _ in range(2)]
    first, second = (signed_in(desk, token).session_id for token in tokens)
    assert others(desk, here) == [second, first]
    assert others(desk, tokens[0]) == [second, signed_in(desk, here).session_id]


def test_what_is_over_is_not_listed(desk, here):
    gone = another(desk)
    with transaction():
        sessions.end(gone, "page", desk.visitor(), desk.clock.now)
    assert others(desk, here) == []
    idle = another(desk)
    desk.clock.advance(minutes=30)
    kept = signed_in(desk, here)
    with transaction():
        sessions.touch(kept.session_id, desk.clock.now)
    assert others(desk, here) == [signed_in(desk, idle).session_id]
    desk.clock.advance(minutes=30)
    assert others(desk, here) == []


def test_they_end_all_and_this_one_stays(desk, here):
    tokens = [another(desk) for _ in range(2)]
    assert end(desk, here) == 2
    assert [is_in(token, desk.clock.now) for token in (here, *tokens)] == [True, False, False]
    assert trail()[-1] == ("session.ended_elsewhere", "")
    assert end(desk, here) == 0


def test_what_is_under_way_ends_too(desk, alice, here):
    proofs = (Proof("email", desk.clock.now),)
    with transaction():
        token = pending.start(alice.user_id, None, proofs, False, "", desk.clock.now)
    end(desk, here)
    assert pending.resume(token, desk.clock.now) is None


def test_nobody_else_is_signed_out(desk, here, bob):
    desk.clock.advance(minutes=2)
    theirs = desk.sign_in(bob.address)
    assert others(desk, here) == []
    assert end(desk, here) == 0
    assert is_in(theirs, desk.clock.now + timedelta(seconds=1))


def test_who_had_a_code_sent_before_comes_in_no_more_and_only_what_was_alive_counts(desk, here):
    another(desk)
    desk.clock.advance(hours=13)
    token = another(desk)
    another(desk)
    desk.clock.advance(minutes=2)
    handle = desk.ask()
    assert end(desk, token) == 1
    assert desk.prove(handle, desk.code(handle)).verdict is not Verdict.ACCEPTED
