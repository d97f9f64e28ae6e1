"""What a user is here: a member, or an admin."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update

from otpapp.models import User
from otpapp.rules import events, sessions
from otpapp.transaction import execute

ROLES = ("member", "admin")
_GIVE = (
    update(User)
    .where(User.id == bindparam("whose"), User.role != bindparam("to"))
    .values(role=bindparam("to"))
    .returning(User.id)
)


def give(user_id: UUID, role: str, now: datetime) -> int:
    """Make somebody a member or an admin; return how many of their sessions ended by that.

    More may be demanded of them from here on than those sessions rest on. Who is that already goes
    on undisturbed.
    """
    if execute(_GIVE, {"whose": user_id, "to": role}).first() is None:
        return 0
    events.record("role.given", now, user_id=user_id, detail=role)
    return sessions.end_all(user_id, now)
