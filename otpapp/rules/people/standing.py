"""Shutting a person out, letting them in again, and deleting them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, case, func, or_, update
from sqlalchemy import delete as delete_from

from otpapp.extensions import db
from otpapp.models import User
from otpapp.rules import budgets, events, evicting, freezing, known_browsers, sessions, users
from otpapp.rules.gate import guests
from otpapp.rules.people.outcomes import Change, Outcome, is_last_admin, unchanged
from otpapp.settings import Settings
from otpapp.transaction import execute

_DISABLE = (
    update(User)
    .where(
        User.id == bindparam("whose"),
        or_(User.disabled_at.is_(None), User.disabled_by == freezing.OWNER),
    )
    .values(
        disabled_at=func.coalesce(User.disabled_at, bindparam("now", type_=User.disabled_at.type)),
        disabled_by=case((User.disabled_at.is_not(None), freezing.BOTH)),
    )
    .returning(User.id)
)
_IS_BOTH = User.disabled_by == freezing.BOTH
_ENABLE = (
    update(User)
    .where(
        User.id == bindparam("whose"),
        User.disabled_at.is_not(None),
        or_(User.disabled_by.is_(None), _IS_BOTH),
    )
    .values(
        disabled_at=case((_IS_BOTH, User.disabled_at)),
        disabled_by=case((_IS_BOTH, freezing.OWNER)),
    )
    .returning(User.disabled_by)
)
_DELETE = delete_from(User).where(User.id == bindparam("whose"))


def disable(
    user_id: UUID, now: datetime, by: UUID | None = None, *, even_last: bool = False
) -> Change:
    """Let nobody sign in as this user, and end at once all that they have open.

    One who froze their own sign-in stays frozen when they are enabled. `by` is the admin who does
    it; at the command line nobody.
    """
    if not even_last and is_last_admin(user_id):
        return Change(Outcome.LAST_ADMIN)
    if execute(_DISABLE, {"whose": user_id, "now": now}).first() is None:
        return unchanged(user_id)
    ended = evicting.everybody_out(user_id, now)
    _record("user.disabled", user_id, now, by)
    return Change(Outcome.DONE, ended)


def enable(user_id: UUID, now: datetime, by: UUID | None = None) -> Change:
    """Let a user sign in again whom an operator shut out; FROZEN while they did so themselves."""
    row = execute(_ENABLE, {"whose": user_id}).first()
    if row is None:
        since = freezing.frozen_since(user_id)
        return Change(Outcome.FROZEN) if since else unchanged(user_id)
    # Whatever came in while they were being shut out.
    evicting.everybody_out(user_id, now)
    _record("user.enabled", user_id, now, by)
    return Change(Outcome.FROZEN if row.disabled_by else Outcome.DONE)


def sign_out(user_id: UUID, now: datetime, by: UUID | None = None) -> int:
    """End every session and sign-in under way of a user; return how many sessions there were."""
    # First what could become a session meanwhile, so that none slips through.
    evicting.end_under_way(user_id, now)
    ended = sessions.end_all(user_id, now)
    detail = events.by(by, str(ended))
    events.record("session.ended_everywhere", now, user_id=user_id, detail=detail)
    return ended


def forget_browsers(user_id: UUID, now: datetime, by: UUID | None = None) -> int:
    """Treat every browser that signed a user in before as a stranger's; return how many.

    Nobody is signed out by it.
    """
    count = known_browsers.revoke_all(user_id, now)
    key = next((one.key for one in users.addresses_of(user_id)), "")
    detail = events.by(by, str(count))
    events.record("browsers.forgotten", now, user_id=user_id, subject=key, detail=detail)
    return count


def delete(
    user_id: UUID,
    settings: Settings,
    now: datetime,
    by: UUID | None = None,
    *,
    even_last: bool = False,
) -> Change:
    """Delete a user and all that is theirs; the audit trail stays, and keeps their id."""
    with db.session.begin_nested() as kept:
        # Before their row, as whoever guesses does: else the two could wait for each other.
        budgets.reopen(str(user_id), settings)
        if not even_last and is_last_admin(user_id):
            kept.rollback()
            return Change(Outcome.LAST_ADMIN)
    if unchanged(user_id).outcome is Outcome.GONE:
        return Change(Outcome.GONE)
    ended = evicting.everybody_out(user_id, now)
    keys = tuple(one.key for one in users.addresses_of(user_id))
    guests.forget(keys, now, by)
    _record("user.deleted", user_id, now, by)
    execute(_DELETE, {"whose": user_id})
    return Change(Outcome.DONE, ended)


def _record(kind: str, user_id: UUID, now: datetime, by: UUID | None) -> None:
    """Add a line to the trail that still names the person when they are deleted."""
    first = next((one.key for one in users.addresses_of(user_id)), "")
    events.record(kind, now, user_id=user_id, subject=first, detail=events.by(by))
