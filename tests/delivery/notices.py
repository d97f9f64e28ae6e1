"""The steps of tests of notices: change Alice's factors, as the pages do."""

from uuid import UUID

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import Identifier
from otpapp.rules.factors import changes, credentials
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction

EVIL = "call 555 010 9999 or http://evil.example"


class Factors:
    """The factors of one person of an app."""

    def __init__(self, app, settings, user_id: UUID) -> None:
        self.settings = settings
        self._app, self._user_id = app, user_id

    def add(self, name: str = "My phone", kind: str = "totp") -> UUID:
        """Add one, from a browser somewhere."""
        now, who = utc_now(), self._user_id
        visitor = Visitor("192.0.2.1", "Firefox on Linux")
        with self._app.app_context(), transaction():
            number = credentials.add(who, kind, name, b"k" * 20, now, self.settings)
            changes.enrolled(who, kind, name, visitor, self.settings, now, number=number)
        return number

    def remove(self, number: UUID) -> None:
        """Take one away again."""
        visitor = Visitor("192.0.2.1", "Firefox on Linux")
        with self._app.app_context(), transaction():
            held = credentials.get(number)
            assert held
            changes.remove(held, visitor, self.settings, utc_now())

    def new_codes(self) -> None:
        """Tell of new recovery codes."""
        visitor = Visitor("192.0.2.1", "Firefox on Linux")
        with self._app.app_context(), transaction():
            args = (self._user_id, "recovery", "", visitor, self.settings, utc_now())
            changes.enrolled(*args)

    def verify(self) -> None:
        """Have all identifiers count as proved."""
        with self._app.app_context(), transaction():
            db.session.query(Identifier).update({"verified_at": utc_now()})
