"""Putting a message into the outbox, in the transaction of what it is about."""

from datetime import datetime, timedelta
from email.utils import make_msgid
from enum import StrEnum

from sqlalchemy import bindparam, case, func, insert, or_, select, text, update

from otpapp.extensions import db
from otpapp.models import Challenge, Identifier, Message
from otpapp.settings import Settings
from otpapp.transaction import execute

CHANNEL_NOTICE = "otpapp_outbox"  # what PostgreSQL's NOTIFY and LISTEN agree on
# Longer than one hand-over takes at most, so that no single receiver's server can be seen in it.
LATE = timedelta(seconds=40)

_ADD = insert(Message)
_HURRY = (
    update(Message)
    .where(
        Message.challenge_id == bindparam("about"),
        Message.ended_at.is_(None),
        or_(Message.leased_until.is_(None), Message.leased_until <= bindparam("now")),
    )
    .values(due_at=bindparam("now"))
    .returning(Message.id)
)
_HURRY_INVITATION = (
    update(Message)
    .where(
        Message.invitation_id == bindparam("about"),
        Message.ended_at.is_(None),
        or_(Message.leased_until.is_(None), Message.leased_until <= bindparam("now")),
    )
    .values(due_at=bindparam("now"))
    .returning(Message.id)
)
_WAITING = select(
    func.max(case((Message.stuck, 1), else_=0)).label("stuck"),
    func.min(case((Message.attempts == 0, Message.due_at))).label("untouched_since"),
).where(
    # Notices are put off for longer, and tell nothing of how codes fare.
    Message.channel == bindparam("by"),
    Message.kind == "code",
    Message.ended_at.is_(None),
)
_PUT_OFF = select(Message.id).where(
    Message.identifier_id == bindparam("to"),
    Message.ended_at.is_(None),
    Message.attempts == 0,
    Message.due_at > bindparam("now"),
)
_NOTIFY = text(f"NOTIFY {CHANNEL_NOTICE}")


class Flow(StrEnum):
    """How messages leave this site: at once, late, or not, since our own server is not reached."""

    GOING = "going"
    WAITING = "waiting"
    FAILING = "failing"


def enqueue_code(challenge: Challenge, settings: Settings, now: datetime) -> None:
    """Have the code of `challenge` sent.

    A decoy waits and is taken like any other, so that nothing that can be seen tells them apart;
    its sender only looks whether it could have been handed over.
    """
    _enqueue("code", challenge.channel, settings, now, challenge_id=challenge.id)


def enqueue_notice(
    event_id: int, to: Identifier, settings: Settings, now: datetime, due_at: datetime | None = None
) -> None:
    """Have an identifier told of an event, at once or when it is due."""
    about = {"event_id": event_id, "identifier_id": to.id}
    _enqueue("notice", to.channel, settings, now, due_at=due_at or now, **about)


def enqueue_invitation(number: int, channel: str, settings: Settings, now: datetime) -> None:
    """Have an invitation sent; one that still waits is only hurried, and has the newest link."""
    if execute(_HURRY_INVITATION, {"about": number, "now": now}).first() is None:
        _enqueue("invitation", channel, settings, now, invitation_id=number)
    else:
        _notify()


def is_put_off(identifier_id: int, now: datetime) -> bool:
    """Say whether a notice to this identifier waits for a budget."""
    return execute(_PUT_OFF, {"to": identifier_id, "now": now}).first() is not None


def enqueue_again(challenge: Challenge, settings: Settings, now: datetime) -> None:
    """Have the code of `challenge` sent once more; a message that still waits is only hurried."""
    if execute(_HURRY, {"about": challenge.id, "now": now}).first() is None:
        enqueue_code(challenge, settings, now)
    else:
        _notify()


def flow(channel: str, now: datetime) -> Flow:
    """Return how the site's messages of `channel` fare, whoever asks and whoever they are for.

    What a server says of one receiver never counts: it would tell who is known here (X12).
    """
    row = execute(_WAITING, {"by": channel}).one()
    if row.stuck:
        return Flow.FAILING
    is_late = row.untouched_since and row.untouched_since + LATE <= now
    return Flow.WAITING if is_late else Flow.GOING


def _enqueue(
    kind: str, channel: str, settings: Settings, now: datetime, **about: int | datetime
) -> None:
    row = {
        "kind": kind,
        "channel": channel,
        "message_id": make_msgid(domain=settings.public.hostname or "localhost"),
        "created_at": now,
        "due_at": now,
    }
    execute(_ADD, {**row, **about})
    _notify()


def _notify() -> None:
    if db.engine.dialect.name == "postgresql":
        # Heard at commit only, so no sender looks before the row can be seen.
        execute(_NOTIFY)
