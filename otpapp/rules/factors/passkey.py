"""Passkeys: an authenticator signs a challenge, after a PIN or a fingerprint (WebAuthn level 3).

py_webauthn reads and verifies; what it leaves to every site to check is checked here (W2 to W9).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.structs import CredentialDeviceType
from webauthn.registration.verify_registration_response import VerifiedRegistration

from otpapp.extensions import db
from otpapp.models import Credential
from otpapp.rules import notices, sessions
from otpapp.rules.factors import credentials
from otpapp.rules.factors.ceremonies import Taken
from otpapp.rules.factors.credentials import Match, remove
from otpapp.rules.factors.passkey_json import Answer
from otpapp.rules.factors.working import COPIED
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings

KIND, CLONED = "passkey", "passkey.cloned"
log = logging.getLogger("otpapp.factors")
P = ParamSpec("P")
Verified = TypeVar("Verified")

__all__ = ["KIND", "Fault", "Refused", "enrol", "remove", "tell", "verify"]


class Fault(StrEnum):
    """Why an answer proves nothing: nobody's or wrong, from a copy, or registered already."""

    WRONG = "WRONG"
    CLONED = "CLONED"
    TAKEN = "TAKEN"


@dataclass(frozen=True)
class Refused:
    """An answer that proves nothing; of a copy, which passkey it is that was copied."""

    fault: Fault
    copied: Credential | None = None


WRONG = Refused(Fault.WRONG)


def enrol(
    user_id: UUID, answer: Answer, taken: Taken, name: str, settings: Settings, now: datetime
) -> UUID | Refused:
    """Keep the passkey that an authenticator made for this user; return the number of its row."""
    found = _checked(_registration, answer, taken, settings)
    if found is None or answer.is_framed or found.credential_id != answer.handle:
        return WRONG
    try:
        with db.session.begin_nested():
            return credentials.add(
                user_id,
                KIND,
                name,
                found.credential_public_key,
                now,
                settings,
                counter=found.sign_count,
                handle=found.credential_id,
                details=_details(found, answer, settings),
            )
    except IntegrityError:
        # W7: an id that is somebody's already, or was once, belongs to nobody else.
        return Refused(Fault.TAKEN)


def verify(
    user_id: UUID | None, answer: Answer, taken: Taken, settings: Settings
) -> Match | Refused:
    """Return which passkey gave `answer`: of this user, or of whoever signs in with it alone."""
    one = credentials.by_handle(answer.handle)
    if one is None or answer.is_framed or not _is_asked_for(one, user_id, answer, taken):
        return WRONG
    key = credentials.secret_of(one, settings)
    found = _checked(_assertion, answer, taken, settings, key) if key else None
    if found is None or _is_eligible(found) is not one.details["backup_eligible"]:
        return WRONG  # W5: what can be copied by its owner's account never changes
    if (found.new_sign_count or one.counter) and found.new_sign_count <= one.counter:
        return Refused(Fault.CLONED, one)
    if one.details.get(COPIED):
        return Refused(Fault.CLONED)
    details = {**one.details, "backed_up": found.credential_backed_up}
    return credentials.counted(one.id, found.new_sign_count, details)


def tell(refused: Refused, visitor: Visitor, settings: Settings, now: datetime) -> None:
    """Have a passkey that seems to have been copied open nothing any more, and tell its owner (W8).

    Which of the two is the copy nobody can say: so every session ends, and it is told once, for the
    next answer of either finds a passkey that is refused already.
    """
    one = refused.copied
    if one and _mark_as_copied(one.id):
        sessions.end_all(one.user_id, now)
        detail = f"{KIND} {one.name}"
        notices.record(
            CLONED, one.user_id, visitor, settings, now, credential_id=one.id, detail=detail
        )


def _mark_as_copied(number: UUID) -> bool:
    one = db.session.get(Credential, number, with_for_update=True, populate_existing=True)
    if one is None or one.details.get(COPIED):
        return False
    one.details = {**one.details, COPIED: True}
    return True


def _is_asked_for(one: Credential, user_id: UUID | None, answer: Answer, taken: Taken) -> bool:
    """Say whether this passkey may answer: W2, it was named; W3, it is that user's."""
    if user_id is None and answer.owner is None:
        return False
    is_named = not taken.allowed or str(one.id) in taken.allowed
    is_theirs = user_id in (None, one.user_id) and answer.owner in (None, one.user_id.bytes)
    return is_named and is_theirs


def _registration(answer: Answer, taken: Taken, settings: Settings) -> VerifiedRegistration:
    return verify_registration_response(
        credential=answer.credential,
        expected_challenge=taken.challenge,
        **_ours(settings),
    )


def _assertion(
    answer: Answer, taken: Taken, settings: Settings, key: bytes
) -> VerifiedAuthentication:
    return verify_authentication_response(
        credential=answer.credential,
        expected_challenge=taken.challenge,
        credential_public_key=key,
        # The library looks at the count before it looks at the signature: anybody could have a
        # passkey taken for copied. So `verify` looks, and later.
        credential_current_sign_count=0,
        **_ours(settings),
    )


def _ours(settings: Settings) -> dict[str, Any]:
    """Return what every answer must be for: W9, as the settings say, never the request."""
    return {
        "expected_rp_id": settings.public.hostname,
        "expected_origin": settings.public_url,
        "require_user_verification": True,  # W6
    }


def _details(found: VerifiedRegistration, answer: Answer, settings: Settings) -> dict[str, Any]:
    return {
        "rp_id": settings.public.hostname,
        "backup_eligible": _is_eligible(found),
        "backed_up": found.credential_backed_up,
        "aaguid": found.aaguid,
        "transports": list(answer.transports),
    }


def _is_eligible(found: VerifiedRegistration | VerifiedAuthentication) -> bool:
    return found.credential_device_type is CredentialDeviceType.MULTI_DEVICE


def _checked(verify: Callable[P, Verified], *answer: P.args, **more: P.kwargs) -> Verified | None:
    """Return what the library verified; None for whatever it could not, however that ended."""
    try:
        return verify(*answer, **more)
    except Exception as error:
        # Bytes of anybody are parsed there by several libraries, each with faults of its own.
        log.info("an authenticator's answer was refused: %s", str(error)[:200])
        return None
