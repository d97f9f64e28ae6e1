"""The one audit trail that account pages, operators and classrooms read."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from otpapp.extensions import db
from otpapp.models import Challenge, Event
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute

log = logging.getLogger("otpapp.events")
NOBODY = Visitor()
_ADD = insert(Event)
_BY_ID = select(Event).where(Event.id == bindparam("number"))
_SINCE = (
    select(Event)
    .where(
        Event.user_id == bindparam("whose"),
        Event.kind.in_(bindparam("kinds", expanding=True)),
        Event.id > bindparam("last"),
    )
    .order_by(Event.id)
)


def record(
    kind: str,
    now: datetime,
    *,
    visitor: Visitor = NOBODY,
    user_id: UUID | None = None,
    challenge_id: int | None = None,
    credential_id: UUID | None = None,
    subject: str = "",
    verdict: str = "",
    detail: str = "",
) -> int:
    """Add one line to the trail, in the transaction of what it tells; return its number.

    Never pass it a code.
    """
    line = {
        "at": now,
        "kind": kind,
        "user_id": user_id,
        "challenge_id": challenge_id,
        "credential_id": credential_id,
        "subject": subject,
        "verdict": verdict,
        "ip": visitor.ip,
        "browser": visitor.browser,
        "detail": detail,
    }
    # Known without a RETURNING of its own: this is done thrice a sign-in.
    added = execute(_ADD, line).inserted_primary_key
    assert added  # noqa: S101
    # The ids of the trail, so that both can be read side by side; addresses stay in the database.
    fields = {"user": user_id, "challenge": challenge_id, "verdict": verdict, "ip": visitor.ip}
    log.info(kind, extra={"fields": {**fields, "detail": detail}})
    return int(added[0])


def by(admin: UUID | None, detail: str = "") -> str:
    """Return the detail of something that was done to a user: by whom, where it was an admin."""
    return f"{detail} by {admin}".strip() if admin else detail


def record_about(
    challenge: Challenge,
    kind: str,
    now: datetime,
    *,
    visitor: Visitor = NOBODY,
    verdict: str = "",
    detail: str = "",
) -> None:
    """Add one line about `challenge`, whoever it belongs to."""
    record(
        kind,
        now,
        visitor=visitor,
        user_id=challenge.user_id,
        challenge_id=challenge.id,
        subject=challenge.subject,
        verdict=verdict,
        detail=detail,
    )


def record_limited(subject: str, visitor: Visitor, refused: Limited, now: datetime) -> None:
    """Add one line about a limit that stood in somebody's way."""
    record(
        "limit.reached",
        now,
        visitor=visitor,
        subject=subject,
        verdict=refused.verdict,
        detail=refused.limit,
    )


def get(number: int) -> Event | None:
    """Return the line with this number, for a reader who keeps it beyond a transaction."""
    found = db.session.scalars(_BY_ID, {"number": number}).first()
    if found:
        db.session.expunge(found)
    return found


def since(event: Event, *kinds: str) -> list[Event]:
    """Return what of these `kinds` happened to the same user after `event`, the oldest first."""
    values = {"whose": event.user_id, "kinds": kinds, "last": event.id}
    return list(db.session.scalars(_SINCE, values))
