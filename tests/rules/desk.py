"""The front desk as one visitor after another uses it: each step is a transaction of its own."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from flask import Flask
from sqlalchemy import func, select

from otpapp.extensions import db
from otpapp.models import Challenge, Event
from otpapp.rules import answers, challenges, identifiers, sign_in, stopping
from otpapp.rules.asks import Ask
from otpapp.rules.handles import new_handle
from otpapp.rules.identifiers import Address
from otpapp.rules.sign_in import Begun, Outcome, Sent
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import transaction

HERE = "192.0.2.7"
ALICE = "alice@example.org"
STRANGER = "carol@example.org"  # nobody's address, as long as Alice's


class Desk:
    """Asks, proves and looks, at the time of `clock`.

    `known` names a browser that keeps what it is known by, else each step is one of a new browser.
    """

    def __init__(self, settings: Settings, clock) -> None:
        self.settings = settings
        self.clock = clock
        self._jars: dict[str, tuple[str, ...]] = {}

    def visitor(self, ip: str = HERE, known: str = "") -> Visitor:
        """Return somebody at this browser."""
        return Visitor(ip, "Firefox on Linux", self._jars.get(known, ()))

    def keep(self, known: str, tokens: tuple[str, ...]) -> None:
        """Let a browser hold what it is known by."""
        if tokens:
            self._jars[known] = tokens

    def use(self, **changes) -> None:
        """Change settings from here on."""
        self.settings = replace(self.settings, **changes)

    def try_asking(
        self,
        identifier: str,
        *,
        held: Iterable[str] = (),
        ip: str = HERE,
        known: str = "",
        **changes,
    ) -> Begun | Limited:
        """Ask for a code; the answer may be a limit."""
        address = identifiers.parse(identifier, self.settings)
        assert isinstance(address, Address), address
        handle = changes.pop("handle", "") or new_handle()
        ask = Ask(address, self.visitor(ip, known), handle, **changes)
        with transaction():
            return sign_in.begin(ask, held, self.settings, self.clock.now)

    def ask(self, identifier: str = ALICE, **changes) -> str:
        """Ask for a code and return the handle; no limit may be in the way."""
        begun = self.try_asking(identifier, **changes)
        assert isinstance(begun, Begun), begun
        return begun.handle

    def ask_later(self, identifier: str = ALICE, **changes) -> str:
        """Let the longest wait pass, then ask."""
        self.clock.advance(minutes=2)
        return self.ask(identifier, **changes)

    def send_again(self, handle: str, ip: str = HERE, known: str = "") -> Sent | Limited:
        """Have a code sent again."""
        with transaction():
            found, visitor = challenges.find(handle), self.visitor(ip, known)
            return sign_in.send_again(found, visitor, self.settings, self.clock.now)

    def send_again_later(self, handle: str) -> Sent:
        """Let the longest wait pass, then have a code sent again."""
        self.clock.advance(minutes=2)
        sent = self.send_again(handle)
        assert isinstance(sent, Sent), sent
        return sent

    def answer(self, handle: str, code: str) -> Verdict:
        """Judge a code without the limits and the session around it."""
        with transaction():
            found = challenges.find(handle)
            return answers.judge(found, code, self.settings, self.clock.now).verdict

    def prove(
        self, handle: str, code: str, *, ip: str = HERE, known: str = ""
    ) -> Outcome | Limited:
        """Type a code."""
        with transaction():
            found, visitor = challenges.find(handle), self.visitor(ip, known)
            outcome = sign_in.prove(found, code, visitor, self.settings, self.clock.now)
        if known and isinstance(outcome, Outcome) and outcome.arrival:
            self.keep(known, outcome.arrival.known)
        return outcome

    def sign_in(self, identifier: str = ALICE, **changes) -> str:
        """Ask and type the right code; return the session's token."""
        handle = self.ask(identifier, **changes)
        outcome = self.prove(handle, self.code(handle), known=changes.get("known", ""))
        assert outcome.verdict is Verdict.ACCEPTED
        return outcome.token

    def sign_in_later(self, identifier: str = ALICE, **changes) -> str:
        """Let the longest wait pass, then sign in."""
        self.clock.advance(minutes=2)
        return self.sign_in(identifier, **changes)

    def stop(self, handle: str) -> None:
        """Follow the link in this code's message and stop such codes."""
        with transaction():
            stopping.stop(challenges.find(handle), Visitor(HERE), self.clock.now)

    def challenge(self, handle: str) -> Challenge:
        """Return the row as it is now."""
        db.session.rollback()
        found = challenges.find(handle)
        assert found is not None
        return found

    def code(self, handle: str) -> str:
        """Return the code that was sent."""
        code = challenges.code_of(self.challenge(handle), self.settings)
        assert code is not None
        return code

    def no_code(self, handle: str) -> str:
        """Return digits that are not the code, even of a decoy, which has none."""
        challenge = self.challenge(handle)
        zeros = "0" * challenge.digits
        is_it = challenges.code_of(challenge, self.settings) == zeros
        return zeros[:-1] + "1" if is_it else zeros

    def wrong(self, handle: str) -> str:
        """Return a code that was not sent."""
        return "000000" if self.code(handle) != "000000" else "000001"


def count(model, *where) -> int:
    """Return how many rows there are now."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def trail() -> list[tuple[str, str]]:
    """Return the kind and verdict of every event, the oldest first."""
    db.session.rollback()
    rows = db.session.execute(select(Event.kind, Event.verdict).order_by(Event.id))
    return [(row.kind, row.verdict) for row in rows]


def in_parallel(app: Flask, times: int, work: Callable[[int], object]) -> list:
    """Call `work` in `times` threads at once, each with its own app context; return all results."""
    results: list = [None] * times
    ready = threading.Barrier(times)

    def one(number: int) -> None:
        with app.app_context():
            ready.wait()
            try:
                results[number] = work(number)
            except Exception as error:
                results[number] = error

    threads = [threading.Thread(target=one, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results
