"""Keys: made here or typed, written as base32, sealed for the database."""

import base64
import binascii
import hashlib
import re
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 20  # 160 bits, the length RFC 4226 section 4 (R6) recommends
SHORTEST_KEY = 16  # bytes; 128 bits (RFC 4226 section 4, R6)
HEX_LENGTHS = (40, 64, 128)  # digits of keys for SHA-1, SHA-256 and SHA-512
NONCE_BYTES = 12  # 96 bits, the nonce of NIST SP 800-38D section 8.2
SEAL_ID_BYTES = 4  # names which secret sealed a value, so that secrets can be rotated


class Unsealable(Exception):
    """A sealed value was made under another secret, for another row, or was altered."""


def new_key() -> bytes:
    """Return a fresh key of 20 random bytes from the system's source."""
    return secrets.token_bytes(KEY_BYTES)


def base32(key: bytes) -> str:
    """Return `key` as unpadded base32 text (RFC 4648 section 6), as authenticator apps read it."""
    return base64.b32encode(key).decode("ascii").rstrip("=")


def read_key(text: str) -> bytes | None:
    """Return the key that `text` spells in base32 or in hexadecimal; None if it is neither.

    Blanks and dashes between groups do not count. A text that could be both is hexadecimal only
    where its length says so: 40 digits (RFC 4226 section 4, R6), or 64 or 128 (RFC 6238).
    """
    plain = re.sub(r"[\s=-]", "", text)
    if len(plain) in HEX_LENGTHS and re.fullmatch("[0-9A-Fa-f]+", plain):
        return bytes.fromhex(plain)
    if not re.fullmatch("[A-Za-z2-7]+", plain):
        return None
    try:
        key = base64.b32decode(plain.upper() + "=" * (-len(plain) % 8))
    except binascii.Error:
        return None
    return key if len(key) >= SHORTEST_KEY else None


def groups(key: bytes) -> str:
    """Return `key` as base32 in groups of four, as people read it off a screen."""
    text = base32(key)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


class Sealer:
    """Seals keys with AES-256-GCM under secrets that live outside the database.

    The first secret seals; all of them open. A sealed value is bound to its row by `context`, so
    that a value copied to another row does not open there.
    """

    def __init__(self, secrets_newest_first: tuple[str, ...]) -> None:
        pairs = [_cipher(secret) for secret in secrets_newest_first]
        self._newest = pairs[0][0]
        self._ciphers = dict(pairs)

    def seal(self, key: bytes, context: bytes) -> bytes:
        """Return `key` encrypted and bound to `context`: 4 bytes of id, 12 of nonce, the rest."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, key, context)
        return self._newest + nonce + sealed

    def is_newest(self, sealed: bytes) -> bool:
        """Say whether `sealed` was made under the newest secret."""
        return sealed[:SEAL_ID_BYTES] == self._newest

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Return the key inside `sealed`; raise Unsealable for any other secret, row or byte."""
        seal_id, rest = sealed[:SEAL_ID_BYTES], sealed[SEAL_ID_BYTES:]
        nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        if seal_id not in self._ciphers:
            raise Unsealable("this key was sealed under a secret that is no longer configured")
        try:
            return self._ciphers[seal_id].decrypt(nonce, body, context)
        except (InvalidTag, ValueError) as error:
            raise Unsealable("this key was altered, or belongs to another row") from error


@lru_cache(maxsize=8)
def sealer(secrets_newest_first: tuple[str, ...]) -> Sealer:
    """Return the Sealer of these secrets, derived once."""
    return Sealer(secrets_newest_first)


def _cipher(secret: str) -> tuple[bytes, AESGCM]:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"otpapp user.key v1").derive(
        secret.encode()
    )
    return hashlib.sha256(derived).digest()[:SEAL_ID_BYTES], AESGCM(derived)
