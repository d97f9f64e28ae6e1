"""How long sessions last, and how long without being used."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from otpapp.rules import clocks

SEEN_EVERY = timedelta(minutes=1)  # how fine the idle clock runs; finer would be a write a page


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts at most, and how long without being used."""

    most: timedelta
    idle: timedelta


ONLY_THIS_TIME = Lifetime(most=timedelta(hours=12), idle=timedelta(hours=1))
KEPT = Lifetime(most=timedelta(days=30), idle=timedelta(days=7))


def is_idle(seen_at: datetime, idle_seconds: int, now: datetime) -> bool:
    """Say whether a session was not used for as long as it may be."""
    return seen_at + timedelta(seconds=idle_seconds) <= now


def is_due(seen_at: datetime, now: datetime) -> bool:
    """Say whether the idle clock of a session should be set anew."""
    return now - seen_at >= SEEN_EVERY or clocks.is_ahead(seen_at, now, clocks.SET_BACK)
