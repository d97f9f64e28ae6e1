"""Counter tokens: codes from a key and how often a button was pressed (HOTP, RFC 4226)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update

from otpapp.models import Credential
from otpapp.otp import hotp
from otpapp.rules.factors import credentials
from otpapp.rules.factors.credentials import Match, remove
from otpapp.settings import Settings
from otpapp.transaction import execute

KIND = "hotp"
LOOK_AHEAD = 5  # presses whose codes were never typed; more would help whoever guesses (H7)
RESYNC = 100  # presses that two codes in a row may be ahead (RFC 4226 section 7.4)
PRESSED_BEFORE = 1000  # presses before a token is enrolled; whoever enrols it holds the key
LENGTHS = (6, 7, 8)  # digits

__all__ = ["KIND", "doubt_all", "enrol", "remove", "verify"]

_ALL = select(Credential.id, Credential.details).where(Credential.kind == KIND)
_DOUBT = (
    update(Credential)
    .where(Credential.id == bindparam("doubted"))
    .values(details=bindparam("said", type_=Credential.details.type))
)


def enrol(
    user_id: UUID,
    key: bytes,
    codes: tuple[str, str],
    name: str,
    settings: Settings,
    now: datetime,
) -> UUID | None:
    """Keep the token that holds `key` and showed these two codes in a row; None if it cannot have.

    The codes say how many digits it shows and how often it was pressed before. A key that is here
    already is not taken twice: each row would take each code once.
    """
    digits = len(codes[0])
    if digits not in LENGTHS or credentials.holds(user_id, KIND, key, settings):
        return None
    start = _in_a_row(key, range(PRESSED_BEFORE), codes, digits)
    if start is None:
        return None
    details = {"digits": digits}
    return credentials.add(
        user_id, KIND, name, key, now, settings, counter=start + 2, details=details
    )


def verify(user_id: UUID, typed: str, settings: Settings, now: datetime) -> Match | None:
    """Return which token of this user shows the code that was typed, or the two in a row.

    One code may be up to 5 presses ahead, two in a row up to 100. Codes before the last one that
    was taken never count again; the last one itself is recognised, and cannot be taken.
    """
    first, _, second = typed.partition(" ")
    for one in credentials.of(user_id, KIND):
        key = credentials.secret_of(one, settings)
        counter = _next(key, one, first, second) if key else None
        if counter is not None:
            return credentials.at(one.id, counter, details={"digits": one.details["digits"]})
    return None


def doubt_all() -> int:
    """Ask every token for two codes in a row next time; return how many there are.

    X49: in a copy of the database that went back in time, codes that were taken seem new.
    """
    rows = execute(_ALL).all()
    for row in rows:
        execute(_DOUBT, {"doubted": row.id, "said": {**row.details, "in_doubt": True}})
    return len(rows)


def _next(key: bytes, one: Credential, first: str, second: str) -> int | None:
    """Return the counter that a token has after what was typed; None where that does not fit."""
    digits = one.details["digits"]
    if second:
        ahead = range(one.counter, one.counter + RESYNC)
        start = _in_a_row(key, ahead, (first, second), digits)
        return None if start is None else start + 2
    if one.details.get("in_doubt"):
        return None
    near = range(max(0, one.counter - 1), one.counter + LOOK_AHEAD)
    found = hotp.find(key, near, first, digits)
    return None if found is None else found + 1


def _in_a_row(key: bytes, counters: range, codes: tuple[str, str], digits: int) -> int | None:
    fitting = (one for one in counters if hotp.matches(key, one, codes[0], digits))
    return next((one for one in fitting if hotp.matches(key, one + 1, codes[1], digits)), None)
