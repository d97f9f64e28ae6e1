"""Ending all that a user, or somebody in their name, has open."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update

from otpapp.models import Challenge
from otpapp.rules import known_browsers, pending, sessions
from otpapp.rules.factors import credentials
from otpapp.transaction import execute

_CLOSE_CODES = (
    update(Challenge)
    .where(
        Challenge.user_id == bindparam("of"),
        Challenge.answered_at.is_(None),
        Challenge.closed_at.is_(None),
    )
    .values(closed_at=bindparam("now"))
)


def end_under_way(user_id: UUID, now: datetime) -> None:
    """End every code and sign-in under way of a user, in the order in which they follow."""
    # Whoever changes the factors holds this lock first too: else the two could wait for each other.
    credentials.lock(user_id)
    execute(_CLOSE_CODES, {"of": user_id, "now": now})
    pending.end_all(user_id, now)


def everybody_out(user_id: UUID, now: datetime) -> int:
    """End every code, sign-in under way and session of a user, and know none of their browsers.

    Return how many sessions there were. In the order in which one becomes the other: whoever is
    just now taking the next step is waited for, and then ended too.
    """
    end_under_way(user_id, now)
    ended = sessions.end_all(user_id, now)
    known_browsers.revoke_all(user_id, now)
    return ended
