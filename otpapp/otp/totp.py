"""Time-based codes (TOTP, RFC 6238): the same code, with time as the counter."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # T0 of RFC 6238 section 4.1


def time_step(now: datetime, step: timedelta) -> int:
    """Return the number of whole steps from the Unix epoch to `now` (RFC 6238 section 4.2)."""
    return (now - EPOCH) // step


def step_ends(counter: int, step: timedelta) -> datetime:
    """Return the first instant that no longer belongs to the time step `counter`."""
    return EPOCH + (counter + 1) * step
