"""An open code page notices by itself how messages leave the site."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.site import Site
from tests.browser.somebody import Somebody

pytestmark = pytest.mark.browser
SECOND = 1000  # milliseconds


@pytest.fixture
def ada(fresh_site, somebody) -> Somebody:
    """Somebody whose browser's clock obeys the test, with a code that has arrived."""
    ada = somebody(fresh_site)
    ada.context.clock.install()
    ada.ask()
    assert ada.code
    return ada


def status(ada: Somebody) -> Locator:
    return ada.page.locator("#delivery")


def say(site: Site, **columns: object) -> None:
    """Have the message of the site look as if it had fared otherwise."""
    changes = ", ".join(f"{name} = ?" for name in columns)
    with closing(sqlite3.connect(site.database, timeout=5)) as connection, connection:
        connection.execute(f"UPDATE messages SET {changes}", tuple(columns.values()))


def test_a_page_that_is_open_tells_of_a_fault_and_of_its_end(ada):
    expect(status(ada)).to_have_text("Mail goes out without delay.")
    say(ada.site, ended_at=None, stuck=True, due_at="2999-01-01 00:00:00.000000")
    ada.page.clock.run_for(3 * SECOND)
    expect(status(ada)).to_contain_text("We cannot reach the mail server at the moment.")
    expect(status(ada)).to_have_attribute("data-flow", "failing")
    assert status(ada).evaluate("found => getComputedStyle(found).borderInlineStartWidth") == "5px"
    say(ada.site, ended_at="2026-01-01 00:00:00.000000")
    ada.page.clock.run_for(6 * SECOND)
    expect(status(ada)).to_have_text("Mail goes out without delay.")


def test_looking_takes_nothing_from_whoever_is_typing(ada):
    ada.field.press_sequentially("123")
    say(ada.site, ended_at=None, stuck=True, due_at="2999-01-01 00:00:00.000000")
    ada.page.clock.run_for(3 * SECOND)
    expect(status(ada)).to_have_attribute("data-flow", "failing")
    expect(ada.field).to_be_focused()
    expect(ada.field).to_have_value("123")


def test_a_page_whose_look_failed_looks_again(ada):
    looks: list[Route] = []

    def cut(route: Route) -> None:
        looks.append(route)
        route.fulfill(status=404) if len(looks) == 1 else route.continue_()

    ada.page.route("**/delivery/*", cut)
    say(ada.site, ended_at=None, stuck=True, due_at="2999-01-01 00:00:00.000000")
    for _ in range(60):
        if status(ada).get_attribute("data-flow") == "failing":
            break
        ada.page.clock.run_for(SECOND)
    expect(status(ada)).to_have_attribute("data-flow", "failing")
    assert len(looks) >= 2
