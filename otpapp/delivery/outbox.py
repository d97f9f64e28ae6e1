"""Rows of the outbox: taken by lease, ended once, never lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, or_, select, update

from otpapp import metrics
from otpapp.delivery.parcels import NotSent
from otpapp.extensions import UtcDateTime
from otpapp.models import Message
from otpapp.rules import clocks, limits
from otpapp.transaction import execute

LEASE = timedelta(seconds=60)  # longer than any hand-over can take; see mail.py
LONGEST_ERROR = 200  # characters; the column's length, which only PostgreSQL enforces
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
# What is no code is worth as much tomorrow, and a server that is down for a day is not asked every
# minute.
NOTICE_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))

# X43: nothing is put off for longer, so that a later instant is one of a clock set back since.
LONGEST = LEASE + clocks.SET_BACK
LONGEST_OF_NOTICES = NOTICE_WAITS[-1] + clocks.SET_BACK
LONGEST_PUT_OFF = limits.DAY + clocks.SET_BACK  # until there are text messages again
_ABSURD = case(
    (
        (Message.kind == "notice")
        & (Message.attempts == 0)
        & (Message.due_at > Message.created_at),
        bindparam("absurd_put_off", type_=UtcDateTime()),
    ),
    (Message.kind != "code", bindparam("absurd_for_notices", type_=UtcDateTime())),
    else_=bindparam("absurd", type_=UtcDateTime()),
)
_READY = (
    Message.channel == bindparam("by"),
    Message.ended_at.is_(None),
    or_(Message.due_at <= bindparam("now"), Message.due_at > _ABSURD),
    or_(
        Message.leased_until.is_(None),
        Message.leased_until <= bindparam("now"),
        Message.leased_until > bindparam("absurd"),
    ),
)
# Codes before invitations before notices, which is how the alphabet has it, so that one index does:
# somebody waits for a code, and a burst of notices must not be in their way.
_NEXT = select(Message.id).where(*_READY).order_by(Message.kind, Message.due_at).limit(1)
_TAKE = (
    update(Message)
    .where(Message.id == _NEXT.with_for_update(skip_locked=True).scalar_subquery())
    .values(leased_until=bindparam("until"), attempts=Message.attempts + 1)
    .returning(
        Message.id,
        Message.kind,
        Message.challenge_id,
        Message.message_id,
        Message.attempts,
        Message.event_id,
        Message.identifier_id,
        Message.invitation_id,
        Message.channel,
        Message.created_at,
    )
)
# A sender that lost its lease to another must not undo what that one did.
_OURS = (Message.id == bindparam("ours"), Message.attempts == bindparam("try"))
_END = (
    update(Message)
    .where(*_OURS)
    .values(
        ended_at=bindparam("now"),
        outcome=bindparam("how"),
        error=bindparam("why"),
        leased_until=None,
        stuck=False,
    )
)
_PUT_BACK = (
    update(Message)
    .where(*_OURS)
    .values(
        due_at=bindparam("due"),
        error=bindparam("why"),
        leased_until=None,
        stuck=bindparam("down"),
    )
)
_HURRY = (
    update(Message)
    .where(Message.channel == bindparam("by"), Message.ended_at.is_(None), Message.stuck)
    .values(due_at=bindparam("now"))
)


@dataclass(frozen=True)
class Lease:
    """A message that is ours to send until the lease ends."""

    id: int
    kind: str
    channel: str
    created_at: datetime
    challenge_id: int | None
    message_id: str
    attempts: int
    event_id: int | None = None
    identifier_id: int | None = None
    invitation_id: int | None = None


def is_waiting(channel: str, now: datetime) -> bool:
    """Say whether a message could be taken; reads only, so an idle sender locks nothing."""
    return execute(_NEXT, _at(channel, now)).first() is not None


def take(channel: str, now: datetime) -> Lease | None:
    """Lease the code that has waited longest, or else what is none, in one statement."""
    row = execute(_TAKE, {**_at(channel, now), "until": now + LEASE}).first()
    return Lease(**row._mapping) if row else None


def end(lease: Lease, outcome: str, now: datetime, error: str = "") -> None:
    """Close the row of `lease` for good."""
    values = {"ours": lease.id, "try": lease.attempts, "now": now, "how": outcome}
    execute(_END, {**values, "why": error[:LONGEST_ERROR]})
    metrics.count_delivery(lease.channel, lease.kind, outcome, now - lease.created_at)


def put_back(lease: Lease, error: NotSent, until: datetime, now: datetime) -> bool:
    """Have the message tried again after a growing wait; False if that would be past `until`."""
    waits = WAITS if lease.kind == "code" else NOTICE_WAITS
    due = now + waits[min(lease.attempts, len(waits)) - 1]
    if due >= until:
        end(lease, "given_up", now, str(error))
        return False
    values = {"ours": lease.id, "try": lease.attempts, "due": due}
    why = str(error)[:LONGEST_ERROR]
    execute(_PUT_BACK, {**values, "why": why, "down": error.is_ours})
    return True


def hurry(channel: str, now: datetime) -> None:
    """Have all that could not reach the server tried again at once: it is back."""
    execute(_HURRY, {"by": channel, "now": now})


def _at(channel: str, now: datetime) -> dict[str, str | datetime]:
    return {
        "by": channel,
        "now": now,
        "absurd": now + LONGEST,
        "absurd_for_notices": now + LONGEST_OF_NOTICES,
        "absurd_put_off": now + LONGEST_PUT_OFF,
    }
