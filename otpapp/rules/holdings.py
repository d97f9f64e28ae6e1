"""Which factors a user has, and what is demanded of them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, select

from otpapp.models import Credential, RecoveryCode, User
from otpapp.rules.proofs import Demand
from otpapp.settings import Settings
from otpapp.transaction import execute

_RECOVERY = exists().where(RecoveryCode.user_id == User.id, RecoveryCode.used_at.is_(None))
_HELD = (
    select(User.role, Credential.kind, Credential.details, _RECOVERY.label("recovery"))
    .outerjoin(Credential, and_(Credential.user_id == User.id, Credential.removed_at.is_(None)))
    .where(User.id == bindparam("user"))
)
SECONDS = frozenset({"totp", "hotp", "password"})  # who has one of these wants to be asked for it


@dataclass(frozen=True)
class Holdings:
    """A user's role and the kinds of their credentials; `recovery` is one while codes are left."""

    role: str
    factors: frozenset[str]


def of(user_id: UUID, settings: Settings) -> Holdings:
    """Return what the user holds now, of what this site takes."""
    rows = execute(_HELD, {"user": user_id}).all()
    # A passkey belongs to a name: after a site has moved, the old ones open nothing (W9).
    host = settings.public.hostname
    kinds = {
        row.kind
        for row in rows
        if row.kind and (row.kind != "passkey" or row.details["rp_id"] == host)
    }
    if any(row.recovery for row in rows):
        kinds.add("recovery")
    if not settings.passwords:
        kinds.discard("password")
    if not settings.offers_passkeys:
        kinds.discard("passkey")
    return Holdings(rows[0].role if rows else "member", frozenset(kinds))


def demand(held: Holdings, settings: Settings) -> Demand:
    """Return the strictest of what the site, the role and the user's own factors demand."""
    demands = [Demand[settings.proofs.upper()]]
    if held.role == "admin":
        demands.append(Demand[settings.proofs_of_admins.upper()])
    if held.factors & SECONDS:
        demands.append(Demand.TWO)
    return max(demands)
