"""The whole sign-in without JavaScript."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import account_states
from tests.browser.somebody import Somebody

pytestmark = pytest.mark.browser
SHOWS_AFTER = """(button, seconds) => {
    for (const one of button.getAnimations()) one.currentTime = seconds * 1000;
    return getComputedStyle(button).visibility === "visible";
}"""


@pytest.fixture
def ada(somebody) -> Somebody:
    """Somebody whose browser runs no script."""
    return somebody(java_script_enabled=False)


def shows_after(button: Locator, seconds: float) -> bool:
    """Say whether `button` can be seen that long after the page was opened."""
    return button.evaluate(SHOWS_AFTER, seconds)


def test_somebody_signs_in_and_out_without_script(ada):
    ada.sign_in()
    assert ada.title == "You are signed in"
    ada.press("Sign out")
    expect(ada.page.get_by_role("status")).to_have_text("You are signed out.")


def test_the_button_to_send_again_comes_by_itself_when_the_server_would_accept_it(ada):
    ada.ask()
    button = ada.page.locator("#resend")
    expect(button).to_be_hidden()
    expect(ada.page.locator("[data-countdown]")).to_contain_text("UTC")
    assert not shows_after(button, 25)
    assert shows_after(button, 31)


def test_sending_again_brings_the_same_code_once(ada):
    ada.ask()
    code = ada.code
    ada.site.let_pass(seconds=31)
    ada.page.reload()
    ada.press("Send it again")
    expect(ada.page.locator(".notice")).to_have_text("We sent the same code once more.")
    assert ada.site.code_for(ada.address, nth=2) == code
    ada.page.reload()
    ada.page.go_back()
    ada.page.go_forward()
    assert ada.site.count(ada.address) == 2
    ada.answer(code)
    assert ada.title == "You are signed in"


def test_reload_back_and_forward_send_nothing(ada):
    ada.ask()
    ada.page.reload()
    ada.page.go_back()
    assert ada.path == "/sign-in"
    ada.page.reload()
    ada.page.go_forward()
    assert ada.path == "/sign-in/code"
    assert ada.site.count(ada.address) == 1


def test_asking_again_for_the_same_address_points_to_the_code_that_was_sent(ada):
    ada.ask()
    ada.ask()
    expect(ada.page.locator(".notice")).to_contain_text("It still works.")
    assert ada.site.count(ada.address) == 1


def test_pressing_the_button_too_soon_says_when_and_sends_nothing(ada):
    ada.ask()
    assert shows_after(ada.page.locator("#resend"), 31)
    ada.page.locator("#resend").click()
    expect(ada.page.get_by_role("alert")).to_contain_text("You can ask again in")
    assert ada.site.count(ada.address) == 1


def test_without_script_an_error_is_what_has_the_focus(ada):
    ada.ask()
    ada.answer("12345")
    expect(ada.page.locator("#error-summary")).to_be_focused()
    expect(ada.page.get_by_role("alert")).to_contain_text("You entered 5.")


def test_without_script_a_session_ends_a_file_is_saved_and_the_trail_says_so(ada):
    account_states.ended_there(ada)
    expect(ada.page.get_by_role("status")).to_contain_text("That session is over")
    ada.open("/account/export")
    with ada.page.expect_download() as saved:
        ada.button("Save the file").click()
    assert saved.value.suggested_filename.startswith("all-about-me-")
    ada.open("/account/activity")
    newest = ada.page.locator(".trail li").first
    expect(newest).to_contain_text("You saved a file of all that is stored here")
    expect(newest).to_contain_text("UTC")
