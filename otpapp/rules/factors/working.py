"""Which of a user's credentials open something here, and why the others do not.

Every other place asks here: what opens nothing demands nothing and stands in for nothing either.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from otpapp.settings import Settings

OTHERS = frozenset({"totp", "hotp", "passkey"})  # beside which a short password is enough
IS_LONG, COPIED = "is_long", "copied"  # in the details of a password, and of a passkey


class Idle(StrEnum):
    """Why a credential opens nothing: a passkey of another name or copied, a password too short."""

    MOVED = "moved"
    COPIED = "copied"
    OFF = "off"
    SHORT = "short"


class Held(Protocol):
    """What is asked of a credential, or of a row that names the same."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def details(self) -> dict[str, Any]:
        """What differs by kind."""


One = TypeVar("One", bound=Held)


def working(held: Iterable[One], settings: Settings) -> list[One]:
    """Return those of all that one user holds that open something."""
    found = list(held)
    return [one for one in found if why_idle(one, found, settings) is None]


def why_idle(one: Held, held: Iterable[Held], settings: Settings) -> Idle | None:
    """Return why `one` of all that its user holds opens nothing; None where it does."""
    fault = _fault(one, settings)
    if fault or one.kind != "password" or one.details.get(IS_LONG):
        return fault
    has_other = any(other.kind in OTHERS and not _fault(other, settings) for other in held)
    return None if has_other else Idle.SHORT  # NIST SP 800-63B-4 section 3.1.1.2


def _fault(one: Held, settings: Settings) -> Idle | None:
    if one.kind == "password":
        return None if settings.passwords else Idle.OFF
    if one.kind != "passkey":
        return None
    if one.details.get(COPIED):
        return Idle.COPIED  # W8
    # A passkey belongs to a name: after a site has moved, the old ones open nothing (W9).
    is_of_here = settings.offers_passkeys and one.details.get("rp_id") == settings.public.hostname
    return None if is_of_here else Idle.MOVED
