"""What a user is here: a member, or an admin."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update

from otpapp.models import User
from otpapp.rules import events, sessions
from otpapp.rules.people.outcomes import Change, Outcome, is_last_admin, unchanged
from otpapp.transaction import execute

ROLES = ("member", "admin")
_GIVE = (
    update(User)
    .where(User.id == bindparam("whose"), User.role != bindparam("to"))
    .values(role=bindparam("to"))
    .returning(User.id)
)


def give(
    user_id: UUID, role: str, now: datetime, by: UUID | None = None, *, even_last: bool = False
) -> Change:
    """Make somebody a member or an admin, and end their sessions.

    More may be demanded of them from here on than those rest on. Who is that already goes on
    undisturbed. `by` is the admin who does it; at the command line nobody.
    """
    if role != "admin" and not even_last and is_last_admin(user_id):
        return Change(Outcome.LAST_ADMIN)
    if execute(_GIVE, {"whose": user_id, "to": role}).first() is None:
        return unchanged(user_id)
    events.record("role.given", now, user_id=user_id, detail=events.by(by, role))
    return Change(Outcome.DONE, sessions.end_all(user_id, now))
