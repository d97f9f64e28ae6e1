"""How the codes of a seat come to be: the one place that shows a key, and only that of a seat."""

from sqlalchemy import bindparam, select

from otpapp.models import Seat, User
from otpapp.otp import derivation
from otpapp.otp.derivation import Derivation
from otpapp.otp.hotp import MOVING_FACTOR_LIMIT
from otpapp.rules import users
from otpapp.settings import Settings
from otpapp.transaction import execute

DIGITS = (6, 7, 8)
MOST_COUNTER = MOVING_FACTOR_LIMIT - 1
KEY_BITS, COUNTER_BITS = 160, 64
_COUNTER = select(User.counter).where(User.id == bindparam("whose"))


def newest_counter(seat: Seat) -> int:
    """Return the counter that the newest code of this seat was made with; 0 before the first."""
    return int(execute(_COUNTER, {"whose": seat.user_id}).scalar_one())


def of(seat: Seat, counter: int, digits: int, settings: Settings) -> Derivation | None:
    """Return how a code of this seat comes to be; None while its person is shut out."""
    key = users.key_of(seat.user_id, settings)
    return derivation.derive(key, counter, digits) if key else None


def with_key_bit(one: Derivation, bit: int) -> Derivation:
    """Return the same with one bit of the key the other way round, 0 being the first."""
    return _again(one, _flip(one.key, bit), one.message)


def with_counter_bit(one: Derivation, bit: int) -> Derivation:
    """Return the same with one bit of the counter the other way round, 0 being the first."""
    return _again(one, one.key, _flip(one.message, bit))


def bits_apart(one: bytes, other: bytes) -> int:
    """Return how many bits two texts of the same length differ by."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def is_counter(number: int) -> bool:
    """Say whether a number fits the eight bytes of a counter (RFC 4226 section 5.1)."""
    return 0 <= number <= MOST_COUNTER


def _again(one: Derivation, key: bytes, message: bytes) -> Derivation:
    return derivation.derive(key, int.from_bytes(message, "big"), len(one.code))


def _flip(text: bytes, bit: int) -> bytes:
    place = 8 * len(text) - 1 - bit
    return (int.from_bytes(text, "big") ^ (1 << place)).to_bytes(len(text), "big")
