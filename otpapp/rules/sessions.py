"""Signed-in browsers and programs: start, resume, end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, or_, select, update

from otpapp.models import Proof, User, UserSession
from otpapp.models.proof import Proofs
from otpapp.rules import clocks, events, lifetimes
from otpapp.rules.handles import digest, new_token
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, by which session, and until when at most."""

    session_id: int
    user_id: UUID
    role: str
    keep: bool
    proofs: tuple[Proof, ...]
    started_at: datetime
    seen_at: datetime
    expires_at: datetime


# A session that goes on, but for its idle clock; `latest` is what a clock could have been ahead.
LIVES = (
    UserSession.ended_at.is_(None),
    UserSession.expires_at > bindparam("now"),
    UserSession.created_at <= bindparam("latest"),
)
_RESUME = (
    select(
        UserSession.id,
        UserSession.user_id,
        User.role,
        UserSession.keep,
        UserSession.proofs,
        UserSession.created_at,
        UserSession.seen_at,
        UserSession.expires_at,
        UserSession.idle_seconds,
    )
    .join(User)
    .where(
        UserSession.token_hash == bindparam("hash"),
        UserSession.door == bindparam("door"),
        *LIVES,
        User.disabled_at.is_(None),
    )
)
_START = insert(UserSession)
_ANY = select(UserSession.id).where(UserSession.user_id == bindparam("whose")).limit(1)
_TOUCH = (
    update(UserSession)
    .where(
        UserSession.id == bindparam("touched"),
        or_(UserSession.seen_at < bindparam("now"), UserSession.seen_at > bindparam("latest")),
    )
    .values(seen_at=bindparam("now"))
)
_STEP_UP = (
    update(UserSession)
    .where(UserSession.id == bindparam("stepped"), UserSession.ended_at.is_(None))
    .values(token_hash=bindparam("hash"), proofs=bindparam("proved", type_=Proofs()))
    .returning(UserSession.id)
)
_END = (
    update(UserSession)
    .where(
        UserSession.token_hash == bindparam("hash"),
        UserSession.door == bindparam("at"),
        UserSession.ended_at.is_(None),
    )
    .values(ended_at=bindparam("now"))
    .returning(UserSession.user_id)
)
_END_ALL = (
    update(UserSession)
    .where(UserSession.user_id == bindparam("of"), UserSession.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
    .returning(UserSession.id)
)


def start(
    user_id: UUID,
    challenge_id: int | None,
    door: str,
    proofs: tuple[Proof, ...],
    keep: bool,
    visitor: Visitor,
    now: datetime,
) -> tuple[str, datetime]:
    """Sign a user in; return the new token and the instant it ends at the latest."""
    token = new_token()
    lifetime = lifetimes.KEPT if keep else lifetimes.ONLY_THIS_TIME
    expires_at = now + lifetime.most
    row = {
        "token_hash": digest(token),
        "user_id": user_id,
        "challenge_id": challenge_id,
        "door": door,
        "proofs": proofs,
        "keep": keep,
        "idle_seconds": int(lifetime.idle.total_seconds()),
        "ip": visitor.ip,
        "browser": visitor.browser,
        "created_at": now,
        "seen_at": now,
        "expires_at": expires_at,
    }
    execute(_START, row)
    events.record(
        "session.started",
        now,
        visitor=visitor,
        user_id=user_id,
        challenge_id=challenge_id,
        detail=" ".join(dict.fromkeys(proof.factor for proof in proofs)),
    )
    return token, expires_at


def has_had_any(user_id: UUID) -> bool:
    """Say whether this user was ever signed in."""
    return execute(_ANY, {"whose": user_id}).first() is not None


def step_up(signed_in: SignedIn, proof: Proof, visitor: Visitor, now: datetime) -> str | None:
    """Add a fresh proof to a session and return its new token; None if it ended meanwhile.

    The token before opens nothing from here on (ASVS 7.2.4).
    """
    token = new_token()
    values = {
        "stepped": signed_in.session_id,
        "hash": digest(token),
        # The newest of each factor is enough: a row must not grow with every step up.
        "proved": (*(one for one in signed_in.proofs if one.factor != proof.factor), proof),
    }
    if execute(_STEP_UP, values).first() is None:
        return None
    events.record(
        "session.stepped_up", now, visitor=visitor, user_id=signed_in.user_id, detail=proof.factor
    )
    return token


def resume(token: str, door: str, now: datetime) -> SignedIn | None:
    """Return who holds `token` at this door; nobody, once ended, expired, idle or disabled.

    Nor does anybody who signed in by a clock that was ahead: that session would last too long.
    """
    values = {"hash": digest(token), "door": door, "now": now, "latest": now + clocks.SET_BACK}
    row = execute(_RESUME, values).first()
    if row is None or lifetimes.is_idle(row.seen_at, row.idle_seconds, now):
        return None
    facts: list[Any]
    *facts, _ = row  # in the order of the class, and how long it may be idle
    return SignedIn(*facts)


def touch(session_id: int, now: datetime) -> None:
    """Set the idle clock of a session anew."""
    latest = now + clocks.SET_BACK
    execute(_TOUCH, {"touched": session_id, "now": now, "latest": latest})


def end(token: str, door: str, visitor: Visitor, now: datetime) -> None:
    """End the session that `token` holds; from here on the token opens nothing."""
    user_id = execute(_END, {"hash": digest(token), "at": door, "now": now}).scalar()
    if user_id:
        events.record("session.ended", now, visitor=visitor, user_id=user_id)


def end_all(user_id: UUID, now: datetime) -> int:
    """End every session of a user; return how many there were."""
    return len(execute(_END_ALL, {"of": user_id, "now": now}).all())
