"""What a browser is told to ask an authenticator for, as JSON (WebAuthn level 3, section 5.1)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from webauthn import generate_authentication_options, generate_registration_options
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from otpapp.models import Credential
from otpapp.rules import users
from otpapp.rules.factors import ceremonies, credentials
from otpapp.rules.factors.ceremonies import Wish
from otpapp.rules.factors.passkey import KIND
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings

TIMEOUT = int(ceremonies.LASTS.total_seconds() * 1000)
# W6: it counts as two proofs, and may be all that is shown.
VERIFIED = UserVerificationRequirement.REQUIRED
# Found without a name being typed, so that it signs in by itself.
CHOICE = AuthenticatorSelectionCriteria(
    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
)


def to_enrol(
    user_id: UUID, browser: str, visitor: Visitor, settings: Settings, now: datetime
) -> dict[str, Any] | Limited:
    """Return what makes a passkey for this user in an authenticator that has none of theirs."""
    challenge = ceremonies.begin(Wish("enrol", browser, user_id), [], visitor, settings, now)
    if isinstance(challenge, Limited):
        return challenge
    options = generate_registration_options(
        rp_id=settings.public.hostname or "",
        rp_name=settings.site_name,
        user_id=user_id.bytes,
        user_name=users.addresses_of(user_id)[0].address,
        challenge=challenge,
        timeout=TIMEOUT,
        authenticator_selection=CHOICE,
        exclude_credentials=_named(credentials.of(user_id, KIND)),
    )
    return options_to_json_dict(options)


def to_prove(
    user_id: UUID, browser: str, visitor: Visitor, settings: Settings, now: datetime
) -> dict[str, Any] | Limited:
    """Return what has one of this user's passkeys answer."""
    theirs = credentials.of(user_id, KIND)
    return _to_answer(Wish("prove", browser, user_id), theirs, visitor, settings, now)


def to_sign_in(
    browser: str, visitor: Visitor, settings: Settings, now: datetime
) -> dict[str, Any] | Limited:
    """Return what has any passkey of this site answer, whosever it is."""
    return _to_answer(Wish("sign_in", browser), [], visitor, settings, now)


def _to_answer(
    wish: Wish, named: list[Credential], visitor: Visitor, settings: Settings, now: datetime
) -> dict[str, Any] | Limited:
    allowed = [str(one.id) for one in named]
    challenge = ceremonies.begin(wish, allowed, visitor, settings, now)
    if isinstance(challenge, Limited):
        return challenge
    options = generate_authentication_options(
        rp_id=settings.public.hostname or "",
        challenge=challenge,
        timeout=TIMEOUT,
        allow_credentials=_named(named),
        user_verification=VERIFIED,
    )
    return options_to_json_dict(options)


def _named(found: list[Credential]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=one.handle,
            transports=[AuthenticatorTransport(name) for name in one.details["transports"]],
        )
        for one in found
        if one.handle
    ]
