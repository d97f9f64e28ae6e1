"""Putting a message into the outbox, in the transaction of what it is about."""

from datetime import datetime
from email.utils import make_msgid

from sqlalchemy import insert, text

from otpapp.extensions import db
from otpapp.models import Challenge, Message
from otpapp.settings import Settings

CHANNEL_NOTICE = "otpapp_outbox"  # what PostgreSQL's NOTIFY and LISTEN agree on


def enqueue_code(challenge: Challenge, settings: Settings, now: datetime) -> None:
    """Have the code of `challenge` sent; a decoy gets the same row, already ended."""
    decoy = challenge.user_id is None
    host = settings.public.hostname or "localhost"
    db.session.execute(
        insert(Message).values(
            kind="code",
            channel=challenge.channel,
            challenge_id=challenge.id,
            message_id=make_msgid(domain=host),
            created_at=now,
            due_at=now,
            ended_at=now if decoy else None,
            outcome="decoy" if decoy else "",
        )
    )
    if db.engine.dialect.name == "postgresql":
        # Heard at commit only, so no sender looks before the row can be seen.
        db.session.execute(text(f"NOTIFY {CHANNEL_NOTICE}"))
