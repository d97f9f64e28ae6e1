"""Groups of users; one is there while it has a member."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select

from otpapp.extensions import db
from otpapp.models import Membership
from otpapp.rules import events
from otpapp.transaction import execute, insert_for

_OF = select(Membership.name).where(Membership.user_id == bindparam("user")).order_by("name")
_SIZES = (
    select(Membership.name, func.count().label("size"))
    .group_by(Membership.name)
    .order_by(Membership.name)
)
_REMOVE = (
    delete(Membership)
    .where(Membership.user_id == bindparam("user"), Membership.name == bindparam("group"))
    .returning(Membership.id)
)


def of(user_id: UUID) -> tuple[str, ...]:
    """Return the names of the groups of a user, in the order of the alphabet."""
    return tuple(execute(_OF, {"user": user_id}).scalars())


def sizes() -> list[tuple[str, int]]:
    """Return each group and how many members it has, in the order of the alphabet."""
    return [(row.name, row.size) for row in execute(_SIZES)]


def add(user_id: UUID, name: str, now: datetime, by: UUID | None = None) -> bool:
    """Make a user a member of a group; False if they are one already.

    `by` is the admin who does it; at the command line nobody.
    """
    row = {"user_id": user_id, "name": name, "created_at": now}
    insert = insert_for(db.engine.dialect.name)(Membership).on_conflict_do_nothing()
    if execute(insert.returning(Membership.id), row).first() is None:
        return False
    events.record("group.joined", now, user_id=user_id, detail=events.by(by, name))
    return True


def remove(user_id: UUID, name: str, now: datetime, by: UUID | None = None) -> bool:
    """Take a user out of a group; False if they are no member."""
    if execute(_REMOVE, {"user": user_id, "group": name}).first() is None:
        return False
    events.record("group.left", now, user_id=user_id, detail=events.by(by, name))
    return True
