"""Nothing has to be scrolled sideways, and nothing is too small to hit."""

import pytest

from tests.browser.account_states import ACCOUNT
from tests.browser.address_states import ADDRESSES
from tests.browser.admin_states import ADMIN
from tests.browser.factor_states import FACTORS
from tests.browser.invitation_states import INVITATIONS
from tests.browser.people_states import PEOPLE_PAGES
from tests.browser.somebody import DESK_PAGE, Somebody, new_number

pytestmark = pytest.mark.browser
LONG = f"{'a-very-long-name-' * 3}%d@{'b' * 60}.{'c' * 60}.example.org"
SIZES = {"narrow": {"width": 320, "height": 640}, "400 %": {"width": 320, "height": 256}}
STICKING_OUT = """[...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 0.5 || box.left < -0.5)
        && !one.parentElement.closest("pre");
}).map((one) => one.outerHTML.slice(0, 80))"""
TOO_SMALL = """[
    ...document.querySelectorAll("button, input, select, textarea, summary, a")
].filter((one) => {
    const alone = one.innerText === one.parentElement.innerText.trim();
    const box = one.getBoundingClientRect();
    if (!box.width || (one.localName === "a" && !alone)) return false;
    return box.width < 24 || box.height < 24;
}).map((one) => `${one.outerHTML.slice(0, 80)} is ${one.getBoundingClientRect().height} px high`)"""


def entry(ada: Somebody) -> None:
    ada.open("/sign-in")


def entry_with_an_error(ada: Somebody) -> None:
    ada.open("/sign-in")
    ada.identifier.fill("w" * 120)
    ada.press("Send me a code")


def code(ada: Somebody) -> None:
    ada.ask()
    ada.site.let_pass(seconds=31)
    ada.page.reload()


def wrong_code(ada: Somebody) -> None:
    ada.ask()
    ada.answer(ada.wrong_code)


def home(ada: Somebody) -> None:
    ada.sign_in()


def signed_in_already(ada: Somebody) -> None:
    ada.sign_in()
    ada.open("/sign-in")


def other_browser(ada: Somebody) -> None:
    ada.open("/sign-in/code")


def inbox(ada: Somebody) -> None:
    ada.open_tab(new_number()).ask()
    ada.ask()
    ada.site.newest(ada.address)
    ada.open("/inbox")
    for summary in ada.page.locator(".letter").first.locator("summary").all():
        summary.click()


PAGES = [
    entry,
    entry_with_an_error,
    code,
    wrong_code,
    home,
    signed_in_already,
    other_browser,
    inbox,
    *FACTORS,
    *ADDRESSES,
    *ADMIN,
    *PEOPLE_PAGES,
    *ACCOUNT,
    *INVITATIONS,
]


@pytest.mark.parametrize("reach", PAGES, ids=[one.__name__ for one in PAGES])
def test_a_small_screen_shows_every_page_whole(somebody, reach):
    ada = somebody(address=LONG % PAGES.index(reach))
    reach(ada)
    ada.page.wait_for_load_state()
    for name, size in SIZES.items():
        ada.page.set_viewport_size(size)
        wide = ada.page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= 320, f"{name}: {wide} px wide"
        assert ada.page.evaluate(STICKING_OUT) == [], name


@pytest.mark.parametrize("reach", [entry, code, wrong_code, home])
def test_letters_of_twice_the_size_fit_a_small_screen_too(somebody, reach):
    ada = somebody(viewport=SIZES["narrow"])
    reach(ada)
    ada.page.wait_for_load_state()
    ada.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert ada.page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert ada.page.evaluate(STICKING_OUT) == []
    if reach is code:
        ada.field.fill("123456")
        inside = "field => field.scrollWidth <= field.clientWidth"
        assert ada.field.evaluate(inside), "the six digits are not all seen"


@pytest.mark.parametrize("reach", PAGES, ids=[one.__name__ for one in PAGES])
def test_every_button_and_every_link_that_stands_alone_is_24_pixels_high(somebody, reach):
    ada = somebody(viewport=DESK_PAGE)
    reach(ada)
    ada.page.wait_for_load_state()
    assert ada.page.evaluate(TOO_SMALL) == []
    ada.page.set_viewport_size(SIZES["narrow"])
    assert ada.page.evaluate(TOO_SMALL) == []
