"""axe finds nothing to object to, on any page, in any state, in any look."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.account_states import ACCOUNT
from tests.browser.address_states import ADDRESSES
from tests.browser.admin_states import ADMIN
from tests.browser.factor_states import FACTORS
from tests.browser.invitation_states import INVITATIONS
from tests.browser.people_states import PEOPLE_PAGES
from tests.browser.somebody import DESK_PAGE, PHONE_PAGE, Somebody, new_number

pytestmark = pytest.mark.browser

LOOKS = [(size, scheme) for size in (PHONE_PAGE, DESK_PAGE) for scheme in ("light", "dark")]
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def entry(ada: Somebody) -> None:
    ada.open("/sign-in")


def entry_with_an_error(ada: Somebody) -> None:
    ada.open("/sign-in")
    ada.identifier.fill("nobody at all")
    ada.press("Send me a code")


def entry_with_the_address_to_change(ada: Somebody) -> None:
    ada.ask()
    ada.page.get_by_role("link", name="Use a different address").click()


def code_by_mail(ada: Somebody) -> None:
    ada.ask()


def code_by_text_message(ada: Somebody) -> None:
    ada.address = new_number()
    ada.ask()


def wrong_shape(ada: Somebody) -> None:
    ada.ask()
    ada.answer("12345")


def wrong_code(ada: Somebody) -> None:
    ada.ask()
    ada.answer(ada.wrong_code)


def locked(ada: Somebody) -> None:
    wrong_code(ada)
    for _ in range(4):
        ada.answer(ada.wrong_code)


def run_out(ada: Somebody) -> None:
    ada.ask()
    ada.site.let_pass(minutes=11)
    ada.page.reload()


def already_sent(ada: Somebody) -> None:
    ada.ask()
    ada.ask()


def sent_again(ada: Somebody) -> None:
    ada.ask()
    ada.site.let_pass(seconds=31)
    ada.page.reload()
    ada.press("Send it again")


def asked_too_often(ada: Somebody) -> None:
    ada.ask()
    for _ in range(4):
        ada.site.let_pass(minutes=2)
        ada.page.reload()
        ada.press("Send it again" if ada.button("Send it again").count() else "Send a new code")


def other_browser(ada: Somebody) -> None:
    ada.open("/sign-in/code")


def home(ada: Somebody) -> None:
    ada.sign_in()


def signed_in_already(ada: Somebody) -> None:
    ada.sign_in()
    ada.open("/sign-in")


def signed_out(ada: Somebody) -> None:
    ada.sign_in()
    ada.press("Sign out")


def stopping(ada: Somebody) -> None:
    ada.ask()
    ada.open(re.search(r"/not-me/\S+", ada.site.newest(ada.address))[0])


def stopped(ada: Somebody) -> None:
    stopping(ada)
    ada.press("Stop these codes")


def codes_come_again(ada: Somebody) -> None:
    stopped(ada)
    ada.press("Let codes come again")


def stopped_long_ago(ada: Somebody) -> None:
    stopping(ada)
    ada.site.let_pass(hours=25)
    ada.page.reload()


def not_found(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/nope")


STATES = {
    entry: "Sign in",
    entry_with_an_error: "There is a problem",
    entry_with_the_address_to_change: "Sign in",
    code_by_mail: "Enter your code",
    code_by_text_message: "Enter your code",
    wrong_shape: "You entered 5.",
    wrong_code: "That code is not right.",
    locked: "Too many wrong codes.",
    run_out: "That code ran out",
    already_sent: "We already sent a code",
    sent_again: "We sent the same code once more.",
    asked_too_often: "You can ask again at",
    other_browser: "Codes work only in the browser that asked.",
    home: "You are signed in",
    signed_in_already: "This browser is signed in as",
    signed_out: "You are signed out.",
    stopping: "Stop these codes?",
    stopped: "That code no longer works.",
    codes_come_again: "Codes come again.",
    stopped_long_ago: "This link is over",
    not_found: "Page not found",
    **FACTORS,
    **ADDRESSES,
    **ADMIN,
    **PEOPLE_PAGES,
    **ACCOUNT,
    **INVITATIONS,
}


@pytest.mark.parametrize(("reach", "words"), STATES.items(), ids=[one.__name__ for one in STATES])
def test_axe_finds_nothing_in_any_look(somebody, reach, words):
    ada = somebody()
    reach(ada)
    ada.page.get_by_text(words).first.wait_for()
    assert_axe_finds_nothing(ada)


def test_axe_finds_nothing_in_the_inbox_empty_or_filled(fresh_site, somebody):
    ada = somebody(at=fresh_site)
    ada.open("/inbox")
    ada.page.get_by_text("Nothing yet.").wait_for()
    assert_axe_finds_nothing(ada)
    ada.open_tab().ask()
    ada.open_tab(new_number()).ask()
    expect(ada.page.locator(".letter")).to_have_count(2)
    for summary in ada.page.locator("summary").all():
        summary.click()
    assert_axe_finds_nothing(ada)


def assert_axe_finds_nothing(ada: Somebody) -> None:
    """Look at the open page in every size and colour scheme."""
    for size, scheme in LOOKS:
        ada.page.set_viewport_size(size)
        ada.page.emulate_media(color_scheme=scheme)
        found = Axe().run(ada.page, options=OPTIONS)
        assert not found.violations_count, f"{size} {scheme}\n{found.generate_report()}"
