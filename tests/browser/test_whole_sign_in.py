"""The whole sign-in: phone and desk, light and dark, by mail and by text message."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import DESK_PAGE, PHONE_PAGE, new_address, new_number

pytestmark = pytest.mark.browser

by_either = pytest.mark.parametrize("new", [new_address, new_number], ids=["mail", "text-message"])


@pytest.fixture(params=[PHONE_PAGE, DESK_PAGE], ids=["phone", "desk"])
def viewport(request) -> dict:
    return request.param


@pytest.fixture(params=["light", "dark"])
def color_scheme(request) -> str:
    return request.param


@by_either
def test_somebody_types_an_address_then_the_code_and_is_in(somebody, viewport, color_scheme, new):
    ada = somebody(address=new(), viewport=viewport, color_scheme=color_scheme)
    ada.open("/")
    assert ada.path == "/sign-in"
    ada.identifier.fill(ada.address)
    ada.press("Send me a code")
    expect(ada.page.get_by_text("A code is on its way to")).to_contain_text(ada.shown)
    reference = ada.page.locator(".reference").inner_text()
    assert reference in ada.site.newest(ada.address)
    ada.answer(ada.code)
    expect(ada.page).to_have_title("You are signed in – Example")
    proof = "text message" if new is new_number else "email"
    expect(ada.page.locator(".facts")).to_contain_text(f"a code sent by {proof}")
    ada.press("Sign out")
    expect(ada.page.get_by_role("status")).to_have_text("You are signed out.")


@by_either
def test_the_code_page_and_the_home_page_write_the_address_alike(somebody, new):
    ada = somebody(address=new())
    ada.ask()
    on_the_code_page = ada.page.locator("main .address").inner_text()
    ada.answer(ada.code)
    expect(ada.page.locator("main .address")).to_have_text(on_the_code_page)


def test_the_pages_are_light_or_dark_as_the_browser_asks(somebody, color_scheme):
    ada = somebody(color_scheme=color_scheme)
    ada.open("/sign-in")
    paper, ink = ada.page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (_lightness(paper) > _lightness(ink)) == (color_scheme == "light")


def test_keeping_somebody_signed_in_shows_on_the_home_page(somebody):
    ada = somebody()
    ada.open("/sign-in")
    ada.identifier.fill(ada.address)
    ada.page.get_by_label("Keep me signed in on this device").check()
    ada.press("Send me a code")
    ada.answer(ada.code)
    expect(ada.page.locator(".facts")).to_contain_text("stays signed in")
    lasting = [one["name"] for one in ada.context.cookies() if one["expires"] > 0]
    assert "otpapp" in lasting, "the cookie ends with the browser"


def _lightness(colour: str) -> float:
    found = re.match(r"oklch\(([0-9.]+)", colour)
    assert found, colour
    return float(found[1])
