"""Counter-based codes (HOTP, RFC 4226), computed and compared through pyotp."""

import pyotp

from otpapp.otp.keys import base32

MOVING_FACTOR_LIMIT = 2**64  # the counter is eight bytes (RFC 4226 section 5.1)


def code(key: bytes, counter: int, digits: int = 6) -> str:
    """Return the code of `key` at `counter`: `digits` characters, leading zeros kept.

    RFC 4226 section 5.3. Raises ValueError for a counter that does not fit eight bytes.
    """
    return _generator(key, counter, digits).at(counter)


def matches(key: bytes, counter: int, answer: str, digits: int = 6) -> bool:
    """Say whether `answer` is exactly the code at `counter`, in constant time.

    There is no look-ahead window: we make the code ourselves, so no device can drift.
    """
    # X41: pyotp folds full-width and superscript digits together; only ASCII digits come past here.
    if len(answer) != digits or not (answer.isascii() and answer.isdigit()):
        return False
    return _generator(key, counter, digits).verify(answer, counter)


def _generator(key: bytes, counter: int, digits: int) -> pyotp.HOTP:
    if not 0 <= counter < MOVING_FACTOR_LIMIT:
        raise ValueError(f"a counter is 0 to 2**64 - 1, not {counter}")
    return pyotp.HOTP(base32(key), digits=digits)
