"""An authenticator in software, right in everything or wrong in one thing at a time."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "https://auth.example.org"
PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 1, 4, 8, 16, 64  # flags; level 3, section 6.1


@dataclass
class Passkey:
    """One passkey in its authenticator.

    `flags` is what it says of each use; `count` goes up by one each time unless `step` is 0.
    """

    handle: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    owner: bytes | None = None
    flags: int = PRESENT | VERIFIED
    count: int = 0
    step: int = 1

    def make(self, options: dict[str, Any], **wrong: Any) -> str:
        """Answer options for a new passkey, as a browser passes it on."""
        self.owner = from_base64(options["user"]["id"])
        client = self._client("webauthn.create", options, wrong)
        attested = bytes(16) + len(self.handle).to_bytes(2, "big") + self.handle + self._public()
        data = self._data(wrong, ATTESTED) + attested
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        response = {
            "clientDataJSON": to_base64(client),
            "attestationObject": to_base64(cbor2.dumps(statement)),
            "transports": ["internal", "quantum"],
        }
        return self._credential(response, wrong)

    def sign(self, options: dict[str, Any], **wrong: Any) -> str:
        """Answer options for a proof, as a browser passes it on."""
        self.count += self.step
        client, data = self._client("webauthn.get", options, wrong), self._data(wrong)
        signed = data + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": to_base64(client),
            "authenticatorData": to_base64(data),
            "signature": to_base64(wrong.get("key", self.key).sign(signed, ec.ECDSA(SHA256()))),
        }
        owner = wrong.get("owner", self.owner)
        return self._credential(
            response | ({} if owner is None else {"userHandle": to_base64(owner)}), wrong
        )

    def _client(self, kind: str, options: dict[str, Any], wrong: dict[str, Any]) -> bytes:
        said = {
            "type": wrong.get("type", kind),
            "challenge": wrong.get("challenge", options["challenge"]),
            "origin": wrong.get("origin", ORIGIN),
            "crossOrigin": False,
        }
        return json.dumps(said | wrong.get("client", {})).encode()

    def _data(self, wrong: dict[str, Any], more: int = 0) -> bytes:
        site = hashlib.sha256(wrong.get("rp_id", "auth.example.org").encode()).digest()
        flags = wrong.get("flags", self.flags) | more
        return site + bytes([flags]) + wrong.get("count", self.count).to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})  # RFC 9053 section 7.1.1: P-256

    def _credential(self, response: dict[str, Any], wrong: dict[str, Any]) -> str:
        name = to_base64(wrong.get("handle", self.handle))
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def to_base64(data: bytes) -> str:
    """Return bytes as WebAuthn writes them."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64(text: str) -> bytes:
    """Read them back."""
    return base64.urlsafe_b64decode(text + "==")
