"""Where signing in leads to, and what the back button finds after signing out."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_signing_in_returns_to_the_page_that_asked_for_it(somebody):
    ada = somebody()
    ada.sign_in("/sign-in?next=/nope")
    assert ada.path == "/nope"
    assert ada.title == "Page not found"


def test_the_way_back_outlives_a_wrong_address_and_a_changed_one(somebody):
    ada = somebody()
    ada.open("/sign-in?next=/nope%3Fa%3D1")
    ada.identifier.fill("nobody at all")
    ada.press("Send me a code")
    ada.identifier.fill("somebody-else@example.org")
    ada.press("Send me a code")
    ada.page.get_by_role("link", name="Use a different address").click()
    expect(ada.identifier).to_have_value("somebody-else@example.org")
    ada.identifier.fill(ada.address)
    ada.press("Send me a code")
    ada.answer(ada.code)
    assert ada.page.url == f"{ada.site.url}/nope?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/%5Cevil.example/",
        "/%09/evil.example/",
        "javascript:alert(1)",
    ],
)
def test_a_foreign_next_leads_home(somebody, elsewhere):
    ada = somebody()
    ada.sign_in(f"/sign-in?next={elsewhere}")
    assert ada.page.url == f"{ada.site.url}/"


def test_after_signing_out_the_back_button_does_not_show_the_page(somebody):
    ada = somebody()
    ada.sign_in()
    ada.press("Sign out")
    ada.page.go_back()
    assert ada.path == "/sign-in"
    expect(ada.page.locator("body")).not_to_contain_text(ada.address)


def test_after_signing_in_the_back_button_does_not_show_the_code(somebody):
    ada = somebody()
    ada.sign_in()
    ada.page.go_back()
    assert ada.title == "You are signed in"
    expect(ada.page.get_by_role("link", name="Continue")).to_be_visible()


def test_a_code_asked_for_in_another_browser_is_not_taken_here(somebody):
    ada, eve = somebody(), somebody()
    ada.ask()
    eve.page.goto(ada.page.url)
    assert eve.title == "No code was asked for here"
    expect(eve.page.locator("body")).not_to_contain_text(ada.address)
    expect(eve.page.locator("input")).to_have_count(0)
    eve.page.get_by_role("link", name="Send a code to this browser").click()
    expect(eve.identifier).to_be_focused()
