"""Reading the audit trail, the newest first, and forgetting what is too old."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from otpapp.extensions import db
from otpapp.models import Event, Identifier
from otpapp.rules import events, users
from otpapp.rules.factors import hotp, passkey, password, recovery_codes, totp
from otpapp.settings import Settings
from otpapp.transaction import execute

PAGE = 50  # lines
FACTORS = (hotp.KIND, passkey.KIND, password.KIND, recovery_codes.KIND, totp.KIND)
BATCH = 1000  # lines a transaction, so that nobody waits long to sign in
_PLACE = select(Event.at).where(Event.id <= bindparam("number")).order_by(Event.id.desc()).limit(1)
_FIRST_KEYS = (
    select(Identifier.user_id, Identifier.key)
    .where(Identifier.user_id.in_(bindparam("users", expanding=True)))
    .order_by(Identifier.id.desc())
)
_OLD = select(Event.id).where(Event.at < bindparam("before")).order_by(Event.at).limit(BATCH)
_FORGET = delete(Event).where(Event.id.in_(_OLD))


@dataclass(frozen=True)
class Sought:
    """Which lines to look for; what is empty asks for nothing.

    `user_id` and `subjects` are one person: lines that name any of these are meant. `since` belongs
    to what is sought, `until` does not.
    """

    user_id: UUID | None = None
    subjects: tuple[str, ...] = ()
    kind: str = ""
    ip: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Some lines of the trail, and by their ids whom they speak of and which admins did it.

    The next page is what came `before` this number; 0 if there is none.
    """

    lines: tuple[Event, ...]
    names: dict[UUID, str]
    before: int = 0


def about(user_id: UUID) -> Sought:
    """Return what to look for to see all about a user.

    Limits name what was typed, or whose factor was tried too often.
    """
    keys = tuple(one.key for one in users.addresses_of(user_id))
    return Sought(user_id, (*keys, str(user_id), *(f"{user_id} {one}" for one in FACTORS)))


def page(sought: Sought, before: int = 0, most: int = PAGE) -> Page:
    """Return the newest lines that are `sought`, of those before the line of this number."""
    place = execute(_PLACE, {"number": before}).scalar() if before else None
    if before and place is None:
        return Page((), {})
    # Each way to name a person by itself: together no index would give them in their order.
    found = {
        line.id: line
        for named in _names(sought)
        for line in db.session.scalars(_listing(sought, named, before, place).limit(most + 1))
    }
    lines = sorted(found.values(), key=lambda line: (line.at, line.id), reverse=True)
    shown = tuple(lines[:most])
    return Page(shown, _whom(shown), shown[-1].id if len(lines) > most else 0)


def forget_old(settings: Settings, now: datetime) -> int:
    """Delete some of the lines that were kept for as long as they shall be; return how many."""
    before = now - timedelta(days=settings.keep_events_days)
    return execute(_FORGET, {"before": before}).rowcount


def record_forgotten(count: int, now: datetime) -> None:
    """Tell the trail how many of its lines were deleted."""
    events.record("events.forgotten", now, detail=str(count))


def _names(sought: Sought) -> list[ColumnElement[bool] | None]:
    if sought.user_id is None and not sought.subjects:
        return [None]
    by_id = [Event.user_id == sought.user_id] if sought.user_id else []
    return [*by_id, *(Event.subject == one for one in sought.subjects)]


def _listing(
    sought: Sought, named: ColumnElement[bool] | None, before: int, place: datetime | None
) -> Select[Event]:
    """Return the lines in the order of their instants, and of their numbers where those are equal.

    Indexes end with the instant, so that each part of the trail is read from where it begins.
    """
    found = select(Event).order_by(Event.at.desc(), Event.id.desc())
    if place:
        is_earlier = or_(Event.at < place, Event.id < before)
        found = found.where(and_(Event.at <= place, is_earlier))
    if named is not None:
        found = found.where(named)
    if sought.ip:
        found = found.where(_index(Event.ip, named is None) == sought.ip)
    if sought.kind:
        found = found.where(_index(Event.kind, named is None and not sought.ip) == sought.kind)
    if sought.since:
        found = found.where(Event.at >= sought.since)
    if sought.until:
        found = found.where(Event.at < sought.until)
    return found


def _index(column: InstrumentedAttribute[str], is_best: bool) -> ColumnElement[str]:
    """Return a column that is only read by its index where nothing else leaves fewer lines.

    SQLite knows no sizes: it took a kind of which there are millions for as good as one person.
    """
    return column.expression if is_best else func.coalesce(column, "")


def _whom(lines: tuple[Event, ...]) -> dict[UUID, str]:
    """Return the first address of each user whom these lines name and who is still there."""
    named = {one for line in lines for one in (line.user_id, events.doer(line)[1])}
    whose = named - {None}
    return {row.user_id: row.key for row in execute(_FIRST_KEYS, {"users": list(whose)})}
