"""More words for tests of the JSON API: program, texts, token, time_code."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyotp
import pytest
from sqlalchemy import update

from otpapp.delivery.post import deliver_next, transport_for
from otpapp.extensions import db
from otpapp.models import User
from otpapp.otp.keys import base32
from otpapp.transaction import transaction
from tests.api.program import Program, new_program
from tests.helpers.people import Person


@pytest.fixture
def program(app) -> Program:
    """A program that speaks JSON."""
    return new_program(app)


@pytest.fixture
def set_counter(app) -> Callable[[Person, int], None]:
    """Set the counter that a user has reached."""

    def change(person: Person, counter: int) -> None:
        with app.app_context(), transaction():
            mine = update(User).where(User.id == person.user_id)
            db.session.execute(mine.values(counter=counter))

    return change


@pytest.fixture
def token(program, mailbox, alice) -> str:
    """The bearer token of Alice, who has just signed in by the API."""
    program.ask("alice@example.org")
    return program.prove("alice@example.org", mailbox.code_for("alice@example.org")).json["token"]


@pytest.fixture
def time_code(clock) -> Callable[[Person], str]:
    """Return the time-based code of a person at the present instant, as any other program would."""
    return lambda person: pyotp.TOTP(base32(person.key), interval=50).at(clock.now)


class Gateway(BaseHTTPRequestHandler):
    """An SMS gateway that keeps what it is given."""

    texts: list[str] = []

    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        """Take a text message."""
        self.texts.append(
            json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"]
        )
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_) -> None:
        """Print nothing."""


@pytest.fixture
def gateway() -> Iterator[str]:
    """The address of a real SMS gateway on loopback, for the settings."""
    Gateway.texts.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/{{to}}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def texts(app, settings) -> Callable[[], list[str]]:
    """Deliver what waits for the gateway and return all text messages."""

    def deliver() -> list[str]:
        with app.app_context():
            while deliver_next("sms", transport_for("sms", settings), settings):
                pass
        return Gateway.texts

    return deliver


@pytest.fixture
def disable(app, clock) -> Callable[[Person], None]:
    """Disable a user."""

    def change(person: Person) -> None:
        with app.app_context(), transaction():
            mine = update(User).where(User.id == person.user_id)
            db.session.execute(mine.values(disabled_at=clock.now))

    return change
