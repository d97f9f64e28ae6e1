"""Reading what people write of a rule and of a date: in forms, at the command line, in files."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from otpapp.rules.gate import rules
from otpapp.rules.gate.rules import Rule
from otpapp.settings import Settings

NOT_MINUTES = -1  # refused as every number of minutes is that cannot be
MOST_DIGITS = 5
MOST_MINUTES = 10**MOST_DIGITS


def rule_of(
    path: str, allow: Iterable[str], proofs: str, fresh: int, settings: Settings
) -> Rule | list[str]:
    """Return the rule that is spelled like this, or those of `allow` that name nobody.

    `fresh` is in minutes, 0 where it does not matter. `apps.faults` says what else is wrong.
    """
    found = {one: rules.canonical_who(one, settings) for one in allow}
    nobody = [one for one, who in found.items() if who is None]
    if nobody:
        return nobody
    kept = tuple(dict.fromkeys(who for who in found.values() if who))
    # What no timedelta can hold is refused as what is too long, or too short.
    since = timedelta(minutes=max(NOT_MINUTES, min(fresh, MOST_MINUTES))) if fresh else None
    return Rule(rules.canonical_path(path) or path, kept, proofs, since)


def minutes(text: str) -> int:
    """Return a number of minutes as typed, 0 for nothing; what is none is refused later on."""
    typed = text.strip()
    if not typed:
        return 0
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS
    return int(typed) if is_number else NOT_MINUTES


def end_of(day: str) -> datetime | None:
    """Return the end of a day, written as 2026-12-24, in UTC; None if it is none."""
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
