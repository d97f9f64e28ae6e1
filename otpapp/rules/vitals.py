"""How the site is at this instant, in numbers that cost little to read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, func, or_, select

from otpapp.extensions import UtcDateTime
from otpapp.models import Message, UserSession
from otpapp.rules import clocks, lifetimes, sessions
from otpapp.transaction import execute

_QUEUE = select(
    func.count().label("depth"),
    func.min(
        case((Message.attempts > 0, Message.created_at), else_=Message.due_at),
    ).label("oldest"),
    func.max(case((Message.stuck, 1), else_=0)).label("stuck"),
).where(Message.channel == bindparam("by"), Message.ended_at.is_(None))
_REFUSED = (
    select(Message.error)
    .where(Message.channel == bindparam("by"), Message.ended_at.is_(None), Message.error != "")
    .order_by(Message.id.desc())
    .limit(1)
)
# The two ways to stay signed in are the only idle times there are.
_NOT_IDLE = or_(
    *(
        and_(
            UserSession.idle_seconds == int(kind.idle.total_seconds()),
            UserSession.seen_at > bindparam(name, type_=UtcDateTime()),
        )
        for name, kind in (("kept", lifetimes.KEPT), ("once", lifetimes.ONLY_THIS_TIME))
    )
)
_LIVE = select(func.count()).select_from(UserSession).where(*sessions.LIVES, _NOT_IDLE)


@dataclass(frozen=True)
class Queue:
    """What waits to be sent by one channel.

    `oldest` is how long the oldest has waited since it was due first, none where nothing is;
    `is_stuck` says that our own server could not be reached with one.
    """

    depth: int
    oldest: timedelta
    is_stuck: bool


def queue(channel: str, now: datetime) -> Queue:
    """Return what waits to be sent by `channel`, notices that are put off among it."""
    row = execute(_QUEUE, {"by": channel}).one()
    waited = max(now - row.oldest, timedelta()) if row.oldest else timedelta()
    return Queue(row.depth, waited, bool(row.stuck))


def last_refusal(channel: str) -> str:
    """Return why a message that waits was refused last, in the words of a server; or nothing."""
    return str(execute(_REFUSED, {"by": channel}).scalar() or "")


def live_sessions(now: datetime) -> int:
    """Return how many browsers and programs are signed in."""
    values = {
        "now": now,
        "latest": now + clocks.SET_BACK,
        "kept": now - lifetimes.KEPT.idle,
        "once": now - lifetimes.ONLY_THIS_TIME.idle,
    }
    return int(execute(_LIVE, values).scalar_one())
