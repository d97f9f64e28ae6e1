"""Freezing a sign-in: its owner shuts everybody out, and an operator opens it again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update

from otpapp.models import User
from otpapp.rules import evicting, notices
from otpapp.rules.events import NOBODY
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute

OWNER = "owner"
BOTH = "both"  # an operator shut them out besides

_FREEZE = (
    update(User)
    .where(User.id == bindparam("whose"), User.disabled_at.is_(None))
    .values(disabled_at=bindparam("now"), disabled_by=OWNER, leaves_at=None)
    .returning(User.id)
)
_THAW = (
    update(User)
    .where(User.id == bindparam("whose"), User.disabled_by == OWNER)
    .values(disabled_at=None, disabled_by=None)
    .returning(User.id)
)
_FROZEN = select(User.disabled_at).where(User.id == bindparam("whose"), User.disabled_by == OWNER)
_MAY_SIGN_IN = select(User.disabled_at.is_(None)).where(User.id == bindparam("whose"))


def freeze(user_id: UUID, visitor: Visitor, settings: Settings, now: datetime) -> bool:
    """Let nobody sign in as this user until an operator opens it; False if nobody could before.

    X52: it takes no factor away, so whoever only reads their mail wins nothing by it. Nor are they
    deleted, if somebody had asked for that.
    """
    evicting.everybody_out(user_id, now)
    if execute(_FREEZE, {"whose": user_id, "now": now}).first() is None:
        return False
    notices.record("user.frozen", user_id, visitor, settings, now)
    return True


def thaw(user_id: UUID, settings: Settings, now: datetime) -> bool:
    """Let a user sign in again who was frozen by its owner; False for anybody else."""
    if execute(_THAW, {"whose": user_id}).first() is None:
        return False
    # Whatever came in while it was being frozen.
    evicting.everybody_out(user_id, now)
    notices.record("user.reopened", user_id, NOBODY, settings, now)
    return True


def frozen_since(user_id: UUID) -> datetime | None:
    """Return since when a user is frozen by its owner, and shut out by nobody else."""
    found: datetime | None = execute(_FROZEN, {"whose": user_id}).scalar()
    return found


def may_sign_in(user_id: UUID) -> bool | None:
    """Say whether this user is neither frozen nor disabled; None if there is no such user."""
    found: bool | None = execute(_MAY_SIGN_IN, {"whose": user_id}).scalar()
    return found
