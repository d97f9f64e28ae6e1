"""The sessions of a user: where they are, and ending all but the one that is looked from."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update

from otpapp.extensions import db
from otpapp.models import UserSession
from otpapp.rules import events, evicting, lifetimes
from otpapp.rules.sessions import SignedIn
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute

_OTHERS = (
    UserSession.user_id == bindparam("whose"),
    UserSession.id != bindparam("this"),
    UserSession.ended_at.is_(None),
)
_LIVING = (
    select(UserSession)
    .where(*_OTHERS, UserSession.expires_at > bindparam("now"))
    .order_by(UserSession.seen_at.desc(), UserSession.id)
)
_END = update(UserSession).where(*_OTHERS).values(ended_at=bindparam("now"))


def sessions(signed_in: SignedIn, now: datetime) -> list[UserSession]:
    """Return the other living sessions of this user, the one used last first."""
    return living(signed_in.user_id, now, signed_in.session_id)


def living(user_id: UUID, now: datetime, besides: int = 0) -> list[UserSession]:
    """Return the living sessions of a user, but for one, the one used last first."""
    values = {"whose": user_id, "this": besides, "now": now}
    return [
        one
        for one in db.session.scalars(_LIVING, values)
        if not lifetimes.is_idle(one.seen_at, one.idle_seconds, now)
    ]


def end(signed_in: SignedIn, visitor: Visitor, now: datetime) -> int:
    """End every other session of this user and what is under way; return how many there were.

    ASVS 7.4.3: it is offered to whoever changed how they sign in.
    """
    # First what could become a session meanwhile, so that none slips through.
    evicting.end_under_way(signed_in.user_id, now)
    ended = len(sessions(signed_in, now))
    values = {"whose": signed_in.user_id, "this": signed_in.session_id, "now": now}
    execute(_END, values)
    events.record(
        "session.ended_elsewhere",
        now,
        visitor=visitor,
        user_id=signed_in.user_id,
        detail=str(ended),
    )
    return ended
