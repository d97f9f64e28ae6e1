"""Who the tests are about."""

from dataclasses import dataclass, replace
from uuid import UUID

from otpapp.clock import utc_now
from otpapp.models import Identifier, User
from otpapp.otp.keys import Sealer
from otpapp.transaction import transaction

RFC_KEY = b"12345678901234567890"  # RFC 4226 Appendix D
RFC_CODES = (
    *("755224", "287082", "359152", "969429", "338314"),
    *("254676", "287922", "162583", "399871", "520489"),
)


@dataclass(frozen=True)
class Person:
    """Somebody with one identifier and a known key."""

    channel: str
    address: str
    key: bytes
    user_id: UUID = UUID(int=0)


ALICE = Person("email", "alice@example.org", RFC_KEY)
BOB = Person("sms", "+12025550143", b"09876543210987654321")


def add_person(person: Person, sealer: Sealer) -> Person:
    """Keep `person` as a user and return them with their id."""
    from otpapp.extensions import db

    now = utc_now()
    with transaction():
        user = User(id=UUID(int=len(person.address)), sealed_key=b"", created_at=now)
        user.sealed_key = sealer.seal(person.key, user.id.bytes)
        db.session.add(user)
        db.session.flush()
        db.session.add(
            Identifier(
                user_id=user.id,
                channel=person.channel,
                key=person.address,
                address=person.address,
                created_at=now,
            )
        )
    return replace(person, user_id=user.id)
