"""The room of a class: opened by whoever teaches, joined by a code, over after twelve hours.

A server has one room at a time, so its clock is that of the room. Instants here are those of the
real clock: a room that stands still for the class ends nevertheless.
"""

import base64
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

from otpapp.extensions import Base, db
from otpapp.models import Room
from otpapp.rules.handles import REFERENCE_LETTERS, digest, new_token
from otpapp.settings import Settings
from otpapp.transaction import execute

LASTS = timedelta(hours=12)
TEACHERS_KEY_BYTES = 12
JOIN_LETTERS = 6  # of 20 kinds: 64 million, and a wrong one costs the class nothing
# Read anew each time: another room may have the number of the one before.
_PRESENT = select(Room).order_by(Room.id.desc()).limit(1).execution_options(populate_existing=True)
_OPEN = insert(Room)
_SET_CLOCK = update(Room).values(
    ahead_seconds=bindparam("ahead"), frozen_at=bindparam("still", type_=Room.frozen_at.type)
)


def teachers_key(settings: Settings) -> str:
    """Return what whoever started the server opens a room with; it says so where it starts."""
    mark = hmac.digest(settings.secret_key.encode(), b"who teaches here", "sha256")
    return base64.urlsafe_b64encode(mark[:TEACHERS_KEY_BYTES]).decode().rstrip("=")


def is_teachers_key(typed: str, settings: Settings) -> bool:
    """Say whether `typed` is the key of whoever started the server."""
    return secrets.compare_digest(digest(teachers_key(settings)), digest(typed))


def open_one(now: datetime) -> tuple[Room, str]:
    """Open a room in place of any other, all of which is deleted; return it with its token."""
    clear()
    token = new_token()
    row = {
        "join_code": "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(JOIN_LETTERS)),
        "token_hash": digest(token),
        "opened_at": now,
        "ends_at": now + LASTS,
        "ahead_seconds": 0,
        "frozen_at": None,
    }
    execute(_OPEN, row)
    room = db.session.scalars(_PRESENT).one()
    return room, token


def present(now: datetime) -> Room | None:
    """Return the room there is, unless its time is over."""
    room = db.session.scalars(_PRESENT).first()
    return room if room and now < room.ends_at else None


def is_over(now: datetime) -> bool:
    """Say whether there is a room whose time is over."""
    room = db.session.scalars(_PRESENT).first()
    return room is not None and now >= room.ends_at


def is_taught_by(room: Room, token: str) -> bool:
    """Say whether `token` is that of whoever opened the room."""
    return secrets.compare_digest(room.token_hash, digest(token))


def is_joined_by(room: Room, typed: str) -> bool:
    """Say whether `typed` is the code that lets somebody in, however it is spaced or written."""
    letters = "".join(filter(str.isalpha, typed)).upper()
    return secrets.compare_digest(digest(room.join_code), digest(letters))


def set_clock(ahead: timedelta, frozen_at: datetime | None) -> None:
    """Keep how the clock of the room goes, for a server that is started again."""
    execute(_SET_CLOCK, {"ahead": int(ahead.total_seconds()), "still": frozen_at})


def sweep(now: datetime) -> bool:
    """Delete everything once the time of the room is over; say whether it was."""
    if not is_over(now):
        return False
    clear()
    return True


def clear() -> None:
    """Delete all there is: whoever and whatever is in the database of a classroom is of its room.

    Table by table as the models have them, so that none can be forgotten.
    """
    for table in reversed(Base.metadata.sorted_tables):
        execute(table.delete())
