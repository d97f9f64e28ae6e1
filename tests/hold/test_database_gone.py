"""PostgreSQL stopped and started under a running site: clear pages meanwhile, nothing lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass

import psycopg
import pytest
from sqlalchemy import create_engine

from tests.helpers import databases, invariants
from tests.helpers.databases import Cluster
from tests.helpers.mailbox import Mailbox, code_in, mail_at
from tests.helpers.served import Served, served
from tests.helpers.visitor import HttpVisitor, wait_for
from tests.hold.clear import is_clear
from tests.web.helpers import words

pytestmark = pytest.mark.postgres

MANY = 6  # visitors, so that each of the two server processes meets some
WAITING = "FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@dataclass
class Site:
    """A served site with its mail server, on a PostgreSQL of its own."""

    server: Served
    cluster: Cluster
    mailbox: Mailbox

    def visitor(self, name: str) -> HttpVisitor:
        """Return somebody who asked for a code."""
        visitor = HttpVisitor(self.server)
        visitor.ask(f"{name}@example.org")
        return visitor

    def signed_in(self, name: str) -> HttpVisitor:
        """Return somebody who signed in."""
        visitor = self.visitor(name)
        visitor.answer(self.code(name))
        assert visitor.is_in
        return visitor

    def code(self, name: str) -> str:
        """Return the code that was mailed to `name`."""
        arrived = lambda: [mail for mail in self.mailbox.mails if name in mail["To"]]  # noqa: E731
        wait_for(arrived)
        return code_in(arrived()[-1])

    def broken(self) -> dict[str, list]:
        """Return the invariants that do not hold."""
        engine = create_engine(self.cluster.url)
        try:
            return invariants.broken(engine)
        finally:
            engine.dispose()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    """A site of two server processes, whose mails `flask worker` sends."""
    with ExitStack() as running:
        mailbox = running.enter_context(Mailbox())
        cluster = running.enter_context(databases.postgresql())
        environ = {"OTPAPP_DATABASE_URL": cluster.url, "OTPAPP_SENDER": "none"}
        environ |= mail_at(mailbox.port)
        folder = tmp_path_factory.mktemp("gone")
        server = running.enter_context(served(folder, workers=2, **environ))
        running.enter_context(server.worker())
        yield Site(server, cluster, mailbox)


@pytest.fixture
def small_site(site, tmp_path) -> Iterator[Site]:
    """A site of one process that sends its own mails, on another database of the same server."""
    with psycopg.connect(site.cluster.url, autocommit=True) as operator:
        operator.execute("CREATE DATABASE small")
    url = site.cluster.url.replace("/postgres?", "/small?")
    with (
        Mailbox() as mailbox,
        served(tmp_path, OTPAPP_DATABASE_URL=url, **mail_at(mailbox.port)) as server,
    ):
        yield Site(server, site.cluster, mailbox)


@contextmanager
def away(site: Site) -> Iterator[None]:
    """Stop the database at once, as a crash would, and start it again after the block."""
    site.cluster.stop()
    try:
        yield
    finally:
        site.cluster.start()


@contextmanager
def only_reading(site: Site) -> Iterator[None]:
    """Let the database refuse every write during the block, as a standby does."""
    with psycopg.connect(site.cluster.url, autocommit=True) as operator:
        operator.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        operator.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            operator.execute("ALTER SYSTEM RESET default_transaction_read_only")
            operator.execute("SELECT pg_reload_conf()")


def test_while_it_is_away_every_page_says_so_at_once(site):
    ann, ben, cat = site.signed_in("ann"), site.visitor("ben"), HttpVisitor(site.server)
    cat.open("/sign-in")
    forms = deepcopy((ann, ben, cat))
    with away(site):
        for _ in range(2):
            assert is_clear(ann, ann.open("/"))
            assert is_clear(ben, ben.open("/sign-in/code"))
            assert is_clear(cat, cat.open("/verify/cat@example.org/"))
            assert is_clear(cat, cat.open("/verify/cat@example.org/", "POST", json={"otp": "1"}))
        for visitor, action in zip(forms, ("/sign-out", "/sign-in/code", "/sign-in"), strict=True):
            assert is_clear(visitor, visitor.submit(action, code="123456", identifier="a@b.org"))
        assert cat.open("/sign-in").status_code == 200  # it needs no database
    assert ann.is_in
    assert not ben.is_in
    assert "Traceback" not in site.server.log


def test_what_was_typed_meanwhile_works_when_it_is_back_and_once(site):
    dan, eve = site.visitor("dan"), HttpVisitor(site.server)
    code, twin = site.code("dan"), deepcopy(dan)
    eve.open("/sign-in")
    with away(site):
        assert is_clear(dan, dan.submit("/sign-in/code", code=code))
        assert is_clear(eve, eve.submit("/sign-in", identifier="eve@example.org"))
    assert dan.submit("/sign-in/code").status_code == 303
    assert "already used" in words(twin.answer(code))
    eve.open(eve.submit("/sign-in").headers["Location"])
    eve.answer(site.code("eve"))
    assert dan.is_in
    assert eve.is_in
    assert site.broken() == {}


def test_a_restart_that_nobody_noticed_costs_nobody_an_answer(site):
    gus = site.signed_in("gus")
    with away(site):
        pass
    assert all(deepcopy(gus).is_in for _ in range(MANY))
    site.signed_in("hal")


def test_the_sender_threads_of_a_served_process_go_on_too(small_site):
    small_site.signed_in("leo")
    with away(small_site):
        wait_for(lambda: "sending by email stumbled" in small_site.server.log)
    small_site.signed_in("mia")
    assert "Traceback" not in small_site.server.log


def test_a_connection_cut_while_a_right_code_is_judged_leaves_nothing_behind(site):
    ian = site.visitor("ian")
    code = site.code("ian")
    with psycopg.connect(site.cluster.url) as other, ThreadPoolExecutor() as pool:
        # The session of a right answer is written after the row that is locked here.
        other.execute("SELECT id FROM identifiers WHERE key = 'ian@example.org' FOR UPDATE")
        answer = pool.submit(ian.submit, "/sign-in/code", code=code)
        wait_for(lambda: other.execute(f"SELECT 1 {WAITING}").fetchone())
        other.execute(f"SELECT pg_terminate_backend(pid, 5000) {WAITING}")
        assert is_clear(ian, answer.result())
    assert site.broken() == {}
    assert not ian.is_in
    ian.page = answer.result().text
    assert ian.submit("/sign-in/code").status_code == 303
    assert ian.is_in


def test_a_database_that_only_reads_shows_pages_and_signs_nobody_in(site):
    jan, kim = site.signed_in("jan"), site.visitor("kim")
    code = site.code("kim")
    with only_reading(site):
        assert jan.is_in
        assert kim.open("/sign-in/code").status_code == 200
        assert is_clear(kim, kim.submit("/sign-in/code", code=code))
        assert is_clear(jan, jan.open("/verify/jan@example.org/"))
    assert site.broken() == {}
    assert kim.submit("/sign-in/code").status_code == 303
    assert kim.is_in
