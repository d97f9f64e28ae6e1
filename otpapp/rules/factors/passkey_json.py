"""What browsers and authenticators write, read without believing any of it."""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

from webauthn.helpers.structs import AuthenticatorTransport

from otpapp.rules.factors.ceremonies import CHALLENGE_BYTES

TRANSPORTS = [one.value for one in AuthenticatorTransport]
LONGEST_HANDLE = 1023  # bytes; WebAuthn level 3, section 4


@dataclass(frozen=True)
class Answer:
    """The answer of an authenticator as a browser passed it on.

    `handle` is the id of the credential, `owner` the user that the authenticator keeps it for, if
    it says so. `is_framed` where a page of another site was around ours. `transports` are ways to
    reach the authenticator.
    """

    credential: dict[str, Any]
    handle: bytes
    challenge: bytes
    owner: bytes | None
    is_framed: bool
    transports: tuple[str, ...]


def read(text: str) -> Answer | None:
    """Return the answer in `text`; None if there is none in it, whatever it is (X37)."""
    try:
        credential = json.loads(text)
        response = credential["response"]
        client = json.loads(_bytes(response["clientDataJSON"]))
        handle, challenge = _bytes(credential["rawId"]), _bytes(client["challenge"])
        owner, ways = response.get("userHandle"), response.get("transports")
        owner = None if owner is None else _bytes(owner)
        is_framed = client.get("crossOrigin", False) is not False or "topOrigin" in client
        transports = tuple(name for name in TRANSPORTS if isinstance(ways, list) and name in ways)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None
    if len(challenge) != CHALLENGE_BYTES or not 0 < len(handle) <= LONGEST_HANDLE:
        return None
    return Answer(credential, handle, challenge, owner, is_framed, transports)


def _bytes(text: str) -> bytes:
    # Padding too many is ignored, and authenticators' bytes come without any.
    return urlsafe_b64decode(text + "==")
