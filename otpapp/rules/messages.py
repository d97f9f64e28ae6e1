"""Putting a message into the outbox, in the transaction of what it is about."""

from datetime import datetime
from email.utils import make_msgid

from sqlalchemy import bindparam, insert, or_, select, text, update

from otpapp.extensions import db
from otpapp.models import Challenge, Message
from otpapp.settings import Settings
from otpapp.transaction import execute

CHANNEL_NOTICE = "otpapp_outbox"  # what PostgreSQL's NOTIFY and LISTEN agree on

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
_STUCK = (
    select(Message.id)
    .where(Message.channel == bindparam("by"), Message.ended_at.is_(None), Message.stuck)
    .limit(1)
)
_NOTIFY = text(f"NOTIFY {CHANNEL_NOTICE}")


def enqueue_code(challenge: Challenge, settings: Settings, now: datetime) -> None:
    """Have the code of `challenge` sent.

    A decoy waits and is taken like any other, so that nothing that can be seen tells them apart;
    its sender only looks whether it could have been handed over.
    """
    row = {
        "kind": "code",
        "channel": challenge.channel,
        "challenge_id": challenge.id,
        "message_id": make_msgid(domain=settings.public.hostname or "localhost"),
        "created_at": now,
        "due_at": now,
    }
    execute(_ADD, row)
    _notify()


def enqueue_again(challenge: Challenge, settings: Settings, now: datetime) -> None:
    """Have the code of `challenge` sent once more; a message that still waits is only hurried."""
    if execute(_HURRY, {"about": challenge.id, "now": now}).first() is None:
        enqueue_code(challenge, settings, now)
    else:
        _notify()


def are_stuck(channel: str) -> bool:
    """Say whether messages wait because our own server for `channel` cannot be reached.

    It speaks of the site as a whole: what a server says of one receiver never counts here.
    """
    return execute(_STUCK, {"by": channel}).first() is not None


def _notify() -> None:
    if db.engine.dialect.name == "postgresql":
        # Heard at commit only, so no sender looks before the row can be seen.
        execute(_NOTIFY)
