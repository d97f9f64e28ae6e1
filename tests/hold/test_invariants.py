"""The checker that the other tests here rely on finds each kind of damage."""

import pytest
from sqlalchemy import text

from otpapp.extensions import db
from tests.helpers import invariants
from tests.rules.desk import Desk

COPY_OF_SESSION = """
    INSERT INTO user_sessions (token_hash, user_id, challenge_id, door, proofs, keep, idle_seconds,
    ip, browser, created_at, seen_at, expires_at)
    SELECT 'another', user_id, challenge_id, door, proofs, keep, idle_seconds,
    ip, browser, created_at, seen_at, expires_at FROM user_sessions"""
UNDER_WAY = """
    INSERT INTO pending_sign_ins (token_hash, user_id, challenge_id, proofs, tries, keep,
    next_path, created_at, expires_at)
    SELECT 'another', user_id, challenge_id, proofs, {tries}, keep, '', created_at, expires_at
    FROM user_sessions"""
DAMAGE = {
    "I1: a code makes one session at most": COPY_OF_SESSION,
    "I1: a session rests on an answered code of its own user": (
        "UPDATE challenges SET answered_at = NULL"
    ),
    "I1: a sign-in under way is no session yet": UNDER_WAY.format(tries=0),
    "I2: a counter is given out once": "UPDATE challenges SET counter = 1",
    "I2: a user's counter is never behind": "UPDATE users SET counter = 0",
    "I3: nothing is accepted once it ran out": "UPDATE challenges SET answered_at = expires_at",
    "I4: five answers are judged at most": "UPDATE challenges SET tries = 6",
    "I4: a sign-in under way is judged by five answers at most": UNDER_WAY.format(tries=6),
    "I4: every wrong answer cost a try": "UPDATE challenges SET tries = 0",
    "I4: no budget is overdrawn": "UPDATE tallies SET times = 101",
    "I7: an accepted code is a session, or as far as one comes where two proofs are asked for": (
        "DELETE FROM user_sessions"
    ),
    "I7: a session is an accepted answer and a start in the trail": (
        "DELETE FROM events WHERE kind = 'session.started'"
    ),
    "I7: a code was asked for": "DELETE FROM events WHERE kind = 'code.asked'",
    "a code has its message": "DELETE FROM messages",
    "a message that ended says how": "UPDATE messages SET outcome = 'sent'",
    "I10: a notice went to an address of the user it is about": (
        "UPDATE messages SET kind = 'notice', event_id = (SELECT min(id) FROM events)"
    ),
    "I10: what was sent went to an address of the code's user": (
        "UPDATE messages SET outcome = 'sent', ended_at = created_at; "
        "UPDATE challenges SET user_id = NULL"
    ),
}


@pytest.fixture
def lived_in(context, settings, clock, alice):
    """A database with two codes, one wrong answer and one session."""
    desk = Desk(settings, clock)
    first = desk.ask()
    desk.prove(first, desk.wrong(first))
    desk.sign_in_later()


def test_a_sound_database_passes(lived_in):
    assert invariants.broken(db.engine) == {}


@pytest.mark.parametrize("sentence", invariants.MUST_HOLD)
def test_damage_is_found(lived_in, sentence):
    with db.engine.begin() as connection:
        for statement in DAMAGE[sentence].split(";"):
            connection.execute(text(statement))
    assert sentence in invariants.broken(db.engine)
