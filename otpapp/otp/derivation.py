"""The same code as `hotp.code`, with every step of RFC 4226 laid open for the classroom."""

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True)
class Derivation:
    """How one code comes to be, from the eight bytes of the counter to the digits (RFC 4226 §5.3).

    `message` is the counter as 8 bytes; `digest` the 20 bytes of HMAC-SHA-1; `offset` the low
    nibble of the last byte; `chosen` the four bytes found there; `truncated` those bytes as a
    number with the top bit cleared; `code` that number modulo 10**digits, zero-padded.
    """

    message: bytes
    digest: bytes
    offset: int
    chosen: bytes
    truncated: int
    code: str


def derive(key: bytes, counter: int, digits: int = 6) -> Derivation:
    """Return each step from `key` and `counter` to the code."""
    message = counter.to_bytes(8, "big")
    digest = hmac.digest(key, message, hashlib.sha1)
    offset = digest[-1] & 0x0F
    chosen = digest[offset : offset + 4]
    truncated = int.from_bytes(chosen, "big") & 0x7FFF_FFFF
    return Derivation(
        message, digest, offset, chosen, truncated, f"{truncated % 10**digits:0{digits}}"
    )
