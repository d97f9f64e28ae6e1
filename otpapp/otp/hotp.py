"""Counter-based codes (HOTP, RFC 4226), computed and compared through pyotp."""

import hashlib
from collections.abc import Iterable

import pyotp

from otpapp.otp.keys import base32

MOVING_FACTOR_LIMIT = 2**64  # the counter is eight bytes (RFC 4226 section 5.1)
DIGESTS = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}


def code(key: bytes, counter: int, digits: int = 6, algorithm: str = "SHA1") -> str:
    """Return the code of `key` at `counter`: `digits` characters, leading zeros kept.

    RFC 4226 section 5.3; `algorithm` is SHA1, SHA256 or SHA512 (RFC 6238 section 1.2). Raises
    ValueError for a counter that does not fit eight bytes.
    """
    return _generator(key, counter, digits, algorithm).at(counter)


def matches(
    key: bytes, counter: int, answer: str, digits: int = 6, algorithm: str = "SHA1"
) -> bool:
    """Say whether `answer` is exactly the code at `counter`, in constant time.

    There is no look-ahead window: we make the code ourselves, so no device can drift.
    """
    # X41: pyotp folds full-width and superscript digits together; only ASCII digits come past here.
    if len(answer) != digits or not (answer.isascii() and answer.isdigit()):
        return False
    return _generator(key, counter, digits, algorithm).verify(answer, counter)


def find(
    key: bytes, counters: Iterable[int], answer: str, digits: int = 6, algorithm: str = "SHA1"
) -> int | None:
    """Return the first of `counters` whose code is `answer`, for codes made elsewhere.

    Each of them is compared, whichever fits, so that the time tells nothing of where.
    """
    fitting = [one for one in counters if matches(key, one, answer, digits, algorithm)]
    return fitting[0] if fitting else None


def _generator(key: bytes, counter: int, digits: int, algorithm: str) -> pyotp.HOTP:
    if not 0 <= counter < MOVING_FACTOR_LIMIT:
        raise ValueError(f"a counter is 0 to 2**64 - 1, not {counter}")
    return pyotp.HOTP(base32(key), digits=digits, digest=DIGESTS[algorithm])


def provisioning_uri(key: bytes, name: str, issuer: str) -> str:
    """Return the `otpauth://hotp` address that apps which count read from a QR code."""
    return str(pyotp.HOTP(base32(key)).provisioning_uri(name=name, issuer_name=issuer))
