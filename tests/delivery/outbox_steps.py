"""The steps that delivery tests are written in: ask for a code, send what waits, look at rows."""

from dataclasses import replace
from typing import Any

from flask import Flask

from otpapp.clock import utc_now
from otpapp.delivery.parcels import Transport
from otpapp.delivery.post import deliver_next, transport_for
from otpapp.extensions import db
from otpapp.models import Challenge, Event, Message
from otpapp.rules import challenges, identifiers, sign_in, users
from otpapp.rules.asks import Ask
from otpapp.rules.handles import new_handle
from otpapp.rules.identifiers import Address
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import transaction
from tests.helpers.people import Person

SOMEBODY = Visitor("192.0.2.1", "Firefox on Linux")


class Outbox:
    """One app's outbox, used the way the front desk and the senders use it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.settings: Settings = app.extensions["otpapp.settings"]
        self.handle = ""
        self._transports: dict[str, Transport] = {}

    def use(self, **changes: Any) -> None:
        """Change settings for senders that start from here on."""
        self.settings = replace(self.settings, **changes)

    def address(self, typed: str) -> Address:
        """Return what `typed` spells."""
        found = identifiers.parse(typed, self.settings)
        assert isinstance(found, Address), found
        return found

    def add(self, typed: str) -> None:
        """Let somebody sign in with the address `typed`."""
        with self.app.app_context(), transaction():
            assert users.create(self.address(typed), self.settings, utc_now())

    def ask(self, who: Person | str, visitor: Visitor = SOMEBODY, door: str = "page") -> Challenge:
        """Have a code sent to `who`, as the front desk does."""
        typed = who if isinstance(who, str) else who.address
        ask = Ask(self.address(typed), visitor, new_handle(), door=door)
        with self.app.app_context(), transaction():
            begun = sign_in.begin(ask, (), self.settings, utc_now())
        assert not isinstance(begun, Limited), begun
        self.handle = begun.handle
        return begun.challenge

    def ask_again(self) -> Challenge:
        """Have the code sent again to the browser that asked last."""
        with self.app.app_context(), transaction():
            before = challenges.find(self.handle)
            assert before
            sent = sign_in.send_again(before, SOMEBODY, self.settings, utc_now())
        assert not isinstance(sent, Limited), sent
        self.handle = sent.handle or self.handle
        return sent.challenge

    def prove(self, code: str) -> str:
        """Answer the newest challenge and return the verdict."""
        with self.app.app_context(), transaction():
            held = challenges.find(self.handle)
            assert held
            outcome = sign_in.prove(held, code, SOMEBODY, self.settings, utc_now())
        assert not isinstance(outcome, Limited), outcome
        return outcome.verdict

    @property
    def challenge(self) -> Challenge:
        """The newest challenge, as it is now."""
        with self.app.app_context():
            found = challenges.find(self.handle)
        assert found
        return found

    @property
    def code(self) -> str:
        """The code of the newest challenge, recomputed."""
        with self.app.app_context():
            return challenges.code_of(self.challenge, self.settings) or ""

    def transport(self, channel: str = "email", **changes: Any) -> Transport:
        """Return the transport of `channel`; with `changes` to the settings, a new one."""
        if changes or channel not in self._transports:
            self._close(channel)
            settings = replace(self.settings, **changes)
            self._transports[channel] = transport_for(channel, settings)
        return self._transports[channel]

    def send_next(self, channel: str = "email", **changes: Any) -> bool:
        """Send what has waited longest, as a sender would; False if nothing is waiting."""
        transport = self.transport(channel, **changes)
        with self.app.app_context():
            return deliver_next(channel, transport, self.settings)

    def rows(self) -> list[Message]:
        """Return every row, the oldest first."""
        with self.app.app_context():
            return list(db.session.scalars(db.select(Message).order_by(Message.id)))

    @property
    def row(self) -> Message:
        """The newest row."""
        return self.rows()[-1]

    def events(self, kind: str) -> list[Event]:
        """Return the lines of the audit trail of one kind."""
        with self.app.app_context():
            return list(db.session.scalars(db.select(Event).where(Event.kind == kind)))

    def everything(self) -> str:
        """Return every value of every row of every table, as one text."""
        with self.app.app_context():
            tables = db.metadata.sorted_tables
            rows = [row for table in tables for row in db.session.execute(db.select(table))]
        return "\n".join(str(tuple(row)) for row in rows)

    def close(self) -> None:
        """Let go of every connection."""
        for channel in list(self._transports):
            self._close(channel)

    def _close(self, channel: str) -> None:
        if channel in self._transports:
            with self.app.app_context():
                self._transports.pop(channel).close()
