"""The trail counted by the hour, so that no page counts millions of events."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, or_, select

from otpapp.extensions import db
from otpapp.models import Event, Hour
from otpapp.transaction import execute, insert_for

HOUR = timedelta(hours=1)
# An event is written some time after the instant that it tells of, on a node whose clock is behind.
SETTLED = timedelta(minutes=5)
KEPT = timedelta(days=400)
BEGINNING = datetime(2000, 1, 3, tzinfo=UTC)  # a Monday; hours and days are counted from here
_WITHIN = (Event.at >= bindparam("begin"), Event.at < bindparam("end"))
_COUNT = insert(Hour).from_select(
    ["at", "kind", "verdict", "number"],
    select(bindparam("begin", type_=Hour.at.type), Event.kind, Event.verdict, func.count())
    .where(*_WITHIN)
    .group_by(Event.kind, Event.verdict),
)
_FIRST = select(func.min(Event.at))
_COUNTED = select(Hour.at).where(Hour.kind == "", Hour.at >= bindparam("since"))
_FORGET = delete(Hour).where(or_(Hour.at < bindparam("before"), Hour.at > bindparam("last")))


def begin_of(instant: datetime, step: timedelta = HOUR) -> datetime:
    """Return when the hour of an instant began, or the step of another length; UTC."""
    return instant - (instant - BEGINNING) % step


def running(now: datetime) -> datetime:
    """Return the beginning of the first hour that is not over for good."""
    return begin_of(now - SETTLED)


def uncounted(since: datetime, now: datetime) -> list[datetime]:
    """Return the hours that are over and were not counted, the newest first.

    None of them was over before `since`, or before the first event.
    """
    first = execute(_FIRST).scalar()
    if first is None:
        return []
    begin = begin_of(max(first, since, now - KEPT))
    counted = set(execute(_COUNTED, {"since": begin}).scalars())
    over = (running(now) - begin) // HOUR
    hours = (begin + number * HOUR for number in reversed(range(over)))
    return [one for one in hours if one not in counted]


def count(hour: datetime) -> bool:
    """Count the events of one hour; False if it was counted before.

    Of two processes that count it at once, the second waits for the first, and counts nothing.
    """
    row = {"at": hour, "kind": "", "verdict": "", "number": 0}
    mark = insert_for(db.engine.dialect.name)(Hour).on_conflict_do_nothing()
    if execute(mark.returning(Hour.at), row).first() is None:
        return False
    execute(_COUNT, {"begin": hour, "end": hour + HOUR})
    return True


def forget(now: datetime) -> None:
    """Delete the hours that were kept for long enough, and those that are not over.

    X43: only a clock that was far ahead can have counted these; they are counted anew.
    """
    execute(_FORGET, {"before": now - KEPT, "last": now - HOUR})
