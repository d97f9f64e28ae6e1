"""What happened to one person, read from the audit trail a page at a time, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules import known_browsers
from otpapp.rules.verdicts import Verdict

SHOWN = 30  # events a page
SLACK = 30  # more that a page may have, so that it tears no story apart
NEWEST = 2**62  # no line of the trail has this number
# How the site fares is told to operators alone.
FOR_OPERATORS = frozenset(
    {
        "backup.made",
        "backup.restored",
        "burst.began",
        "clock.skewed",
        "events.forgotten",
        "invitations.forgotten",
        "limit.reached",
        "message.withheld",
        "users.forgotten",
    }
)
STEPPED_UP, ENROLLED = "session.stepped_up", "factor.enrolled"
STARTS = ("session.started", STEPPED_UP)
ANSWERS = ("code.answered", "factor.answered")
OF_A_CODE = frozenset(
    {
        known_browsers.MET,
        "code.asked",
        "code.asked_again",
        "identifier.asked",
        "identifier.taken",
        "message.sent",
        "message.given_up",
        *ANSWERS,
        *STARTS,
    }
)
READ = (
    select(Event)
    .where(Event.user_id == bindparam("whose"), Event.kind.not_in(FOR_OPERATORS))
    .order_by(Event.at.desc(), Event.id.desc())
    .limit(SHOWN + SLACK + 1)
)
_PLACE = (
    select(Event.at)
    .where(Event.id <= bindparam("before"))
    .order_by(Event.id.desc())
    .limit(1)
    .scalar_subquery()
)
READ_ON = READ.where(Event.at <= _PLACE, or_(Event.at < _PLACE, Event.id < bindparam("before")))


@dataclass(frozen=True)
class Story:
    """Events that are told in one sentence, the oldest first; most stand alone."""

    events: tuple[Event, ...]

    @property
    def last(self) -> Event:
        """Its newest event."""
        return self.events[-1]


@dataclass(frozen=True)
class Page:
    """Stories, the one that ended last first; `older` is where the next page begins, or 0."""

    stories: tuple[Story, ...]
    older: int


def page(user_id: UUID, before: int = NEWEST) -> Page:
    """Return what happened to a user before the event of this number.

    A page ends after 30 events, or up to 30 later where a story would be told in two halves.
    """
    values: dict[str, UUID | int] = {"whose": user_id}
    if before != NEWEST:
        values["before"] = before
    rows = list(db.session.scalars(READ_ON if "before" in values else READ, values))
    keys = _keys(rows)
    length = _whole(keys)
    found: dict[object, list[Event]] = {}
    for row, key in zip(rows[:length], keys[:length], strict=True):
        found.setdefault(key, []).insert(0, row)
    stories = tuple(Story(tuple(events)) for events in found.values())
    return Page(stories, rows[length - 1].id if length < len(rows) else 0)


def _keys(rows: list[Event]) -> list[object]:
    """Return for each event what it has in common with the others of its story.

    A code and all that came of it are one. So is a session and the proof that it began with, and
    a new factor that is a fresh proof at once: these are kept at one instant.
    """
    begun: dict[datetime, int | None] = {row.at: None for row in rows if row.kind in STARTS}
    for row in rows:
        if row.challenge_id and row.at in begun and row.kind in (*STARTS, *ANSWERS):
            begun[row.at] = row.challenge_id
    stepped_up = {row.at for row in rows if row.kind == STEPPED_UP}
    return [
        row.at if row.kind == ENROLLED and row.at in stepped_up else _key(row, begun)
        for row in rows
    ]


def _key(row: Event, begun: dict[datetime, int | None]) -> object:
    is_right = row.kind in ANSWERS and row.verdict == Verdict.ACCEPTED
    is_of_it = is_right or row.kind in (*STARTS, known_browsers.MET)
    if row.challenge_id and row.kind in OF_A_CODE:
        return row.challenge_id
    if is_of_it and row.at in begun:
        return begun[row.at] or row.at
    return (row.id,)


def _whole(keys: list[object]) -> int:
    """Return after how many events the page can end without tearing a story apart."""
    for length in range(SHOWN, min(len(keys), SHOWN + SLACK)):
        if not set(keys[:length]) & set(keys[length:]):
            return length
    return len(keys) if len(keys) <= SHOWN + SLACK else SHOWN
