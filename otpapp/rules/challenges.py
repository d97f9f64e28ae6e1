"""Issuing a challenge, sending its code again, answering it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from otpapp.extensions import db
from otpapp.models import Challenge
from otpapp.otp import hotp, totp
from otpapp.rules import messages, users
from otpapp.rules.handles import digest, new_handle
from otpapp.rules.identifiers import Address
from otpapp.rules.users import Owner
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings

SAME_CODE_WHILE = timedelta(minutes=3)  # with less time left, sending again makes a new challenge
TIME_STEP = timedelta(seconds=50)
INHERITED = (
    *("user_id", "identifier_id", "subject", "destination", "channel", "purpose"),
    *("door", "method", "keep", "next_path", "ip", "browser"),
)
REFERENCE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words

_BY_HANDLE = select(Challenge).where(Challenge.handle_hash == bindparam("hash"))


@dataclass(frozen=True)
class Ask:
    """A wish for a code: for which address, by whom, and what shall follow.

    `handle` is chosen by the asking side, so that a form posted twice is one challenge. `door` is
    page or api; `method` is counter, or time for a code that lives as long as its time step.
    """

    address: Address
    visitor: Visitor
    handle: str
    door: str = "page"
    method: str = "counter"
    keep: bool = False
    next_path: str = ""


def issue(ask: Ask, owner: Owner | None, settings: Settings, now: datetime) -> Challenge:
    """Take the owner's next counter, keep it in a new challenge and have its code sent.

    Without an owner it is a decoy: the same statements, the same page, nothing sent.
    """
    challenge = Challenge(
        handle_hash=digest(ask.handle),
        user_id=owner.user_id if owner else None,
        identifier_id=owner.identifier_id if owner else None,
        subject=ask.address.key,
        destination=ask.address.text,
        channel=ask.address.channel,
        purpose="sign_in",
        door=ask.door,
        method=ask.method,
        keep=ask.keep,
        next_path=ask.next_path,
        ip=ask.visitor.ip,
        browser=ask.visitor.browser,
        tries=0,
    )
    return _save(challenge, settings, now)


def send_same(challenge: Challenge, settings: Settings, now: datetime) -> None:
    """Have the code that `challenge` already has sent once more."""
    challenge.sent_at = None
    messages.enqueue_code(challenge, settings, now)


def replace(old: Challenge, settings: Settings, now: datetime) -> tuple[Challenge, str]:
    """Close `old` and issue its successor for the same browser; return it with its handle.

    The tries spent on a code that was still open stay spent: asking again buys no guesses (X02).
    """
    spent = 0 if is_locked(old, settings) else old.tries
    db.session.execute(update(Challenge).where(Challenge.id == old.id).values(closed_at=now))
    handle = new_handle()
    successor = Challenge(
        **{name: getattr(old, name) for name in INHERITED},
        handle_hash=digest(handle),
        tries=spent,
    )
    return _save(successor, settings, now), handle


def find(handle: str) -> Challenge | None:
    """Return the challenge that `handle` belongs to."""
    return db.session.scalars(_BY_HANDLE, {"hash": digest(handle)}).first()


def newest(subject: str, method: str, settings: Settings, now: datetime) -> Challenge | None:
    """Return the API's newest open challenge for `subject`, else its newest one.

    Challenges asked for on the page are never found here: those belong to their browser alone.
    """
    recent = db.session.scalars(
        select(Challenge)
        .where(Challenge.subject == subject, Challenge.door == "api", Challenge.method == method)
        .order_by(Challenge.id.desc())
        .limit(settings.limit_sends_per_identifier_per_day)
    ).all()
    return next((one for one in recent if is_open(one, settings, now)), None) or next(
        iter(recent), None
    )


def is_open(challenge: Challenge, settings: Settings, now: datetime) -> bool:
    """Say whether the code of `challenge` can still sign somebody in."""
    return (
        challenge.answered_at is None
        and challenge.closed_at is None
        and challenge.expires_at > now
        and not is_locked(challenge, settings)
    )


def is_locked(challenge: Challenge, settings: Settings) -> bool:
    """Say whether all tries are used up."""
    return challenge.tries >= settings.code_tries


def code_of(challenge: Challenge, settings: Settings) -> str | None:
    """Recompute the code of `challenge`; None for a decoy or a disabled user."""
    key = users.key_of(challenge.user_id, settings) if challenge.user_id else None
    return hotp.code(key, challenge.counter, challenge.digits) if key else None


def _save(challenge: Challenge, settings: Settings, now: datetime) -> Challenge:
    challenge.counter = users.next_counter(challenge.user_id)
    challenge.expires_at = now + settings.code_lifetime
    if challenge.method == "time":
        challenge.counter = totp.time_step(now, TIME_STEP)
        challenge.expires_at = totp.step_ends(challenge.counter, TIME_STEP)
    challenge.created_at = now
    challenge.digits = settings.code_digits
    challenge.reference = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(3))
    db.session.add(challenge)
    db.session.flush()
    messages.enqueue_code(challenge, settings, now)
    return challenge
