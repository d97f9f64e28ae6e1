"""What somebody can do who gets codes that they did not ask for."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from otpapp.models import Challenge, Identifier, PendingSignIn, UserSession
from otpapp.rules import challenges, events, known_browsers
from otpapp.rules.users import Owner
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute

MUTED_FOR = timedelta(hours=24)
LINK_WORKS_FOR = timedelta(hours=24)

_MUTE = (
    update(Identifier)
    .where(Identifier.id == bindparam("whose"))
    .values(muted_until=bindparam("until"))
)
_END_ITS_SESSION = (
    update(UserSession)
    .where(UserSession.challenge_id == bindparam("by"), UserSession.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_END_ITS_PENDING = (
    update(PendingSignIn)
    .where(PendingSignIn.challenge_id == bindparam("by"), PendingSignIn.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_MUTED = select(Identifier.muted_until).where(
    Identifier.id == bindparam("whose"), Identifier.muted_until > bindparam("now")
)


def is_over(challenge: Challenge, now: datetime) -> bool:
    """Say whether the link in the message of `challenge` does nothing any more."""
    return challenge.created_at + LINK_WORKS_FOR <= now


def stop(challenge: Challenge, visitor: Visitor, now: datetime) -> None:
    """End this code and what was signed in by it; send strangers none for a day.

    Browsers that signed this user in before go on getting codes, but none that became known by
    this code or since: whoever could read it may have made them known.
    """
    challenges.close(challenge, now)
    execute(_END_ITS_SESSION, {"by": challenge.id, "now": now})
    execute(_END_ITS_PENDING, {"by": challenge.id, "now": now})
    if challenge.answered_at and challenge.user_id:
        known_browsers.revoke_since(challenge.user_id, challenge.answered_at, now)
    execute(_MUTE, {"whose": challenge.identifier_id, "until": now + MUTED_FOR})
    events.record_about(challenge, "codes.stopped", now, visitor=visitor)


def go_on(challenge: Challenge, visitor: Visitor, now: datetime) -> None:
    """Send codes to everybody who asks again: it was a mistake."""
    execute(_MUTE, {"whose": challenge.identifier_id, "until": None})
    events.record_about(challenge, "codes.resumed", now, visitor=visitor)


def is_muted(owner: Owner, now: datetime) -> bool:
    """Say whether strangers get no codes for this owner's identifier now."""
    return owner.muted_until is not None and owner.muted_until > now


def muted_until(identifier_id: int | None, now: datetime) -> datetime | None:
    """Return until when strangers get no codes for this identifier; nobody's is looked up too."""
    found: datetime | None = execute(_MUTED, {"whose": identifier_id or 0, "now": now}).scalar()
    return found
