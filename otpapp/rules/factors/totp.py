"""Authenticator apps: codes from a key and the time (TOTP, RFC 6238)."""

from datetime import datetime
from uuid import UUID

from otpapp.otp import hotp, totp
from otpapp.rules.factors import credentials
from otpapp.rules.factors.credentials import Match, remove
from otpapp.settings import Settings

KIND = "totp"
DIGITS = 6
ALGORITHM = "SHA1"  # the only one that every app can do

__all__ = ["KIND", "enrol", "remove", "verify"]


def enrol(
    user_id: UUID, key: bytes, code: str, name: str, settings: Settings, now: datetime
) -> UUID | None:
    """Keep the app that holds `key` and shows `code` now; None if it shows something else.

    The code is spent by this: it proves nothing a second time (X54).
    """
    step = hotp.find(key, totp.window(now), code, DIGITS, ALGORITHM)
    if step is None or credentials.holds(user_id, KIND, key, settings):
        return None
    details = {"digits": DIGITS, "algorithm": ALGORITHM}
    return credentials.add(user_id, KIND, name, key, now, settings, counter=step, details=details)


def verify(user_id: UUID, code: str, settings: Settings, now: datetime) -> Match | None:
    """Return which app of this user shows `code` now, one step early or late at most.

    RFC 6238 section 5.2: what is taken is a step later than every one before, so that no code
    proves anything twice.
    """
    for one in credentials.of(user_id, KIND):
        key = credentials.secret_of(one, settings)
        step = hotp.find(key, totp.window(now), code, **one.details) if key else None
        if step is not None:
            return credentials.at(one.id, step, one.details)
    return None
