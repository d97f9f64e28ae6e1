"""Leaving: a user and all that is theirs is deleted seven days after they asked for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from otpapp.models import User
from otpapp.rules import budgets, events, notices
from otpapp.rules.factors import credentials
from otpapp.rules.factors.objections import LEAVES, STOPS_DELETION_FOR
from otpapp.rules.people import standing
from otpapp.rules.people.outcomes import Outcome, is_last_admin
from otpapp.rules.sessions import SignedIn
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute

STAYS = "user.stays"
BATCH = 50  # users a sweep
_WHEN = select(User.leaves_at).where(User.id == bindparam("whose"))
_ASK = (
    update(User)
    .where(User.id == bindparam("whose"), User.leaves_at.is_(None))
    .values(leaves_at=bindparam("then"))
    .returning(User.id)
)
_STAY = (
    update(User)
    .where(User.id == bindparam("whose"), User.leaves_at.is_not(None))
    .values(leaves_at=None)
    .returning(User.id)
)
_DUE = select(User.id).where(User.leaves_at <= bindparam("now")).order_by(User.id).limit(BATCH)
_COMING = select(func.count().label("number"), func.min(User.leaves_at).label("earliest")).where(
    User.leaves_at.is_not(None)
)


def when(user_id: UUID) -> datetime | None:
    """Return when a user is deleted who asked for it; None for all others."""
    found: datetime | None = execute(_WHEN, {"whose": user_id}).scalar()
    return found


def ask(who: SignedIn, visitor: Visitor, settings: Settings, now: datetime) -> Outcome:
    """Delete this user in seven days, and tell them so wherever they are reached.

    Until then all stays as it is, and they can stay. The last admin cannot leave: nobody could let
    another one in.
    """
    # All admins before their own row, as everybody who changes one: else two could wait for each
    # other.
    if is_last_admin(who.user_id):
        return Outcome.LAST_ADMIN
    credentials.lock(who.user_id)
    if execute(_ASK, {"whose": who.user_id, "then": now + STOPS_DELETION_FOR}).first() is None:
        return Outcome.SAME
    notices.record(LEAVES, who.user_id, visitor, settings, now)
    return Outcome.DONE


def stay(user_id: UUID, visitor: Visitor, now: datetime) -> bool:
    """Keep a user who asked to be deleted; False for anybody else."""
    if execute(_STAY, {"whose": user_id}).first() is None:
        return False
    events.record(STAYS, now, visitor=visitor, user_id=user_id)
    return True


def due(now: datetime) -> list[UUID]:
    """Return some of the users whose time is over."""
    return list(execute(_DUE, {"now": now}).scalars())


def coming() -> tuple[int, datetime | None]:
    """Return how many users are to be deleted, and when the first of them."""
    row = execute(_COMING).one()
    return row.number, row.earliest


def leave(user_id: UUID, settings: Settings, now: datetime) -> bool:
    """Delete a user whose time is over; False for one who stays after all.

    Whoever became the last admin meanwhile stays.
    """
    # Before their row, as whoever guesses does: else the two could wait for each other.
    budgets.reopen(str(user_id), settings)
    is_last_admin(user_id)  # and all admins, as everybody who changes one
    credentials.lock(user_id)
    then = when(user_id)
    if then is None or then > now:
        return False
    change = standing.delete(user_id, settings, now, user_id)
    if change.outcome is Outcome.LAST_ADMIN:
        stay(user_id, events.NOBODY, now)
    return change.outcome is Outcome.DONE
