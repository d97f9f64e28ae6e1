"""The gate in a real browser, before a real nginx: on the way in, over, and refused."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.looks import assert_axe_finds_nothing, assert_it_fits
from tests.browser.site import Site
from tests.browser.somebody import Somebody
from tests.helpers.gated import Gated, gated

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def behind(chromium, tmp_path_factory) -> Iterator[Gated]:
    """Two apps behind a real nginx."""
    with gated(tmp_path_factory.mktemp("gated")) as site:
        yield site


@pytest.fixture
def ada(behind, somebody) -> Callable[..., Somebody]:
    """Return somebody in front of that site: `ada(java_script_enabled=False)`."""
    database = behind.server.environ["OTPAPP_DATABASE_URL"].removeprefix("sqlite:///")
    at = Site(behind.server.url, Path(database))
    return lambda **options: somebody(at, **options)


def come_in(ada: Somebody, url: str) -> None:
    """Open an address of an app and sign in on the way."""
    ada.page.goto(url)
    ada.identifier.fill(ada.address)
    ada.press("Send me a code")
    ada.field.fill(ada.code)
    ada.button("Continue").click()
    ada.page.wait_for_url(lambda found: ada.site.url not in found)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_whole_way(behind, ada, scripts):
    """App, sign-in, the same page; the second app without a code; out of both at once."""
    ada = ada(java_script_enabled=scripts)
    page = f"{behind.wiki}/page?a=1&b=2"
    come_in(ada, page)
    assert ada.page.url == page
    assert f'"Remote-User", "{ada.address}"' in ada.page.content()
    ada.page.goto(f"{behind.books}/shelf")
    assert ada.page.url == f"{behind.books}/shelf"
    ada.sign_out()
    for origin in (behind.wiki, behind.books):
        ada.page.goto(f"{origin}/x")
        assert ada.path == "/sign-in"


def test_the_back_button_leads_to_no_used_ticket(behind, ada):
    ada = ada()
    come_in(ada, f"{behind.wiki}/first")
    ada.page.goto(f"{behind.wiki}/second")
    ada.page.go_back()
    assert ada.page.url == f"{behind.wiki}/first"
    ada.page.go_back()
    assert ada.page.url.startswith((behind.server.url, behind.wiki))
    assert "way in is over" not in ada.page.content()


def test_two_tabs_come_in_at_once(behind, ada):
    ada = ada()
    other = ada.open_tab(ada.address)
    ada.page.goto(f"{behind.wiki}/one")
    other.page.goto(f"{behind.wiki}/two")
    ada.identifier.fill(ada.address)
    ada.press("Send me a code")
    ada.field.fill(ada.code)
    ada.button("Continue").click()
    ada.page.wait_for_url(f"{behind.wiki}/one")
    other.page.reload()
    other.page.get_by_role("link", name="Continue").click()
    other.page.wait_for_url(f"{behind.wiki}/two")
    ada.page.reload()
    assert ada.page.url == f"{behind.wiki}/one"


def refused(behind: Gated, ada: Somebody) -> None:
    come_in(ada, f"{behind.wiki}/")
    ada.page.goto(f"{behind.wiki}/office/{'a-long-name-' * 8}")


def asked_for_more(behind: Gated, ada: Somebody) -> None:
    come_in(ada, f"{behind.wiki}/")
    ada.page.goto(f"{behind.wiki}/vault/x")


def form_lost(behind: Gated, ada: Somebody) -> None:
    come_in(ada, f"{behind.wiki}/")
    ada.page.goto(f"{behind.wiki}/.otpapp/start?rd={behind.wiki}/page&lost=1")


def form_lost_and_signed_out(behind: Gated, ada: Somebody) -> None:
    ada.page.goto(f"{behind.wiki}/.otpapp/start?rd={behind.wiki}/page&lost=1")


def led_elsewhere(behind: Gated, ada: Somebody) -> None:
    ada.page.goto(f"{behind.wiki}/.otpapp/start?rd=https://evil.example/")


def used(behind: Gated, ada: Somebody) -> None:
    ada.page.goto(f"{behind.wiki}/.otpapp/start")
    ada.page.goto(f"{behind.wiki}/.otpapp/enter?ticket=used")


def without_cookies(behind: Gated, ada: Somebody) -> None:
    ada.page.goto(f"{behind.wiki}/.otpapp/enter?ticket=x")


def going_round(behind: Gated, ada: Somebody) -> None:
    come_in(ada, f"{behind.wiki}/")
    for _ in range(2):
        ada.page.goto(f"{behind.wiki}/.otpapp/start")


def no_app(behind: Gated, ada: Somebody) -> None:
    ada.page.goto(f"{behind.server.url}/gate/enter?rd=https://evil.example/")


def launcher(behind: Gated, ada: Somebody) -> None:
    come_in(ada, f"{behind.wiki}/")
    ada.open("/")


STATES = {
    refused: "This is not open to you",
    asked_for_more: "Wiki asks for more",
    form_lost: "Your form was not sent",
    form_lost_and_signed_out: "Sign in",
    led_elsewhere: "This link leads elsewhere",
    used: "This way in is over",
    without_cookies: "Your browser keeps no cookies of this site",
    going_round: "This site is not set up right",
    no_app: "This link leads elsewhere",
    launcher: "You are signed in",
}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_page_of_the_gate_is_readable_by_everybody(behind, ada, state, complaints):
    ada = ada()
    state(behind, ada)
    complaints.clear()  # Chromium notes the status of an error page
    expect(ada.page.locator("h1")).to_have_text(STATES[state])
    assert_axe_finds_nothing(ada)
    assert_it_fits(ada)


def test_a_refusal_can_be_left_by_keyboard(behind, ada):
    ada = ada()
    refused(behind, ada)
    ada.page.keyboard.press("Tab")
    stops = ada.page.evaluate("document.activeElement.href")
    assert stops.startswith(behind.server.url)


def test_a_form_sent_too_late_says_so_and_leads_back(behind, ada):
    ada = ada()
    come_in(ada, f"{behind.wiki}/page")
    ada.sign_out()
    ada.page.goto("about:blank")
    ada.page.goto(f"{behind.wiki}/public/form")
    form = f'<form method="post" action="{behind.wiki}/save"><button>Save</button></form>'
    ada.page.set_content(form)
    ada.page.get_by_role("button", name="Save").click()
    expect(ada.page.get_by_role("status")).to_contain_text("Your form was not sent")
    assert not [seen for seen in behind.backend.seen if seen == ("POST", "/save")]


def test_the_home_page_opens_the_apps(behind, ada):
    ada = ada()
    launcher(behind, ada)
    ada.page.get_by_role("link", name=re.compile("^Books")).click()
    ada.page.wait_for_url(f"{behind.books}/")
    assert f'"Remote-User", "{ada.address}"' in ada.page.content()
