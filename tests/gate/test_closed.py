"""X27: whatever befalls the gate, the proxy lets nobody through who was not let through by it."""

import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.helpers.disks import Quota
from tests.helpers.gated import PROXIES, TO_SIGN_IN, Gated, gated
from tests.helpers.mailbox import free_port
from tests.helpers.wire import Wire

WORST = 8.0  # seconds that anybody waits; nginx waits 2 for a connection and 3 for an answer


@pytest.fixture(scope="module", params=PROXIES, ids=lambda kind: kind.kind)
def own(request, tmp_path_factory) -> Iterator[Gated]:
    """A site that these tests may harm; each leaves it as it was."""
    with gated(tmp_path_factory.mktemp("closed"), workers=2, kind=request.param) as site:
        yield site


@pytest.fixture
def ann(own, address) -> Wire:
    """Somebody who signed in while all was well."""
    wire = Wire()
    assert own.sign_in(wire, address).status == 200
    return wire


@pytest.fixture
def assert_closed(own, ann, stranger):
    """Return what asserts that nothing gets to the app, in bounded time."""

    def assert_closed() -> None:
        own.backend.seen.clear()
        for wire in (ann, stranger):
            for path in ("/x", "/admin/x", "/public/x"):
                begun = time.monotonic()
                assert wire.get(own.wiki + path).status >= 400
                assert time.monotonic() - begun < WORST
        assert not own.backend.seen

    return assert_closed


def test_a_gate_that_was_killed_lets_nobody_through(own, ann, assert_closed):
    own.server.kill()
    assert_closed()
    own.server.start()
    assert ann.get(f"{own.wiki}/x").status == 200, "nobody is signed out by a restart"


def test_a_gate_that_hangs_lets_nobody_through(own, ann, assert_closed):
    own.server.kill()
    # What a proxy sees of a gate that hangs; no stopped process, which others could wake.
    with socket.create_server(("127.0.0.1", own.server.port)):
        assert_closed()
    own.server.start()
    assert ann.get(f"{own.wiki}/x").status == 200


def test_a_gate_whose_database_is_broken_lets_nobody_through(own, ann, assert_closed):
    path = own.server.environ["OTPAPP_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        connection.execute("ALTER TABLE app_sessions RENAME TO aside")
        try:
            assert_closed()
        finally:
            connection.execute("ALTER TABLE aside RENAME TO app_sessions")
    assert ann.get(f"{own.wiki}/x").status == 200


def test_a_full_disk_lets_in_who_was_in_and_nobody_else(own, ann, stranger):
    disk = Quota(own.folder)
    disk.fill(own.server)
    try:
        assert ann.get(f"{own.wiki}/x").status == 200
        assert ann.get(f"{own.wiki}/admin/x").status == 403
        assert stranger.get(f"{own.wiki}/x").status in TO_SIGN_IN
        page = ann.open(f"{own.books}/x")
        assert page.status == 503, "a way in needs to be written down"
    finally:
        disk.free(own.server)
    assert ann.open(f"{own.books}/x").status == 200


class Stub(ThreadingHTTPServer):
    """What is asked in place of the gate: always says the same."""

    answer: tuple[int, tuple[str, str] | None] = (500, None)


class _Say(BaseHTTPRequestHandler):
    server: Stub

    def do_GET(self) -> None:  # noqa: N802
        status, header = self.server.answer
        self.send_response(status)
        if header:
            self.send_header(*header)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def stub(own) -> Iterator[Stub]:
    """A third app, whose proxy asks it."""
    server = Stub(("127.0.0.1", 0), _Say)
    Thread(target=server.serve_forever, daemon=True).start()
    own.apps["stub"] = f"http://stub.localhost:{free_port()}"
    own.flask("apps", "add", "stub", own.apps["stub"])
    own.write("stub", "--at", f"127.0.0.1:{server.server_address[1]}")
    own.reload()
    yield server
    server.shutdown()
    server.server_close()


WRONG = {
    "500": (500, None),
    "503": (503, None),
    "302": (302, ("Location", "https://evil.example/")),
    "400": (400, None),
    "404": (404, None),
    "429": (429, None),
    "401 without a way in": (401, None),
    "403": (403, None),
    "401 with too much": (401, ("Location", "http://x/" + "x" * 40_000)),
    "200 with too much": (200, ("Cookie", "x" * 40_000)),
}


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG)
def test_what_is_no_answer_of_the_gate_lets_nobody_through(own, ann, stranger, stub, answer):
    stub.answer = answer
    own.backend.seen.clear()
    # Caddy takes headers of any such size, and then it is a yes.
    is_yes = own.kind == "caddy" and answer[0] == 200
    for wire in (ann, stranger):
        assert (wire.get(f"{own.apps['stub']}/x").status == 200) is is_yes
    assert bool(own.backend.seen) is is_yes
