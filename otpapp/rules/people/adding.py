"""Many new people at once: the same rows as one by one, in a tenth of the time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from otpapp.models import Identifier, Membership
from otpapp.rules import events, users
from otpapp.rules.events import Line
from otpapp.rules.people.reading import Row
from otpapp.settings import Settings
from otpapp.transaction import execute_many

_ADD_IDENTIFIER = insert(Identifier)
_ADD_MEMBERSHIP = insert(Membership)


def add_all(rows: Sequence[Row], settings: Settings, now: datetime, by: UUID | None) -> None:
    """Make a new user of each of these rows.

    Raises IntegrityError where one of the addresses is somebody's by now; nothing is to be kept
    then.
    """
    new = [(row, users.new_row(settings, now) | {"role": row.role or "member"}) for row in rows]
    identifiers = [
        users.identifier_row(user["id"], one, now) for row, user in new for one in row.addresses
    ]
    memberships: list[dict[str, Any]] = [
        {"user_id": user["id"], "name": name, "created_at": now}
        for row, user in new
        for name in sorted(row.groups)
    ]
    execute_many(users.ADD, [user for _, user in new])
    execute_many(_ADD_IDENTIFIER, identifiers)
    if memberships:
        execute_many(_ADD_MEMBERSHIP, memberships)
    events.record_all([line for row, user in new for line in _told(row, user["id"], by)], now)


def _told(row: Row, user_id: UUID, by: UUID | None) -> list[Line]:
    """Return what the trail says of one of them, as if each thing had been done by itself."""
    first, *more = (one.key for one in row.addresses)
    who = events.by(by)
    return [
        Line("user.created", user_id, first, who),
        *(Line("identifier.added", user_id, one, who) for one in more),
        *(Line("group.joined", user_id, detail=events.by(by, name)) for name in sorted(row.groups)),
        *[Line("role.given", user_id, detail=events.by(by, row.role))] * (row.role == "admin"),
    ]
