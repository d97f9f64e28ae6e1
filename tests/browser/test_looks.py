"""Every page, in every state: sound for axe, open to keys, and whole on the smallest screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.account_states import ACCOUNT
from tests.browser.address_states import ADDRESSES
from tests.browser.admin_states import ADMIN
from tests.browser.factor_states import FACTORS
from tests.browser.invitation_states import INVITATIONS
from tests.browser.looks import (
    SIZES,
    STICKING_OUT,
    assert_axe_finds_nothing,
    assert_it_fits,
    assert_keys_reach_all,
)
from tests.browser.overview_states import OVERVIEW
from tests.browser.people_states import PEOPLE_PAGES
from tests.browser.settings_states import SETTINGS
from tests.browser.sign_in_states import SIGN_IN, entry, home, may_send_again, wrong_code
from tests.browser.somebody import new_number

pytestmark = pytest.mark.browser
LONG = f"{'a-very-long-name-' * 3}%d@{'b' * 60}.{'c' * 60}.example.org"
STATES = [
    *SIGN_IN.items(),
    *FACTORS.items(),
    *ADDRESSES.items(),
    *ADMIN.items(),
    *OVERVIEW.items(),
    *PEOPLE_PAGES.items(),
    *SETTINGS.items(),
    *ACCOUNT.items(),
    *INVITATIONS.items(),
]


@pytest.mark.parametrize("state", STATES, ids=[reach.__name__ for reach, _ in STATES])
def test_every_page_is_sound_in_every_look_and_whole_on_a_small_screen(somebody, state):
    reach, words = state
    ada = somebody(address=LONG % STATES.index(state))
    reach(ada)
    ada.page.get_by_text(words).first.wait_for()
    ada.page.wait_for_load_state()
    assert_keys_reach_all(ada)
    assert_axe_finds_nothing(ada)
    assert_it_fits(ada)


def test_the_inbox_is_so_too_empty_or_filled(fresh_site, somebody):
    ada = somebody(at=fresh_site, address=LONG % 0)
    ada.open("/inbox")
    ada.page.get_by_text("Nothing yet.").wait_for()
    assert_axe_finds_nothing(ada)
    assert_it_fits(ada)
    ada.open_tab(ada.address).ask()
    ada.open_tab(new_number()).ask()
    expect(ada.page.locator(".letter")).to_have_count(2)
    for summary in ada.page.locator("summary").all():
        summary.click()
    assert_axe_finds_nothing(ada)
    assert_it_fits(ada)


@pytest.mark.parametrize("reach", [entry, may_send_again, wrong_code, home])
def test_letters_of_twice_the_size_fit_a_small_screen_too(somebody, reach):
    ada = somebody(viewport=SIZES["narrow"])
    reach(ada)
    ada.page.wait_for_load_state()
    ada.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert ada.page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert ada.page.evaluate(STICKING_OUT) == []
    if reach is may_send_again:
        ada.field.fill("123456")
        inside = "field => field.scrollWidth <= field.clientWidth"
        assert ada.field.evaluate(inside), "the six digits are not all seen"
