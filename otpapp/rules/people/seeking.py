"""What somebody types to look through the trail, read."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from uuid import UUID

from otpapp.rules import identifiers
from otpapp.rules.gate import reading
from otpapp.rules.identifiers import Fault
from otpapp.rules.people import picture, trail
from otpapp.rules.people.trail import Sought
from otpapp.settings import Settings


class Cause(StrEnum):
    """What cannot be read, beside an address that is none."""

    IP = "ip"
    INSTANT = "instant"


@dataclass(frozen=True)
class Unread:
    """What cannot be read of what was typed, and why."""

    typed: str
    cause: Cause | Fault


@dataclass(frozen=True)
class Typed:
    """What to look for, as it is typed; what is empty asks for nothing.

    `since` is a day or an instant, `until` the last day or the instant before which; UTC.
    """

    person: str = ""
    kind: str = ""
    ip: str = ""
    since: str = ""
    until: str = ""


def read(typed: Typed, settings: Settings) -> Sought | list[Unread]:
    """Return what to look for, or all that cannot be read."""
    about = _about(typed.person, settings)
    ip, since = _ip(typed.ip), instant(typed.since)
    until = reading.end_of(typed.until) or instant(typed.until)
    unread = [one for one in (about, ip, since, until) if isinstance(one, Unread)]
    if (
        isinstance(about, Unread)
        or isinstance(ip, Unread)
        or isinstance(since, Unread)
        or isinstance(until, Unread)
    ):
        return unread
    return replace(about, kind=typed.kind, ip=ip, since=since, until=until)


def is_id(typed: str) -> bool:
    """Say whether a user's id was typed, as the trail and the log spell it."""
    try:
        return str(UUID(typed)) == typed.lower()
    except ValueError:
        return False


def instant(typed: str) -> datetime | None | Unread:
    """Return the beginning of a day, or an instant; without a zone they are of UTC."""
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return Unread(typed, Cause.INSTANT)


def _about(person: str, settings: Settings) -> Sought | Unread:
    if not person:
        return Sought()
    if is_id(person):
        return trail.about(UUID(person))
    address = identifiers.parse(person, settings)
    if isinstance(address, Fault):
        return Unread(person, address)
    user_id = picture.whose(address)
    return trail.about(user_id) if user_id else Sought(subjects=(address.key,))


def _ip(typed: str) -> str | Unread:
    try:
        return str(ip_address(typed)) if typed else ""
    except ValueError:
        return Unread(typed, Cause.IP)
