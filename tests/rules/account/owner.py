"""A signed-in user who adds, removes and takes back, each step in a transaction of its own."""

from uuid import UUID

from sqlalchemy import select

from otpapp.extensions import db
from otpapp.models import Event, Identifier, Message
from otpapp.rules import challenges, events, identifiers, sessions, users
from otpapp.rules.account import adding, owning
from otpapp.rules.account.adding import Added
from otpapp.rules.account.refusals import Refused
from otpapp.rules.asks import Ask
from otpapp.rules.factors import objections
from otpapp.rules.handles import new_handle
from otpapp.rules.identifiers import Address
from otpapp.rules.sign_in import Begun, Sent
from otpapp.rules.verdicts import Limited, Standing
from otpapp.transaction import transaction
from tests.rules.desk import ALICE, Desk

NEW = "alice@new.example"
OLDEST = 365  # days


class Owner:
    """Alice at her account pages; `token` is that of her session."""

    def __init__(self, desk: Desk, user_id: UUID) -> None:
        self.desk, self.user_id = desk, user_id
        desk.clock.advance(days=OLDEST)
        self.token = desk.sign_in(ALICE)

    @property
    def signed_in(self):
        """Her session."""
        return sessions.resume(self.token, "page", self.desk.clock.now)

    def try_adding(self, typed: str = NEW, **changes) -> Begun | Limited | Refused:
        """Ask to add an address, a while after the last one."""
        self.desk.clock.advance(minutes=2)
        address = identifiers.parse(typed, self.desk.settings)
        assert isinstance(address, Address), address
        ask = Ask(address, self.desk.visitor(), changes.pop("handle", new_handle()))
        who = changes.pop("user_id", self.user_id)
        with transaction():
            return adding.begin(ask, who, self.desk.settings, self.desk.clock.now)

    def ask(self, typed: str = NEW, **changes) -> str:
        """Ask to add an address; return the handle of its challenge."""
        begun = self.try_adding(typed, **changes)
        assert isinstance(begun, Begun), begun
        return begun.handle

    def send_again(self, handle: str) -> Sent | Limited:
        """Have the code sent once more."""
        with transaction():
            found, now = challenges.find_to_add(handle), self.desk.clock.now
            return adding.send_again(
                found, self.user_id, self.desk.visitor(), self.desk.settings, now
            )

    def code(self, handle: str) -> str:
        """Return the code that was sent to the new address."""
        db.session.rollback()
        code = challenges.code_of(challenges.find_to_add(handle), self.desk.settings)
        assert code
        return code

    def prove(self, handle: str, code: str, user_id: UUID | None = None) -> Added | Limited:
        """Type a code."""
        with transaction():
            found, now = challenges.find_to_add(handle), self.desk.clock.now
            who = user_id or self.user_id
            return adding.prove(found, code, who, self.desk.visitor(), self.desk.settings, now)

    def add(self, typed: str = NEW) -> Added:
        """Add an address, all the way."""
        handle = self.ask(typed)
        added = self.prove(handle, self.code(handle))
        assert isinstance(added, Added), added
        return added

    def number(self, key: str) -> int:
        """Return the number of an identifier, removed or not; 0 where there is none."""
        db.session.rollback()
        return db.session.scalar(select(Identifier.id).where(Identifier.key == key)) or 0

    def remove(self, key: str = ALICE) -> owning.Outcome:
        """Remove an identifier, a while later."""
        self.desk.clock.advance(minutes=2)
        number = self.number(key)
        with transaction():
            return owning.remove(
                self.signed_in,
                number,
                self.desk.visitor(),
                self.desk.settings,
                self.desk.clock.now,
            )

    def choose(self, key: str) -> owning.Outcome:
        """Have an identifier stand first."""
        number, now = self.number(key), self.desk.clock.now
        with transaction():
            return owning.choose_first(
                self.signed_in, number, self.desk.visitor(), self.desk.settings, now
            )

    def object(self, event: Event) -> bool:
        """Follow the link of a notice and undo what it tells of."""
        self.desk.clock.advance(minutes=2)
        with transaction():
            now = self.desk.clock.now
            return objections.make(event, self.desk.visitor(), self.desk.settings, now)

    def standing(self, event: Event) -> Standing:
        """Say how things stand with a change."""
        db.session.rollback()
        return objections.standing(event)

    def keys(self, user_id: UUID | None = None) -> list[str]:
        """Return the identifiers of a user in their order."""
        db.session.rollback()
        return [one.key for one in users.addresses_of(user_id or self.user_id)]

    def last(self, kind: str) -> Event:
        """Return the newest event of a kind."""
        db.session.rollback()
        found = db.session.scalar(
            select(Event.id).where(Event.kind == kind).order_by(Event.id.desc()).limit(1)
        )
        event = events.get(found or 0)
        assert event, kind
        return event

    def told(self, event: Event) -> list[str]:
        """Return the identifiers that a notice of an event goes to."""
        db.session.rollback()
        told = select(Identifier.key).join(Message).where(Message.event_id == event.id)
        return sorted(db.session.scalars(told))
