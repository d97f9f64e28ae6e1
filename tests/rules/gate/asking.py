"""The steps of tests of access: somebody asks, an admin answers, and what the rows say of it."""

from datetime import datetime
from urllib.parse import quote

from otpapp.extensions import db
from otpapp.models import AccessRequest, Event, Guest, Identifier, Message
from otpapp.rules import roles
from otpapp.rules.gate import answering, apps, people, requests
from otpapp.rules.gate.answering import Outcome
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.requests import Wish
from otpapp.rules.gate.rules import Rule
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.helpers.people import Person
from tests.rules.desk import HERE

WIKI = "https://wiki.example.org"
RULES = (Rule("/", ("group:staff",)), Rule("/office", ("group:office",)))


class Desk:
    """Asks as one person and answers as another, each step in a transaction of its own."""

    def __init__(self, settings, clock, asker, admin) -> None:
        self.settings, self.clock = settings, clock
        self.asker, self.admin = asker.user_id, admin.user_id
        self.visitor = Visitor(HERE, "Firefox on Linux")

    def keep(self, *rules: Rule, name: str = "wiki") -> None:
        """Have an app with these rules."""
        with transaction():
            origin = f"https://{name}.example.org"
            apps.keep(Plan(name, f"Our {name}", origin, rules), self.clock.now)

    def verify(self) -> None:
        """Have all identifiers count as proved."""
        with transaction():
            db.session.query(Identifier).update({"verified_at": self.clock.now})

    def promote(self) -> None:
        """Make the admin one."""
        with transaction():
            roles.give(self.admin, "admin", self.clock.now)

    def ask(self, path: str = "/", words: str = "for a report", name: str = "wiki"):
        """Ask for access; return what is in the way, else nothing."""
        with transaction():
            app = apps.find(name)
            assert app
            who = people.somebody(self.asker, app, (), self.clock.now)
            assert who
            wish = Wish(app, path, app.origin + quote(path), words)
            found = requests.ask(wish, who, self.visitor, self.settings, self.clock.now)
        assert found is None or isinstance(found, Limited)
        return found

    def grant(self, number: int, until, shown: str = "") -> Outcome:
        """Let the asker in, by the rule that is shown now, or by the one that was."""
        rule = self.case(number).rule
        path = shown or (rule.path if rule else "")
        with transaction():
            found = requests.find(number)
            assert found
            return answering.grant(found, until, path, self.admin, self.settings, self.clock.now)

    def refuse(self, number: int) -> Outcome:
        """Leave the asker out."""
        with transaction():
            found = requests.find(number)
            assert found
            return answering.refuse(found, self.admin, self.settings, self.clock.now)

    def case(self, number: int = 1) -> answering.Case:
        """Return how things stand with a request."""
        db.session.rollback()
        found = requests.find(number)
        assert found
        return answering.case_of(found, self.settings, self.clock.now)


def rows() -> list[AccessRequest]:
    """Return all requests, the oldest first."""
    db.session.rollback()
    return db.session.query(AccessRequest).order_by(AccessRequest.id).all()


def guests() -> list[tuple[str, str]]:
    """Return whom the gate lets in as a guest, and where."""
    db.session.rollback()
    return [(one.key, one.path) for one in db.session.query(Guest).order_by(Guest.id)]


def said(kind: str) -> list[Event]:
    """Return the events of one kind, the oldest first."""
    db.session.rollback()
    return db.session.query(Event).filter_by(kind=kind).order_by(Event.id).all()


def told() -> list[tuple[str, str]]:
    """Return of what kind each notice is, and whom it is for, the oldest first."""
    db.session.rollback()
    found = (
        db.session.query(Event.kind, Identifier.key)
        .join(Message, Message.event_id == Event.id)
        .join(Identifier, Identifier.id == Message.identifier_id)
        .order_by(Message.id)
    )
    return [tuple(row) for row in found]


def add_second_address(person: Person, now: datetime) -> None:
    """Give somebody another verified address, which the alphabet has before the first."""
    of = {"user_id": person.user_id, "channel": "email"}
    named = dict.fromkeys(("key", "address"), "aaa@example.org")
    with transaction():
        db.session.add(Identifier(**of, **named, created_at=now, verified_at=now))
