"""All that is stored about one person, to be taken away as a file: never a secret.

docs/export.md says what each name means. A change that a reader of the file could notice raises
FORMAT.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, case, or_, select
from sqlalchemy import String as Text

from otpapp.models import (
    AccessRequest,
    App,
    AppSession,
    Ceremony,
    Challenge,
    Credential,
    Event,
    Guest,
    Identifier,
    Invitation,
    KnownBrowser,
    Membership,
    Message,
    PendingSignIn,
    Proof,
    RecoveryCode,
    Seat,
    Tally,
    User,
    UserSession,
)
from otpapp.rules import events
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute

FORMAT = 1
MOST = 10_000  # rows of one kind, the newest: a file stays one that a request can hold
_WHOSE: BindParameter[UUID] = bindparam("whose")
_KEYS = select(Identifier.key).where(Identifier.user_id == _WHOSE).scalar_subquery()
# What servers answered is of use to operators alone.
_DETAIL = case(
    (or_(Event.kind.startswith("message."), Event.kind.startswith("notice.")), ""),
    else_=Event.detail,
).label("detail")


def _section(model: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return what reads these columns of a user's rows, the newest first."""
    return select(*columns).where(model.user_id == _WHOSE).order_by(model.id.desc())


SECTIONS: dict[str, Select[*tuple[Any, ...]]] = {
    "user": select(
        User.id, User.role, User.created_at, User.disabled_at, User.disabled_by, User.leaves_at
    ).where(User.id == _WHOSE),
    "identifiers": _section(
        Identifier,
        *(Identifier.address, Identifier.channel, Identifier.created_at),
        *(Identifier.verified_at, Identifier.muted_until),
        *(Identifier.is_first, Identifier.removed_at),
    ),
    "groups": _section(Membership, Membership.name, Membership.created_at),
    "factors": _section(
        Credential,
        *(Credential.kind, Credential.name, Credential.created_at),
        *(Credential.used_at, Credential.removed_at),
    ),
    "recovery_codes": _section(RecoveryCode, RecoveryCode.created_at, RecoveryCode.used_at),
    "passkeys_asked_for": _section(
        Ceremony, Ceremony.purpose, Ceremony.created_at, Ceremony.expires_at
    ),
    "codes": _section(
        Challenge,
        *(Challenge.id, Challenge.destination, Challenge.channel, Challenge.purpose),
        *(Challenge.door, Challenge.method, Challenge.digits, Challenge.reference),
        *(Challenge.keep, Challenge.next_path, Challenge.ip, Challenge.browser, Challenge.tries),
        *(Challenge.created_at, Challenge.expires_at, Challenge.sent_at),
        *(Challenge.answered_at, Challenge.closed_at),
    ),
    "messages": select(
        *(Message.challenge_id.label("code"), Message.channel, Challenge.destination),
        *(Message.attempts, Message.created_at, Message.ended_at, Message.outcome),
    )
    .join(Challenge, Challenge.id == Message.challenge_id)
    .where(Challenge.user_id == _WHOSE)
    .order_by(Message.id.desc()),
    "notices": select(
        *(Message.event_id.label("event"), Message.channel, Identifier.address),
        *(Message.attempts, Message.created_at, Message.ended_at, Message.outcome),
    )
    .join(Identifier, Identifier.id == Message.identifier_id)
    .where(Identifier.user_id == _WHOSE)
    .order_by(Message.id.desc()),
    "sign_ins_under_way": _section(
        PendingSignIn,
        *(PendingSignIn.proofs, PendingSignIn.tries, PendingSignIn.keep, PendingSignIn.next_path),
        *(PendingSignIn.created_at, PendingSignIn.expires_at, PendingSignIn.ended_at),
    ),
    "sessions": _section(
        UserSession,
        *(UserSession.id, UserSession.door, UserSession.proofs, UserSession.keep),
        *(UserSession.idle_seconds, UserSession.ip, UserSession.browser, UserSession.created_at),
        *(UserSession.seen_at, UserSession.expires_at, UserSession.ended_at),
    ),
    "app_sessions": select(
        *(AppSession.session_id.label("session"), App.name.label("app")),
        *(AppSession.proofs, AppSession.created_at),
    )
    .join(UserSession)
    .outerjoin(App, App.id == AppSession.app_id)
    .where(UserSession.user_id == _WHOSE)
    .order_by(AppSession.id.desc()),
    "known_browsers": _section(
        KnownBrowser,
        *(KnownBrowser.ip, KnownBrowser.browser, KnownBrowser.created_at, KnownBrowser.seen_at),
        *(KnownBrowser.trusted_until, KnownBrowser.revoked_at),
    ),
    "guest_of": select(
        App.name.label("app"), Guest.path, Guest.key, Guest.until, Guest.created_at, Guest.ended_at
    )
    .join(App, App.id == Guest.app_id)
    .where(Guest.key.in_(_KEYS))
    .order_by(Guest.id.desc()),
    "access_requests": _section(
        AccessRequest,
        *(App.name.label("app"), AccessRequest.path, AccessRequest.url, AccessRequest.words),
        *(AccessRequest.created_at, AccessRequest.answered_at, AccessRequest.verdict),
        AccessRequest.until,
    ).join(App, App.id == AccessRequest.app_id),
    "invitations": _section(
        Invitation,
        *(Invitation.address, Invitation.channel, Invitation.groups, Invitation.role),
        *(Invitation.days, Invitation.times, Invitation.created_at, Invitation.asked_at),
        *(Invitation.ends_at, Invitation.accepted_at, Invitation.withdrawn_at),
    ),
    "seats": _section(Seat, Seat.number, Seat.name, Seat.taken_at),
    "limits": select(Tally.limit.label("limit"), Tally.times, Tally.started_at, Tally.last_at)
    .where(or_(Tally.subject == bindparam("named", type_=Text()), Tally.subject.in_(_KEYS)))
    .order_by(Tally.last_at.desc(), Tally.limit),
    "events": _section(
        Event,
        *(Event.id, Event.at, Event.kind, Event.challenge_id.label("code")),
        *(Event.subject, Event.verdict),
        *(Event.ip, Event.browser, _DETAIL),
    ),
}
_READ = {name: statement.limit(MOST + 1) for name, statement in SECTIONS.items()}


def take(user_id: UUID, visitor: Visitor, now: datetime) -> dict[str, Any]:
    """Return what is stored about a user, who takes it away; the trail says so, in it too."""
    events.record("user.exported", now, visitor=visitor, user_id=user_id)
    return of(user_id, now)


def of(user_id: UUID, now: datetime) -> dict[str, Any]:
    """Return what is stored about a user, in words that JSON knows; `cut` names what was too long.

    Of each kind there are 10 000 rows at most, the newest.
    """
    rows = {name: _rows(name, user_id) for name in _READ}
    cut = [name for name, found in rows.items() if len(found) > MOST]
    (user,) = rows.pop("user")
    kept = {name: found[:MOST] for name, found in rows.items()}
    return {"format": FORMAT, "made_at": _plain(now), "cut": cut, "user": user, **kept}


def _rows(name: str, user_id: UUID) -> list[dict[str, Any]]:
    values = {"whose": user_id} | ({"named": str(user_id)} if name == "limits" else {})
    found = execute(_READ[name], values).mappings()
    return [{column: _plain(value) for column, value in row.items()} for row in found]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: instants in ISO 8601, proofs as their parts."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Proof):
        return {"factor": value.factor, "at": _plain(value.at)}
    return value
