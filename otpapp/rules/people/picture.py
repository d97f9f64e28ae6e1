"""All that there is to know of one person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select

from otpapp.extensions import db
from otpapp.models import Credential, Identifier, User, UserSession
from otpapp.models.identifier import LIVES
from otpapp.rules import budgets, elsewhere, groups, users
from otpapp.rules.factors import credentials, recovery_codes
from otpapp.rules.identifiers import Address
from otpapp.rules.people import directory
from otpapp.rules.people.directory import Standing
from otpapp.settings import Settings
from otpapp.transaction import execute

_WHOSE = select(Identifier.user_id, Identifier.key).where(Identifier.key == bindparam("key"), LIVES)
_LAST = select(func.max(UserSession.created_at)).where(UserSession.user_id == bindparam("whose"))


@dataclass(frozen=True)
class Picture:
    """One person; `signed_in_at` is when they did so last, by page or program."""

    user: User
    standing: Standing
    identifiers: tuple[Identifier, ...]
    groups: tuple[str, ...]
    factors: tuple[Credential, ...]
    recovery_codes: int
    sessions: tuple[UserSession, ...]
    signed_in_at: datetime | None


def whose(address: Address) -> UUID | None:
    """Return whose `address` is, whether or not they can sign in."""
    row = execute(_WHOSE, {"key": address.key}).first()
    # X17: compared here too, as where somebody signs in.
    return row.user_id if row and row.key == address.key else None


def of(user_id: UUID, settings: Settings, now: datetime) -> Picture | None:
    """Return the picture of a user as they are now; None if there is no such user."""
    user = db.session.get(User, user_id, populate_existing=True)
    if user is None:
        return None
    return Picture(
        user=user,
        standing=directory.standing_of(user, budgets.closed(settings)),
        identifiers=tuple(users.addresses_of(user_id)),
        groups=groups.of(user_id),
        factors=tuple(credentials.of(user_id)),
        recovery_codes=recovery_codes.left(user_id),
        sessions=tuple(elsewhere.living(user_id, now)),
        signed_in_at=execute(_LAST, {"whose": user_id}).scalar(),
    )
