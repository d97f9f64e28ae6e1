"""What stands in links that are mailed: signed by us, and of use for one thing only."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import bindparam, select

from otpapp.models import Challenge, Event, Invitation
from otpapp.rules import challenges, events
from otpapp.rules.handles import digest
from otpapp.settings import Settings
from otpapp.transaction import execute

LONGEST = 200  # characters; ours are about 80
STOP, CHANGE = "stop these codes", "answer a change of factors"
INVITE = "accept an invitation"
_RESTORED = (
    select(Event.id).where(Event.at >= bindparam("since"), Event.kind == "backup.restored").limit(1)
)


class OfInvitation(NamedTuple):
    """Which invitation a link is of, and which of those that were sent for it."""

    number: int
    nonce: bytes


def stop_token(challenge: Challenge, settings: Settings) -> str:
    """Return what lets the reader of a message stop codes like the one in it."""
    return str(_signer(STOP, settings).dumps(_name(challenge)))


def challenge_to_stop(token: str, settings: Settings) -> Challenge | None:
    """Return the challenge that `token` was made for; None for anything we did not sign."""
    name = _read(STOP, token, settings)
    match name:
        case [int(number), str(_)]:
            found = challenges.get(number)
            is_it = found and _name(found) == name and not _is_of_before(found.created_at)
            return found if is_it else None
    return None


def change_token(event: Event, settings: Settings) -> str:
    """Return what lets the reader of a notice answer the change of factors that it tells of."""
    return str(_signer(CHANGE, settings).dumps(_name_of_event(event)))


def change_to_answer(token: str, settings: Settings) -> Event | None:
    """Return the change that `token` was made for; None for anything we did not sign."""
    name = _read(CHANGE, token, settings)
    match name:
        case [int(number), str(_)]:
            found = events.get(number)
            is_it = found and _name_of_event(found) == name and not _is_of_before(found.at)
            return found if is_it else None
    return None


def invitation_token(invitation: Invitation, settings: Settings) -> str:
    """Return what lets the reader of an invitation accept it, until the next one is sent."""
    name = [invitation.id, invitation.nonce.hex()]
    return str(_signer(INVITE, settings).dumps(name))


def invitation_named(token: str, settings: Settings) -> OfInvitation | None:
    """Return what invitation `token` was made for; None for anything we did not sign."""
    name = _read(INVITE, token, settings)
    match name:
        case [int(number), str(nonce)]:
            return OfInvitation(number, bytes.fromhex(nonce))
    return None


def _name(challenge: Challenge) -> list[int | str]:
    # X49: when rows are deleted or a backup is put back, a number can come a second time.
    return [challenge.id, challenge.handle_hash[:8].hex()]


def _name_of_event(event: Event) -> list[int | str]:
    # X49 once more: nobody has the same thing happen to them twice at one instant. It is short,
    # since text messages are.
    what = f"{event.kind} {event.user_id} {event.at.astimezone(UTC).isoformat()}"
    return [event.id, digest(what)[:6].hex()]


def _is_of_before(made_at: datetime) -> bool:
    """Say whether a backup was put back since: what was answered may not look so any more (X49)."""
    return execute(_RESTORED, {"since": made_at}).first() is not None


def _read(purpose: str, token: str, settings: Settings) -> Any:
    try:
        return _signer(purpose, settings).loads(token) if len(token) <= LONGEST else None
    except BadData:
        return None


def _signer(purpose: str, settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer([*reversed(settings.secrets)], salt=purpose)
