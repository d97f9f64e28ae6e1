"""People as JSON, for programs; instants are in ISO 8601."""

from datetime import datetime

from otpapp.models import UserSession
from otpapp.rules.people.directory import Person
from otpapp.rules.people.picture import Picture


def person(one: Person) -> dict[str, object]:
    """Return a person as they stand in lists."""
    return {
        "id": str(one.user_id),
        "identifiers": one.keys,
        "role": one.role,
        "groups": one.groups,
        "standing": one.standing,
        "created_at": _iso(one.created_at),
    }


def session(one: UserSession) -> dict[str, object]:
    """Return a session, without what could open it."""
    fields = {"id": one.id, "door": one.door, "ip": one.ip, "browser": one.browser}
    instants = ("created_at", "seen_at", "expires_at")
    return {**fields, **{name: _iso(getattr(one, name)) for name in instants}}


def picture(found: Picture) -> dict[str, object]:
    """Return all that there is to know of a person."""
    return {
        "id": str(found.user.id),
        "identifiers": [
            {"key": one.key, "channel": one.channel, "verified_at": _iso(one.verified_at)}
            for one in found.identifiers
        ],
        "role": found.user.role,
        "groups": found.groups,
        "standing": found.standing,
        "created_at": _iso(found.user.created_at),
        "disabled_at": _iso(found.user.disabled_at),
        "leaves_at": _iso(found.user.leaves_at),
        "signed_in_at": _iso(found.signed_in_at),
        "factors": [
            {"kind": one.kind, "name": one.name, "created_at": _iso(one.created_at)}
            for one in found.factors
        ],
        "recovery_codes": found.recovery_codes,
        "sessions": [session(one) for one in found.sessions],
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
