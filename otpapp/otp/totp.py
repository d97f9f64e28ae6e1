"""Time-based codes (TOTP, RFC 6238): the same code, with time as the counter."""

from datetime import UTC, datetime, timedelta

import pyotp

from otpapp.otp.keys import base32

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # T0 of RFC 6238 section 4.1
STEP = timedelta(seconds=30)  # what every authenticator app can do (RFC 6238 section 5.2)
DRIFT = 1  # steps; the most that RFC 6238 section 5.2 recommends


def time_step(now: datetime, step: timedelta) -> int:
    """Return the number of whole steps from the Unix epoch to `now` (RFC 6238 section 4.2)."""
    return (now - EPOCH) // step


def step_ends(counter: int, step: timedelta) -> datetime:
    """Return the first instant that no longer belongs to the time step `counter`."""
    return EPOCH + (counter + 1) * step


def window(now: datetime, step: timedelta = STEP) -> range:
    """Return the steps whose codes are taken at `now`: this one and its neighbours."""
    this = time_step(now, step)
    return range(max(0, this - DRIFT), this + DRIFT + 1)


def provisioning_uri(key: bytes, name: str, issuer: str) -> str:
    """Return the `otpauth://totp` address that authenticator apps read from a QR code.

    Six digits, 30 seconds, SHA-1: what every app can do.
    """
    return str(pyotp.TOTP(base32(key)).provisioning_uri(name=name, issuer_name=issuer))
