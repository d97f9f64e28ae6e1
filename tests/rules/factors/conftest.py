"""The factors of Alice, changed as the pages do."""

from collections.abc import Callable
from uuid import UUID

import pytest

from otpapp.extensions import db
from otpapp.models import Event, Identifier
from otpapp.rules.factors import changes, credentials
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.rules.desk import HERE, Desk
from tests.rules.factors.ring import Ring


class Changes:
    """Adds and removes factors of Alice; what each returns is the event that tells of it."""

    def __init__(self, desk: Desk, user_id: UUID) -> None:
        self._desk, self._user_id = desk, user_id

    def add(self, name: str = "My phone", kind: str = "totp") -> Event:
        """Add one."""
        now, who, settings = self._desk.clock.now, self._user_id, self._desk.settings
        with transaction():
            number = credentials.add(who, kind, name, b"k" * 20, now, settings)
            changes.enrolled(who, kind, name, Visitor(HERE), settings, now, number=number)
        return self.newest()

    def remove(self, number: UUID) -> Event:
        """Take one away."""
        with transaction():
            held = credentials.get(number)
            assert changes.remove(held, Visitor(HERE), self._desk.settings, self._desk.clock.now)
        return self.newest()

    def newest(self) -> Event:
        """Return the newest event, for keeps."""
        db.session.rollback()
        event = db.session.query(Event).order_by(Event.id.desc()).first()
        db.session.expunge(event)
        return event


@pytest.fixture
def changed(desk, alice) -> Changes:
    """Changes of the factors of Alice, whose identifier is verified."""
    with transaction():
        db.session.query(Identifier).update({"verified_at": desk.clock.now})
    return Changes(desk, alice.user_id)


@pytest.fixture
def names(alice) -> Callable[[], list[str]]:
    """Return the names of Alice's factors as they are now."""

    def names() -> list[str]:
        db.session.rollback()
        return [one.name for one in credentials.of(alice.user_id)]

    return names


@pytest.fixture
def ring(context, settings, clock, alice) -> Ring:
    """Alice's passkeys, none yet."""
    return Ring(settings, clock, alice.user_id)
