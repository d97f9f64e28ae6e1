"""Challenges of WebAuthn: a row each, for one browser, used once and within minutes (W1)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, or_, select

from otpapp.models import Ceremony
from otpapp.rules import clocks, events, limits, tallies
from otpapp.rules.handles import digest
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute

LASTS = timedelta(minutes=5)
CHALLENGE_BYTES = 32
BATCH = 100  # rows that are over, deleted at a time; no more than one is added meanwhile

_ADD = insert(Ceremony)
_TAKE = (
    delete(Ceremony)
    .where(
        Ceremony.challenge == bindparam("challenge"),
        Ceremony.purpose == bindparam("purpose"),
        Ceremony.browser_hash == bindparam("browser"),
    )
    .returning(Ceremony.user_id, Ceremony.allowed, Ceremony.created_at, Ceremony.expires_at)
)
_OVER = (
    select(Ceremony.id)
    .where(or_(Ceremony.expires_at <= bindparam("now"), Ceremony.created_at > bindparam("latest")))
    .order_by(Ceremony.id)
    .limit(BATCH)
    # Two who forget at once must not wait for each other.
    .with_for_update(skip_locked=True)
)
_FORGET = delete(Ceremony).where(Ceremony.id.in_(_OVER))


@dataclass(frozen=True)
class Wish:
    """What an authenticator is asked for: to `enrol`, to `prove` or to `sign_in`, and by whom.

    `browser` is a secret of the browser that asks. Nobody is known yet where somebody signs in.
    """

    purpose: str
    browser: str
    user_id: UUID | None = None


@dataclass(frozen=True)
class Taken:
    """A challenge that was used up, and which credentials were asked to answer it."""

    challenge: bytes
    allowed: tuple[str, ...]


def begin(
    wish: Wish, allowed: list[str], visitor: Visitor, settings: Settings, now: datetime
) -> bytes | Limited:
    """Keep a new challenge and return it, or the limit that is in the way.

    Those that are over go meanwhile: there are never more than a few minutes' worth of them.
    """
    refused = tallies.take(limits.ceremonies_per_ip(settings), visitor.network, now)
    if refused:
        events.record_limited(str(wish.user_id or ""), visitor, refused, now)
        return refused
    execute(_FORGET, {"now": now, "latest": now + clocks.SET_BACK})
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    row = {
        "challenge": challenge,
        "purpose": wish.purpose,
        "browser_hash": digest(wish.browser),
        "user_id": wish.user_id,
        "allowed": allowed,
        "created_at": now,
        "expires_at": now + LASTS,
    }
    execute(_ADD, row)
    return challenge


def take(wish: Wish, challenge: bytes, now: datetime) -> Taken | None:
    """Use up the challenge that this browser was given for the same wish, if it still holds.

    X04: it is gone before anything is verified, so of parallel answers one alone is looked at. The
    challenge of another browser stays as it is: no stranger can use up somebody's.
    """
    values = {
        "challenge": challenge,
        "purpose": wish.purpose,
        "browser": digest(wish.browser),
    }
    row = execute(_TAKE, values).first()
    if row is None or row.user_id != wish.user_id or row.expires_at <= now:
        return None
    if clocks.is_ahead(row.created_at, now, clocks.SET_BACK):
        return None
    return Taken(challenge, tuple(row.allowed))
