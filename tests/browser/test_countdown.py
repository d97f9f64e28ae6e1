"""The countdown to the next message, and the time left that is spoken."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.somebody import Somebody

pytestmark = pytest.mark.browser
SECOND = 1000  # milliseconds
MINUTE = 60 * SECOND
AT_FIRST = re.compile(r"^You can ask again in (30|25) seconds\.$")


@pytest.fixture
def ada(somebody) -> Somebody:
    """Somebody whose browser's clock obeys the test, with a code on its way."""
    return with_clock(somebody(), timedelta(0))


def with_clock(ada: Somebody, wrong_by: timedelta) -> Somebody:
    """Have a code sent to a browser whose clock is off by `wrong_by`."""
    ada.context.clock.install(time=datetime.now(UTC) + wrong_by)
    ada.ask()
    return ada


def wait_text(ada: Somebody) -> Locator:
    return ada.page.locator("[data-countdown]")


def spoken(ada: Somebody) -> Locator:
    return ada.page.locator("[data-time-left]")


def test_the_wait_counts_down_and_ends_in_a_button(ada):
    expect(ada.button("Send it again")).to_be_hidden()
    expect(wait_text(ada)).to_have_text(AT_FIRST)
    ada.page.clock.run_for(12 * SECOND)
    expect(wait_text(ada)).to_have_text(re.compile(r"^You can ask again in (20|15) seconds\.$"))
    ada.page.clock.run_for(19 * SECOND)
    expect(wait_text(ada)).to_be_hidden()
    expect(ada.button("Send it again")).to_be_visible()


def test_the_wait_is_no_live_region(ada):
    assert ada.page.locator("[data-countdown]").evaluate(
        "text => !text.closest('[role=status], [role=alert], [aria-live]')"
    )


def test_a_button_that_came_too_early_leads_to_the_true_wait(ada):
    ada.page.clock.run_for(31 * SECOND)
    ada.press("Send it again")
    expect(ada.page.get_by_role("alert")).to_contain_text("You can ask again in")
    assert ada.site.count(ada.address) == 1


def test_a_lid_that_was_closed_takes_nothing_from_the_wait(ada):
    ada.page.clock.fast_forward(40 * SECOND)
    expect(ada.button("Send it again")).to_be_visible()


def test_one_minute_before_the_end_it_is_said_politely(ada):
    expect(spoken(ada)).to_have_text("")
    expect(spoken(ada)).to_have_attribute("role", "status")
    ada.page.clock.run_for(9 * MINUTE + 5 * SECOND)
    expect(spoken(ada)).to_contain_text("1 minute")
    expect(spoken(ada)).to_have_attribute("role", "status")


def test_a_tab_that_slept_through_the_minute_says_what_is_left(ada):
    ada.page.clock.fast_forward(9 * MINUTE + 10 * SECOND)
    ada.page.clock.run_for(5 * SECOND)
    expect(spoken(ada)).not_to_have_text("")


def run_out(ada: Somebody) -> None:
    """Let the code run out, on the server and in the open page."""
    ada.site.let_pass(minutes=10)
    ada.page.clock.fast_forward(9 * MINUTE + 55 * SECOND)
    ada.page.clock.run_for(7 * SECOND)


def test_at_the_end_the_page_says_so_and_leads_on(ada):
    run_out(ada)
    expect(ada.page).to_have_title("That code ran out – Example")
    ada.press("Send a new code")
    assert ada.title == "Enter your code"


def test_at_the_end_nothing_that_was_typed_is_lost(ada):
    expect(spoken(ada)).to_have_class("visually-hidden")
    ada.field.fill("12")
    run_out(ada)
    expect(spoken(ada)).to_have_attribute("role", "alert")
    expect(spoken(ada)).to_have_text("Your code has run out. Send a new code.")
    expect(spoken(ada)).to_have_class("notice notice-error")
    expect(spoken(ada)).to_be_in_viewport()
    expect(ada.field).to_have_value("12")
    ada.press("Send a new code")
    assert ada.title == "Enter your code"


def test_a_page_that_counts_faster_than_the_server_is_shown_again(ada):
    ada.page.clock.fast_forward(9 * MINUTE + 55 * SECOND)
    with ada.page.expect_navigation():
        ada.page.clock.run_for(7 * SECOND)
    assert ada.title == "Enter your code"


@pytest.mark.parametrize("minutes", [-7, 12])
def test_a_browser_whose_clock_is_wrong_counts_the_true_seconds(somebody, minutes):
    ada = with_clock(somebody(), timedelta(minutes=minutes))
    expect(wait_text(ada)).to_have_text(AT_FIRST)
    expect(spoken(ada)).to_have_text("")
    ada.page.clock.run_for(31 * SECOND)
    expect(ada.button("Send it again")).to_be_visible()
