"""Passwords in a real browser: shown and hidden, by keys alone, without scripts, in every look."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOMY
from tests.browser.looks import assert_axe_finds_nothing, assert_it_fits
from tests.browser.site import Site
from tests.browser.somebody import Somebody
from tests.browser.test_keyboard import focused, tab_stops, type_and_enter
from tests.helpers.served import served

pytestmark = pytest.mark.browser
GOOD = "seven purple elephants"


@pytest.fixture(scope="module")
def password_site(chromium, tmp_path_factory) -> Iterator[Site]:
    """A server that takes passwords."""
    folder = tmp_path_factory.mktemp("passwords")
    with served(folder, OTPAPP_PASSWORDS="true", **ROOMY) as server:
        yield Site(server.url, folder / "served.sqlite3")


@pytest.fixture
def ada(password_site, somebody, request) -> Somebody:
    """Somebody at that server; scripts are off where the test says so."""
    return somebody(at=password_site, java_script_enabled=getattr(request, "param", True))


def entry(ada: Somebody) -> None:
    ada.ask()


def wrong(ada: Somebody) -> None:
    ada.ask()
    give(ada, "not that one")


def give(ada: Somebody, typed: str) -> None:
    ada.page.get_by_label("Password", exact=True).fill(typed)
    ada.press("Continue")


def choosing(ada: Somebody) -> None:
    ada.ask("/sign-in?next=/account/security/password")
    ada.press("I have no password")
    ada.answer(ada.code)


def refused(ada: Somebody) -> None:
    choosing(ada)
    ada.page.get_by_label("New password").fill("short")
    ada.press("Use this password")


def chosen(ada: Somebody) -> None:
    choosing(ada)
    ada.page.get_by_label("New password").fill(GOOD)
    ada.press("Use this password")


def stepping_up(ada: Somebody) -> None:
    chosen(ada)
    ada.site.let_pass(minutes=11)
    ada.open("/account/security/password")


def by_message(ada: Somebody) -> None:
    chosen(ada)
    ada.sign_out()
    ada.site.let_pass(minutes=2)
    ada.ask()
    give(ada, GOOD)
    ada.open("/prove")


STATES = {
    entry: "Enter your password",
    wrong: "That password is not right.",
    choosing: "Choose a password",
    refused: "Use a longer password",
    stepping_up: "What you are about to do needs a fresh proof",
    by_message: "A code by message",
}


@pytest.mark.parametrize(("reach", "said"), STATES.items(), ids=[one.__name__ for one in STATES])
def test_every_page_is_sound_in_every_look_and_on_small_screens(ada, reach, said):
    reach(ada)
    ada.page.get_by_text(said).first.wait_for()
    assert_axe_finds_nothing(ada)
    assert_it_fits(ada)


@pytest.mark.parametrize("ada", [True, False], ids=["with scripts", "without"], indirect=True)
def test_the_whole_way_by_password_and_code(ada):
    chosen(ada)
    ada.sign_out()
    ada.site.let_pass(minutes=2)
    ada.ask()
    give(ada, GOOD)
    expect(ada.page).to_have_title("Enter your code – Example")
    ada.answer(ada.site.code_for(ada.address, nth=2))
    expect(ada.page.get_by_text("a password, a code sent by email")).to_be_visible()


def test_what_is_typed_can_be_shown_and_is_hidden_before_it_is_sent(ada):
    ada.ask()
    field = ada.page.locator("#password")
    expect(field).to_have_attribute("type", "password")
    ada.page.get_by_label("Show what I type").check()
    expect(field).to_have_attribute("type", "text")
    ada.page.get_by_label("Show what I type").uncheck()
    expect(field).to_have_attribute("type", "password")


def test_keys_alone_lead_through_the_page(ada):
    ada.ask()
    assert focused(ada) == "Password"
    assert tab_stops(ada, 5) == [
        "Password",
        "Show what I type",
        "Continue",
        "I have no password",
        "Use a different address",
    ]
    ada.page.locator("#password").focus()
    type_and_enter(ada, "not that one")
    expect(ada.page.get_by_role("alert")).to_be_focused()
