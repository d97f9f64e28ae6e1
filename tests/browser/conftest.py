"""A real Chromium in front of the real server; every page that complains fails its test.

Both live as long as this folder's tests, not longer: Playwright keeps an event loop running in
the main thread, which no other test should have to meet.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.site import Site
from tests.browser.somebody import Somebody
from tests.helpers.served import served

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
ROOMY = {
    "OTPAPP_LIMIT_SENDS_PER_IP": "1000",
    "OTPAPP_LIMIT_SENDS_PER_SITE": "1000",
    "OTPAPP_LIMIT_FAILURES_PER_IP": "1000",
}
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The one Chromium of this folder's tests."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium, tmp_path_factory) -> Iterator[Site]:
    """The one server of this folder's tests, with room for many messages."""
    folder = tmp_path_factory.mktemp("served")
    with served(folder, **ROOMY) as server:
        yield Site(server.url, folder / "served.sqlite3")


@pytest.fixture
def fresh_site(chromium, tmp_path) -> Iterator[Site]:
    """A server that nobody has used yet; ask for it before `somebody`, who must leave it first."""
    with served(tmp_path, **ROOMY) as server:
        yield Site(server.url, tmp_path / "served.sqlite3")


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What browsers complain about: console errors, CSP violations, faults in scripts."""
    heard: list[str] = []
    yield heard
    assert not heard, heard


@pytest.fixture
def somebody(chromium, site, complaints) -> Iterator[Callable[..., Somebody]]:
    """Return people, each with a new browser of their own: `somebody(color_scheme="dark")`."""
    contexts = []

    def arrive(at: Site = site, address: str = "", init: str = "", **options) -> Somebody:
        context = chromium.new_context(**options)
        context.set_default_timeout(5000)
        context.on("console", lambda message: _note(complaints, message.type, message.text))
        context.on("weberror", lambda fault: complaints.append(f"script: {fault.error}"))
        if init:
            context.add_init_script(init)
        contexts.append(context)
        return Somebody(context, at, address)

    yield arrive
    for context in contexts:
        context.close()


def _note(complaints: list[str], kind: str, text: str) -> None:
    if kind in ("error", "warning") and not EXPECTED.match(text):
        complaints.append(f"{kind}: {text}")
