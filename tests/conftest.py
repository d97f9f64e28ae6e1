"""The words that tests are written in: app, client, clock, mailbox, alice, bob, signed_in."""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from flask import Flask

from otpapp import clock as app_clock
from otpapp import create_app
from otpapp.extensions import db
from otpapp.otp.keys import sealer
from otpapp.settings import Settings
from tests.helpers import databases, memory, quick
from tests.helpers.alone import in_turn
from tests.helpers.browser import Browser, new_browser
from tests.helpers.mailbox import Mailbox
from tests.helpers.people import ALICE, BOB, Person, add_person

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
SECRET = "a secret of the tests, long enough to pass 0123456789"
quick.build_addresses_when_needed()
quick.compile_statements_once()
memory.use_it()


class Clock:
    """The time of a test: stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = NOON

    def advance(self, **by: float) -> datetime:
        """Move forward, or back with a negative number, and return the new time."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that stands at noon UTC on 3 March 2026."""
    clock = Clock()
    with app_clock.reading(lambda: clock.now):
        yield clock


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL that lives as long as this test run."""
    with databases.postgresql() as cluster:
        yield cluster.url


@pytest.fixture
def sqlite_url(tmp_path) -> str:
    """The URL of an empty SQLite file."""
    return f"sqlite:///{tmp_path / 'otpapp.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_database(request) -> str:
    """The URL of a database of each kind in turn: a test that asks for it runs on both."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_new_url(request, sqlite_url) -> Iterator[str]:
    """The URL of a database of each kind without any table, for a server that migrates it."""
    if request.param == "sqlite":
        yield sqlite_url
        return
    cluster = request.getfixturevalue("postgres")
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute("CREATE DATABASE served")
        yield cluster.replace("/postgres?", "/served?")
        connection.execute("DROP DATABASE served WITH (FORCE)")


@pytest.fixture
def database_url(sqlite_url) -> str:
    """The URL of the test's database; folders whose tests run on both kinds override it."""
    return sqlite_url


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Mailbox]:
    """A real SMTP server on loopback that keeps what it is given."""
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def overrides() -> dict:
    """Settings that a test module changes, by overriding this fixture."""
    return {}


@pytest.fixture
def settings(database_url, smtp_server, overrides) -> Settings:
    """The settings of a production server whose mail goes to the test's own SMTP server."""
    return make_settings(
        **{"database_url": database_url, "mail_port": smtp_server.port, **overrides}
    )


def make_settings(**changes) -> Settings:
    """Return settings as a production server would have them, with `changes`."""
    usual = {
        "mode": "production",
        "secret_key": SECRET,
        "public_url": "https://auth.example.org",
        "site_name": "Example",
        "sign_up": "invited",
        "mail_server": "127.0.0.1",
        "mail_default_sender": "codes@example.org",
        "sender": "none",
        "sms_url": "json://127.0.0.1:9/{to}",
        "sms_regions": frozenset({"US"}),
    }
    return Settings(**{**usual, **changes})


@pytest.fixture
def app(settings, clock) -> Iterator[Flask]:
    """The app on an empty database."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = quick.TEMPLATES
    with app.app_context():
        databases.empty(db)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def context(app) -> Iterator[Flask]:
    """The app with its context open, for tests that call rules and need no request."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app) -> Browser:
    """A browser without scripts, over https."""
    return new_browser(app)


@pytest.fixture
def mailbox(app, smtp_server) -> Mailbox:
    """The SMTP server's mails; reading it first delivers what waits in the outbox."""
    smtp_server.attach(app)
    return smtp_server


@pytest.fixture
def alice(app, settings) -> Person:
    """Alice signs in by email; she holds the key of RFC 4226 Appendix D."""
    with app.app_context():
        return add_person(ALICE, sealer(settings.secrets))


@pytest.fixture
def bob(app, settings) -> Person:
    """Bob has only a phone."""
    with app.app_context():
        return add_person(BOB, sealer(settings.secrets))


def pytest_collection_finish() -> None:
    """Leave what is there for good out of each garbage collection: it is most of what there is."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser) -> None:
    """Add what `make soak` asks for."""
    parser.addoption("--soak", action="store_true", help="run long tests for longer")


@pytest.fixture(scope="session")
def soak(request) -> bool:
    """Whether there is time: `make soak` runs the same tests for longer."""
    return request.config.getoption("--soak")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem) -> Iterator[None]:
    """Have every other process wait while a test runs that wants to be alone."""
    folder = item.config.cache.mkdir("alone")
    with in_turn(folder, alone=item.get_closest_marker("alone") is not None):
        return (yield)


def pytest_terminal_summary(terminalreporter, exitstatus, config) -> None:
    """Say plainly what was not tested, and why."""
    for report in terminalreporter.stats.get("skipped", []):
        terminalreporter.write_line(f"NOT TESTED: {report.nodeid}: {report.longrepr[2]}")


def pytest_sessionfinish(session, exitstatus) -> None:
    """Where CI runs, nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = 1
