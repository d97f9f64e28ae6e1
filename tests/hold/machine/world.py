"""The product and the model side by side."""

import math
from datetime import datetime, timedelta

from flask import Flask
from werkzeug.test import TestResponse

from otpapp.extensions import db
from otpapp.otp.keys import sealer
from otpapp.settings import Settings
from tests.api.program import new_program
from tests.conftest import NOON, Clock
from tests.helpers import databases
from tests.helpers.people import ALICE, Person, add_person
from tests.hold.machine.model.holders import Jar, Pending, Session
from tests.hold.machine.model.people import Challenge, User, Visitor
from tests.hold.machine.model.site import Site
from tests.hold.machine.seat import Seat

PEOPLE = (ALICE, Person("email", "bo@example.org", b"09876543210987654321"))
NETWORKS = ("192.0.2.1", "192.0.2.1", "192.0.2.2")
A_THOUSAND_DAYS = timedelta(days=1000)


class World:
    """One database with two users, three browsers, a program, and the model of them all.

    `references`, `handles` and `links` hold what people saw of a challenge: its letters, what a
    program names it by, the link in its mail. `keys` holds the cookie or token of each session,
    `halves` the cookie of each sign-in under way.
    """

    def __init__(self, app: Flask, settings: Settings, clock: Clock) -> None:
        self.app, self.settings, self.clock = app, settings, clock
        clock.now = NOON
        with app.app_context():
            databases.empty(db)
            self.people = [add_person(one, sealer(settings.secrets)) for one in PEOPLE]
        self.site = Site(settings, [User(one.address, one.key) for one in PEOPLE])
        self.seats = [Seat(app, network, number) for number, network in enumerate(NETWORKS)]
        self.phone = Seat(app, "198.51.100.7", len(NETWORKS))
        self.thief = Seat(app, NETWORKS[-1], 0).browser
        self.program = new_program(app)
        self.program.environ_base["REMOTE_ADDR"] = NETWORKS[-1]
        self.program_visitor = Visitor(NETWORKS[-1])
        self.forms: dict[tuple, Challenge] = {}
        self.references: dict[Challenge, str] = {}
        self.handles: dict[Challenge, str] = {}
        self.links: dict[Challenge, str] = {}
        self.keys: dict[Session, str] = {}
        self.halves: dict[Pending, str] = {}

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.clock.now

    def come_to(self, instant: datetime) -> None:
        """Let time pass until then, if that is to come."""
        self.clock.now = max(self.now, instant)

    def serve(self, app: Flask) -> None:
        """Have `app` answer everybody from here on."""
        self.app = app
        browsers = [seat.browser for seat in (*self.seats, self.phone)]
        for client in (*browsers, self.thief, self.program):
            client.application = app

    def user(self, number: int) -> User:
        """Return the model of one of the people."""
        return self.site.users[PEOPLE[number].address]

    def is_limited(self, answer: TestResponse, until: datetime) -> None:
        """See that the answer tells to wait until then."""
        assert answer.status_code == 429, answer.text
        wait = until - self.now
        # Where an operator must open the way again, no wait helps.
        told = None if wait > A_THOUSAND_DAYS else str(max(1, math.ceil(wait.total_seconds())))
        assert answer.headers.get("Retry-After") == told

    def lets_in(self, answer: TestResponse, session: Session | None) -> None:
        """See that the answer lets in the holder of an open session, and nobody else (I5)."""
        is_in = session is not None and session.use(self.now)
        assert (answer.status_code == 200) == is_in, (answer.status_code, session)
        assert not is_in or session.user.address in answer.text.replace("<wbr>", "")

    def leads_on(self, answer: TestResponse, jar: Jar) -> None:
        """See that whoever is half signed in is led to the second proof, and comes in nowhere."""
        self.lets_in(answer, jar.opens)
        is_led = answer.status_code == 303 and answer.location == "/prove"
        assert is_led == (jar.half_way(self.now) is not None)
