"""Authenticators that Chromium itself plays, through its developer tools (WebAuthn domain)."""

import base64
from dataclasses import dataclass

from playwright.sync_api import CDPSession

from tests.browser.somebody import Somebody

INTERNAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class Authenticator:
    """One that belongs to a tab: a phone or computer with a fingerprint sensor."""

    session: CDPSession
    number: str

    @property
    def credentials(self) -> list[dict]:
        """What it keeps, private keys included."""
        return self._send("getCredentials")["credentials"]

    def recognises(self, finger: bool) -> None:
        """Have it verify its user, or fail to, from here on."""
        self._send("setUserVerified", isUserVerified=finger)

    def set_back(self) -> None:
        """Become a copy of what it was before it counted."""
        (kept,) = self.credentials
        self._send("removeCredential", credentialId=kept["credentialId"])
        self._send("addCredential", credential={**kept, "signCount": 0})

    def forget(self) -> None:
        """Lose every passkey."""
        self._send("clearCredentials")

    def _send(self, method: str, **values: object) -> dict:
        return self.session.send(f"WebAuthn.{method}", {"authenticatorId": self.number, **values})


def give_authenticator(somebody: Somebody, **changes: object) -> Authenticator:
    """Put an authenticator into the computer of somebody's tab."""
    session = somebody.context.new_cdp_session(somebody.page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**INTERNAL, **changes}})
    return Authenticator(session, added["authenticatorId"])


def owner_of(credential: dict) -> bytes:
    """Return the user handle that an authenticator keeps with a passkey."""
    return base64.b64decode(credential["userHandle"])
