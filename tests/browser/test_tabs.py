"""Two tabs of one browser, two addresses: neither takes from the other."""

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import Somebody

pytestmark = pytest.mark.browser


@pytest.fixture
def tabs(somebody) -> tuple[Somebody, Somebody]:
    """Two tabs of one browser, each with a code on its way to its own address."""
    ada = somebody()
    ben = ada.open_tab()
    ada.ask()
    ben.ask()
    return ada, ben


def test_each_tab_answers_its_own_code(tabs):
    ada, ben = tabs
    ben.answer(ben.wrong_code)
    expect(ben.page.get_by_role("alert")).to_contain_text("That code is not right.")
    expect(ada.page.locator("main")).to_contain_text(ada.address)
    ada.answer(ada.code)
    expect(ada.page.locator("main")).to_contain_text(ada.address)
    assert ada.title == "You are signed in"


def test_the_code_of_one_tab_is_wrong_in_the_other(tabs):
    ada, ben = tabs
    ben.answer(ada.code)
    expect(ben.page.get_by_role("alert")).to_contain_text("That code is not right.")
    ben.answer(ben.code)
    expect(ben.page.locator("main")).to_contain_text(ben.address)


def test_a_reload_keeps_each_tab_at_its_own_address(tabs):
    for tab in tabs:
        tab.page.reload()
        expect(tab.page.locator("main")).to_contain_text(tab.address)


def test_sending_again_stays_in_its_tab(tabs):
    ada, ben = tabs
    ada.site.let_pass(seconds=31)
    ada.page.reload()
    ada.press("Send it again")
    expect(ada.page.locator("main")).to_contain_text(ada.address)
    assert ada.site.count(ada.address) == 2
    assert ada.site.count(ben.address) == 1


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code"])
def test_once_one_tab_is_in_the_other_says_so(tabs, path):
    ada, ben = tabs
    ada.answer(ada.code)
    ben.open(path)
    assert ben.title == "You are signed in"
    expect(ben.page.locator("main")).to_contain_text(ada.address)
    expect(ben.button("Sign out")).to_be_visible()
    ben.page.get_by_role("link", name="Continue").click()
    expect(ben.page.locator(".facts")).to_be_visible()


@pytest.mark.parametrize("name", ["Continue", "Send it again"])
def test_once_one_tab_is_in_a_button_of_the_other_leads_to_the_page_that_says_so(tabs, name):
    ada, ben = tabs
    ada.site.let_pass(seconds=31)
    ben.page.reload()
    ada.answer(ada.code)
    ben.field.fill(ben.code)
    ben.press(name)
    assert ben.title == "You are signed in"
    expect(ben.page.locator("main")).to_contain_text(ada.address)
    expect(ben.button("Sign out")).to_be_visible()
    assert ada.site.count(ben.address) == 1


def test_signing_out_in_one_tab_signs_out_the_other(tabs):
    ada, ben = tabs
    ada.answer(ada.code)
    ben.open("/")
    ada.press("Sign out")
    ben.page.reload()
    assert ben.path == "/sign-in"
