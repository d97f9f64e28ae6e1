"""What comes of changing a person, and why the last admin stays."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam, select

from otpapp.models import User
from otpapp.transaction import execute

# In one order for all, lest two who lock the same admins wait for each other.
_ADMINS = (
    select(User.id)
    .where(User.role == "admin", User.disabled_at.is_(None))
    .order_by(User.id)
    .with_for_update(key_share=True)
)
_IS_THERE = select(User.id).where(User.id == bindparam("whose"))


class Outcome(StrEnum):
    """What became of a change.

    SAME: it was so already; FROZEN, DISABLED: they froze their sign-in themselves, or an operator
    shut them out, which is undone elsewhere; LAST_ADMIN: nobody else could undo it; GONE: there is
    no such user any more.
    """

    DONE = "done"
    SAME = "same"
    DISABLED = "disabled"
    FROZEN = "frozen"
    LAST_ADMIN = "last_admin"
    GONE = "gone"


@dataclass(frozen=True)
class Change:
    """What became of a change, and how many sessions ended by it."""

    outcome: Outcome
    ended: int = 0


def is_last_admin(user_id: UUID) -> bool:
    """Say whether a user is the one admin who can sign in.

    Nobody else disables, deletes or demotes an admin before this transaction ends: of two admins
    who shut each other out, the second sees what the first did.
    """
    return list(execute(_ADMINS).scalars()) == [user_id]


def unchanged(user_id: UUID) -> Change:
    """Return what became of a change that changed no row."""
    is_there = execute(_IS_THERE, {"whose": user_id}).first() is not None
    return Change(Outcome.SAME if is_there else Outcome.GONE)
