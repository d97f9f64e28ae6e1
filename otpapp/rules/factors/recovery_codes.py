"""Recovery codes: ten on paper, each good once, for whoever lost the other factors."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import bindparam, delete, func, insert, select, update

from otpapp.models import RecoveryCode
from otpapp.rules import events, limits, tallies
from otpapp.rules.factors import credentials
from otpapp.rules.factors.credentials import Match
from otpapp.rules.sessions import SignedIn
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import execute

HOW_MANY = 10
CODE_BYTES = 10  # 80 bits; NIST SP 800-63B-4 section 3.1.2 asks for 64
SALT_BYTES = 16
LONGEST = 64  # characters typed; ours are 19
KIND = "recovery"
FEW = 3  # from here on we say that new ones are due
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
_MISREAD = str.maketrans("ILO", "110")

_DELETE = delete(RecoveryCode).where(RecoveryCode.user_id == bindparam("user"))
_ADD = insert(RecoveryCode)
_SALT = select(RecoveryCode.salt).where(RecoveryCode.user_id == bindparam("user")).limit(1)
_LEFT = (
    select(func.count())
    .select_from(RecoveryCode)
    .where(RecoveryCode.user_id == bindparam("user"), RecoveryCode.used_at.is_(None))
)
_FIND = select(RecoveryCode.id).where(
    RecoveryCode.user_id == bindparam("whose"), RecoveryCode.code_hash == bindparam("hash")
)
_TAKE = (
    update(RecoveryCode)
    .where(RecoveryCode.id == bindparam("taken"), RecoveryCode.used_at.is_(None))
    .values(used_at=bindparam("now"))
    .returning(RecoveryCode.id)
)
_NEWEST = select(func.max(RecoveryCode.created_at)).where(RecoveryCode.user_id == bindparam("user"))


@dataclass(frozen=True)
class NewCodes:
    """Codes to be shown once, and what is kept of them."""

    codes: tuple[str, ...] = field(repr=False)
    salt: bytes
    hashes: tuple[bytes, ...]


def may_make(who: SignedIn, visitor: Visitor, settings: Settings, now: datetime) -> Limited | None:
    """Take one set of codes from the day of this session, or return until when there is none."""
    limit = limits.recovery_codes_per_session(settings)
    refused = tallies.take(limit, str(who.session_id), now)
    if refused:
        events.record_limited(str(who.user_id), visitor, refused, now)
    return refused


def new_codes() -> NewCodes:
    """Return ten new codes; slow on purpose, so it is done while no row is locked."""
    salt = secrets.token_bytes(SALT_BYTES)
    codes = tuple(_new_code() for _ in range(HOW_MANY))
    return NewCodes(codes, salt, tuple(_hash(code, salt) for code in codes))


def enrol(user_id: UUID, new: NewCodes, now: datetime) -> None:
    """Give a user new codes; those before are good for nothing any more."""
    credentials.lock(user_id)
    remove(user_id)
    for code_hash in new.hashes:
        row = {"user_id": user_id, "salt": new.salt, "code_hash": code_hash, "created_at": now}
        execute(_ADD, row)


def verify(user_id: UUID, typed: str, settings: Settings, now: datetime) -> Match | None:
    """Return which code of this user was typed, with or without dashes, used already or not.

    The hash is slow on purpose (ASVS 6.5.2), so it is made while no row is locked.
    """
    salt = execute(_SALT, {"user": user_id}).scalar()
    plain = re.sub(r"[\s-]", "", typed[:LONGEST]).upper().translate(_MISREAD)
    if salt is None or not plain:
        return None
    values = {"whose": user_id, "hash": _hash(plain, salt)}
    number = execute(_FIND, values).scalar()
    return None if number is None else Match(str(number), partial(_take, number))


def _take(number: int, now: datetime) -> bool:
    return execute(_TAKE, {"taken": number, "now": now}).first() is not None


def left(user_id: UUID) -> int:
    """Return how many codes this user has left."""
    return int(execute(_LEFT, {"user": user_id}).scalar_one())


def made_at(user_id: UUID) -> datetime | None:
    """Return when the codes of this user were made; None if there are none."""
    found: datetime | None = execute(_NEWEST, {"user": user_id}).scalar()
    return found


def remove(user_id: UUID) -> None:
    """Take all codes away."""
    execute(_DELETE, {"user": user_id})


def _new_code() -> str:
    """Return 16 letters and digits, 80 bits, in groups of four."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_BYTES * 8 // 5))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _hash(code: str, salt: bytes) -> bytes:
    # 19 MiB, two passes: what OWASP asks of Argon2id at least; the codes are random already.
    plain = code.replace("-", "").encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        plain, salt, time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, type=Type.ID
    )
