"""The one audit trail that account pages, operators and classrooms read."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from otpapp.extensions import db
from otpapp.models import Challenge, Event
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute, execute_many

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
_OF_NO_VISITOR = {"verdict": "", "ip": "", "browser": ""}


class Line(NamedTuple):
    """What happened to a user, for those who tell much at once."""

    kind: str
    user_id: UUID
    subject: str = ""
    detail: str = ""


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
    _log(line)
    return int(added[0])


def record_all(lines: Sequence[Line], now: datetime) -> None:
    """Add many lines about users at once, one at least, in the transaction of what they tell."""
    rows = [{**one._asdict(), "at": now, **_OF_NO_VISITOR} for one in lines]
    execute_many(_ADD, rows)
    for row in rows:
        _log(row)


def _log(line: Mapping[str, Any]) -> None:
    # The ids of the trail, so that both can be read side by side; addresses stay in the database.
    fields = {"user": line["user_id"], "challenge": line.get("challenge_id")}
    said = {name: line[name] for name in ("verdict", "ip", "detail")}
    log.info(line["kind"], extra={"fields": {**fields, **said}})


def by(admin: UUID | None, detail: str = "") -> str:
    """Return the detail of something that was done to a user: by whom, where it was an admin."""
    return f"{detail} by {admin}".strip() if admin else detail


def doer(line: Event) -> tuple[str, UUID | None]:
    """Return the detail that `by` was given, and the admin; nobody where none did it."""
    said, _, name = line.detail.rpartition("by ")
    # Who adds a factor chooses its name, and could give it that of an admin.
    if line.kind.startswith("factor."):
        return line.detail, None
    try:
        return said.rstrip(), UUID(name)
    except ValueError:
        return line.detail, None


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
