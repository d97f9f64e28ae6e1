"""Judging an answer: charge first, compare second, consume once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value

from otpapp.extensions import db
from otpapp.models import Challenge
from otpapp.otp import hotp
from otpapp.rules import clocks, events, users
from otpapp.rules.challenges import close, is_locked
from otpapp.rules.verdicts import Verdict
from otpapp.settings import Settings
from otpapp.transaction import execute

_CHARGE = (
    update(Challenge)
    .where(
        Challenge.handle_hash == bindparam("hash"),
        Challenge.tries < bindparam("most"),
        Challenge.expires_at > bindparam("at"),
        Challenge.created_at <= bindparam("latest"),
        Challenge.answered_at.is_(None),
        Challenge.closed_at.is_(None),
    )
    .values(tries=Challenge.tries + 1)
    .returning(Challenge.tries)
)
_CONSUME = (
    update(Challenge)
    .where(Challenge.id == bindparam("answered"), Challenge.answered_at.is_(None))
    .values(answered_at=bindparam("now"))
    .returning(Challenge.id)
)
_NOW = (
    select(Challenge)
    .where(Challenge.id == bindparam("number"))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Judged:
    """A verdict, and whether a code was compared for it that could have signed somebody in."""

    verdict: Verdict
    is_guess: bool


def judge(challenge: Challenge, code: str, settings: Settings, now: datetime) -> Judged:
    """Charge one try, compare, and consume: the only place where a code is judged.

    Each step is one conditional statement whose row count decides, so that parallel answers can
    neither exceed the tries nor share one success (X04, X05).
    """
    if not charge(challenge, settings, now):
        return Judged(_why_refused(challenge, code, settings, now), is_guess=False)
    if not _matches(challenge, code, settings):
        verdict = Verdict.LOCKED if is_locked(challenge, settings) else Verdict.WRONG
        return Judged(verdict, is_guess=True)
    return Judged(Verdict.ACCEPTED if _consume(challenge, now) else Verdict.SPENT, is_guess=True)


def charge(challenge: Challenge, settings: Settings, now: datetime) -> bool:
    """Take one try of `challenge`; False where none is left, or it is over."""
    values = {
        "hash": challenge.handle_hash,
        "most": settings.code_tries,
        "at": now,
        "latest": now + clocks.APART,
    }
    tries: int | None = execute(_CHARGE, values).scalar()
    if tries is None:
        # As it is now; or as it was, where an operator deletes its user just now.
        db.session.scalars(_NOW, {"number": challenge.id}).first()
        return False
    # What the row holds now, without reading it again; it is not a change to be written.
    set_committed_value(challenge, "tries", tries)
    return True


def _matches(challenge: Challenge, code: str, settings: Settings) -> bool:
    # A decoy asks for a key too, and is compared against one that nobody was sent a code of.
    key = users.key_of(challenge.user_id or uuid4(), settings)
    matched = hotp.matches(key or bytes(20), challenge.counter, code, challenge.digits)
    return matched and key is not None


def _consume(challenge: Challenge, now: datetime) -> bool:
    if execute(_CONSUME, {"answered": challenge.id, "now": now}).first() is None:
        return False
    if challenge.method == "time" and challenge.user_id:
        return users.take_time_step(challenge.user_id, challenge.counter)
    return True


def _why_refused(challenge: Challenge, code: str, settings: Settings, now: datetime) -> Verdict:
    """Name the reason why no try could be taken; nothing can be won here any more."""
    if challenge.answered_at:
        return Verdict.SPENT
    if is_locked(challenge, settings):
        return Verdict.LOCKED
    if challenge.closed_at is None:
        # X43: nor later, when a clock is set back, or has caught up with one that was ahead.
        close(challenge, now)
        if challenge.expires_at > now:
            events.record_about(challenge, "clock.skewed", now)
    return Verdict.EXPIRED if _matches(challenge, code, settings) else Verdict.WRONG
