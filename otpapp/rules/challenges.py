"""Issuing a challenge, sending its code again, answering it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Integer, bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from otpapp.extensions import db
from otpapp.models import Challenge
from otpapp.otp import hotp, totp
from otpapp.rules import clocks, messages, users
from otpapp.rules.asks import Ask
from otpapp.rules.handles import digest, new_handle, new_reference
from otpapp.rules.users import Owner
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute

SAME_CODE_WHILE = timedelta(minutes=3)  # with less time left, sending again makes a new challenge
TIME_STEP = timedelta(seconds=50)
ADD = "add"  # the purpose of a code that adds an address to a user's, and signs nobody in
INHERITED = (
    *("user_id", "identifier_id", "subject", "destination", "channel"),
    *("door", "method", "keep", "next_path", "ip", "browser"),
)

_BY_HANDLE = select(Challenge).where(
    Challenge.handle_hash == bindparam("hash"), Challenge.purpose != ADD
)
_TO_ADD = select(Challenge).where(
    Challenge.handle_hash == bindparam("hash"), Challenge.purpose == ADD
)
_BY_ID = select(Challenge).where(Challenge.id == bindparam("number"))
_RECENT = (
    select(Challenge)
    .where(
        Challenge.subject == bindparam("whose"),
        Challenge.door == "api",
        Challenge.method == bindparam("how"),
    )
    .order_by(Challenge.id.desc())
    .limit(bindparam("most", type_=Integer()))
)
_ADD = insert(Challenge).returning(Challenge.id)
_STILL_OPEN = (Challenge.id == bindparam("old"), Challenge.closed_at.is_(None))
_CLOSE = (
    update(Challenge).where(*_STILL_OPEN).values(closed_at=bindparam("now")).returning(Challenge.id)
)
_CHOOSE = (
    update(Challenge)
    .where(Challenge.id == bindparam("chosen"))
    .values(keep=bindparam("stay"), next_path=bindparam("then"))
)


def issue(
    ask: Ask, owner: Owner | None, digits: int, settings: Settings, now: datetime
) -> Challenge:
    """Take the owner's next counter, keep it in a new challenge and have its code sent.

    The code has so many `digits`. Without an owner it is a decoy: the same statements, the same
    page, nothing sent.
    """
    asked = {
        "handle_hash": digest(ask.handle),
        "user_id": owner.user_id if owner else None,
        "identifier_id": owner.identifier_id if owner else None,
        "subject": ask.address.key,
        "destination": ask.address.text,
        "channel": ask.address.channel,
        "purpose": ask.purpose,
        "door": ask.door,
        "method": ask.method,
        "keep": ask.keep,
        "next_path": ask.next_path,
        "ip": ask.visitor.ip,
        "browser": ask.visitor.browser,
        "digits": digits,
        "tries": 0,
    }
    return _save(asked, settings, now)


def send_same(challenge: Challenge, settings: Settings, now: datetime) -> None:
    """Have the code that `challenge` already has sent once more."""
    messages.enqueue_again(challenge, settings, now)


def replace(
    old: Challenge, digits: int, settings: Settings, now: datetime, **changes: None
) -> tuple[Challenge, str]:
    """Close `old` and issue its successor for the same browser; return it with its handle.

    It inherits all but the `changes`, and waits for no password. Tries spent on a code that was
    still open stay spent: asking again buys no guesses (X02).
    """
    is_fresh = is_locked(old, settings) or old.purpose == "password"
    spent = 0 if is_fresh else old.tries
    close(old, now)
    handle = new_handle()
    inherited = {name: getattr(old, name) for name in INHERITED}
    purpose = ADD if old.purpose == ADD else "sign_in"
    fresh = {"handle_hash": digest(handle), "digits": digits, "tries": spent, "purpose": purpose}
    return _save({**inherited, **changes, **fresh}, settings, now), handle


def close(challenge: Challenge, now: datetime) -> bool:
    """Have the code of `challenge` sign nobody in any more; False if that was so already."""
    closed = execute(_CLOSE, {"old": challenge.id, "now": now}).first() is not None
    set_committed_value(challenge, "closed_at", challenge.closed_at or now)
    return closed


def choose(challenge: Challenge, ask: Ask) -> None:
    """Keep the newest choices of whoever asks again while the code still works."""
    execute(_CHOOSE, {"chosen": challenge.id, "stay": ask.keep, "then": ask.next_path})


def find(handle: str) -> Challenge | None:
    """Return the challenge that `handle` belongs to, whose code signs somebody in."""
    return db.session.scalars(_BY_HANDLE, {"hash": digest(handle)}).first()


def find_to_add(handle: str) -> Challenge | None:
    """Return the challenge that `handle` belongs to, whose code only adds an address."""
    return db.session.scalars(_TO_ADD, {"hash": digest(handle)}).first()


def get(number: int) -> Challenge | None:
    """Return the challenge with this number, as it is now, for a reader outside of requests."""
    found = db.session.scalars(_BY_ID, {"number": number}).first()
    if found:
        db.session.expunge(found)
    return found


def newest(
    subject: str, method: str, visitor: Visitor, settings: Settings, now: datetime
) -> Challenge | None:
    """Return the newest open challenge for `subject` that the API was asked for by `visitor`.

    One that is over is not found without its handle: how it ended tells whose it was (X12). Nor is
    one that was asked for on the page: it belongs to its browser alone. Nor one that another
    network asked for: strangers could use up its tries (X10).
    """
    values = {"whose": subject, "how": method, "most": settings.limit_sends_per_identifier_per_day}
    for one in db.session.scalars(_RECENT, values):
        if Visitor(one.ip).network == visitor.network and is_open(one, settings, now):
            return one
    return None


def is_open(challenge: Challenge, settings: Settings, now: datetime) -> bool:
    """Say whether the code of `challenge` can still sign somebody in."""
    return (
        challenge.answered_at is None
        and challenge.closed_at is None
        and challenge.expires_at > now
        and not clocks.is_ahead(challenge.created_at, now)
        and not is_locked(challenge, settings)
    )


def is_locked(challenge: Challenge, settings: Settings) -> bool:
    """Say whether all tries are used up."""
    return challenge.tries >= settings.code_tries


def code_of(challenge: Challenge, settings: Settings) -> str | None:
    """Recompute the code of `challenge`; None for a decoy or a disabled user."""
    # A decoy asks for a key too, and is computed with one that belongs to nobody (X13).
    key = users.key_of(challenge.user_id or uuid4(), settings)
    code = hotp.code(key or bytes(20), challenge.counter, challenge.digits)
    return code if key else None


def _save(asked: dict[str, Any], settings: Settings, now: datetime) -> Challenge:
    counter, expires_at = users.next_counter(asked["user_id"]), now + settings.code_lifetime
    if asked["method"] == "time":
        counter = totp.time_step(now, TIME_STEP)
        expires_at = totp.step_ends(counter, TIME_STEP)
    values = {
        **asked,
        "counter": counter,
        "created_at": now,
        "expires_at": expires_at,
        "reference": new_reference(),
    }
    challenge = Challenge(id=execute(_ADD, values).scalar_one(), **values)
    if challenge.purpose != "password":
        messages.enqueue_code(challenge, settings, now)
    return challenge
