"""Passwords, for teams and classes that want the classic pair: a password and a code."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from otpapp.models import Credential, Identifier
from otpapp.rules import holdings, users
from otpapp.rules.factors import credentials
from otpapp.rules.factors.credentials import Match, remove
from otpapp.rules.factors.working import IS_LONG, OTHERS, Idle, why_idle, working
from otpapp.settings import Settings

KIND = "password"
NOBODY = UUID(int=0)  # has no password
LONGEST = 256  # characters; NIST SP 800-63B-4 section 3.1.1.2 asks for 64 at least
ALONE = 15  # characters where it is the only factor (the same section)
BESIDE = 8  # and beside another one

__all__ = ["KIND", "Fault", "enrol", "fault", "hashed", "is_set", "remove", "verify"]

# Argon2id, RFC 9106 section 4, the second recommended choice.
_hasher = PasswordHasher()


class Fault(StrEnum):
    """Why a password cannot be taken."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    YOURS = "yours"


@dataclass(frozen=True)
class Hashed:
    """A password as it is kept, and whether it is long enough for the only factor."""

    text: str = field(repr=False)
    is_long: bool


@dataclass(frozen=True)
class Kept:
    """The number of a password's row, and whether it is in another one's place."""

    number: UUID
    replaces: bool


def fault(user_id: UUID, typed: str, settings: Settings) -> Fault | None:
    """Return why this user cannot have this password; no signs of any kind are demanded.

    Nor may it be one that many have, or little more than the user's address and the site's name.
    """
    plain = _plain(typed)
    if len(plain) > LONGEST:
        return Fault.LONG
    if len(plain) < shortest(user_id, settings):
        return Fault.SHORT
    if plain.lower() in _common():
        return Fault.COMMON
    rest = plain.lower()
    for word in sorted(_known_words(users.addresses_of(user_id), settings), key=len, reverse=True):
        rest = rest.replace(word, "")
    return Fault.YOURS if len(rest) < BESIDE and rest != plain.lower() else None


def shortest(user_id: UUID, settings: Settings) -> int:
    """Return how many characters this user's password must have."""
    has_other = holdings.of(user_id, settings).factors & OTHERS
    return BESIDE if has_other else ALONE


def hashed(typed: str) -> Hashed:
    """Return the Argon2id hash of a password; slow on purpose, so made while no row is locked."""
    return Hashed(_hasher.hash(_bytes(typed)), is_long=len(_plain(typed)) >= ALONE)


def would_be_alone(credential: Credential, settings: Settings) -> bool:
    """Say whether without `credential` its user would have only a password too short for that."""
    held = credentials.of(credential.user_id)
    others = [one for one in held if one.id != credential.id]
    return any(
        why_idle(one, others, settings) is Idle.SHORT and not why_idle(one, held, settings)
        for one in others
    )


def enrol(user_id: UUID, new: Hashed, settings: Settings, now: datetime) -> Kept:
    """Let a user prove by this password, in place of the one before."""
    credentials.lock(user_id)
    before = credentials.of(user_id, KIND)
    for one in before:
        credentials.remove(user_id, one.id, now)
    details = {IS_LONG: new.is_long}
    number = credentials.add(
        user_id, KIND, "Password", new.text.encode(), now, settings, details=details
    )
    return Kept(number, replaces=bool(before))


def is_set(user_id: UUID | None, settings: Settings) -> bool:
    """Say whether this user has a password that counts; of nobody it is looked up too (X13)."""
    return _that_counts(user_id or NOBODY, settings) is not None


def verify(user_id: UUID, typed: str, settings: Settings, now: datetime) -> Match | None:
    """Return whether this is the password of this user; of nobody it takes as long (X13)."""
    one = _that_counts(user_id, settings)
    secret = credentials.secret_of(one, settings) if one else None
    fits = _fits(secret.decode() if secret else _of_nobody(), typed)
    return credentials.counted(one.id, 0, one.details) if one and secret and fits else None


def _that_counts(user_id: UUID, settings: Settings) -> Credential | None:
    held = working(credentials.of(user_id), settings)
    return next((one for one in held if one.kind == KIND), None)


def _fits(known: str, typed: str) -> bool:
    try:
        return len(_plain(typed)) <= LONGEST and _hasher.verify(known, _bytes(typed))
    except (VerifyMismatchError, InvalidHashError):
        return False


def _plain(typed: str) -> str:
    # What looks alike is alike on every keyboard (NIST SP 800-63B-4 section 3.1.1.2).
    return unicodedata.normalize("NFKC", typed)


def _bytes(typed: str) -> bytes:
    return _plain(typed).encode("utf-8", "surrogatepass")


def _known_words(addresses: list[Identifier], settings: Settings) -> set[str]:
    texts = [settings.site_name, settings.public.hostname or "", *(one.key for one in addresses)]
    return {word for text in texts for word in re.split(r"[\W_]+", text.lower()) if len(word) > 2}


@lru_cache
def _of_nobody() -> str:
    return _hasher.hash(b"of nobody")


@lru_cache
def _common() -> frozenset[str]:
    # Imported only where a password is chosen: it costs every start a tenth of a second.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
