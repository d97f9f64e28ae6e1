"""PostgreSQL stopped and started under a running site: clear pages meanwhile, nothing lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from copy import deepcopy

import psycopg
import pytest

from tests.helpers import databases
from tests.helpers.databases import Cluster
from tests.helpers.mailbox import Mailbox, mail_at
from tests.helpers.served import served
from tests.helpers.visitor import wait_for
from tests.hold.clear import is_clear
from tests.hold.site import Site
from tests.web.helpers import words

pytestmark = pytest.mark.postgres

MANY = 6  # visitors, so that each of the two server processes meets some
WAITING = "FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of our own."""
    with databases.postgresql() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def site(cluster, tmp_path_factory) -> Iterator[Site]:
    """A site of two server processes, whose mails `flask worker` sends."""
    with ExitStack() as running:
        mailbox = running.enter_context(Mailbox())
        environ = {"OTPAPP_DATABASE_URL": cluster.url, "OTPAPP_SENDER": "none"}
        environ |= mail_at(mailbox.port)
        folder = tmp_path_factory.mktemp("gone")
        server = running.enter_context(served(folder, workers=2, **environ))
        running.enter_context(server.worker())
        yield Site(server, mailbox)


@pytest.fixture
def small_site(cluster, tmp_path) -> Iterator[Site]:
    """A site of one process that sends its own mails, on another database of the same server."""
    with psycopg.connect(cluster.url, autocommit=True) as operator:
        operator.execute("CREATE DATABASE small")
    url = cluster.url.replace("/postgres?", "/small?")
    with (
        Mailbox() as mailbox,
        served(tmp_path, OTPAPP_DATABASE_URL=url, **mail_at(mailbox.port)) as server,
    ):
        yield Site(server, mailbox)


@contextmanager
def away(cluster: Cluster) -> Iterator[None]:
    """Stop the database at once, as a crash would, and start it again after the block."""
    cluster.stop()
    try:
        yield
    finally:
        cluster.start()


@contextmanager
def only_reading(cluster: Cluster) -> Iterator[None]:
    """Let the database refuse every write during the block, as a standby does."""
    setting = "default_transaction_read_only"
    with psycopg.connect(cluster.url, autocommit=True) as operator:

        def put(change: str, value: str) -> None:
            operator.execute(f"ALTER SYSTEM {change}")
            operator.execute("SELECT pg_reload_conf()")
            wait_for(lambda: show(cluster, setting) == value)

        put(f"SET {setting} = on", "on")
        try:
            yield
        finally:
            put(f"RESET {setting}", "off")


def show(cluster: Cluster, setting: str) -> str:
    """Return what a new connection has for `setting`; all older ones have been told by then."""
    with psycopg.connect(cluster.url) as connection:
        return connection.execute(f"SHOW {setting}").fetchone()[0]


def test_while_it_is_away_every_page_says_so_at_once(site, cluster):
    ann, ben, cat = site.signed_in("ann"), site.asked("ben"), site.newcomer()
    forms = deepcopy((ann, ben, cat))
    with away(cluster):
        for _ in range(2):
            assert is_clear(ann, ann.open("/"))
            assert is_clear(ben, ben.open("/sign-in/code"))
            assert is_clear(cat, cat.open("/verify/cat@example.org/"))
            assert is_clear(cat, cat.open("/verify/cat@example.org/", "POST", json={"otp": "1"}))
        for visitor, action in zip(forms, ("/sign-out", "/sign-in/code", "/sign-in"), strict=True):
            assert is_clear(visitor, visitor.submit(action, code="123456", identifier="a@b.org"))
        assert cat.open("/sign-in").status_code == 200  # it needs no database
        assert cat.open("/healthz").status_code == 200
        unready = cat.open("/readyz")
        assert (unready.status_code, unready.json()["status"]) == (503, "unready")
        assert "does not answer" in unready.json()["faults"][0]
    assert cat.open("/readyz").json()["status"] == "ready"
    assert ann.is_in
    assert not ben.is_in
    assert "Traceback" not in site.server.log


def test_what_was_typed_meanwhile_works_when_it_is_back_and_once(site, cluster):
    dan, eve = site.asked("dan"), site.newcomer()
    code, twin = site.code("dan"), deepcopy(dan)
    with away(cluster):
        assert is_clear(dan, dan.submit("/sign-in/code", code=code))
        assert is_clear(eve, eve.submit("/sign-in", identifier="eve@example.org"))
    assert dan.submit("/sign-in/code").status_code == 303
    assert "already used" in words(twin.answer(code))
    eve.open(eve.submit("/sign-in").headers["Location"])
    eve.answer(site.code("eve"))
    assert dan.is_in
    assert eve.is_in
    assert site.broken() == {}


def test_a_restart_that_nobody_noticed_costs_nobody_an_answer(site, cluster):
    gus = site.signed_in("gus")
    with away(cluster):
        pass
    assert all(deepcopy(gus).is_in for _ in range(MANY))
    site.signed_in("hal")


def test_the_sender_threads_of_a_served_process_go_on_too(small_site, cluster):
    small_site.signed_in("leo")
    with away(cluster):
        wait_for(lambda: "sending by email stumbled" in small_site.server.log)
    small_site.signed_in("mia")
    assert "Traceback" not in small_site.server.log


def test_a_connection_cut_while_a_right_code_is_judged_leaves_nothing_behind(site, cluster):
    ian = site.asked("ian")
    code = site.code("ian")
    with psycopg.connect(cluster.url) as other, ThreadPoolExecutor() as pool:
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


def test_a_database_that_only_reads_shows_pages_and_signs_nobody_in(site, cluster):
    jan, kim = site.signed_in("jan"), site.asked("kim")
    code = site.code("kim")
    with only_reading(cluster):
        assert jan.is_in
        assert kim.open("/sign-in/code").status_code == 200
        assert is_clear(kim, kim.submit("/sign-in/code", code=code))
        assert is_clear(jan, jan.open("/verify/jan@example.org/"))
    assert site.broken() == {}
    assert kim.submit("/sign-in/code").status_code == 303
    assert kim.is_in
