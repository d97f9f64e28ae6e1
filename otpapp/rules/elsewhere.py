"""The sessions of a user: where they are, and ending all but the one that is looked from."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam, select, update

from otpapp.extensions import db
from otpapp.models import App, AppSession, UserSession
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
_END_ONE = (
    update(UserSession)
    .where(*_OTHERS, UserSession.id == bindparam("number"))
    .values(ended_at=bindparam("now"))
    .returning(UserSession.browser, UserSession.ip)
)
_OWN = select(UserSession).where(
    UserSession.user_id == bindparam("whose"), UserSession.id == bindparam("number")
)
_OPENED = (
    select(AppSession.session_id, App.title)
    .outerjoin(App)
    .where(AppSession.session_id.in_(bindparam("numbers", expanding=True)))
    .distinct()
    .order_by(AppSession.session_id, App.title)
)


class Ending(StrEnum):
    """What became of the wish to end one session; it can be over, or the one that wishes."""

    ENDED = "session_ended"
    OVER = "session_over"
    THIS = "session_is_this"


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


def this(signed_in: SignedIn) -> UserSession:
    """Return the session of whoever is signed in, with where it was begun."""
    values = {"whose": signed_in.user_id, "number": signed_in.session_id}
    return db.session.scalars(_OWN, values).one()


def opened(numbers: Iterable[int]) -> dict[int, list[str | None]]:
    """Return, by the number of a session, the titles of the apps that were opened from it.

    None stands for the cookie that all apps share.
    """
    found: dict[int, list[str | None]] = {}
    for row in execute(_OPENED, {"numbers": list(numbers)}):
        found.setdefault(row.session_id, []).append(row.title)
    return found


def end_one(signed_in: SignedIn, number: int, visitor: Visitor, now: datetime) -> Ending | None:
    """End another session of this user, and with it what it opened; None if it is none of theirs.

    Codes and sign-ins under way stay: to end those is what `end` is for.
    """
    if number == signed_in.session_id:
        return Ending.THIS
    whose = {"whose": signed_in.user_id, "number": number}
    ended = execute(_END_ONE, {**whose, "this": signed_in.session_id, "now": now}).first()
    if ended is None:
        return Ending.OVER if execute(_OWN, whose).first() else None
    events.record(
        "session.ended_there",
        now,
        visitor=visitor,
        user_id=signed_in.user_id,
        detail=f"{ended.browser}, IP {ended.ip}",
    )
    return Ending.ENDED


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
