"""What is done to all users at once: sealing their keys anew, making a restored copy safe."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update

from otpapp.models import Challenge, Message, User, UserSession
from otpapp.otp.keys import new_key, sealer
from otpapp.rules import events
from otpapp.settings import Settings
from otpapp.transaction import execute

BATCH = 500  # users a transaction, so that nobody waits long to sign in

_NEXT = (
    select(User.id, User.sealed_key)
    .where(User.id > bindparam("after"))
    .order_by(User.id)
    .limit(BATCH)
)
_SEAL = (
    update(User)
    .where(User.id == bindparam("user"), User.sealed_key == bindparam("old"))
    .values(sealed_key=bindparam("new"))
)
_END_SESSIONS = (
    update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=bindparam("now"))
)
_CLOSE_CHALLENGES = (
    update(Challenge)
    .where(Challenge.answered_at.is_(None), Challenge.closed_at.is_(None))
    .values(closed_at=bindparam("now"))
)
_END_MESSAGES = (
    update(Message)
    .where(Message.ended_at.is_(None))
    .values(ended_at=bindparam("now"), outcome="given_up", stuck=False)
)


@dataclass(frozen=True)
class Done:
    """A batch of users: how many were changed, and the last of them; None if there were none."""

    changed: int
    last: UUID | None


def reseal_next(after: UUID, settings: Settings) -> Done:
    """Seal the keys of the next users under the newest secret, where an older one seals them.

    Raises Unsealable for a key that none of the secrets opens.
    """
    seals = sealer(settings.secrets)

    def opened(user_id: UUID, sealed: bytes) -> bytes | None:
        return None if seals.is_newest(sealed) else seals.open(sealed, user_id.bytes)

    return _change_next(after, opened, settings)


def replace_next(after: UUID, settings: Settings) -> Done:
    """Give the next users new keys: no code of an older key opens anything any more."""
    return _change_next(after, lambda *_: new_key(), settings)


def end_everything(now: datetime) -> tuple[int, int]:
    """End every session and every challenge; return how many of each there were.

    A copy of the database goes back in time: codes and sessions that had ended live in it again.
    """
    sessions = execute(_END_SESSIONS, {"now": now}).rowcount
    challenges = execute(_CLOSE_CHALLENGES, {"now": now}).rowcount
    execute(_END_MESSAGES, {"now": now})
    events.record("backup.restored", now)
    return sessions, challenges


def _change_next(
    after: UUID, key_for: Callable[[UUID, bytes], bytes | None], settings: Settings
) -> Done:
    changed, last = 0, None
    for row in execute(_NEXT, {"after": after}).all():
        last, key = row.id, key_for(row.id, row.sealed_key)
        if key is not None:
            new = sealer(settings.secrets).seal(key, row.id.bytes)
            values = {"user": row.id, "old": row.sealed_key, "new": new}
            changed += execute(_SEAL, values).rowcount
    return Done(changed, last)
