"""Unguessable values that only their holder keeps; rows keep their SHA-256."""

import hashlib
import secrets

HANDLE_BYTES = 24  # 192 bits; ASVS 11.5.1 asks for 128
TOKEN_BYTES = 32  # 256 bits; D8
REFERENCE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words


def new_handle() -> str:
    """Return a fresh handle for a challenge, as URL-safe text."""
    return secrets.token_urlsafe(HANDLE_BYTES)


def new_token() -> str:
    """Return a fresh token for a user session, as URL-safe text."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_reference() -> str:
    """Return three letters by which people tell one message from another."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(3))


def digest(text: str) -> bytes:
    """Return what a row keeps of a handle or token: 32 bytes of SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
