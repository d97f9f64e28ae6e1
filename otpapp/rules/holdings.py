"""Which factors a user has, and what is demanded of them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, select

from otpapp.models import Credential, Proof, RecoveryCode, User
from otpapp.rules.factors.working import working
from otpapp.rules.proofs import Demand, carries
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
    """Return what the user holds now, of what opens something here."""
    rows = execute(_HELD, {"user": user_id}).all()
    kinds = {row.kind for row in working([row for row in rows if row.kind], settings)}
    if any(row.recovery for row in rows):
        kinds.add("recovery")
    return Holdings(rows[0].role if rows else "member", frozenset(kinds))


def has_factor(user_id: UUID, settings: Settings) -> bool:
    """Say whether a user has anything beside messages; recovery codes only stand in for that."""
    return bool(of(user_id, settings).factors - {"recovery"})


def demand(held: Holdings, settings: Settings) -> Demand:
    """Return the strictest of what the site, the role and the user's own factors demand."""
    own = Demand.TWO if held.factors & SECONDS else Demand.ONE
    return max(own, demand_of(held.role, settings))


def demand_of(role: str, settings: Settings) -> Demand:
    """Return the stricter of what the site and the role demand."""
    of_site = Demand[settings.proofs.upper()]
    return max(of_site, Demand[settings.proofs_of_admins.upper()]) if role == "admin" else of_site


def is_still_enough(proofs: tuple[Proof, ...], role: str, settings: Settings) -> bool:
    """Say whether a session that rests on `proofs` meets what its site and role demand today."""
    return carries(proofs, demand_of(role, settings))
