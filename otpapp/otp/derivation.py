"""The same code as `hotp.code`, with every step of RFC 4226 laid open for the classroom."""

import hashlib
from dataclasses import dataclass

BLOCK = 64  # bytes that SHA-1 takes at once (RFC 2104 section 2)
IPAD, OPAD = 0x36, 0x5C
# RFC 4226 Appendix D: its key, and for each counter the HMAC, the truncated number and the code.
RFC_KEY = b"12345678901234567890"
APPENDIX_D = (
    ("cc93cf18508d94934c64b65d8ba7667fb7cde4b0", 1284755224, "755224"),
    ("75a48a19d4cbe100644e8ac1397eea747a2d33ab", 1094287082, "287082"),
    ("0bacb7fa082fef30782211938bc1c5e70416ff44", 137359152, "359152"),
    ("66c28227d03a2d5529262ff016a1e6ef76557ece", 1726969429, "969429"),
    ("a904c900a64b35909874b33e61c5938a8e15ed1c", 1640338314, "338314"),
    ("a37e783d7b7233c083d4f62926c7a25f238d0316", 868254676, "254676"),
    ("bc9cd28561042c83f219324d3c607256c03272ae", 1918287922, "287922"),
    ("a4fb960c0bc06e1eabb804e5b397cdc4b45596fa", 82162583, "162583"),
    ("1b3c89f65e6c9e883012052823443f048b4332db", 673399871, "399871"),
    ("1637409809a679dc698207310c8c7fc07290d9e5", 645520489, "520489"),
)


@dataclass(frozen=True)
class Derivation:
    """How one code comes to be, from the key and the counter to the digits (RFC 4226 §5.3).

    `message` is the counter as 8 bytes; `inner_block` and `outer_block` are the key, zeros up to 64
    bytes, with ipad and opad; `inner_digest` the SHA-1 of the first of them and the message;
    `digest` that of the second and `inner_digest`, which is the HMAC-SHA-1 (RFC 2104 §2). `offset`
    is the low nibble of its last byte; `chosen` the four bytes found there; `truncated` those bytes
    as a number with the top bit cleared; `code` that number modulo 10**digits, zero-padded.
    """

    key: bytes
    message: bytes
    inner_block: bytes
    inner_digest: bytes
    outer_block: bytes
    digest: bytes
    offset: int
    chosen: bytes
    truncated: int
    code: str


def derive(key: bytes, counter: int, digits: int = 6) -> Derivation:
    """Return each step from `key`, of 64 bytes at most, and `counter` to the code."""
    message = counter.to_bytes(8, "big")
    padded = key.ljust(BLOCK, b"\0")
    inner_block, outer_block = (bytes(byte ^ pad for byte in padded) for pad in (IPAD, OPAD))
    inner_digest = _sha1(inner_block + message)
    digest = _sha1(outer_block + inner_digest)
    offset = digest[-1] & 0x0F
    chosen = digest[offset : offset + 4]
    truncated = int.from_bytes(chosen, "big") & 0x7FFF_FFFF
    code = f"{truncated % 10**digits:0{digits}}"
    parts = (inner_block, inner_digest, outer_block, digest, offset, chosen, truncated, code)
    return Derivation(key, message, *parts)


def agrees_with_rfc(counter: int) -> bool:
    """Say whether what is derived for a counter of Appendix D is what stands there."""
    found = derive(RFC_KEY, counter)
    return (found.digest.hex(), found.truncated, found.code) == APPENDIX_D[counter]


def _sha1(data: bytes) -> bytes:
    # X41: RFC 4226 section 5.2 means this one; no attack on SHA-1 known breaks it as a keyed hash.
    return hashlib.sha1(data, usedforsecurity=False).digest()
