"""A real server of several processes, and the codes that it sent."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine

from tests.helpers.mailbox import Mailbox, code_in
from tests.helpers.served import Served, served
from tests.helpers.visitor import wait_for

MANY = "1000000"
NO_BUDGETS = {
    "OTPAPP_LIMIT_SENDS_PER_IP": MANY,
    "OTPAPP_LIMIT_SENDS_PER_SITE": MANY,
    "OTPAPP_LIMIT_FAILURES_PER_IP": MANY,
    "OTPAPP_LIMIT_FAILURES_PER_SITE": MANY,
}


@pytest.fixture
def sink() -> Iterator[Mailbox]:
    """A real SMTP server for one test's server."""
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def workers() -> int:
    """How many processes a server has; a module may override it."""
    return 4


@pytest.fixture
def sign_up() -> str:
    """Who may become a user; a module may override it."""
    return "open"


@pytest.fixture
def server(either_new_url, sink, tmp_path, workers, sign_up) -> Iterator[Served]:
    """A server on a new database of each kind; strangers in any number may use it."""
    mail = {
        "OTPAPP_MAIL_SERVER": "127.0.0.1",
        "OTPAPP_MAIL_PORT": str(sink.port),
        "OTPAPP_MAIL_DEFAULT_SENDER": "codes@example.org",
        "OTPAPP_DATABASE_URL": either_new_url,
        "OTPAPP_SIGN_UP": sign_up,
    }
    with served(tmp_path, workers, **mail, **NO_BUDGETS) as server:
        yield server


@pytest.fixture
def engine(either_new_url) -> Iterator[Engine]:
    """The server's database, to look at from outside."""
    engine = create_engine(either_new_url)
    yield engine
    engine.dispose()


@pytest.fixture
def code_for(sink) -> Callable[[str], str]:
    """Return the code of the only mail to an address, once it has come."""

    def code_for(address: str) -> str:
        def mails() -> list:
            return [mail for mail in list(sink.mails) if mail["To"] == address]

        wait_for(mails)
        return code_in(mails()[0])

    return code_for
