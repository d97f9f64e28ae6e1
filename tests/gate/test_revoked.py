"""X29: who is signed out, disabled or no longer meant is refused at once, under load too."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.helpers.gated import Gated, gated
from tests.helpers.wire import Wire

CLIENTS = 4


class Load:
    """Clients that open one page again and again with the cookies of one browser."""

    def __init__(self, site: Gated, wire: Wire) -> None:
        self._site, self._over = site, threading.Event()
        self.passed: list[float] = []
        self.refused: list[float] = []
        self._threads = [
            threading.Thread(target=self._run, args=(dict(wire.cookies(site.wiki)),))
            for _ in range(CLIENTS)
        ]

    def _run(self, cookies: dict[str, str]) -> None:
        wire = Wire()
        while not self._over.is_set():
            wire.cookies(self._site.wiki).update(cookies)
            begun = time.monotonic()
            status = wire.get(f"{self._site.wiki}/page").status
            (self.passed if status == 200 else self.refused).append(begun)

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        self.wait(self.passed, 20)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    @staticmethod
    def wait(begun: list[float], count: int) -> None:
        """Wait until there are so many."""
        deadline = time.monotonic() + 20
        while len(begun) < count:
            assert time.monotonic() < deadline
            time.sleep(0.005)


def sign_out(site: Gated, wire: Wire) -> None:
    wire.submit(wire.get(f"{site.server.url}/"), "/sign-out")


def execute(site: Gated, statement: str) -> None:
    path = site.server.environ["OTPAPP_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        assert connection.execute(statement).rowcount


def disable(site: Gated, _: Wire) -> None:
    execute(site, "UPDATE users SET disabled_at = '2026-03-03 12:00:00.000000'")


def end_session(site: Gated, _: Wire) -> None:
    execute(site, "UPDATE user_sessions SET ended_at = '2026-03-03 12:00:00.000000'")


def close_app(site: Gated, _: Wire) -> None:
    site.flask("apps", "rule", "wiki", "/", "--allow", "group:nobody")


@pytest.fixture(scope="module", params=[0, 2], ids=["uncached", "cached"])
def own(request, tmp_path_factory) -> Iterator[Gated]:
    """A site of two processes, once with and once without nginx keeping answers."""
    folder = tmp_path_factory.mktemp("revoked")
    with gated(folder, workers=2, OTPAPP_GATE_CACHE_SECONDS=str(request.param)) as site:
        site.cache_seconds = request.param
        yield site


@pytest.mark.parametrize("revoke", [sign_out, end_session, close_app, disable])
def test_nothing_passes_after_it(own, address, revoke):
    wire = Wire()
    own.flask("apps", "rule", "wiki", "/", "--allow", "everyone")
    assert own.sign_in(wire, address, f"{own.wiki}/page").status == 200
    with Load(own, wire) as load:
        revoke(own, wire)
        at = time.monotonic()
        load.wait(load.refused, 40)
        # nginx counts whole seconds.
        price = own.cache_seconds + 1 if own.cache_seconds else 0
        time.sleep(price + 0.2)
        late = [begun for begun in load.passed if begun > at + price]
    assert not late, f"{len(late)} passed, the last {max(late) - at:.2f} s after"
    assert len(load.passed) >= 20


def test_what_one_browser_may_open_another_may_not(own, address):
    """nginx-ldap-auth #103: a kept answer is of the cookie that it was given to."""
    own.flask("apps", "rule", "wiki", "/", "--allow", "everyone")
    wire, other = Wire(), Wire()
    assert own.sign_in(wire, address, f"{own.wiki}/page").status == 200
    for _ in range(3):
        assert wire.get(f"{own.wiki}/page").status == 200
        assert other.get(f"{own.wiki}/page").status == 303
        other.cookies(own.wiki)["x"] = "1"
        assert other.get(f"{own.wiki}/page", "Authorization: Basic eDp5").status == 303
    assert wire.get(f"{own.wiki}/admin/x").status == 403


def test_the_settings_that_let_revoked_sessions_live_on_are_never_written(own):
    text = (own.folder / "wiki.site").read_text()
    assert ("proxy_cache " in text) == bool(own.cache_seconds)
    for setting in ("use_stale", "background_update", "proxy_cache_valid"):
        assert setting not in text
